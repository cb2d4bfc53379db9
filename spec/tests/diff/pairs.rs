//! The pairs of `cases/`: two documents, and what each direction must find.

use std::path::Path;

use serde_json::Value;

use super::patch::{set, take};

pub(crate) fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/cases")
}

pub(crate) fn load(name: &str) -> Value {
    rafay_spec::load::load(&folder().join(name))
        .expect("a readable case")
        .value
}

/// One pair with what it must give.
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) case: Value,
    pub(crate) gives: Vec<String>,
    pub(crate) back: Vec<String>,
}

/// `rule`, or `rule direction`; a case on `S` adds the direction itself.
fn expected(value: &Value, direction: Option<&str>) -> Vec<String> {
    let items = match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    let text = |item: &Value| {
        let text = item.as_str().expect("a rule").to_owned();
        match direction {
            Some(direction) if !text.contains(' ') => format!("{text} {direction}"),
            _ => text,
        }
    };
    let mut list: Vec<String> = items.iter().map(text).collect();
    list.sort();
    list
}

fn patched(base: &Value, case: &Value, resolve: &dyn Fn(&str) -> String) -> Value {
    let mut new = base.clone();
    for (pointer, value) in case["set"].as_object().into_iter().flatten() {
        set(&mut new, &resolve(pointer), value.clone());
    }
    // A change inside a definition comes before the definition moves, and after it when only then
    // its pointer exists; so a move comes between two rounds of setting.
    for (from, to) in case["move"].as_object().into_iter().flatten() {
        let value = base
            .pointer(&resolve(from))
            .map(|_| take(&mut new, &resolve(from)));
        set(
            &mut new,
            &resolve(to.as_str().unwrap()),
            value.expect("something to move"),
        );
        for (pointer, value) in case["set"].as_object().into_iter().flatten() {
            let parent = resolve(pointer);
            let parent = parent.rsplit_once('/').unwrap().0.to_owned();
            if new.pointer(&parent).is_some() && !parent.starts_with(&resolve(from)) {
                set(&mut new, &resolve(pointer), value.clone());
            }
        }
    }
    for pointer in case["remove"].as_array().into_iter().flatten() {
        let pointer = resolve(pointer.as_str().unwrap());
        if new.pointer(&pointer).is_some() {
            take(&mut new, &pointer);
        }
    }
    new
}

/// Every pair.
pub(crate) fn pairs() -> Vec<Pair> {
    let base = load("base.yaml");
    let mut pairs = Vec::new();
    for file in ["schemas", "directions", "operations", "messages"] {
        let cases = load(&format!("{file}.yaml"));
        let places = cases["places"].as_object().unwrap();
        for (index, case) in cases["cases"].as_array().unwrap().iter().enumerate() {
            let variants: &[(&str, Option<&str>)] = if file == "schemas" {
                &[
                    ("In", Some("request")),
                    ("Out", Some("response")),
                    ("Both", Some("request+response")),
                ]
            } else {
                &[("", None)]
            };
            for (schema, direction) in variants {
                let resolve = |pointer: &str| {
                    let mut pointer = pointer.to_owned();
                    for (short, long) in places {
                        if pointer == *short || pointer.starts_with(&format!("{short}/")) {
                            pointer =
                                format!("{}{}", long.as_str().unwrap(), &pointer[short.len()..]);
                            break;
                        }
                    }
                    match pointer.strip_prefix("S/") {
                        Some(rest) => format!("/components/schemas/{schema}/{rest}"),
                        None => pointer,
                    }
                };
                let mut old = base.clone();
                for (pointer, value) in case["base"].as_object().into_iter().flatten() {
                    set(&mut old, &resolve(pointer), value.clone());
                }
                pairs.push(Pair {
                    name: format!("{file}.yaml case {} {schema}: {case}", index + 1),
                    new: patched(&old, case, &resolve).to_string(),
                    old: old.to_string(),
                    case: case.clone(),
                    gives: expected(&case["gives"], *direction),
                    back: expected(&case["back"], *direction),
                });
            }
        }
    }
    for case in load("foreign.yaml")["texts"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap().to_owned();
        pairs.push(Pair {
            name: text("name"),
            old: text("old"),
            new: text("new"),
            case: case.clone(),
            gives: expected(&case["gives"], None),
            back: expected(&case["back"], None),
        });
    }
    pairs
}
