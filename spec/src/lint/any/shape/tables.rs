//! The fields of each object.

use super::Kind as K;
use super::Shape::{self, Any, Count, Flag, List, Map, Number, Object, Referable, Text};
use super::{Field, field, needed, new};

const ANY_SCHEMA: Shape = Referable(K::Schema);
const SERVERS: Shape = List(&Object(K::Server));
const SECURITY: Shape = List(&Object(K::Requirement));
const PARAMETERS: Shape = List(&Referable(K::Parameter));
const CONTENT: Shape = Map(&Object(K::MediaType));
const HEADERS: Shape = Map(&Referable(K::Header));
const EXAMPLES: Shape = Map(&Referable(K::Example));
const METHOD: Shape = Object(K::Operation);

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

pub(super) const DOCUMENT: &[Field] = &[
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
];
pub(super) const INFO: &[Field] = &[
    needed("title", Text),
    needed("version", Text),
    field("description", Text),
    field("termsOfService", Text),
    field("contact", Object(K::Contact)),
    field("license", Object(K::License)),
    new("summary", Text),
];
pub(super) const CONTACT: &[Field] = &[
    field("name", Text),
    field("url", Text),
    field("email", Text),
];
pub(super) const LICENSE: &[Field] = &[
    needed("name", Text),
    field("url", Text),
    new("identifier", Text),
];
pub(super) const SERVER: &[Field] = &[
    needed("url", Text),
    field("description", Text),
    field("variables", Map(&Object(K::ServerVariable))),
];
pub(super) const SERVER_VARIABLE: &[Field] = &[
    needed("default", Text),
    field("enum", List(&Text)),
    field("description", Text),
];
pub(super) const PATH_ITEM: &[Field] = &[
    field("$ref", Text),
    field("summary", Text),
    field("description", Text),
    field("servers", SERVERS),
    field("parameters", PARAMETERS),
    field("get", METHOD),
    field("put", METHOD),
    field("post", METHOD),
    field("delete", METHOD),
    field("options", METHOD),
    field("head", METHOD),
    field("patch", METHOD),
    field("trace", METHOD),
];
pub(super) const OPERATION: &[Field] = &[
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
];
pub(super) const EXTERNAL_DOCS: &[Field] = &[needed("url", Text), field("description", Text)];
pub(super) const PARAMETER: &[Field] = &[
    needed("name", Text),
    needed("in", Shape::Word(&["path", "query", "header", "cookie"])),
    field("description", Text),
    field("required", Flag),
    field("deprecated", Flag),
    field("allowEmptyValue", Flag),
    field("style", Shape::Word(STYLES)),
    field("explode", Flag),
    field("allowReserved", Flag),
    field("schema", ANY_SCHEMA),
    field("content", CONTENT),
    field("example", Any),
    field("examples", EXAMPLES),
];
pub(super) const HEADER: &[Field] = &[
    field("description", Text),
    field("required", Flag),
    field("deprecated", Flag),
    field("allowEmptyValue", Flag),
    field("style", Shape::Word(&["simple"])),
    field("explode", Flag),
    field("allowReserved", Flag),
    field("schema", ANY_SCHEMA),
    field("content", CONTENT),
    field("example", Any),
    field("examples", EXAMPLES),
];
pub(super) const REQUEST_BODY: &[Field] = &[
    needed("content", CONTENT),
    field("description", Text),
    field("required", Flag),
];
pub(super) const MEDIA_TYPE: &[Field] = &[
    field("schema", ANY_SCHEMA),
    field("example", Any),
    field("examples", EXAMPLES),
    field("encoding", Map(&Object(K::Encoding))),
];
pub(super) const ENCODING: &[Field] = &[
    field("contentType", Text),
    field("headers", HEADERS),
    field("style", Shape::Word(STYLES)),
    field("explode", Flag),
    field("allowReserved", Flag),
];
pub(super) const RESPONSE: &[Field] = &[
    // Its description is needed too, which a rule of its own asks for.
    field("description", Text),
    field("headers", HEADERS),
    field("content", CONTENT),
    field("links", Map(&Referable(K::Link))),
];
pub(super) const EXAMPLE: &[Field] = &[
    field("summary", Text),
    field("description", Text),
    field("value", Any),
    field("externalValue", Text),
];
pub(super) const LINK: &[Field] = &[
    field("operationId", Text),
    field("operationRef", Text),
    field("parameters", Map(&Any)),
    field("requestBody", Any),
    field("description", Text),
    field("server", Object(K::Server)),
];
pub(super) const COMPONENTS: &[Field] = &[
    field("schemas", Map(&ANY_SCHEMA)),
    field("responses", Map(&Referable(K::Response))),
    field("parameters", Map(&Referable(K::Parameter))),
    field("examples", EXAMPLES),
    field("requestBodies", Map(&Referable(K::RequestBody))),
    field("headers", HEADERS),
    field("securitySchemes", Map(&Referable(K::SecurityScheme))),
    field("links", Map(&Referable(K::Link))),
    field("callbacks", Map(&Referable(K::Callback))),
    new("pathItems", Map(&Referable(K::PathItem))),
];
pub(super) const DISCRIMINATOR: &[Field] =
    &[needed("propertyName", Text), field("mapping", Map(&Text))];
