//! Objects of a `oneOf` that cannot be told apart: a reader of the answer would have to guess.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::context::{Context, Findings};
use super::rules;
use crate::model::follow;
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let document = context.document;
    for node in context.schemas() {
        let Some(variants) = node.entries.get("oneOf").and_then(Value::as_array) else {
            continue;
        };
        let shapes: Vec<Option<Shape<'_>>> = variants
            .iter()
            .map(|variant| Shape::of(&document.json, variant))
            .collect();
        let at = pointer::join(&context.pointer(node), "oneOf");
        for (index, shape) in shapes.iter().enumerate() {
            let Some(shape) = shape else { continue };
            let alike = shapes.iter().enumerate().find(|(other, candidate)| {
                *other != index
                    && candidate
                        .as_ref()
                        .is_some_and(|other| !shape.differs(other))
            });
            if let Some((other, _)) = alike {
                let message = format!(
                    "variant {index} has nothing that variant {other} lacks: give it a property of \
                     its own, or require another set"
                );
                let at = pointer::join(&at, &index.to_string());
                findings.add(document, rules::ALIKE_VARIANTS, &at, message);
            }
        }
    }
}

/// What tells one object from another.
#[derive(Default)]
struct Shape<'a> {
    is_object: bool,
    properties: BTreeMap<&'a str, &'a Value>,
    required: BTreeSet<&'a str>,
}

impl<'a> Shape<'a> {
    /// The shape of a variant that is an object.
    fn of(json: &'a Value, schema: &'a Value) -> Option<Self> {
        let mut shape = Shape::default();
        shape.collect(json, schema, 0);
        shape.is_object.then_some(shape)
    }

    fn collect(&mut self, json: &'a Value, schema: &'a Value, depth: usize) {
        let schema = follow(json, schema);
        self.is_object |= schema.get("type").is_some_and(|kind| kind == "object");
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            self.is_object = true;
            self.properties.insert(name, follow(json, property));
        }
        let list = |key: &str| {
            schema
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        self.required
            .extend(list("required").filter_map(Value::as_str));
        if depth < 8 {
            for part in list("allOf") {
                self.collect(json, part, depth + 1);
            }
        }
    }

    /// Whether this one has a property that `other` lacks, requires another set, or gives a common
    /// property another type or disjoint values.
    fn differs(&self, other: &Shape<'_>) -> bool {
        self.required != other.required
            || self
                .properties
                .iter()
                .any(|(name, property)| match other.properties.get(name) {
                    None => true,
                    Some(theirs) => {
                        let kinds = (property.get("type"), theirs.get("type"));
                        matches!(kinds, (Some(a), Some(b)) if a != b) || disjoint(property, theirs)
                    }
                })
    }
}

fn disjoint(a: &Value, b: &Value) -> bool {
    let entries = |schema: &Value| schema.get("enum").and_then(Value::as_array).cloned();
    match (entries(a), entries(b)) {
        (Some(a), Some(b)) => !a.iter().any(|entry| b.contains(entry)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Shape;

    fn differs(a: &Value, b: &Value) -> bool {
        let document = json!({});
        let shape = |value| Shape::of(&document, value).unwrap();
        shape(a).differs(&shape(b))
    }

    #[test]
    fn what_tells_two_objects_apart() {
        let one = json!({"properties": {"a": {}}});
        let two = json!({"properties": {"a": {}, "b": {}}});
        assert!(differs(&two, &one));
        assert!(!differs(&one, &two));
        assert!(!differs(&one, &one));
        assert!(differs(
            &one,
            &json!({"properties": {"a": {}}, "required": ["a"]})
        ));
        let tagged = |tag: &str| json!({"properties": {"kind": {"enum": [tag]}}});
        assert!(differs(&tagged("x"), &tagged("y")));
        assert!(!differs(&tagged("x"), &tagged("x")));
    }

    #[test]
    fn a_text_is_no_object() {
        assert!(Shape::of(&json!({}), &json!({"type": "string"})).is_none());
        assert!(Shape::of(&json!({}), &json!({"allOf": [{"type": "object"}]})).is_some());
    }
}
