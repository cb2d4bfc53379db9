//! What a write changed, place by place.

use serde_json::{Map, Value};

use super::Change;
use crate::check::MASK;
use crate::mask::Masked;

/// Places listed at the most; a last entry says how many more there are.
const MOST_PLACES: usize = 64;
/// Bytes of a listed text at the most.
const MOST_TEXT: usize = 128;
/// Bytes of all changes at the most.
const MOST_BYTES: usize = 2048;

/// The places that differ between two forms of an object, as JSON text; one that is new differs from nothing. What the
/// documents call secret is masked in both already.
pub(crate) fn changes(before: Option<&Value>, after: &Value) -> Box<str> {
    let mut found = Found::default();
    found.compare(&mut String::new(), before, Some(after));
    found.finish().into()
}

/// The places of an object that goes, as JSON text.
pub(crate) fn removed(before: &Value) -> Box<str> {
    let mut found = Found::default();
    found.compare(&mut String::new(), Some(before), None);
    found.finish().into()
}

/// Changes, with places besides where one secret took the place of another: both forms show the same mask there.
pub(crate) fn with_secrets(changes: Option<Box<str>>, places: &[String]) -> Option<Box<str>> {
    if places.is_empty() {
        return changes;
    }
    let listed = changes.as_deref().map(serde_json::from_str);
    let mut listed: Vec<Change> = listed.and_then(Result::ok).unwrap_or_default();
    let secrets = places.iter().map(|pointer| Change {
        pointer: pointer.clone(),
        before: Some(MASK.into()),
        after: Some(MASK.into()),
    });
    listed.splice(0..0, secrets);
    Some(serde_json::to_string(&listed).unwrap_or_default().into())
}

/// The changes of several objects as one list, each place below the name of its object.
pub(crate) fn of_each(objects: Vec<(Box<str>, Option<Box<str>>)>) -> Box<str> {
    let mut found = Found::default();
    for (name, changes) in objects {
        let listed = changes.as_deref().map(serde_json::from_str::<Vec<Change>>);
        for change in listed.and_then(Result::ok).unwrap_or_default() {
            let pointer = format!("/{}{}", escaped(&name), change.pointer);
            found.list(&pointer, change.before.as_ref(), change.after.as_ref());
        }
    }
    found.finish().into()
}

#[derive(Default)]
struct Found {
    listed: Vec<Change>,
    bytes: usize,
    more: usize,
}

impl Found {
    fn compare(&mut self, pointer: &mut String, before: Option<&Value>, after: Option<&Value>) {
        if before == after {
            return;
        }
        match (before, after) {
            (Some(Value::Object(old)), Some(Value::Object(new))) => {
                self.members(pointer, old, new);
            }
            (None, Some(Value::Object(new))) if !new.is_empty() => {
                self.members(pointer, &Map::new(), new);
            }
            (Some(Value::Object(old)), None) if !old.is_empty() => {
                self.members(pointer, old, &Map::new());
            }
            (Some(Value::Array(old)), Some(Value::Array(new))) => self.items(pointer, old, new),
            (None, Some(Value::Array(new))) if !new.is_empty() => self.items(pointer, &[], new),
            (Some(Value::Array(old)), None) if !old.is_empty() => self.items(pointer, old, &[]),
            _ => self.list(pointer, before, after),
        }
    }

    fn members(
        &mut self,
        pointer: &mut String,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) {
        let gone = old.keys().filter(|name| !new.contains_key(*name));
        for name in new.keys().chain(gone) {
            // Most places are the same, and have no need of a pointer.
            if old.get(name) == new.get(name) {
                continue;
            }
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&escaped(name));
            self.compare(pointer, old.get(name), new.get(name));
            pointer.truncate(length);
        }
    }

    fn items(&mut self, pointer: &mut String, old: &[Value], new: &[Value]) {
        for index in 0..old.len().max(new.len()) {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&index.to_string());
            self.compare(pointer, old.get(index), new.get(index));
            pointer.truncate(length);
        }
    }

    fn list(&mut self, pointer: &str, before: Option<&Value>, after: Option<&Value>) {
        if self.listed.len() >= MOST_PLACES || self.bytes >= MOST_BYTES {
            self.more += 1;
            return;
        }
        let change = Change {
            pointer: Masked(cut(pointer)).text().into_owned(),
            before: before.map(shown),
            after: after.map(shown),
        };
        self.bytes += change.pointer.len()
            + [&change.before, &change.after]
                .into_iter()
                .flatten()
                .map(|value| value.as_str().map_or(8, str::len))
                .sum::<usize>();
        self.listed.push(change);
    }

    fn finish(mut self) -> String {
        if self.more > 0 {
            self.listed.push(Change {
                pointer: String::new(),
                before: None,
                after: Some(format!("and {} more", self.more).into()),
            });
        }
        // A list of texts and JSON values always has a JSON text.
        serde_json::to_string(&self.listed).unwrap_or_default()
    }
}

