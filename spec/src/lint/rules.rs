//! Every rule: its id, which never changes, and what it asks for.

/// A rule of the lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, printed with each finding.
    pub id: &'static str,
    /// What the rule asks for.
    pub asks: &'static str,
}

/// Declares each rule as a constant for the code and as a row of the table, so the two agree.
macro_rules! rules {
    ($($name:ident = $id:literal: $asks:literal;)*) => {
        $(pub(crate) const $name: &str = $id;)*

        /// Every rule there is.
        pub const RULES: &[Rule] = &[$(Rule { id: $id, asks: $asks }),*];
    };
}

rules! {
    MALFORMED = "malformed": "operations and extension words have the form the model reads";
    UNKNOWN_WORD = "unknown-word": "there are no extension words but those of the vocabulary";
    MISPLACED_WORD = "misplaced-word": "each extension word stands where it is read";
    UNUSED_COMPONENT = "unused-component": "every definition is used by its document";

    MISSING_OPERATION_ID = "missing-operation-id": "every operation has an operationId";
    OPERATION_ID_FORM = "operation-id-form": "an operationId is <plural>_<verb> in snake_case";
    DUPLICATE_OPERATION_ID = "duplicate-operation-id": "an operationId is unique in its document";
    UNKNOWN_ALIAS = "unknown-alias": "x-alias-of names an operation that is no alias itself";
    UNDECLARED_TAG = "undeclared-tag": "every operation has a tag that the document declares";
    PATH_TEMPLATE = "path-template": "the path's template and its path parameters agree";
    MISSING_PAGING = "missing-paging": "a list has query parameters for limit and offset (x-page)";

    MISSING_PERMISSION = "missing-permission": "every operation has x-permission";
    UNKNOWN_PERMISSION = "unknown-permission": "every permission asked for is in roles.yaml";
    UNUSED_PERMISSION = "unused-permission": "every permission in roles.yaml is asked for";
    UNMATCHED_ROLE_PATTERN = "unmatched-role-pattern": "every pattern of a role matches something";
    UNKNOWN_PATH_PARAMETER = "unknown-path-parameter": "`of` and `self` name path parameters";

    MISSING_BEHAVIOR = "missing-behavior": "every operation has x-behavior";
    UNKNOWN_BEHAVIOR_KIND = "unknown-behavior-kind": "a verb is done to a kind that exists";
    UNKNOWN_ACTION = "unknown-action": "an action is one of the kind's x-lifecycle";
    UNUSED_ACTION = "unused-action": "every action of a lifecycle is started by an operation";
    VERB_MISFIT = "verb-misfit": "an operation has the method, path and bodies its verb needs";
    DUPLICATE_VERB = "duplicate-verb": "a verb is done to a kind, and shown in one form, by one operation and its aliases";

    MISSING_DESCRIPTION = "missing-description": "everything that has a name has a description";
    SHORT_DESCRIPTION = "short-description": "a description has at least four words";
    REPEATED_DESCRIPTION = "repeated-description": "properties side by side are described apart";

    MISSING_SUCCESS = "missing-success": "every operation declares a success";
    MISSING_401 = "missing-401": "an operation that is not public declares 401";
    MISSING_429 = "missing-429": "an operation that is not public declares 429";
    MISSING_403 = "missing-403": "an operation with a named permission declares 403";
    MISSING_404 = "missing-404": "an operation with a parameter in its path declares 404, unless it is public";
    MISSING_BODY_ERRORS = "missing-body-errors": "an operation with a body declares 400, 413, 415";
    MISSING_WRITE_ERRORS = "missing-write-errors": "an operation that writes declares 409, 412";
    ERROR_SCHEMA = "error-schema": "all errors of a document have one schema, but for a conflict that is a plain text";

    MISSING_EXAMPLE = "missing-example": "schemas, bodies and the parameters of paths and queries have examples";
    INVALID_EXAMPLE = "invalid-example": "an example fits its own schema";
    INVALID_DEFAULT = "invalid-default": "a default fits its own schema";
    ENUM_ENTRIES = "enum-entries": "an enum has no entry twice and no null";
    ENUM_ON_ARRAY = "enum-on-array": "an enum stands on the items, not on their array";
    ALIKE_VARIANTS = "alike-variants": "objects of a oneOf can be told apart";
    PROPERTY_COLLISION = "property-collision": "properties stay apart in snake_case";
    SCHEMA_COLLISION = "schema-collision": "schemas stay apart in PascalCase";

    IDENTITY_POINTER = "identity-pointer": "a kind's schema has the places of its identity and of a login";
    UNKNOWN_VIEW_KIND = "unknown-view-kind": "x-view-of names a kind";
    FROM_POINTER = "from-pointer": "x-from is a place in the kind's schema";
    UNKNOWN_REFERENCED_KIND = "unknown-referenced-kind": "x-references names a kind";
    REFERENCE_PROJECT = "reference-project": "a project that x-references points to is in the kind's schema";
    NAMESPACE_POINTER = "namespace-pointer": "an object's namespace is a place in a kind of projects, which names an object of the kind that namespaces are";
    LIFECYCLE_POINTER = "lifecycle-pointer": "a lifecycle sets places of the kind's schema";
    LIFECYCLE_KIND = "lifecycle-kind": "a lifecycle makes and writes objects of kinds that exist";
    LIFECYCLE_FAILURE = "lifecycle-failure": "a lifecycle fails at one of its steps";
}

/// Whether a finding of this rule means that something is missing from the model.
pub(crate) fn stops_the_model(rule: &str) -> bool {
    [
        MALFORMED,
        MISSING_OPERATION_ID,
        MISSING_PERMISSION,
        MISSING_BEHAVIOR,
    ]
    .contains(&rule)
}
