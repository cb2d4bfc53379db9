//! What documents in the vocabulary of this repository must have, in one table with why and how.

use super::rules;

rules! { RULES:
    MALFORMED = "malformed" ours Error
        "operations and extension words have the form the model reads"
        "what cannot be read is missing from the SDK, the mock and the tables, and nobody is told where"
        "write the operation or word as `spec/README.md` shows it";
    UNKNOWN_WORD = "unknown-word" ours Error
        "there are no extension words but those of the vocabulary"
        "a word that nothing reads says nothing, and is often another one misspelt"
        "use a word of the vocabulary, or take it away";
    MISPLACED_WORD = "misplaced-word" ours Error
        "each extension word stands where it is read"
        "a word in a place where nothing looks for it is as good as not written"
        "move it to the place where the vocabulary puts it";
    UNUSED_COMPONENT = "unused-component" any Warning
        "every definition is used by its document"
        "what nothing refers to is read and kept up in vain, and often shows a reference that was forgotten"
        "refer to it, or remove it; `--fix` does";

    MISSING_OPERATION_ID = "missing-operation-id" any Warning
        "every operation has an operationId"
        "the operationId is the name of the method in every client, and one that is made up from the path changes with it"
        "give it one; in documents that are not ours `--fix` makes it from method and path";
    OPERATION_ID_FORM = "operation-id-form" ours Error
        "an operationId is <plural>_<verb> in snake_case"
        "methods of one kind stand together and are guessed right only when all are named in one way"
        "call it <plural>_<verb> in snake_case, the plural that of the kind";
    DUPLICATE_OPERATION_ID = "duplicate-operation-id" any Error
        "an operationId is unique in its document"
        "two methods cannot have one name, and links by that name lead to either"
        "rename one of the two";
    UNKNOWN_ALIAS = "unknown-alias" ours Error
        "x-alias-of names an operation that is no alias itself"
        "an alias is served as its target, so without one it is nothing"
        "name the operationId of an operation that is no alias";
    UNDECLARED_TAG = "undeclared-tag" any Warning
        "every operation has a tag that the document declares"
        "tags group the pages of the documentation; one that is not declared has neither place nor description"
        "declare it under `tags` of the document, or use one that is declared";
    PATH_TEMPLATE = "path-template" any Error
        "the path's template and its path parameters agree"
        "a part of the path that no parameter fills cannot be called, and a parameter that the path lacks is never sent"
        "declare each name in braces once as a parameter `in: path`, and no other";
    MISSING_PAGING = "missing-paging" ours Error
        "a list has query parameters for limit and offset (x-page)"
        "a list without pages grows until an answer of it fails"
        "add the query parameters `limit` and `offset` with x-page";

    MISSING_PERMISSION = "missing-permission" ours Error
        "every operation has x-permission"
        "without it nobody knows who may call, and the mock would let all or none"
        "write x-permission; `public` where no key is needed";
    UNKNOWN_PERMISSION = "unknown-permission" ours Error
        "every permission asked for is in roles.yaml"
        "no role has a permission that is not in roles.yaml, so nobody could call"
        "add it to roles.yaml and to the roles, or correct its name";
    UNUSED_PERMISSION = "unused-permission" ours Error
        "every permission in roles.yaml is asked for"
        "roles that grant what nothing asks for say more than they do"
        "ask for it in an operation, or remove it";
    UNMATCHED_ROLE_PATTERN = "unmatched-role-pattern" ours Error
        "every pattern of a role matches something"
        "a pattern that matches nothing grants nothing, and is mostly misspelt"
        "correct the pattern, or remove it";
    UNKNOWN_PATH_PARAMETER = "unknown-path-parameter" ours Error
        "`of` and `self` name path parameters"
        "the project or user of a call is taken from that parameter, so without it there is none"
        "name a parameter of the path";

    MISSING_BEHAVIOR = "missing-behavior" ours Error
        "every operation has x-behavior"
        "the mock is made from it, so without it the operation does nothing"
        "write x-behavior: a verb on a kind, or a handler";
    UNKNOWN_BEHAVIOR_KIND = "unknown-behavior-kind" ours Error
        "a verb is done to a kind that exists"
        "a verb needs objects to work on"
        "name a schema that has x-kind";
    UNKNOWN_ACTION = "unknown-action" ours Error
        "an action is one of the kind's x-lifecycle"
        "the call would start nothing"
        "name an action of the kind's x-lifecycle, or add it there";
    UNUSED_ACTION = "unused-action" ours Error
        "every action of a lifecycle is started by an operation"
        "an action that no call starts never runs"
        "add the operation that starts it, or remove it";
    VERB_MISFIT = "verb-misfit" ours Error
        "an operation has the method, path and bodies its verb needs"
        "the engine does to an operation what its verb says, and needs the path and bodies for it"
        "give the operation the method, path and bodies of its verb, or another verb";
    DUPLICATE_VERB = "duplicate-verb" ours Error
        "a verb is done to a kind, and shown in one form, by one operation and its aliases"
        "two calls that do one thing to one kind in one form are one too many, and clients would have to choose"
        "make one an alias of the other, or remove it";

    MISSING_DESCRIPTION = "missing-description" any Warning
        "everything that has a name has a description"
        "a name alone rarely says what a thing means, what it is measured in and when it may be left out"
        "describe it in a short sentence";
    SHORT_DESCRIPTION = "short-description" ours Error
        "a description has at least four words"
        "fewer than four words repeat the name"
        "say what the name does not: meaning, unit, what happens when it is left out";
    REPEATED_DESCRIPTION = "repeated-description" any Info
        "properties side by side are described apart"
        "a text that was copied from its neighbour is wrong for one of the two"
        "describe each by what tells it from the other";

    MISSING_SUCCESS = "missing-success" any Warning
        "every operation declares a success"
        "clients do not know what the answer is when all goes well"
        "declare the status and body of the success";
    MISSING_401 = "missing-401" ours Error
        "an operation that is not public declares 401"
        "a key may be missing or over for every call that needs one"
        "declare 401 as the neighbours do; `--fix` does";
    MISSING_429 = "missing-429" ours Error
        "an operation that is not public declares 429"
        "every call that needs a key can be slowed, and clients must know how long to wait"
        "declare 429 as the neighbours do; `--fix` does";
    MISSING_403 = "missing-403" ours Error
        "an operation with a named permission declares 403"
        "whoever lacks the permission is told by 403"
        "declare 403 as the neighbours do; `--fix` does";
    MISSING_404 = "missing-404" ours Error
        "an operation with a parameter in its path declares 404, unless it is public"
        "what a path names may not be there"
        "declare 404 as the neighbours do; `--fix` does";
    MISSING_BODY_ERRORS = "missing-body-errors" ours Error
        "an operation with a body declares 400, 413, 415"
        "a body can be wrong, too large or of the wrong type"
        "declare 400, 413 and 415 as the neighbours do; `--fix` does";
    MISSING_WRITE_ERRORS = "missing-write-errors" ours Error
        "an operation that writes declares 409, 412"
        "two writers can meet, and then one of them is refused"
        "declare 409 and 412 as the neighbours do; `--fix` does";
    ERROR_SCHEMA = "error-schema" ours Error
        "all errors of a document have one schema, but for a conflict that is a plain text"
        "clients read errors in one place, whatever failed"
        "use the error schema of the document";

    MISSING_EXAMPLE = "missing-example" ours Error
        "schemas, bodies and the parameters of paths and queries have examples"
        "examples are what people copy and what tools of others try out"
        "give one that is valid and could be real";
    INVALID_EXAMPLE = "invalid-example" any Warning
        "an example fits its own schema"
        "people copy examples, and servers made from documents answer with them"
        "correct the example, or the schema";
    INVALID_DEFAULT = "invalid-default" any Error
        "a default fits its own schema"
        "whoever leaves the value out gets one that is not allowed"
        "correct the default, or the schema";
    ENUM_ENTRIES = "enum-entries" any Error
        "an enum has no entry twice and no null"
        "an entry that comes twice is a slip, and breaks generators that make a variant of each"
        "write each entry once; `--fix` removes the second. Write `nullable: true` for null";
    ENUM_ON_ARRAY = "enum-on-array" any Warning
        "an enum stands on the items, not on their array"
        "it lists whole arrays, so only an array of exactly those items fits"
        "put the enum on the items";
    ALIKE_VARIANTS = "alike-variants" ours Error
        "objects of a oneOf can be told apart"
        "a reader tries one variant after the other, and two that fit the same object make it a guess"
        "give each a required property of its own, or a discriminator";
    PROPERTY_COLLISION = "property-collision" any Warning
        "properties stay apart in snake_case"
        "both become one field in generated code, which then does not compile or loses one"
        "rename one of them";
    SCHEMA_COLLISION = "schema-collision" any Warning
        "schemas stay apart in PascalCase"
        "both become one type in generated code, which then does not compile or loses one"
        "rename one of them";

    IDENTITY_POINTER = "identity-pointer" ours Error
        "a kind's schema has the places of its identity"
        "objects are stored and found by name and id, which must have their places"
        "add the place to the schema, or say in `identity` where it is";
    UNKNOWN_VIEW_KIND = "unknown-view-kind" ours Error
        "x-view-of names a kind"
        "a view shows an object of a kind, so without one there is nothing to show"
        "name a schema that has x-kind";
    FROM_POINTER = "from-pointer" ours Error
        "x-from is a place in the kind's schema"
        "a field that comes from a place which does not exist is always empty"
        "correct the pointer, or add the place to the kind";
    VIEW_TOTAL = "view-total" ours Error
        "every property of a view says where it comes from"
        "nothing is ever shown in it, and what a client writes there is lost"
        "write x-from; `$annotation` for what the kind has no place for";
    VIEW_REVERSIBLE = "view-reversible" ours Error
        "what a client may write in a view can be written back to the kind"
        "which of two stored values is meant by the one that is shown cannot be told"
        "show each stored value in a word of its own, or mark the property readOnly";
    UNKNOWN_REFERENCED_KIND = "unknown-referenced-kind" ours Error
        "x-references names a kind"
        "what is named can never be found, so every write would be refused"
        "name a schema that has x-kind";
    LIFECYCLE_POINTER = "lifecycle-pointer" ours Error
        "a lifecycle sets places of the kind's schema"
        "a step that writes a place which does not exist makes an object that its own schema refuses"
        "correct the pointer, or add the place to the kind";
    LIFECYCLE_KIND = "lifecycle-kind" ours Error
        "a lifecycle makes and writes objects of kinds that exist"
        "nothing can be made or written of a kind that does not exist"
        "name a schema that has x-kind";
    LIFECYCLE_FAILURE = "lifecycle-failure" ours Error
        "a lifecycle fails at one of its steps"
        "a test that asks for the failure would wait for a step that never comes"
        "name one of the steps";
}