/// A name as a token of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A value as the record has it.
fn shown(value: &Value) -> Value {
    match value {
        Value::String(text) if text.len() > MOST_TEXT => {
            format!("{}…", Masked(cut(text)).text()).into()
        }
        Value::String(text) => Masked(text).text().into(),
        other => other.clone(),
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_TEXT)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: Option<&Value>, after: &Value) -> Value {
        serde_json::from_str(&changes(before, after)).unwrap()
    }

    #[test]
    fn what_differs_is_told_by_its_place() {
        let before = json!({"spec": {"a": 1, "b": [1, 2], "gone": "x", "same": {"c": null}}});
        let after =
            json!({"spec": {"a": 2, "b": [1, 3, 4], "new/~": {"d": {}}, "same": {"c": null}}});
        assert_eq!(
            told(Some(&before), &after),
            json!([
                {"pointer": "/spec/a", "before": 1, "after": 2},
                {"pointer": "/spec/b/1", "before": 2, "after": 3},
                {"pointer": "/spec/b/2", "after": 4},
                {"pointer": "/spec/new~1~0/d", "after": {}},
                {"pointer": "/spec/gone", "before": "x"},
            ])
        );
    }

    #[test]
    fn a_new_object_differs_from_nothing() {
        let made = json!({"metadata": {"name": "a"}, "spec": {"list": [{"b": true}]}});
        assert_eq!(
            told(None, &made),
            json!([
                {"pointer": "/metadata/name", "after": "a"},
                {"pointer": "/spec/list/0/b", "after": true},
            ])
        );
    }

    #[test]
    fn what_goes_is_told_by_what_stood_there() {
        let told: Value = serde_json::from_str(&removed(&json!({"a": {"b": 1}, "c": []}))).unwrap();
        assert_eq!(
            told,
            json!([{"pointer": "/a/b", "before": 1}, {"pointer": "/c", "before": []}])
        );
    }

    #[test]
    fn a_secret_for_another_is_told_by_its_place_alone() {
        let changed = changes(Some(&json!({"a": 1})), &json!({"a": 2}));
        let told = with_secrets(Some(changed.clone()), &["/s".to_owned()]).unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(
            told,
            json!([
                {"pointer": "/s", "before": MASK, "after": MASK},
                {"pointer": "/a", "before": 1, "after": 2},
            ])
        );
        assert_eq!(with_secrets(Some(changed.clone()), &[]), Some(changed));
    }

    #[test]
    fn of_several_objects_each_place_is_below_the_name() {
        let one = |value: &str| changes(Some(&json!({"a": 1})), &json!({"a": value}));
        let several = of_each(vec![
            ("x/y".into(), Some(one("b"))),
            ("same".into(), None),
            ("z".into(), Some(removed(&json!({"c": 2})))),
        ]);
        assert_eq!(
            serde_json::from_str::<Value>(&several).unwrap(),
            json!([
                {"pointer": "/x~1y/a", "before": 1, "after": "b"},
                {"pointer": "/z/c", "before": 2},
            ])
        );
    }

    #[test]
    fn a_long_list_and_a_long_text_are_cut_and_a_key_is_masked() {
        let many: Vec<_> = (0..1000).collect();
        let told = told(
            None,
            &json!({"a": "é".repeat(1000), "k": "ra2.abc.secret", "many": many}),
        );
        assert!(told[0]["after"].as_str().unwrap().len() < 140);
        assert_eq!(told[1]["after"], "ra2.abc.***");
        assert_eq!(told.as_array().unwrap().len(), MOST_PLACES + 1);
        assert_eq!(told[MOST_PLACES]["after"], "and 938 more");
    }
}
