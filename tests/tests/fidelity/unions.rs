//! Every `oneOf` of the documents: the form that the SDK chooses is the one that the document's own rules leave.

use std::collections::{BTreeMap, BTreeSet};

use rafay_spec::Document;
use rafay_tests::spec;
use serde_json::{Value, json};

use crate::Schema;
use crate::examples;
use crate::places::{What, follow, name, places};

/// The unions of a document: the place in the document, and the variants.
fn unions(document: &'static Document) -> BTreeMap<String, &'static Vec<Value>> {
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), &document.json["components"]["schemas"])];
    while let Some((at, value)) = open.pop() {
        for (key, inner) in value.as_object().into_iter().flatten() {
            if let ("oneOf", Some(variants)) = (key.as_str(), inner.as_array()) {
                found.insert(at.clone(), variants);
            } else if key != "example" {
                open.push((format!("{at}/{key}"), inner));
            }
        }
    }
    found
}

/// A value of the union in the smallest value of a schema that holds it, and the schema.
fn held(document: &'static Document, at: &str, value: &Value) -> (Schema<'static>, Value) {
    let path: Vec<&str> = at.trim_start_matches('/').split('/').collect();
    let schema = Schema::named(document, path[0]);
    let value = match path[1..] {
        [] => value.clone(),
        ["properties", property] => {
            let mut owner = schema.json["example"].clone();
            owner[property] = value.clone();
            owner
        }
        _ => panic!("{at}: a union in a place that this test does not know"),
    };
    (schema, value)
}

/// What the chosen form shows: its type's name in brackets behind its own.
fn form(document: &'static Document, variant: &Value) -> String {
    let schema = Schema::named(
        document,
        name(variant).expect("a variant is a schema of its own"),
    );
    let done = (schema.round_trip)(&schema.json["example"]).expect("its example is read");
    format!("({} {{", done.type_name)
}

#[test]
fn every_variant_of_every_union_is_chosen_for_its_own_example() {
    let mut count = 0;
    for document in &spec().documents {
        for (at, variants) in unions(document) {
            for variant in variants {
                let example = &follow(document, variant)["example"];
                let (schema, value) = held(document, &at, example);
                let done = schema
                    .faithful(&value)
                    .unwrap_or_else(|problem| panic!("{problem}"));
                let form = form(document, variant);
                assert!(done.shown.contains(&form), "{at}: {form}: {}", done.shown);
                assert!(!done.shown.contains("Other("), "{at}: {}", done.shown);
                count += 1;
            }
        }
    }
    assert!(count > 30, "the documents have many variants: {count}");
}

#[test]
fn every_variant_is_chosen_for_nothing_but_what_it_requires() {
    for document in &spec().documents {
        for (at, variants) in unions(document) {
            for variant in variants {
                let known = follow(document, variant);
                let example = known["example"]
                    .as_object()
                    .expect("a variant is an object");
                let required = known["required"]
                    .as_array()
                    .expect("a variant requires something");
                let least: Value = required
                    .iter()
                    .filter_map(Value::as_str)
                    .map(|key| (key.to_owned(), example[key].clone()))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
                let (schema, value) = held(document, &at, &least);
                let done = schema
                    .faithful(&value)
                    .unwrap_or_else(|problem| panic!("{problem}"));
                let form = form(document, variant);
                assert!(done.shown.contains(&form), "{at}: {form}: {}", done.shown);
            }
        }
    }
}

#[test]
fn every_form_in_every_example_is_the_one_that_the_document_says() {
    let mut seen = BTreeSet::new();
    for example in examples::all() {
        let document = example.schema.document;
        let root = &document.json["components"]["schemas"];
        for place in places(document, example.schema.json, example.value) {
            let What::Union { schema, variant } = place.what else {
                continue;
            };
            let mut named = root.as_object().into_iter().flatten();
            let Some((union, _)) = named.find(|(_, one)| std::ptr::eq(*one, schema)) else {
                continue;
            };
            let value = example
                .value
                .pointer(&place.pointer)
                .expect("it was walked to");
            let union = Schema::named(document, union);
            let done = union
                .faithful(value)
                .unwrap_or_else(|problem| panic!("{problem}"));
            let chosen = done.shown.split_once('(').unwrap_or_default().1;
            let form = form(document, variant);
            assert!(
                chosen.starts_with(&form[1..]),
                "{}: {form}: {}",
                union.name,
                done.shown
            );
            seen.insert(union.name);
        }
    }
    assert!(seen.len() > 8, "the examples have forms: {seen:?}");
}

#[test]
fn what_has_no_form_is_kept() {
    for document in &spec().documents {
        for (at, _) in unions(document) {
            for value in [
                json!({}),
                json!({"invented": 1}),
                json!("text"),
                json!([1]),
                json!(7),
            ] {
                let (schema, value) = held(document, &at, &value);
                let done = schema
                    .gives(&value, &value)
                    .unwrap_or_else(|problem| panic!("{problem}"));
                assert!(done.shown.contains("Other("), "{at}: {}", done.shown);
            }
        }
    }
}
