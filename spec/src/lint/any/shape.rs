//! What the objects of `OpenAPI` 3.0 and 3.1 are made of: fields, their form, and which are needed.

use Kind as K;
use Shape::{Any, Count, Flag, List, Map, Number, Object, Referable, Text};

/// An object of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Header,
    Example,
    Link,
    Callback,
    Components,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    Flows,
    Flow,
    Requirement,
    Tag,
}

/// The form of a field's value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Any,
    Text,
    Flag,
    Number,
    /// A whole number that is not negative.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A schema's `type`: a word, and in 3.1 a list of words too.
    Type,
    /// A limit that is a flag in 3.0 and a number in 3.1.
    Exclusive,
    /// A flag or a schema.
    Additional,
    Object(Kind),
    /// An object, or a reference to one.
    Referable(Kind),
    List(&'static Shape),
    Map(&'static Shape),
}

/// One field of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// Whether the object means nothing without it.
    pub(super) needed: bool,
    /// Whether only 3.1 has it.
    pub(super) is_new: bool,
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        needed: false,
        is_new: false,
    }
}

const fn needed(name: &'static str, shape: Shape) -> Field {
    Field {
        needed: true,
        ..field(name, shape)
    }
}

const fn new(name: &'static str, shape: Shape) -> Field {
    Field {
        is_new: true,
        ..field(name, shape)
    }
}

/// The types of a schema.
pub(super) const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

const SCHEMA: Shape = Referable(K::Schema);
const SERVERS: Shape = List(&Object(K::Server));
const SECURITY: Shape = List(&Object(K::Requirement));
const PARAMETERS: Shape = List(&Referable(K::Parameter));
const CONTENT: Shape = Map(&Object(K::MediaType));
const HEADERS: Shape = Map(&Referable(K::Header));
const EXAMPLES: Shape = Map(&Referable(K::Example));
const OPERATION: Shape = Object(K::Operation);

