//! Every example of every document is what it is an example of: the validator of others takes it. And nothing that a
//! caller writes or a reader looks up is without one.

use std::collections::{BTreeMap, BTreeSet};

use rafay_spec::Document;
use rafay_tests::{request_validator, spec};
use serde_json::Value;

/// A value and the schema it is to fit, with its place.
struct Example<'a> {
    pointer: String,
    schema: &'a Value,
    value: &'a Value,
}

/// What a walk over a document finds.
#[derive(Default)]
struct Found<'a> {
    examples: Vec<Example<'a>>,
    /// Component examples that something refers to.
    used: BTreeSet<&'a str>,
    /// Places that must have an example and have none.
    missing: Vec<String>,
}

impl<'a> Found<'a> {
    fn of(document: &'a Document) -> Self {
        let mut found = Self::default();
        for (name, schema) in members(&document.json["components"]["schemas"]) {
            let pointer = format!("/components/schemas/{name}");
            if schema.get("example").is_none() {
                found.missing.push(pointer.clone());
            }
            found.schema(&pointer, schema);
        }
        found.walk(document, "", &document.json);
        found
    }

    /// What stands around schemas: paths, parameters, bodies, answers, headers.
    fn walk(&mut self, document: &'a Document, pointer: &str, value: &'a Value) {
        if let Some(schema) = value.get("schema") {
            self.schema(&format!("{pointer}/schema"), schema);
            self.holder(document, pointer, value, schema);
        }
        for (key, inner) in members(value) {
            let inside = matches!(key, "schema" | "schemas" | "example" | "examples");
            if !inside && !key.starts_with("x-") {
                self.walk(document, &format!("{pointer}/{}", escaped(key)), inner);
            }
        }
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            self.walk(document, &format!("{pointer}/{index}"), item);
        }
    }

    /// A parameter, a header or a media type.
    fn holder(
        &mut self,
        document: &'a Document,
        pointer: &str,
        value: &'a Value,
        schema: &'a Value,
    ) {
        let before = self.examples.len();
        if let Some(value) = value.get("example") {
            self.add(format!("{pointer}/example"), schema, value);
        }
        for (name, example) in value.get("examples").into_iter().flat_map(members) {
            let reference = example.get("$ref").and_then(Value::as_str);
            self.used
                .extend(reference.and_then(|reference| reference.rsplit('/').next()));
            let example = reference.map_or(example, |reference| {
                document
                    .resolve(reference)
                    .expect("a reference leads somewhere")
            });
            let at = format!("{pointer}/examples/{name}");
            self.add(at, schema, &example["value"]);
        }
        let written = matches!(value["in"].as_str(), Some("path" | "query"))
            || pointer.ends_with("/requestBody/content/application~1json");
        if written && self.examples.len() == before {
            self.missing.push(pointer.to_owned());
        }
    }

    fn schema(&mut self, pointer: &str, schema: &'a Value) {
        if let Some(value) = schema.get("example") {
            self.add(format!("{pointer}/example"), schema, value);
        }
        for (name, property) in members(&schema["properties"]) {
            self.schema(&format!("{pointer}/properties/{}", escaped(name)), property);
        }
        for word in ["items", "additionalProperties", "not"] {
            if let Some(inner) = schema.get(word) {
                self.schema(&format!("{pointer}/{word}"), inner);
            }
        }
        for word in ["allOf", "anyOf", "oneOf"] {
            for (index, part) in schema[word].as_array().into_iter().flatten().enumerate() {
                self.schema(&format!("{pointer}/{word}/{index}"), part);
            }
        }
    }

    fn add(&mut self, pointer: String, schema: &'a Value, value: &'a Value) {
        self.examples.push(Example {
            pointer,
            schema,
            value,
        });
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The problems of one document's examples.
fn problems(document: &Document) -> Vec<String> {
    let found = Found::of(document);
    let mut validators = BTreeMap::new();
    let mut problems = Vec::new();
    for example in &found.examples {
        let validator = validators
            .entry(example.schema.to_string())
            .or_insert_with(|| request_validator(&document.json, example.schema));
        for error in validator.iter_errors(example.value) {
            problems.push(format!(
                "{} {}: at {:?}: {error}",
                document.version,
                example.pointer,
                error.instance_path().as_str()
            ));
        }
    }
    problems
}

#[test]
fn every_example_of_every_document_fits_its_schema() {
    let problems: Vec<String> = spec().documents.iter().flat_map(problems).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn every_schema_body_and_parameter_has_an_example() {
    for document in &spec().documents {
        let found = Found::of(document);
        assert!(
            found.missing.is_empty(),
            "{}:\n{}",
            document.version,
            found.missing.join("\n")
        );
    }
}

#[test]
fn every_component_example_is_used_and_is_so_judged() {
    for document in &spec().documents {
        let found = Found::of(document);
        let all: BTreeSet<&str> = members(&document.json["components"]["examples"])
            .map(|(name, _)| name)
            .collect();
        assert_eq!(found.used, all, "{}", document.version);
    }
}

#[test]
fn the_walk_reaches_what_the_documents_have() {
    for document in &spec().documents {
        let found = Found::of(document);
        let count = |wanted: &dyn Fn(&str) -> bool| {
            let all = found.examples.iter();
            all.filter(|example| wanted(&example.pointer)).count()
        };
        let schemas = members(&document.json["components"]["schemas"]).count();
        let bodies = document
            .operations
            .iter()
            .filter(|one| one.request.is_some());
        assert!(count(&|pointer| pointer.starts_with("/components/schemas/")) >= schemas);
        assert!(count(&|pointer| pointer.contains("/requestBody/")) >= bodies.count());
        assert!(count(&|pointer| pointer.starts_with("/components/parameters/")) > 0);
    }
}

#[test]
fn an_example_that_does_not_fit_and_a_missing_one_are_told() {
    let mut document = Document {
        version: "v9".into(),
        json: serde_json::json!({"components": {
            "schemas": {
                "Bad": {"type": "object", "required": ["example"], "example": {},
                        "properties": {"example": {"type": "string", "example": 1}}},
                "None": {"type": "string"},
            },
            "parameters": {"Bare": {"name": "bare", "in": "query", "schema": {"type": "string"}}},
        }}),
        ..spec().documents[0].clone()
    };
    let told = problems(&document);
    assert_eq!(told.len(), 2, "{told:?}");
    let missing = ["/components/schemas/None", "/components/parameters/Bare"];
    assert_eq!(Found::of(&document).missing, missing);
    document.json["components"]["schemas"]["Bad"]["example"] = serde_json::json!({"example": "x"});
    assert_eq!(problems(&document).len(), 1);
}
