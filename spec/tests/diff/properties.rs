//! Properties that hold for whole documents: ours, written otherwise, and changed at random.

use rafay_spec::diff::{Document, Options, diff};
use serde_json::{Value, json};

use crate::corpus::document;
use crate::pairs::load;

/// A small generator of numbers: the same seed gives the same documents.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap_or_default()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.next(index + 1));
        }
    }
}

fn ours(version: &str) -> Value {
    let path = format!("{}/{version}/openapi.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn documents() -> Vec<Value> {
    vec![load("base.yaml"), ours("v1")]
}

fn rules(old: &Document, new: &Document) -> Vec<&'static str> {
    let findings = diff(old, new, &Options::default()).unwrap().findings;
    findings.iter().map(|finding| finding.rule.id).collect()
}

/// JSON with keys in any order, lists whose order says nothing shuffled, and any white space.
fn rewritten(value: &Value, key: &str, random: &mut Random, out: &mut String) {
    let spaces = ["", " ", "\n", "  \n\t"];
    out.push_str(spaces[random.next(spaces.len())]);
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            random.shuffle(&mut entries);
            out.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(&format!("{}:", json!(key)));
                rewritten(value, key, random, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().collect();
            if [
                "required",
                "enum",
                "parameters",
                "oneOf",
                "anyOf",
                "allOf",
                "security",
            ]
            .contains(&key)
            {
                random.shuffle(&mut items);
            }
            out.push('[');
            for (index, item) in items.into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                rewritten(item, "", random, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
    out.push_str(spaces[random.next(spaces.len())]);
}

#[test]
fn order_and_white_space_say_nothing() {
    let mut random = Random(7);
    for value in documents() {
        let before = document(&value);
        assert_eq!(rules(&before, &before), [""; 0]);
        for _ in 0..5 {
            let mut text = String::new();
            rewritten(&value, "", &mut random, &mut text);
            let after = Document::from_text(&text, "api.json").unwrap();
            assert_eq!(rules(&before, &after), [""; 0]);
        }
    }
}

fn pointers(
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
    wanted: &dyn Fn(&Value, &str) -> bool,
) {
    if wanted(value, at) {
        found.push(at.to_owned());
    }
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                pointers(value, &format!("{at}/{}", escape(key)), found, wanted);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), found, wanted);
            }
        }
        _ => {}
    }
}

#[test]
fn references_written_out_or_taken_out_say_nothing() {
    let mut random = Random(11);
    for value in documents() {
        let before = document(&value);
        for round in 0..20 {
            let mut after = value.clone();
            let mut refs = Vec::new();
            pointers(&value, "", &mut refs, &|value, _| {
                value["$ref"]
                    .as_str()
                    .is_some_and(|target| target.starts_with("#/components/"))
            });
            for _ in 0..5 {
                let at = &refs[random.next(refs.len())];
                let target = value.pointer(at).unwrap()["$ref"].as_str().unwrap();
                let written = value.pointer(&target[1..]).unwrap().clone();
                *after.pointer_mut(at).unwrap() = written;
            }
            let mut inline = Vec::new();
            pointers(&after, "", &mut inline, &|value, at| {
                let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
                parent.ends_with("/properties") && value.get("type").is_some_and(Value::is_string)
            });
            let at = inline[random.next(inline.len())].clone();
            let name = format!("TakenOut{round}");
            let target = json!({"$ref": format!("#/components/schemas/{name}")});
            let schema = std::mem::replace(after.pointer_mut(&at).unwrap(), target);
            after["components"]["schemas"][&name] = schema;
            let found = rules(&before, &document(&after));
            assert_eq!(found, [""; 0], "{at}");
        }
    }
}

type Change = fn(&mut Value);

/// Changes of a text schema, each with the rule that must speak and its mirror.
const CHANGES: [(Change, &str, &str); 6] = [
    (
        |schema| schema["type"] = json!("boolean"),
        "type-changed",
        "type-changed",
    ),
    (
        |schema| schema["nullable"] = json!(true),
        "became-nullable",
        "became-not-nullable",
    ),
    (
        |schema| schema["maxLength"] = json!(3),
        "limit-set",
        "limit-unset",
    ),
    (
        |schema| schema["enum"] = json!(["only"]),
        "enum-set",
        "enum-unset",
    ),
    (
        |schema| schema["pattern"] = json!("^only$"),
        "pattern-set",
        "pattern-unset",
    ),
    (
        |schema| schema["x-immutable"] = json!(true),
        "property-became-immutable",
        "property-no-longer-immutable",
    ),
];

#[test]
fn a_random_change_is_found_alone_and_so_is_its_mirror() {
    let mut random = Random(13);
    let value = ours("v1");
    let before = document(&value);
    let mut places = Vec::new();
    pointers(&value, "", &mut places, &|value, at| {
        let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
        let plain = value.as_object().is_some_and(|schema| {
            let known = |key: &String| {
                ["type", "description", "example"].contains(&key.as_str()) || key == "x-from"
            };
            schema.keys().all(known) && schema.get("type") == Some(&json!("string"))
        });
        plain && parent.ends_with("/properties") && at.starts_with("/components/schemas/")
    });
    let (mut reached, rounds) = (0, 60);
    for _ in 0..rounds {
        let at = &places[random.next(places.len())];
        let (change, rule, mirror) = CHANGES[random.next(CHANGES.len())];
        let mut after = value.clone();
        change(after.pointer_mut(at).unwrap());
        let after = document(&after);
        let (forth, back) = (rules(&before, &after), rules(&after, &before));
        // A schema of the bundle is always reached, but a branch of `allOf` may hide a property.
        if forth.is_empty() && back.is_empty() {
            continue;
        }
        reached += 1;
        assert_eq!(
            (&forth[..], &back[..]),
            (&[rule][..], &[mirror][..]),
            "{at}"
        );
    }
    assert!(
        reached * 10 >= rounds * 9,
        "{reached} of {rounds} changes were reached"
    );
}

#[test]
fn our_files_and_our_bundles_are_the_same_documents() {
    for version in ["v1", "v2"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(version);
        let files = Document::open(&folder.join("openapi.yaml")).unwrap();
        let bundle = Document::open(&folder.join("openapi.json")).unwrap();
        assert_eq!(rules(&files, &bundle), [""; 0], "{version}");
        assert_eq!(rules(&bundle, &files), [""; 0], "{version}");
    }
}
