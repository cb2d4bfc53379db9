//! A document's schemas (`OpenAPI` 3.0) in the words of JSON Schema, draft 4, for an independent validator.
//!
//! Two things are stricter than the words: a place marked `x-secret` holds nothing but the mask in an answer, and
//! `format` counts.

use std::collections::BTreeSet;

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// What stands where a secret is.
const MASK: &str = "********";

/// A validator of answers for a schema of a bundled document.
pub(crate) fn validator(document: &Value, schema: &Value) -> Validator {
    build(document, schema, Secrets::Masked)
}

/// A validator of what a caller sends, secrets included, for a schema of a bundled document.
pub fn request_validator(document: &Value, schema: &Value) -> Validator {
    build(document, schema, Secrets::Sent)
}

/// Whether a value may hold what is written and never returned; in an answer a mask stands there.
#[derive(Clone, Copy, PartialEq)]
enum Secrets {
    Sent,
    Masked,
}

fn build(document: &Value, schema: &Value, secrets: Secrets) -> Validator {
    let components: Map<String, Value> = reached(document, schema)
        .into_iter()
        .map(|name| {
            (
                name,
                convert(&document["components"]["schemas"][name], secrets),
            )
        })
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    let root = json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "components": {"schemas": components},
        "allOf": [convert(schema, secrets)],
    });
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .build(&root)
        .expect("a schema of the document is a JSON Schema")
}

/// The schema components that a schema is made of: compiling all of them for each would take minutes.
fn reached<'a>(document: &'a Value, schema: &'a Value) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        let name = value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix("#/components/schemas/"));
        if let Some(name) = name
            && names.insert(name)
        {
            open.push(&document["components"]["schemas"][name]);
        }
        match value {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    names
}

/// Words that mean the same in both languages.
const SAME: [&str; 18] = [
    "type",
    "enum",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
    "$ref",
];

fn convert(schema: &Value, secrets: Secrets) -> Value {
    let Some(words) = schema.as_object() else {
        return schema.clone();
    };
    let mut converted = Map::new();
    for (word, value) in words {
        let new = match word.as_str() {
            word if SAME.contains(&word) => value.clone(),
            "items" | "not" | "additionalProperties" => convert(value, secrets),
            "allOf" | "anyOf" | "oneOf" => value
                .as_array()
                .into_iter()
                .flatten()
                .map(|part| convert(part, secrets))
                .collect(),
            "properties" => properties(value, secrets),
            _ => continue,
        };
        converted.insert(word.clone(), new);
    }
    let converted = Value::Object(converted);
    if words.get("nullable") == Some(&json!(true)) {
        return json!({"anyOf": [converted, {"enum": [null]}]});
    }
    converted
}

fn properties(value: &Value, secrets: Secrets) -> Value {
    let convert_one = |(name, schema): (&String, &Value)| {
        let new = if secrets == Secrets::Masked && is_secret(schema) {
            json!({"enum": [MASK]})
        } else {
            convert(schema, secrets)
        };
        (name.clone(), new)
    };
    Value::Object(
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(convert_one)
            .collect(),
    )
}

fn is_secret(schema: &Value) -> bool {
    schema.get("x-secret").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(schema: &Value, value: &Value) -> bool {
        let document =
            json!({"components": {"schemas": {"Named": {"type": "object", "required": ["name"]}}}});
        validator(&document, schema).is_valid(value)
    }

    #[test]
    fn null_is_taken_where_the_document_says_so() {
        assert!(!accepts(&json!({"type": "string"}), &json!(null)));
        assert!(accepts(
            &json!({"type": "string", "nullable": true}),
            &json!(null)
        ));
    }

    #[test]
    fn references_and_formats_count() {
        let named = json!({"$ref": "#/components/schemas/Named"});
        assert!(accepts(&named, &json!({"name": 1})));
        assert!(!accepts(&named, &json!({})));
        assert!(!accepts(
            &json!({"type": "string", "format": "date-time"}),
            &json!("yesterday")
        ));
    }

    #[test]
    fn a_secret_in_an_answer_is_wrong_and_its_mask_is_right() {
        let schema = json!({
            "type": "object",
            "required": ["password"],
            "properties": {"password": {"type": "string", "x-secret": true}},
        });
        assert!(accepts(&schema, &json!({"password": MASK})));
        assert!(!accepts(&schema, &json!({"password": "x"})));
        let request = request_validator(&json!({}), &schema);
        assert!(request.is_valid(&json!({"password": "x"})));
        assert!(!request.is_valid(&json!({})));
    }
}
