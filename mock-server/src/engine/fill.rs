//! The words by which a document takes values from elsewhere: in what a lifecycle sets and makes, and in what an
//! operation renders.
//!
//! A text that is a word becomes the value it stands for: `$now`, `$id`, `$caller`, `$/pointer` (a place of the object)
//! and `$body/pointer` (a place of the request's body). In any other text `${...}` is replaced by the text of the same.
//! A value for which there is nothing is left out.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::Value;

/// What the words stand for.
pub(crate) struct Words<'w> {
    pub(crate) now: Timestamp,
    pub(crate) id: &'w str,
    pub(crate) caller: &'w str,
    pub(crate) object: &'w Value,
    pub(crate) body: &'w Value,
    pub(crate) project: &'w str,
    pub(crate) organization: &'w str,
}

impl Words<'_> {
    /// JSON text of a document with its words replaced; none for a value for which there is nothing.
    pub(crate) fn json(&self, text: &str) -> Option<Value> {
        // The generator wrote the text from a JSON value.
        self.value(serde_json::from_str(text).ok()?)
    }

    /// A value with its words replaced.
    fn value(&self, value: Value) -> Option<Value> {
        match value {
            Value::String(text) => self.text(&text),
            Value::Array(list) => Some(Value::Array(
                list.into_iter()
                    .filter_map(|item| self.value(item))
                    .collect(),
            )),
            Value::Object(map) => {
                if let (1, Some(Value::String(text))) = (map.len(), map.get("base64")) {
                    return Some(BASE64_STANDARD.encode(self.interpolate(text)).into());
                }
                Some(Value::Object(
                    map.into_iter()
                        .filter_map(|(name, item)| Some((name, self.value(item)?)))
                        .collect(),
                ))
            }
            other => Some(other),
        }
    }

    fn text(&self, text: &str) -> Option<Value> {
        match text.strip_prefix('$') {
            Some(word) if !word.starts_with('{') => self.word(word),
            _ => Some(Value::String(self.interpolate(text))),
        }
    }

    /// The text of a template with every `${...}` replaced.
    pub(super) fn interpolate(&self, template: &str) -> String {
        let mut parts = template.split("${");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let Some((word, rest)) = part.split_once('}') else {
                text.push_str("${");
                text.push_str(part);
                continue;
            };
            match self.word(word) {
                Some(Value::String(value)) => text.push_str(&value),
                Some(value) => text.push_str(&value.to_string()),
                None => {}
            }
            text.push_str(rest);
        }
        text
    }

    fn word(&self, word: &str) -> Option<Value> {
        match word {
            "now" => Some(self.now.to_string().into()),
            "id" => Some(self.id.into()),
            "caller" => Some(self.caller.into()),
            "project" => Some(self.project.into()),
            "organization" => Some(self.organization.into()),
            _ => match word.strip_prefix("body") {
                Some(pointer) => self.body.pointer(pointer).cloned(),
                None => self.object.pointer(word).cloned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_become_what_they_stand_for() {
        let object = json!({"metadata": {"name": "a"}, "spec": {"list": [1], "size": 3}});
        let body = json!({"to": {"x": "y"}});
        let words = Words {
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
            id: "abc",
            caller: "me@example.com",
            object: &object,
            body: &body,
            project: "p",
            organization: "o",
        };
        let template = json!({
            "at": "$now", "list": "$/spec/list", "none": "$/spec/none", "to": "$body/to",
            "name": "${/metadata/name}-${id} (${/spec/size})", "file": {"base64": "name: ${/metadata/name}"},
            "plain": "costs 3$", "open": "${x",
        });
        assert_eq!(
            words.json(&template.to_string()).unwrap(),
            json!({
                "at": "2026-01-01T00:00:00Z", "list": [1], "to": {"x": "y"}, "name": "a-abc (3)",
                "file": "bmFtZTogYQ==", "plain": "costs 3$", "open": "${x",
            })
        );
    }
}
