//! Values that a schema itself gives: defaults and enums.

use std::collections::BTreeSet;

use serde_json::Value;

use super::context::{Context, Findings};
use super::rules;
use crate::model::follow;
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let document = context.document;
    for node in context.schemas() {
        let mut add = |rule, key: &str, message: String| {
            findings.add(
                document,
                rule,
                &pointer::join(&context.pointer(node), key),
                message,
            );
        };
        if let Some(default) = node.entries.get("default")
            && !admits(
                &document.json,
                &Value::Object(node.entries.clone()),
                default,
                0,
            )
        {
            add(
                rules::INVALID_DEFAULT,
                "default",
                format!("`{default}` does not fit the schema"),
            );
        }
        let Some(entries) = node.entries.get("enum").and_then(Value::as_array) else {
            continue;
        };
        if node.entries.get("type").is_some_and(|kind| kind == "array") {
            let message = "an enum here lists whole arrays; put it on the items".to_owned();
            add(rules::ENUM_ON_ARRAY, "enum", message);
        }
        let mut seen = BTreeSet::new();
        for entry in entries {
            if entry.is_null() {
                let message = "null is not an entry of an enum; use `nullable: true`".to_owned();
                add(rules::ENUM_ENTRIES, "enum", message);
            } else if !seen.insert(entry.to_string()) {
                add(
                    rules::ENUM_ENTRIES,
                    "enum",
                    format!("the entry {entry} comes twice"),
                );
            }
        }
    }
}

/// Whether the schema's types and enums admit the value; not a full validation, which the tests do.
pub(super) fn admits(json: &Value, schema: &Value, value: &Value, depth: usize) -> bool {
    let schema = follow(json, schema);
    // Deeper than any default; a schema that is made of itself says nothing more.
    if depth > 16 {
        return true;
    }
    if value.is_null() {
        return schema.get("nullable") == Some(&Value::Bool(true));
    }
    let fits_type = match schema.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("integer") => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
        }
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    let list = |key: &str| schema.get(key).and_then(Value::as_array);
    let inner = |schema: &Value, value: &Value| admits(json, schema, value, depth + 1);
    let items = schema.get("items").zip(value.as_array());
    let properties = schema.get("properties").zip(value.as_object());
    fits_type
        && list("enum").is_none_or(|entries| entries.contains(value))
        && list("allOf").is_none_or(|parts| parts.iter().all(|part| inner(part, value)))
        && ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(list)
            .all(|variants| variants.iter().any(|variant| inner(variant, value)))
        && items.is_none_or(|(schema, items)| items.iter().all(|item| inner(schema, item)))
        && properties.is_none_or(|(schemas, entries)| {
            let mut entries = entries.iter();
            entries.all(|(key, value)| schemas.get(key).is_none_or(|schema| inner(schema, value)))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::admits;

    #[test]
    fn a_value_fits_its_type_its_enum_and_its_parts() {
        let document = json!({"components": {"schemas": {"Color": {"enum": ["red"]}}}});
        let color = json!({"$ref": "#/components/schemas/Color"});
        for (schema, value, expected) in [
            (json!({"type": "integer"}), json!(1.0), true),
            (json!({"type": "integer"}), json!(1.5), false),
            (json!({"type": "string"}), json!(null), false),
            (
                json!({"type": "string", "nullable": true}),
                json!(null),
                true,
            ),
            (json!({"allOf": [color]}), json!("red"), true),
            (json!({"allOf": [color]}), json!("blue"), false),
            (
                json!({"oneOf": [color, {"type": "boolean"}]}),
                json!(true),
                true,
            ),
            (
                json!({"oneOf": [color, {"type": "boolean"}]}),
                json!(1),
                false,
            ),
            (
                json!({"type": "array", "items": color}),
                json!(["red", "blue"]),
                false,
            ),
            (
                json!({"properties": {"a": color}}),
                json!({"a": "blue"}),
                false,
            ),
            (
                json!({"properties": {"a": color}}),
                json!({"b": "blue"}),
                true,
            ),
        ] {
            assert_eq!(
                admits(&document, &schema, &value, 0),
                expected,
                "{schema} {value}"
            );
        }
    }
}
