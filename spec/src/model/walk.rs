//! Walks through schemas as the values they describe: from a schema to the schema of each part of
//! its values, through `$ref`s and combinations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{follow, resolve};
use crate::pointer;

/// Names of the component schemas from which a schema with this word can be reached, so that a
/// search for the word need not walk into the others. Without it, a search through many shared
/// schemas would visit each of them once per way to it.
pub(super) fn reaching(json: &Value, word: &str) -> BTreeSet<String> {
    let schemas = json
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let mut used_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut queue: Vec<&str> = Vec::new();
    for (name, schema) in schemas.into_iter().flatten() {
        let mut has_word = false;
        let mut stack = vec![schema];
        while let Some(value) = stack.pop() {
            match value {
                Value::Array(items) => stack.extend(items),
                Value::Object(entries) => {
                    has_word |= entries.contains_key(word);
                    if let Some(target) = entries.get("$ref").and_then(schema_name) {
                        used_by.entry(target).or_default().push(name);
                    }
                    stack.extend(entries.values());
                }
                _ => {}
            }
        }
        if has_word {
            queue.push(name);
        }
    }
    let mut reached = BTreeSet::new();
    while let Some(name) = queue.pop() {
        if reached.insert(name.to_owned()) {
            queue.extend(used_by.get(name).into_iter().flatten());
        }
    }
    reached
}

/// The component that a reference to a schema names.
pub(crate) fn schema_name(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/components/schemas/")
}

/// A walk from one schema to the schemas of all parts of its values.
pub(super) struct Walk<'a, 'b> {
    json: &'a Value,
    /// Component schemas worth entering.
    enter: &'b BTreeSet<String>,
    open: Vec<&'a str>,
}

impl<'a, 'b> Walk<'a, 'b> {
    pub(super) fn new(json: &'a Value, enter: &'b BTreeSet<String>) -> Self {
        Self {
            json,
            enter,
            open: Vec::new(),
        }
    }

    /// Calls `visit` with the pointer of each part (`*` is any item) and each schema that describes
    /// it; a part is not entered when `visit` says no.
    pub(super) fn run(
        &mut self,
        at: &mut String,
        schema: &'a Value,
        visit: &mut dyn FnMut(&str, &'a Value) -> bool,
    ) {
        if !visit(at, schema) {
            return;
        }
        if let Some(reference) = schema.get("$ref") {
            let Some(name) = schema_name(reference) else {
                return;
            };
            if self.enter.contains(name)
                && !self.open.contains(&name)
                && let Some(target) = reference.as_str().and_then(|r| resolve(self.json, r))
            {
                self.open.push(name);
                self.run(at, target, visit);
                self.open.pop();
            }
            return;
        }
        for combination in ["allOf", "oneOf", "anyOf"] {
            for variant in schema
                .get(combination)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                self.run(at, variant, visit);
            }
        }
        let length = at.len();
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            pointer::push(at, name);
            self.run(at, property, visit);
            at.truncate(length);
        }
        for key in ["items", "additionalProperties"] {
            if let Some(part) = schema.get(key).filter(|part| part.is_object()) {
                at.push_str("/*");
                self.run(at, part, visit);
                at.truncate(length);
            }
        }
    }
}

/// Whether values of the schema can have something at this pointer. Items may be named by an index,
/// by `-` or by `*`.
pub(crate) fn has_place(json: &Value, schema: &Value, pointer: &str) -> bool {
    let Some(segments) = pointer::segments(pointer) else {
        return false;
    };
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    reaches(json, schema, &segments, 0)
}

fn reaches(json: &Value, schema: &Value, segments: &[&str], depth: usize) -> bool {
    let schema = follow(json, schema);
    let Some((first, rest)) = segments.split_first() else {
        return schema.is_object();
    };
    // Schemas may combine themselves; a real one does so a few times.
    if depth > 16 {
        return false;
    }
    let combined = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|combination| schema.get(combination)?.as_array())
        .flatten()
        .any(|variant| reaches(json, variant, segments, depth + 1));
    if combined {
        return true;
    }
    let properties = schema.get("properties");
    if let Some(property) = properties.and_then(|properties| properties.get(first)) {
        return reaches(json, property, rest, 0);
    }
    if let Some(items) = schema.get("items") {
        let is_index = matches!(*first, "-" | "*") || first.parse::<usize>().is_ok();
        return is_index && reaches(json, items, rest, 0);
    }
    match schema.get("additionalProperties") {
        Some(Value::Bool(allowed)) => *allowed,
        Some(values) => reaches(json, values, rest, 0),
        // An object that declares nothing holds anything.
        None => properties.is_none() && schema.get("type").is_some_and(|kind| kind == "object"),
    }
}
