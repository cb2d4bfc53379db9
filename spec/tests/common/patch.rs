//! Changes of a document by JSON pointers.

use serde_json::{Map, Value};

fn segments(pointer: &str) -> Vec<String> {
    let unescape = |part: &str| part.replace("~1", "/").replace("~0", "~");
    pointer.split('/').skip(1).map(unescape).collect()
}

/// Puts a value at a pointer; what is on the way and is not there is made.
pub(crate) fn set(root: &mut Value, pointer: &str, value: Value) {
    let mut at = root;
    for segment in segments(pointer) {
        at = match at {
            Value::Array(items) => {
                let index: usize = segment.parse().expect("an index");
                if index == items.len() {
                    items.push(Value::Null);
                }
                &mut items[index]
            }
            Value::Object(entries) => entries.entry(segment).or_insert(Value::Null),
            other => {
                *other = Value::Object(Map::new());
                other
                    .as_object_mut()
                    .unwrap()
                    .entry(segment)
                    .or_insert(Value::Null)
            }
        };
    }
    *at = value;
}

/// Takes away what stands at a pointer, which must be there.
pub(crate) fn take(root: &mut Value, pointer: &str) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = root
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("{pointer} is not there"));
    let key = key.replace("~1", "/").replace("~0", "~");
    match parent {
        Value::Object(entries) => entries.remove(&key),
        Value::Array(items) => Some(items.remove(key.parse().expect("an index"))),
        _ => None,
    }
    .unwrap_or_else(|| panic!("{pointer} is not there"))
}
