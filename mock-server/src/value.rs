//! Reading and writing places in a JSON value by the generated tables' paths.

use serde_json::{Map, Value};

use crate::schema::Path;
use crate::table::Kind;

/// The value at a place, `*` not allowed; a number means an item of a list.
pub(crate) fn get<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, token| match value {
        Value::Array(list) => list.get(token.parse::<usize>().ok()?),
        other => other.get(token),
    })
}

/// The text at a place.
pub(crate) fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    get(value, path)?.as_str()
}

/// Puts a value at a place, making the objects on the way. A number means an item of a list that is there, or the one
/// after its last.
pub(crate) fn set(value: &mut Value, path: &[&str], new: Value) {
    let mut at = value;
    for token in path {
        if !at.is_object() && !at.is_array() {
            *at = Value::Object(Map::new());
        }
        at = match at {
            Value::Array(list) => {
                let index = token.parse::<usize>().unwrap_or(list.len());
                if index >= list.len() {
                    list.push(Value::Null);
                }
                let end = list.len() - 1;
                &mut list[index.min(end)]
            }
            Value::Object(map) => map.entry(*token).or_insert(Value::Null),
            _ => return,
        };
    }
    *at = new;
}

/// Takes the value at a place away, if there is one.
pub(crate) fn remove(value: &mut Value, path: &[&str]) {
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

/// Calls back with every text at a place where `*` stands for each item of a list, and with the indices taken on the
/// way, from which [`pointer_of`] makes its pointer where one is needed.
pub(crate) fn each_text(value: &Value, path: Path, found: &mut impl FnMut(&str, &[usize])) {
    fn descend(
        value: &Value,
        path: &[&'static str],
        indices: &mut Vec<usize>,
        found: &mut impl FnMut(&str, &[usize]),
    ) {
        let Some((token, rest)) = path.split_first() else {
            if let Value::String(text) = value {
                found(text, indices);
            }
            return;
        };
        match (*token, value) {
            ("*", Value::Array(list)) => {
                for (index, item) in list.iter().enumerate() {
                    indices.push(index);
                    descend(item, rest, indices, found);
                    indices.pop();
                }
            }
            (token, Value::Object(map)) => {
                if let Some(item) = map.get(token) {
                    descend(item, rest, indices, found);
                }
            }
            _ => {}
        }
    }
    descend(value, path, &mut Vec::new(), found);
}

/// The pointer of a place whose `*` are the indices taken.
pub(crate) fn pointer_of(path: Path, indices: &[usize]) -> String {
    let mut left = indices.iter();
    path.iter().fold(String::new(), |text, token| match *token {
        "*" => left
            .next()
            .map_or(text.clone(), |index| format!("{text}/{index}")),
        token => text + "/" + token,
    })
}

/// The text at a place whose `*` are the indices taken.
pub(crate) fn text_at<'v>(value: &'v Value, path: Path, indices: &[usize]) -> Option<&'v str> {
    let mut left = indices.iter();
    let found = path.iter().try_fold(value, |value, token| match *token {
        "*" => value.get(*left.next()?),
        token => value.get(token),
    });
    found?.as_str()
}

/// A path as a JSON pointer, for messages.
pub(crate) fn pointer(path: Path) -> String {
    path.iter()
        .fold(String::new(), |text, token| text + "/" + token)
}

/// Carries what the controller alone writes from the stored object to the one that replaces it.
pub(crate) fn carry(kind: &Kind, stored: &Value, new: &mut Value) {
    for path in kind.controlled {
        let Some(old) = get(stored, path) else {
            continue;
        };
        // Where the new object lacks the section that held the value, the value went with it.
        let holder = path.split_last().and_then(|(_, way)| get(new, way));
        if holder.is_some_and(Value::is_object) {
            set(new, path, old.clone());
        }
    }
}

/// Pointers of the immutable places whose value differs between the stored object and the new one.
pub(crate) fn changed_immutables(kind: &Kind, stored: &Value, new: &Value) -> Vec<String> {
    let differs = |path: &&Path| matches!((get(stored, path), get(new, path)), (Some(old), Some(now)) if old != now);
    kind.immutable
        .iter()
        .filter(differs)
        .map(|path| pointer(path))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_means_an_item_of_a_list() {
        let mut value = json!({"list": [{"a": 1}, {"a": 2}]});
        set(&mut value, &["list", "1", "a"], json!(3));
        set(&mut value, &["list", "2", "a"], json!(4));
        assert_eq!(value, json!({"list": [{"a": 1}, {"a": 3}, {"a": 4}]}));
        assert_eq!(get(&value, &["list", "0", "a"]), Some(&json!(1)));
        assert_eq!(get(&value, &["list", "9"]), None);
        set(&mut value, &["new", "0"], json!("x"));
        assert_eq!(
            value["new"],
            json!({"0": "x"}),
            "what is no list becomes an object"
        );
    }
}
