//! The bundled document as the generator reads it: look-ups by pointer, errors with their place.

use serde_json::Value;

use super::Error;

/// A bundled document and the name it goes by in errors.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    version: &'a str,
    json: &'a Value,
}

impl<'a> Source<'a> {
    pub(super) fn new(version: &'a str, json: &'a Value) -> Self {
        Self { version, json }
    }

    /// The object at `pointer`; none where there is nothing or something else.
    pub(super) fn object(&self, pointer: &str) -> Option<&'a serde_json::Map<String, Value>> {
        self.json.pointer(pointer)?.as_object()
    }

    /// Follows `value` if it is a `$ref`, and tells where the target stands.
    pub(super) fn resolve(&self, value: &Value, pointer: &str) -> Result<(Value, String), Error> {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return Ok((value.clone(), pointer.to_owned()));
        };
        let target = reference.strip_prefix('#').unwrap_or(reference);
        match self.json.pointer(target) {
            Some(found) if found.get("$ref").is_none() => Ok((found.clone(), target.to_owned())),
            Some(_) => Err(self.unsupported(
                pointer,
                format!("`{reference}` leads to another reference"),
                "refer to the final target",
            )),
            None => Err(self.unsupported(
                pointer,
                format!("`{reference}` leads nowhere"),
                "bundle the document again, or correct the reference",
            )),
        }
    }

    /// The error for something the SDK has no form for.
    pub(super) fn unsupported(
        &self,
        pointer: &str,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Error {
        Error::Unsupported {
            document: self.version.to_owned(),
            pointer: pointer.to_owned(),
            what: what.into(),
            help: help.into(),
        }
    }
}

/// `pointer` continued by one member name.
pub(super) fn below(pointer: &str, member: &str) -> String {
    format!("{pointer}/{}", member.replace('~', "~0").replace('/', "~1"))
}