pub(super) const XML: &[Field] = &[
    field("name", Text),
    field("namespace", Text),
    field("prefix", Text),
    field("attribute", Flag),
    field("wrapped", Flag),
];
pub(super) const SECURITY_SCHEME: &[Field] = &[
    needed("type", Shape::Word(SCHEMES)),
    field("description", Text),
    field("name", Text),
    field("in", Shape::Word(&["query", "header", "cookie"])),
    field("scheme", Text),
    field("bearerFormat", Text),
    field("flows", Object(K::Flows)),
    field("openIdConnectUrl", Text),
];
pub(super) const FLOWS: &[Field] = &[
    field("implicit", Object(K::Flow)),
    field("password", Object(K::Flow)),
    field("clientCredentials", Object(K::Flow)),
    field("authorizationCode", Object(K::Flow)),
];
pub(super) const FLOW: &[Field] = &[
    needed("scopes", Map(&Text)),
    field("authorizationUrl", Text),
    field("tokenUrl", Text),
    field("refreshUrl", Text),
];
pub(super) const TAG: &[Field] = &[
    needed("name", Text),
    field("description", Text),
    field("externalDocs", Object(K::ExternalDocs)),
];

pub(super) const SCHEMA: &[Field] = &[
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
    field("properties", Map(&ANY_SCHEMA)),
    field("additionalProperties", Shape::Additional),
    field("items", ANY_SCHEMA),
    field("allOf", List(&ANY_SCHEMA)),
    field("oneOf", List(&ANY_SCHEMA)),
    field("anyOf", List(&ANY_SCHEMA)),
    field("not", ANY_SCHEMA),
    new("const", Any),
    new("examples", List(&Any)),
    new("if", ANY_SCHEMA),
    new("then", ANY_SCHEMA),
    new("else", ANY_SCHEMA),
    new("prefixItems", List(&ANY_SCHEMA)),
    new("contains", ANY_SCHEMA),
    new("minContains", Count),
    new("maxContains", Count),
    new("propertyNames", ANY_SCHEMA),
    new("patternProperties", Map(&ANY_SCHEMA)),
    new("dependentSchemas", Map(&ANY_SCHEMA)),
    new("dependentRequired", Map(&List(&Text))),
    new("unevaluatedProperties", ANY_SCHEMA),
    new("unevaluatedItems", ANY_SCHEMA),
    new("contentEncoding", Text),
    new("contentMediaType", Text),
    new("contentSchema", ANY_SCHEMA),
    new("$defs", Map(&ANY_SCHEMA)),
    new("$id", Text),
    new("$schema", Text),
    new("$anchor", Text),
    new("$comment", Text),
    new("$dynamicRef", Text),
    new("$dynamicAnchor", Text),
    new("$vocabulary", Any),
];
