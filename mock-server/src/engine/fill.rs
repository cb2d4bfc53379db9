//! The words by which a document takes values from elsewhere: in what a lifecycle sets and makes, and in what an
//! operation renders.
//!
//! A text that is a word becomes the value it stands for: `$now`, `$id`, `$caller`, `$/pointer` (a place of the object)
//! and `$body/pointer` (a place of the request's body). In any other text `${...}` is replaced by the text of the same.
//! A value for which there is nothing is left out. `{joined: [list, ..]}` is one list of the items of several, and
//! `{of: word, map: {text: value}, otherwise: value}` a value in other words.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::identity::Organization;

/// What the words stand for.
pub(super) struct Words<'w> {
    pub(crate) now: Timestamp,
    pub(crate) id: &'w str,
    pub(crate) caller: &'w str,
    pub(crate) object: &'w Value,
    pub(crate) body: &'w Value,
    pub(crate) project: &'w str,
    pub(crate) organization: &'w Organization,
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
                if let (1, Some(Value::Array(lists))) = (map.len(), map.get("joined")) {
                    return self.joined(lists);
                }
                if let (Some(Value::String(of)), Some(Value::Object(words))) =
                    (map.get("of"), map.get("map"))
                {
                    return self.in_words(of, words, map.get("otherwise"));
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

    /// The items of several lists as one list; none where there is none of the lists.
    fn joined(&self, lists: &[Value]) -> Option<Value> {
        let lists = lists.iter().filter_map(|list| self.value(list.clone()));
        let lists = lists.filter_map(|list| match list {
            Value::Array(items) => Some(items),
            _ => None,
        });
        let joined = lists.reduce(|mut all, items| {
            all.extend(items);
            all
        });
        joined.map(Value::Array)
    }

    /// What a value is in other words.
    fn in_words(
        &self,
        of: &str,
        words: &Map<String, Value>,
        otherwise: Option<&Value>,
    ) -> Option<Value> {
        let text = self.text(of);
        let known = text.as_ref().and_then(|text| words.get(text.as_str()?));
        self.value(known.or(otherwise)?.clone())
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
            "organization" => Some((*self.organization.name).into()),
            "organization.id" => Some((*self.organization.id).into()),
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
        let organization = Organization {
            id: "o1".into(),
            name: "o".into(),
            partner: None,
        };
        let words = Words {
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
            id: "abc",
            caller: "me@example.com",
            object: &object,
            body: &body,
            project: "p",
            organization: &organization,
        };
        let template = json!({
            "at": "$now", "list": "$/spec/list", "none": "$/spec/none", "to": "$body/to",
            "name": "${/metadata/name}-${id} (${/spec/size})", "file": {"base64": "name: ${/metadata/name}"},
            "plain": "costs 3$", "open": "${x", "whose": "${organization} ${organization.id}",
            "all": {"joined": ["$/spec/list", "$/spec/none", [2, "$/spec/size"]]}, "no": {"joined": ["$/spec/none"]},
            "known": {"of": "$/metadata/name", "map": {"a": "A"}, "otherwise": "?"},
            "unknown": {"of": "$/spec/none", "map": {"a": "A"}, "otherwise": {"of": "$body/to/x", "map": {"y": "$id"}}},
            "nothing": {"of": "$/metadata/name", "map": {"b": "B"}},
        });
        assert_eq!(
            words.json(&template.to_string()).unwrap(),
            json!({
                "at": "2026-01-01T00:00:00Z", "list": [1], "to": {"x": "y"}, "name": "a-abc (3)",
                "file": "bmFtZTogYQ==", "plain": "costs 3$", "open": "${x", "whose": "o o1", "all": [1, 2, 3],
                "known": "A", "unknown": "abc",
            })
        );
    }
}
