//! The SDK loses nothing: what its types read, they write again as it was.
//!
//! The documents say what there is to read: every example of every schema, and objects made by chance from the
//! schemas. One rule holds besides: `null` for a member that the document knows counts as absent.

mod chance;
mod examples;
mod made;
mod places;
#[path = "../../src/generated/types.rs"]
mod types;
mod unions;

use rafay_spec::Document;
use rafay_tests::spec;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Version and name of a schema, and its type's [`round_trip`].
type Entry = (
    &'static str,
    &'static str,
    fn(&Value) -> Result<RoundTrip, serde_json::Error>,
);

/// What became of a value that was read and written.
struct RoundTrip {
    written: Value,
    /// How the value in between shows itself, which names the forms that were chosen.
    shown: String,
    /// The type's own name.
    type_name: &'static str,
}

fn round_trip<T: DeserializeOwned + Serialize + std::fmt::Debug>(
    value: &Value,
) -> Result<RoundTrip, serde_json::Error> {
    let read: T = serde_json::from_value(value.clone())?;
    Ok(RoundTrip {
        written: serde_json::to_value(&read)?,
        shown: format!("{read:?}"),
        type_name: std::any::type_name::<T>()
            .rsplit("::")
            .next()
            .unwrap_or_default(),
    })
}

/// A schema with the document it is of.
#[derive(Clone, Copy)]
struct Schema<'a> {
    document: &'a Document,
    name: &'a str,
    json: &'a Value,
    round_trip: fn(&Value) -> Result<RoundTrip, serde_json::Error>,
}

impl<'a> Schema<'a> {
    fn named(document: &'a Document, name: &str) -> Self {
        let (_, name, round_trip) = types::TYPES
            .iter()
            .find(|(version, known, _)| *version == document.version && *known == name)
            .unwrap_or_else(|| panic!("{} {name} has no type", document.version));
        Self {
            document,
            name,
            json: &document.json["components"]["schemas"][*name],
            round_trip: *round_trip,
        }
    }

    /// Every schema of every document.
    fn all() -> impl Iterator<Item = Schema<'static>> {
        spec().documents.iter().flat_map(|document| {
            let names = document.json["components"]["schemas"].as_object();
            names
                .expect("there are schemas")
                .keys()
                .map(move |name| Schema::named(document, name))
        })
    }

    /// Reads and writes a value; fails with what does not come back as it was.
    fn faithful(&self, value: &Value) -> Result<RoundTrip, String> {
        let wanted = places::without_nulls(self.document, self.json, value);
        self.gives(value, &wanted)
    }

    /// Reads one value and writes it; fails with what is not as in the other.
    fn gives(&self, value: &Value, wanted: &Value) -> Result<RoundTrip, String> {
        let at = format!("{} {}", self.document.version, self.name);
        let done = (self.round_trip)(value).map_err(|error| format!("{at}: {error}: {value}"))?;
        match difference("", wanted, &done.written) {
            None => Ok(done),
            Some(difference) => Err(format!("{at}: {difference}")),
        }
    }
}

/// The first place in which two values differ.
fn difference(at: &str, wanted: &Value, written: &Value) -> Option<String> {
    match (wanted, written) {
        (Value::Object(a), Value::Object(b)) => {
            let lost = a.keys().find(|key| !b.contains_key(*key));
            let added = b.keys().find(|key| !a.contains_key(*key));
            lost.map(|key| format!("{at}/{key} is lost"))
                .or(added.map(|key| format!("{at}/{key} is added")))
                .or_else(|| {
                    a.iter()
                        .find_map(|(key, value)| difference(&format!("{at}/{key}"), value, &b[key]))
                })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(index, (a, b))| difference(&format!("{at}/{index}"), a, b))
        }
        _ if wanted == written => None,
        _ => Some(format!("{at} was {wanted} and is {written}")),
    }
}

#[test]
fn every_schema_has_a_type_and_every_type_a_schema() {
    let named = Schema::all().count();
    assert_eq!(named, types::TYPES.len());
    assert!(named > 600, "the documents have many schemas: {named}");
}

#[test]
fn what_is_lost_added_or_changed_is_told() {
    let project = Schema::named(spec().document("v3").unwrap(), "Project");
    let broken = Schema {
        round_trip: |value| {
            let mut written = value.clone();
            written["spec"]["added"] = 1.into();
            Ok(RoundTrip {
                written,
                shown: String::new(),
                type_name: "",
            })
        },
        ..project
    };
    let value = project.json["example"].clone();
    assert!(project.faithful(&value).is_ok());
    assert!(
        broken
            .faithful(&value)
            .err()
            .unwrap()
            .contains("/spec/added is added")
    );
    let told = |a: Value, b: Value| difference("", &a, &b).unwrap_or_default();
    assert_eq!(
        told(json!({"a": [1]}), json!({"a": [2]})),
        "/a/0 was 1 and is 2"
    );
    assert_eq!(told(json!({"a": 1}), json!({})), "/a is lost");
    assert!(told(json!([1, 2]), json!([2, 1])).starts_with("/0 was 1"));
    assert!(told(json!([1]), json!([1, 2])).contains("was [1]"));
    assert_eq!(told(json!({"a": [1]}), json!({"a": [1]})), "");
}
