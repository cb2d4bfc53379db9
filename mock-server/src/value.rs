//! Reading and writing places in a JSON value by the generated tables' paths.

use serde_json::{Map, Value};

use crate::schema::{Path, Schema};

/// The value at a place, `*` not allowed.
pub(crate) fn get(value: &Value, path: Path) -> Option<&Value> {
    path.iter().try_fold(value, |value, token| value.get(token))
}

/// The text at a place.
pub(crate) fn text(value: &Value, path: Path) -> Option<&str> {
    get(value, path)?.as_str()
}

/// Puts a value at a place, making the objects on the way.
pub(crate) fn set(value: &mut Value, path: Path, new: Value) {
    let mut at = value;
    for token in path {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Value::Object(map) = at else { return };
        at = map.entry(*token).or_insert(Value::Null);
    }
    *at = new;
}

/// Takes the value at a place away, if there is one.
pub(crate) fn remove(value: &mut Value, path: Path) {
    let Some((last, way)) = path.split_last() else {
        return;
    };
    let mut at = value;
    for token in way {
        match at.get_mut(*token) {
            Some(next) => at = next,
            None => return,
        }
    }
    if let Value::Object(map) = at {
        map.remove(*last);
    }
}

/// Calls back with every text at a place where `*` stands for each item of a list, and with its pointer.
pub(crate) fn each_text(value: &Value, path: Path, found: &mut impl FnMut(&str, String)) {
    fn descend(
        value: &Value,
        path: &[&'static str],
        pointer: &str,
        found: &mut impl FnMut(&str, String),
    ) {
        let Some((token, rest)) = path.split_first() else {
            if let Value::String(text) = value {
                found(text, pointer.to_owned());
            }
            return;
        };
        match (*token, value) {
            ("*", Value::Array(list)) => {
                for (index, item) in list.iter().enumerate() {
                    descend(item, rest, &format!("{pointer}/{index}"), found);
                }
            }
            (token, Value::Object(map)) => {
                if let Some(item) = map.get(token) {
                    descend(item, rest, &format!("{pointer}/{token}"), found);
                }
            }
            _ => {}
        }
    }
    descend(value, path, "", found);
}

/// A path as a JSON pointer, for messages.
pub(crate) fn pointer(path: Path) -> String {
    path.iter()
        .fold(String::new(), |text, token| text + "/" + token)
}

/// Carries what the controller alone writes from the stored object to the one that replaces it.
pub(crate) fn carry(schema: &Schema, stored: &Value, new: &mut Value) {
    let (Some(object), Some(stored), Value::Object(map)) =
        (schema.as_object(), stored.as_object(), new)
    else {
        return;
    };
    for property in object.properties {
        let Some(old) = stored.get(property.name) else {
            continue;
        };
        if property.controller_writes() {
            map.insert(property.name.to_owned(), old.clone());
        } else if let Some(item) = map.get_mut(property.name) {
            carry(property.schema, old, item);
        }
    }
}

/// Pointers of the immutable places whose value differs between the stored object and the new one.
pub(crate) fn changed_immutables(schema: &Schema, stored: &Value, new: &Value) -> Vec<String> {
    fn descend(
        schema: &Schema,
        stored: &Value,
        new: &Value,
        pointer: &str,
        changed: &mut Vec<String>,
    ) {
        let Some(object) = schema.as_object() else {
            return;
        };
        for property in object.properties {
            let (old, now) = (stored.get(property.name), new.get(property.name));
            if property.immutable {
                if old.is_some() && now.is_some() && old != now {
                    changed.push(format!("{pointer}/{}", property.name));
                }
            } else if let (Some(old), Some(now)) = (old, now) {
                descend(
                    property.schema,
                    old,
                    now,
                    &format!("{pointer}/{}", property.name),
                    changed,
                );
            }
        }
    }
    let mut changed = Vec::new();
    descend(schema, stored, new, "", &mut changed);
    changed
}
