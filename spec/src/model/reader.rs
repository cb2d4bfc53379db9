//! What all readers of the model share: the document, the notes of what is wrong, and mappings with
//! a fixed set of keys.

use serde_json::{Map, Value};

use crate::finding::Finding;
use crate::lint::rules;
use crate::pointer;
use crate::source::SourceMap;

pub(super) struct Reader<'a> {
    pub(super) version: &'a str,
    pub(super) json: &'a Value,
    pub(super) problems: Vec<Finding>,
    sources: &'a SourceMap,
}

impl<'a> Reader<'a> {
    pub(super) fn new(version: &'a str, json: &'a Value, sources: &'a SourceMap) -> Self {
        Self {
            version,
            json,
            problems: Vec::new(),
            sources,
        }
    }

    pub(super) fn report(&mut self, rule: &'static str, pointer: &str, message: String) {
        self.problems.push(Finding {
            rule,
            message,
            pointer: pointer.to_owned(),
            location: self.sources.get(pointer).cloned(),
            document: self.version.to_owned(),
        });
    }

    /// A word or a part of the document that does not have its form.
    pub(super) fn malformed(&mut self, pointer: &str, message: impl Into<String>) {
        self.report(rules::MALFORMED, pointer, message.into());
    }

    /// The named schemas, sorted by name whatever the order of the map is.
    pub(super) fn schemas(&self) -> Vec<(&'a String, &'a Value)> {
        let schemas = self
            .json
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        let mut schemas: Vec<_> = schemas.into_iter().flatten().collect();
        schemas.sort_by_key(|(name, _)| *name);
        schemas
    }

    /// A mapping that may have these keys and no others.
    pub(super) fn fields(
        &mut self,
        pointer: &str,
        value: &'a Value,
        allowed: &[&str],
    ) -> Option<Fields<'a>> {
        let Value::Object(entries) = value else {
            self.malformed(
                pointer,
                format!("must be a mapping with {}", allowed.join(", ")),
            );
            return None;
        };
        for key in entries
            .keys()
            .filter(|key| !allowed.contains(&key.as_str()))
        {
            let message = format!(
                "`{key}` is not known here; there are {}",
                allowed.join(", ")
            );
            self.malformed(&pointer::join(pointer, key), message);
        }
        Some(Fields {
            entries,
            pointer: pointer.to_owned(),
        })
    }
}

/// A mapping being read. Each getter notes what is wrong and returns `None` for it.
pub(super) struct Fields<'a> {
    entries: &'a Map<String, Value>,
    pointer: String,
}

impl<'a> Fields<'a> {
    pub(super) fn at(&self, key: &str) -> String {
        pointer::join(&self.pointer, key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.entries.get(key)
    }

    pub(super) fn optional_text(&self, key: &str, reader: &mut Reader<'_>) -> Option<String> {
        let value = self.get(key)?;
        let text = value.as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            reader.malformed(&self.at(key), format!("`{key}` must be a text"));
        }
        text.map(str::to_owned)
    }

    pub(super) fn text(&self, key: &str, reader: &mut Reader<'_>) -> Option<String> {
        self.require(key, reader)?;
        self.optional_text(key, reader)
    }

    /// Whether the key is there and true.
    pub(super) fn flag(&self, key: &str, reader: &mut Reader<'_>) -> bool {
        let value = self.get(key);
        if value.is_some_and(|value| !value.is_boolean()) {
            reader.malformed(&self.at(key), format!("`{key}` must be true or false"));
        }
        value == Some(&Value::Bool(true))
    }

    pub(super) fn require(&self, key: &str, reader: &mut Reader<'_>) -> Option<&'a Value> {
        let value = self.get(key);
        if value.is_none() {
            reader.malformed(&self.pointer, format!("`{key}` is missing"));
        }
        value
    }

    /// One of a fixed set of names.
    pub(super) fn choice<T: Clone>(
        &self,
        key: &str,
        names: &[(&str, T)],
        reader: &mut Reader<'_>,
    ) -> Option<T> {
        let text = self.text(key, reader)?;
        let found = names.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            let message = format!("`{text}` is none of {}", names.join(", "));
            reader.malformed(&self.at(key), message);
        }
        found.map(|(_, value)| value.clone())
    }
}
