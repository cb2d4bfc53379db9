//! Which part of an `OpenAPI` 3.0 document a value is, decided by where it stands.
//!
//! `properties: {example: …}` names a property and `example: …` holds data, although both look the
//! same. The bundler must know (a `$ref` in data is data) and the lints must know (an `x-` word in
//! data is no word), so the knowledge is one table that both walk with.

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// The whole document.
    Document,
    Components,
    Paths,
    PathItem,
    Operation,
    /// A list of parameters, or a map of named ones.
    Parameters,
    Parameter,
    RequestBody,
    Responses,
    Response,
    Headers,
    Header,
    /// A map of named examples.
    Examples,
    Example,
    /// The map from content type to media type.
    Content,
    MediaType,
    /// `components/schemas`.
    Schemas,
    /// A schema with a name.
    ComponentSchema,
    Properties,
    /// The schema of a property.
    Property,
    /// `allOf`, `oneOf`, `anyOf`.
    Variants,
    /// Any other schema: of items, of a parameter, of a body, a variant.
    Schema,
    Discriminator,
    /// From the discriminator's value to a reference that is not written as `$ref`.
    Mapping,
    /// A map whose keys are names and whose values are objects.
    Names,
    /// An object (or a list of them) that holds no schema.
    Object,
    /// Free data: examples, defaults, the content of extension words.
    Data,
}

impl Position {
    /// The position of the value under `key`.
    pub(crate) fn child(self, key: &str) -> Position {
        use Position as P;
        if self.has_keywords() && key.starts_with("x-") {
            return P::Data;
        }
        match self {
            P::Document => match key {
                "components" => P::Components,
                "paths" => P::Paths,
                "security" => P::Data,
                _ => P::Object,
            },
            P::Components => match key {
                "schemas" => P::Schemas,
                "parameters" => P::Parameters,
                "responses" => P::Responses,
                "headers" => P::Headers,
                "examples" => P::Examples,
                _ => P::Names,
            },
            P::Paths => P::PathItem,
            P::PathItem if METHODS.contains(&key) => P::Operation,
            P::PathItem if key == "parameters" => P::Parameters,
            P::Operation => match key {
                "parameters" => P::Parameters,
                "requestBody" => P::RequestBody,
                "responses" => P::Responses,
                "callbacks" => P::Names,
                "security" | "tags" => P::Data,
                _ => P::Object,
            },
            P::Parameters => P::Parameter,
            P::Parameter | P::Header | P::MediaType | P::RequestBody | P::Response => match key {
                "schema" => P::Schema,
                "content" => P::Content,
                "headers" => P::Headers,
                "encoding" | "links" => P::Names,
                "example" => P::Data,
                "examples" => P::Examples,
                _ => P::Object,
            },
            P::Examples => P::Example,
            P::Example if key == "value" => P::Data,
            P::Responses => P::Response,
            P::Headers => P::Header,
            P::Content => P::MediaType,
            P::Schemas => P::ComponentSchema,
            P::Properties => P::Property,
            P::Variants => P::Schema,
            P::ComponentSchema | P::Property | P::Schema => match key {
                "properties" => P::Properties,
                "items" | "additionalProperties" | "not" => P::Schema,
                "allOf" | "oneOf" | "anyOf" => P::Variants,
                "discriminator" => P::Discriminator,
                "default" | "enum" | "example" | "required" => P::Data,
                _ => P::Object,
            },
            P::Discriminator if key == "mapping" => P::Mapping,
            P::Mapping => P::Mapping,
            P::Data => P::Data,
            P::PathItem | P::Discriminator | P::Names | P::Object | P::Example => P::Object,
        }
    }

    /// The position of an item when the value is a list.
    pub(crate) fn item(self) -> Position {
        match self {
            Position::Parameters | Position::Variants => self.child(""),
            other => other,
        }
    }

    /// Whether the keys are words of the format; otherwise they are names chosen by the author.
    pub(crate) fn has_keywords(self) -> bool {
        use Position as P;
        !matches!(
            self,
            P::Parameters
                | P::Headers
                | P::Content
                | P::Schemas
                | P::Properties
                | P::Examples
                | P::Mapping
                | P::Names
                | P::Data
        )
    }

    /// Whether the value is a schema.
    pub(crate) fn is_schema(self) -> bool {
        matches!(
            self,
            Position::ComponentSchema | Position::Property | Position::Schema
        )
    }
}

/// The keys of a path item that are operations.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn a_property_may_be_named_like_a_keyword() {
        let schema = Position::ComponentSchema;
        assert_eq!(schema.child("example"), Position::Data);
        assert_eq!(
            schema.child("properties").child("example"),
            Position::Property
        );
        assert_eq!(
            schema.child("properties").child("x-ray"),
            Position::Property
        );
        assert_eq!(schema.child("x-kind"), Position::Data);
    }

    #[test]
    fn schemas_are_found_under_bodies_parameters_and_headers() {
        let operation = Position::Paths.child("/a").child("post");
        let body = operation
            .child("requestBody")
            .child("content")
            .child("application/json");
        assert!(body.child("schema").is_schema());
        assert!(
            operation
                .child("parameters")
                .child("0")
                .child("schema")
                .is_schema()
        );
        let response = operation.child("responses").child("200");
        assert!(
            response
                .child("headers")
                .child("x-count")
                .child("schema")
                .is_schema()
        );
    }
}
