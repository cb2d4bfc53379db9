//! JSON pointers (RFC 6901): building and taking apart, in one place so that escaping cannot differ
//! between the bundler, the model and the lints.

use std::borrow::Cow;

use serde_json::Value;

/// Appends one segment, escaped.
pub(crate) fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&escape(segment));
}

/// `pointer` with one more segment, escaped.
pub(crate) fn join(pointer: &str, segment: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + segment.len() + 1);
    joined.push_str(pointer);
    push(&mut joined, segment);
    joined
}

/// The unescaped segments of a pointer; `None` when the text is not a pointer.
pub(crate) fn segments(pointer: &str) -> Option<Vec<Cow<'_, str>>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    Some(
        pointer
            .strip_prefix('/')?
            .split('/')
            .map(unescape)
            .collect(),
    )
}

/// The value at a pointer. The walk of a bundle asks thousands of times, so nothing is allocated.
pub(crate) fn find<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut at = value;
    if pointer.is_empty() {
        return Some(at);
    }
    for segment in pointer.strip_prefix('/')?.split('/') {
        at = match at {
            Value::Object(entries) => entries.get(unescape(segment).as_ref())?,
            Value::Array(items) => items.get(segment.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(at)
}

fn escape(segment: &str) -> Cow<'_, str> {
    if segment.as_bytes().contains(&b'~') || segment.as_bytes().contains(&b'/') {
        segment.replace('~', "~0").replace('/', "~1").into()
    } else {
        segment.into()
    }
}

fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.as_bytes().contains(&b'~') {
        segment.replace("~1", "/").replace("~0", "~").into()
    } else {
        segment.into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{find, join, segments};

    #[test]
    fn values_are_found_through_lists_and_escapes() {
        let value = json!({"a/b": [{"~": 1}]});
        assert_eq!(find(&value, "/a~1b/0/~0"), Some(&json!(1)));
        assert_eq!(find(&value, ""), Some(&value));
        for missing in ["a", "/a", "/a~1b/1", "/a~1b/x", "/a~1b/0/~0/c"] {
            assert_eq!(find(&value, missing), None, "{missing}");
        }
    }

    #[test]
    fn slashes_and_tildes_survive_a_round_trip() {
        let pointer = join(&join("", "/apis/{a}"), "~x");
        assert_eq!(pointer, "/~1apis~1{a}/~0x");
        assert_eq!(segments(&pointer).unwrap(), ["/apis/{a}", "~x"]);
    }

    #[test]
    fn the_root_is_empty_and_text_without_a_slash_is_no_pointer() {
        assert!(segments("").unwrap().is_empty());
        assert_eq!(segments("name"), None);
    }
}
