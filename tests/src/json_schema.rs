//! A document's schemas (`OpenAPI` 3.0) in the words of JSON Schema, draft 4, for an independent validator.
//!
//! Two things are stricter than the words: a place marked `x-secret` holds nothing but the mask, and `format` counts.

use std::collections::BTreeMap;

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// A validator of answers for a schema of a bundled document.
pub(crate) fn validator(document: &Value, schema: &Value) -> Validator {
    let mut components = BTreeMap::new();
    let converted = convert(schema);
    collect(document, &converted, &mut components);
    // A definition is addressed by the name it has in the document.
    let components: Map<String, Value> = components.into_iter().collect();
    let root = json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "components": {"schemas": components},
        "allOf": [converted],
    });
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .build(&root)
        .expect("a schema of the document is a JSON Schema")
}

/// What stands where a secret is.
const MASK: &str = "********";

/// Adds the schemas that a converted one refers to, directly or not, each converted.
fn collect(document: &Value, converted: &Value, components: &mut BTreeMap<String, Value>) {
    match converted {
        Value::Object(words) => {
            let reference = words.get("$ref").and_then(Value::as_str);
            let name = reference.and_then(|path| path.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| !components.contains_key(*name)) {
                let schema = document.pointer(&format!("/components/schemas/{name}"));
                let named = convert(schema.unwrap_or(&Value::Null));
                components.insert(name.to_owned(), named.clone());
                collect(document, &named, components);
            }
            for value in words.values() {
                collect(document, value, components);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(document, item, components);
            }
        }
        _ => {}
    }
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

fn convert(schema: &Value) -> Value {
    let Some(words) = schema.as_object() else {
        return schema.clone();
    };
    let mut converted = Map::new();
    for (word, value) in words {
        let new = match word.as_str() {
            word if SAME.contains(&word) => value.clone(),
            "items" | "not" | "additionalProperties" => convert(value),
            "allOf" | "anyOf" | "oneOf" => value
                .as_array()
                .into_iter()
                .flatten()
                .map(convert)
                .collect(),
            "properties" => properties(value),
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

fn properties(value: &Value) -> Value {
    let convert_one = |(name, schema): (&String, &Value)| {
        let new = if is_secret(schema) {
            json!({"enum": [MASK]})
        } else {
            convert(schema)
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
    schema.get("x-secret") == Some(&json!(true))
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
            "properties": {"password": {"type": "string", "x-secret": true}},
        });
        assert!(accepts(&schema, &json!({})));
        assert!(accepts(&schema, &json!({"password": MASK})));
        assert!(!accepts(&schema, &json!({"password": "x"})));
    }
}
