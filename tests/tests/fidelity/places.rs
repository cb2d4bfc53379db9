//! A value walked along its schema: where its objects stand, and which form each `oneOf` takes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jsonschema::Validator;
use rafay_spec::Document;
use rafay_tests::request_validator;
use serde_json::Value;

/// A place in a value that the schema says something about.
pub(crate) struct Place<'a> {
    pub(crate) pointer: String,
    pub(crate) what: What<'a>,
}

pub(crate) enum What<'a> {
    /// An object of this schema: with properties of its own, or with none and free.
    Object(&'a Value),
    /// A value of a `oneOf`, and the variant that it is.
    Union {
        schema: &'a Value,
        variant: &'a Value,
    },
}

/// The places of a value, outer ones first.
pub(crate) fn places<'a>(
    document: &'a Document,
    schema: &'a Value,
    value: &Value,
) -> Vec<Place<'a>> {
    let mut walk = Walk {
        document,
        found: Vec::new(),
    };
    walk.enter(schema, value, String::new());
    walk.found
}

struct Walk<'a> {
    document: &'a Document,
    found: Vec<Place<'a>>,
}

impl<'a> Walk<'a> {
    fn enter(&mut self, schema: &'a Value, value: &Value, pointer: String) {
        let schema = follow(self.document, schema);
        if let Some(variants) = schema["oneOf"].as_array() {
            let variant = variant(self.document, variants, value)
                .unwrap_or_else(|| panic!("{pointer}: {value} is not exactly one of its forms"));
            self.found.push(Place {
                pointer: pointer.clone(),
                what: What::Union { schema, variant },
            });
            return self.enter(variant, value, pointer);
        }
        match value {
            Value::Object(object) => {
                let typed = &schema["additionalProperties"];
                if !typed.is_object() || schema["properties"].is_object() {
                    let what = What::Object(schema);
                    let pointer = pointer.clone();
                    self.found.push(Place { pointer, what });
                }
                for (key, inner) in object {
                    let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                    match schema["properties"].get(key) {
                        Some(property) => self.enter(property, inner, at),
                        None if typed.is_object() => self.enter(typed, inner, at),
                        None => {}
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.enter(&schema["items"], item, format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }
}

/// The schema that a reference leads to, or a lone `allOf`.
pub(crate) fn follow<'a>(document: &'a Document, mut schema: &'a Value) -> &'a Value {
    loop {
        if let Some(reference) = schema["$ref"].as_str() {
            schema = document
                .resolve(reference)
                .expect("a reference leads somewhere");
        } else if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
            schema = only;
        } else {
            return schema;
        }
    }
}

/// The name of the schema component that is referred to.
pub(crate) fn name(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

/// The one variant that the value is, by a validator that knows nothing of the SDK.
fn variant<'a>(document: &Document, variants: &'a [Value], value: &Value) -> Option<&'a Value> {
    thread_local! {
        static VALIDATORS: RefCell<BTreeMap<String, Validator>> = const { RefCell::new(BTreeMap::new()) };
    }
    VALIDATORS.with_borrow_mut(|validators| {
        let mut fits = variants.iter().filter(|variant| {
            validators
                .entry(format!("{} {variant}", document.version))
                .or_insert_with(|| request_validator(&document.json, variant))
                .is_valid(value)
        });
        fits.next().filter(|_| fits.next().is_none())
    })
}

/// The value as it is to come back: `null` for a member that the schema knows is absent, but for one that must be
/// there and may be `null`.
pub(crate) fn without_nulls(document: &Document, schema: &Value, value: &Value) -> Value {
    let mut kept = value.clone();
    for place in places(document, schema, value) {
        let What::Object(schema) = place.what else {
            continue;
        };
        if let Some(Value::Object(object)) = kept.pointer_mut(&place.pointer) {
            object.retain(|key, inner| {
                !inner.is_null() || schema["properties"].get(key).is_none() || requires(schema, key)
            });
        }
    }
    kept
}

/// Whether an object of the schema must have the member.
pub(crate) fn requires(schema: &Value, key: &str) -> bool {
    let mut required = schema["required"].as_array().into_iter().flatten();
    required.any(|name| name.as_str() == Some(key))
}