/// The fields that an object of a kind may have; for kinds whose keys are names there are none.
pub(super) fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        K::Document => {
            const {
                &[
                    needed("openapi", Any),
                    needed("info", Object(K::Info)),
                    // 3.1 asks for paths, webhooks or components; the layout looks at that.
                    field("paths", Object(K::Paths)),
                    field("components", Object(K::Components)),
                    field("security", SECURITY),
                    field("servers", SERVERS),
                    field("tags", List(&Object(K::Tag))),
                    field("externalDocs", Object(K::ExternalDocs)),
                    new("webhooks", Map(&Referable(K::PathItem))),
                    new("jsonSchemaDialect", Text),
                ]
            }
        }
        K::Info => {
            const {
                &[
                    needed("title", Text),
                    needed("version", Text),
                    field("description", Text),
                    field("termsOfService", Text),
                    field("contact", Object(K::Contact)),
                    field("license", Object(K::License)),
                    new("summary", Text),
                ]
            }
        }
        K::Contact => {
            const {
                &[
                    field("name", Text),
                    field("url", Text),
                    field("email", Text),
                ]
            }
        }
        K::License => {
            const {
                &[
                    needed("name", Text),
                    field("url", Text),
                    new("identifier", Text),
                ]
            }
        }
        K::Server => {
            const {
                &[
                    needed("url", Text),
                    field("description", Text),
                    field("variables", Map(&Object(K::ServerVariable))),
                ]
            }
        }
        K::ServerVariable => {
            const {
                &[
                    needed("default", Text),
                    field("enum", List(&Text)),
                    field("description", Text),
                ]
            }
        }
        K::PathItem => {
            const {
                &[
                    field("$ref", Text),
                    field("summary", Text),
                    field("description", Text),
                    field("servers", SERVERS),
                    field("parameters", PARAMETERS),
                    field("get", OPERATION),
                    field("put", OPERATION),
                    field("post", OPERATION),
                    field("delete", OPERATION),
                    field("options", OPERATION),
                    field("head", OPERATION),
                    field("patch", OPERATION),
                    field("trace", OPERATION),
                ]
            }
        }
        K::Operation => {
            const {
                &[
                    needed("responses", Object(K::Responses)),
                    field("operationId", Text),
                    field("summary", Text),
                    field("description", Text),
                    field("tags", List(&Text)),
                    field("parameters", PARAMETERS),
                    field("requestBody", Referable(K::RequestBody)),
                    field("callbacks", Map(&Referable(K::Callback))),
                    field("deprecated", Flag),
                    field("security", SECURITY),
                    field("servers", SERVERS),
                    field("externalDocs", Object(K::ExternalDocs)),
                ]
            }
        }
        K::ExternalDocs => const { &[needed("url", Text), field("description", Text)] },
        K::Parameter => {
            const {
                &[
                    needed("name", Text),
                    needed("in", Shape::Word(&["path", "query", "header", "cookie"])),
                    field("description", Text),
                    field("required", Flag),
                    field("deprecated", Flag),
                    field("allowEmptyValue", Flag),
                    field("style", Shape::Word(STYLES)),
                    field("explode", Flag),
                    field("allowReserved", Flag),
                    field("schema", SCHEMA),
                    field("content", CONTENT),
                    field("example", Any),
                    field("examples", EXAMPLES),
                ]
            }
        }
        K::Header => {
            const {
                &[
                    field("description", Text),
                    field("required", Flag),
                    field("deprecated", Flag),
                    field("allowEmptyValue", Flag),
                    field("style", Shape::Word(&["simple"])),
                    field("explode", Flag),
                    field("allowReserved", Flag),
                    field("schema", SCHEMA),
                    field("content", CONTENT),
                    field("example", Any),
                    field("examples", EXAMPLES),
                ]
            }
        }
        K::RequestBody => {
            const {
                &[
                    needed("content", CONTENT),
                    field("description", Text),
                    field("required", Flag),
                ]
            }
        }
        K::MediaType => {
            const {
                &[
                    field("schema", SCHEMA),
                    field("example", Any),
                    field("examples", EXAMPLES),
                    field("encoding", Map(&Object(K::Encoding))),
                ]
            }
        }
        K::Encoding => {
            const {
                &[
                    field("contentType", Text),
                    field("headers", HEADERS),
                    field("style", Shape::Word(STYLES)),
                    field("explode", Flag),
                    field("allowReserved", Flag),
                ]
            }
        }
        K::Response => {
            const {
                &[
                    // Its description is needed too, which a rule of its own asks for.
                    field("description", Text),
                    field("headers", HEADERS),
                    field("content", CONTENT),
                    field("links", Map(&Referable(K::Link))),
                ]
            }
        }
        K::Example => {
            const {
                &[
                    field("summary", Text),
                    field("description", Text),
                    field("value", Any),
                    field("externalValue", Text),
                ]
            }
        }
        K::Link => {
            const {
                &[
                    field("operationId", Text),
                    field("operationRef", Text),
                    field("parameters", Map(&Any)),
                    field("requestBody", Any),
                    field("description", Text),
                    field("server", Object(K::Server)),
                ]
            }
        }
        K::Components => {
            const {
                &[
                    field("schemas", Map(&SCHEMA)),
                    field("responses", Map(&Referable(K::Response))),
                    field("parameters", Map(&Referable(K::Parameter))),
                    field("examples", EXAMPLES),
                    field("requestBodies", Map(&Referable(K::RequestBody))),
                    field("headers", HEADERS),
                    field("securitySchemes", Map(&Referable(K::SecurityScheme))),
                    field("links", Map(&Referable(K::Link))),
                    field("callbacks", Map(&Referable(K::Callback))),
                    new("pathItems", Map(&Referable(K::PathItem))),
                ]
            }
        }
        K::Discriminator => const { &[needed("propertyName", Text), field("mapping", Map(&Text))] },
        K::Xml => {
            const {
                &[
                    field("name", Text),
                    field("namespace", Text),
                    field("prefix", Text),
                    field("attribute", Flag),
                    field("wrapped", Flag),
                ]
            }
        }
        K::SecurityScheme => {
            const {
                &[
                    needed("type", Shape::Word(SCHEMES)),
                    field("description", Text),
                    field("name", Text),
                    field("in", Shape::Word(&["query", "header", "cookie"])),
                    field("scheme", Text),
                    field("bearerFormat", Text),
                    field("flows", Object(K::Flows)),
                    field("openIdConnectUrl", Text),
                ]
            }
        }
        K::Flows => {
            const {
                &[
                    field("implicit", Object(K::Flow)),
                    field("password", Object(K::Flow)),
                    field("clientCredentials", Object(K::Flow)),
                    field("authorizationCode", Object(K::Flow)),
                ]
            }
        }
        K::Flow => {
            const {
                &[
                    needed("scopes", Map(&Text)),
                    field("authorizationUrl", Text),
                    field("tokenUrl", Text),
                    field("refreshUrl", Text),
                ]
            }
        }
        K::Tag => {
            const {
                &[
                    needed("name", Text),
                    field("description", Text),
                    field("externalDocs", Object(K::ExternalDocs)),
                ]
            }
        }
        K::Schema => SCHEMA_FIELDS,
        K::Paths | K::Responses | K::Callback | K::Requirement => &[],
    }
}

