//! What every `OpenAPI` document should have, in one table with why and how.

use super::rules;

rules! { GENERAL:
    UNKNOWN_FIELD = "unknown-field" any Error
        "objects have the fields that this version of OpenAPI gives them, and words that begin with x-"
        "a field that nothing reads says nothing, and is mostly a known one misspelt, from another version or in the wrong object"
        "correct the name, move it, or begin it with x-";
    MISSING_FIELD = "missing-field" any Error
        "objects have the fields without which they mean nothing"
        "tools refuse the document, or leave the object out"
        "add the field";
    FIELD_TYPE = "field-type" any Error
        "a field holds what OpenAPI says: a text, a list, an object"
        "tools refuse the document, or read something else than was meant"
        "write the value in the form that the message names";
    UNKNOWN_VALUE = "unknown-value" any Error
        "where OpenAPI has a choice of words, one of them is used"
        "tools refuse the document, or fall back to something else"
        "use one of the words that the message lists";

    UNRESOLVED_REFERENCE = "unresolved-reference" any Error
        "every reference leads to something"
        "what it stands for is unknown, so the part around it cannot be used"
        "correct the file or the pointer, or add what is missing; addresses are never fetched";
    REFERENCE_SIBLINGS = "reference-siblings" any Warning
        "nothing stands beside a $ref that readers ignore"
        "in 3.0 everything beside a $ref is ignored: a description is not shown, a limit does not hold"
        "wrap it: `allOf: [{$ref: …}]` beside the other words, or move them to the target";
    REFERENCE_KIND = "reference-kind" any Error
        "a reference leads to an object of the kind that is needed there"
        "a schema is no parameter: tools fail, or read it as something empty"
        "refer to the right section of components";
    ENDLESS_SCHEMA = "endless-schema" any Error
        "a schema does not require itself"
        "only an endless value would fit, so none does"
        "make the property optional or nullable, or an array";

    OPERATION_ID_CHARACTERS = "operation-id-characters" any Warning
        "an operationId has letters, digits, `_`, `-` and `.` only"
        "it becomes a name in code and a part of addresses, where other characters are lost or escaped"
        "leave the other characters out";
    OPERATION_ID_COLLISION = "operation-id-collision" any Warning
        "operationIds stay apart in snake_case"
        "both become one method in generated code, which then does not compile or loses one"
        "rename one of them";
    MISSING_CLIENT_ERROR = "missing-client-error" any Warning
        "every operation declares an error of the caller, or a default"
        "a call can always be wrong, and clients cannot read an answer that is not described"
        "declare the 4xx statuses that the server sends, with their body";
    STATUS_CODE_FORM = "status-code-form" any Error
        "responses are named by a status, a range such as 4XX, or default"
        "tools refuse any other name, or leave the response out"
        "write the number in quotes, `4XX`, or `default`";
    DUPLICATE_TAG = "duplicate-tag" any Error
        "a tag stands once in a list"
        "one of the two descriptions is lost, or the operation is shown twice"
        "remove the second; `--fix` does so in operations";
    UNUSED_TAG = "unused-tag" any Info
        "every tag that is declared is used by an operation"
        "an empty group in the documentation leads nowhere"
        "use it, or remove it";
    IGNORED_BODY = "ignored-body" any Warning
        "GET, HEAD and TRACE take no body"
        "servers, proxies and clients drop such a body"
        "use query parameters, or POST";
    BODY_WITHOUT_CONTENT = "body-without-content" any Warning
        "answers that have no body (1xx, 204, 205, 304) declare none"
        "HTTP forbids a body there, so it never arrives"
        "remove `content`, or answer with another status";

    AMBIGUOUS_PATHS = "ambiguous-paths" any Warning
        "no address fits two paths of which neither is the narrower one"
        "which of the two is called depends on the server"
        "change a fixed segment of one of them";
    IDENTICAL_PATHS = "identical-paths" any Error
        "paths differ in more than the names of their variables"
        "no server can tell them apart, and OpenAPI forbids it"
        "join the two";
    TRAILING_SLASH_TWIN = "trailing-slash-twin" any Warning
        "no path is another one with a slash at its end"
        "many servers take the two for one, and some redirect, which loses the body of a POST"
        "keep one of the two";
    PATH_FORM = "path-form" any Error
        "a path begins with a slash and has no query, no fragment and no empty segment"
        "tools join it to the server's address as it is, which gives another address than was meant"
        "write it as `/a/{b}`; queries are parameters `in: query`";
    EMPTY_PATH_ITEM = "empty-path-item" any Warning
        "a path has an operation"
        "there is nothing to call"
        "add the operation, or remove the path";

    DUPLICATE_PARAMETER = "duplicate-parameter" any Error
        "a list has one parameter of a name in a place"
        "one of the two is lost"
        "remove or rename one";
    PATH_PARAMETER_REQUIRED = "path-parameter-required" any Error
        "a parameter in the path is required"
        "a path without that segment is another path, and OpenAPI asks for the word"
        "write `required: true`; `--fix` does";
    PARAMETER_SCHEMA = "parameter-schema" any Error
        "a parameter or header has either a schema or one content type"
        "with neither nobody knows what to send, with both nobody knows which counts"
        "write `schema`, or `content` with one type";
    RESERVED_HEADER = "reserved-header" any Warning
        "no header parameter is called Accept, Content-Type or Authorization"
        "OpenAPI ignores them: content types and security say the same"
        "describe it by `content` or `security`, and remove the parameter";
    PARAMETER_COLLISION = "parameter-collision" any Warning
        "the parameters of an operation stay apart in snake_case"
        "both become one argument in generated code"
        "rename one of them where the wire allows it";

    MISSING_RESPONSE_DESCRIPTION = "missing-response-description" any Error
        "every response has a description"
        "OpenAPI asks for it, and strict tools refuse the document"
        "say when the answer comes; `--fix` writes the name of the status";
    MEDIA_TYPE_FORM = "media-type-form" any Error
        "content is named by a media type such as application/json"
        "no request or answer ever has any other type, so the schema is never used"
        "write it as `type/subtype`";
    DEFAULT_AS_SUCCESS = "default-as-success" any Warning
        "`default` does not have the schema of the success"
        "an error that is not declared would be read as an object"
        "give `default` the schema of errors, or remove it";
    EXAMPLE_AND_EXAMPLES = "example-and-examples" any Error
        "`example` and `examples` do not stand side by side"
        "OpenAPI has them exclude one another, so tools show either"
        "keep one of them";

    REQUIRED_UNKNOWN = "required-unknown" any Warning
        "what is required is among the properties"
        "it is mostly a name misspelt or a property that was renamed, and no generated type can have it"
        "correct the name, add the property, or take it off the list";
    DUPLICATE_REQUIRED = "duplicate-required" any Warning
        "a name stands once in `required`"
        "the list must have each name once, and strict tools refuse it"
        "remove the second; `--fix` does";
    ENUM_TYPE = "enum-type" any Error
        "the entries of an enum are of the schema's type"
        "an entry of another type can never be sent"
        "correct the entry (quotes make a text of it), or the type";
    ENUM_COLLISION = "enum-collision" any Warning
        "the texts of an enum stay apart as names of variants"
        "both become one variant in generated code, which then does not compile or needs names by hand"
        "keep one spelling where the wire allows it";
    MISSING_TYPE = "missing-type" any Warning
        "a schema with properties, items or limits says its type"
        "without it anything of another type fits too, and generators make a value of any kind of it"
        "add `type` with what is meant";
    KEYWORD_MISFIT = "keyword-misfit" any Warning
        "a schema has words for its own type only"
        "a limit for another type never holds"
        "correct the type, or remove the word";
    MISSING_ITEMS = "missing-items" any Error
        "an array says what its items are"
        "OpenAPI 3.0 asks for it, and no type can be made without"
        "add `items`";
    FORMAT_TYPE = "format-type" any Warning
        "a known format stands on the type that it is for"
        "tools ignore it there, or generate a type that does not fit the value"
        "correct the type or the format";
    EMPTY_RANGE = "empty-range" any Error
        "limits leave something between them"
        "no value fits"
        "exchange or correct the two limits";
    INVALID_PATTERN = "invalid-pattern" any Error
        "a pattern is a regular expression of ECMA-262"
        "tools refuse the schema, or check nothing"
        "correct the expression at the place that the message names";
    NULLABLE_MISUSE = "nullable-misuse" any Warning
        "`nullable` stands beside a type, and only in 3.0"
        "elsewhere it says nothing, so null is refused"
        "add the type; in 3.1 write `type: [string, 'null']`";
    DISCRIMINATOR_PROPERTY = "discriminator-property" any Warning
        "every variant has the property that tells the variants apart, and requires it"
        "without it the variant cannot be chosen"
        "add the property to the variant and to its `required`";
    DISCRIMINATOR_MAPPING = "discriminator-mapping" any Error
        "a mapping leads to schemas that exist"
        "a value whose schema is missing cannot be read"
        "correct the name or the reference";
    READ_AND_WRITE_ONLY = "read-and-write-only" any Error
        "a property is not both readOnly and writeOnly"
        "it could neither be sent nor received"
        "keep one of the two";
    CLOSED_ALL_OF = "closed-all-of" any Warning
        "a part of `allOf` does not forbid what the other parts have"
        "`additionalProperties: false` counts the properties of its own part alone, so nothing fits all parts"
        "leave it out of the parts, or write one schema";

    UNDEFINED_SECURITY = "undefined-security" any Error
        "`security` names schemes of the components"
        "nobody knows what to send, and some tools call without"
        "define the scheme under `components/securitySchemes`, or correct the name";
    UNDEFINED_SCOPE = "undefined-scope" any Error
        "a scope is one that the scheme's flows have"
        "no token can be had for it"
        "add it to the flow, or correct its name";
    SCOPE_MISUSE = "scope-misuse" any Error
        "only OAuth and OpenID schemes have scopes"
        "a key has none: what is written there is lost"
        "write an empty list";
    MISSING_SECURITY = "missing-security" any Warning
        "every operation says what it takes to call it"
        "readers cannot tell an open call from one that was forgotten"
        "write `security` for the document; `security: []` for what is open to all";

    SERVER_TRAILING_SLASH = "server-trailing-slash" any Warning
        "a server's address does not end with a slash"
        "paths begin with one, so addresses get two"
        "remove it; `--fix` does";
    SERVER_VARIABLES = "server-variables" any Error
        "the variables of a server's address are those that it declares, each with a default among its values"
        "the address cannot be made"
        "declare the variable, correct its name, or its default";
    LINK_OPERATION = "link-operation" any Error
        "a link leads to an operation of the document"
        "tools that walk along links end there"
        "correct the operationId";
}