/// The form of what stands under the names of an object whose keys are names.
pub(super) fn others(kind: Kind) -> Option<Shape> {
    match kind {
        K::Paths => Some(Object(K::PathItem)),
        K::Callback => Some(Referable(K::PathItem)),
        K::Responses => Some(Referable(K::Response)),
        K::Requirement => Some(List(&Text)),
        _ => None,
    }
}

const STYLES: &[&str] = &[
    "matrix",
    "label",
    "form",
    "simple",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
];
const SCHEMES: &[&str] = &["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"];

const SCHEMA_FIELDS: &[Field] = &[
    field("title", Text),
    field("description", Text),
    field("type", Shape::Type),
    field("format", Text),
    field("default", Any),
    field("enum", List(&Any)),
    field("nullable", Flag),
    field("deprecated", Flag),
    field("readOnly", Flag),
    field("writeOnly", Flag),
    field("example", Any),
    field("externalDocs", Object(K::ExternalDocs)),
    field("xml", Object(K::Xml)),
    field("discriminator", Object(K::Discriminator)),
    field("multipleOf", Number),
    field("maximum", Number),
    field("exclusiveMaximum", Shape::Exclusive),
    field("minimum", Number),
    field("exclusiveMinimum", Shape::Exclusive),
    field("maxLength", Count),
    field("minLength", Count),
    field("pattern", Text),
    field("maxItems", Count),
    field("minItems", Count),
    field("uniqueItems", Flag),
    field("maxProperties", Count),
    field("minProperties", Count),
    field("required", List(&Text)),
    field("properties", Map(&SCHEMA)),
    field("additionalProperties", Shape::Additional),
    field("items", SCHEMA),
    field("allOf", List(&SCHEMA)),
    field("oneOf", List(&SCHEMA)),
    field("anyOf", List(&SCHEMA)),
    field("not", SCHEMA),
    new("const", Any),
    new("examples", List(&Any)),
    new("if", SCHEMA),
    new("then", SCHEMA),
    new("else", SCHEMA),
    new("prefixItems", List(&SCHEMA)),
    new("contains", SCHEMA),
    new("minContains", Count),
    new("maxContains", Count),
    new("propertyNames", SCHEMA),
    new("patternProperties", Map(&SCHEMA)),
    new("dependentSchemas", Map(&SCHEMA)),
    new("dependentRequired", Map(&List(&Text))),
    new("unevaluatedProperties", SCHEMA),
    new("unevaluatedItems", SCHEMA),
    new("contentEncoding", Text),
    new("contentMediaType", Text),
    new("contentSchema", SCHEMA),
    new("$defs", Map(&SCHEMA)),
    new("$id", Text),
    new("$schema", Text),
    new("$anchor", Text),
    new("$comment", Text),
    new("$dynamicRef", Text),
    new("$dynamicAnchor", Text),
    new("$vocabulary", Any),
];
