//! Every example of the documents comes back as it was: as it stands, with fields that nobody knows in every object,
//! and as a controller returns it, without its secrets.

use rafay_spec::Document;
use rafay_tests::spec;
use serde_json::{Value, json};

use crate::places::{What, name, places};
use crate::{RoundTrip, Schema};

/// An example of a schema.
pub(crate) struct Example {
    pub(crate) schema: Schema<'static>,
    pub(crate) value: &'static Value,
}

/// Every example that stands at a schema, and every one of a body or a component that names its schema.
pub(crate) fn all() -> Vec<Example> {
    let mut all: Vec<Example> = Schema::all()
        .map(|schema| Example {
            schema,
            value: &schema.json["example"],
        })
        .collect();
    for document in &spec().documents {
        of_bodies(document, &document.json["paths"], &mut all);
    }
    all
}

fn of_bodies(document: &'static Document, part: &'static Value, all: &mut Vec<Example>) {
    if let Some(schema) = part.get("schema").and_then(name) {
        let examples = part["examples"].as_object().into_iter().flatten();
        let examples = examples.map(|(_, example)| {
            let reference = example["$ref"].as_str();
            let example = reference.map_or(example, |at| document.resolve(at).expect("an example"));
            &example["value"]
        });
        all.extend(
            part.get("example")
                .into_iter()
                .chain(examples)
                .map(|value| Example {
                    schema: Schema::named(document, schema),
                    value,
                }),
        );
    }
    match part {
        Value::Object(members) => members
            .values()
            .for_each(|inner| of_bodies(document, inner, all)),
        Value::Array(items) => items
            .iter()
            .for_each(|inner| of_bodies(document, inner, all)),
        _ => {}
    }
}

/// Changes every example, reads and writes it, and gives the problems.
fn problems(
    change: impl Fn(&Example) -> Value,
    judge: impl Fn(&RoundTrip) -> Option<&'static str>,
) -> Vec<String> {
    all()
        .iter()
        .filter_map(|example| {
            let value = change(example);
            let name = example.schema.name;
            match example.schema.faithful(&value) {
                Ok(done) => judge(&done).map(|said| format!("{name}: {said}: {}", done.shown)),
                Err(problem) => Some(problem),
            }
        })
        .collect()
}

#[track_caller]
fn assert_none(problems: &[String]) {
    assert!(
        problems.is_empty(),
        "{}:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// No form and no value of an example is one that the SDK does not know.
fn all_known(done: &RoundTrip) -> Option<&'static str> {
    if done.shown.contains("Other(") {
        return Some("a form was not recognised");
    }
    done.shown
        .contains("Unknown(\"")
        .then_some("a value was not recognised")
}

#[test]
fn the_examples_are_those_of_every_schema_and_of_every_component() {
    let all = all();
    for document in &spec().documents {
        let components = document.json["components"]["examples"].as_object();
        for (name, example) in components.into_iter().flatten() {
            let found = all
                .iter()
                .any(|one| std::ptr::eq(one.value, &raw const example["value"]));
            assert!(found, "{} {name} is read by no test", document.version);
        }
    }
    assert!(all.iter().all(|example| !example.value.is_null()));
}

#[test]
fn every_example_comes_back_as_it_was_and_all_of_it_is_known() {
    assert_none(&problems(|example| example.value.clone(), all_known));
}

#[test]
fn fields_that_nobody_knows_come_back_from_every_object_of_every_example() {
    let unknown = json!({"kept": [1, -2.5, null, "text", {"deep": true}]});
    let inject = |example: &Example| {
        let mut value = example.value.clone();
        let schema = example.schema;
        let mut count = 0;
        for place in places(schema.document, schema.json, example.value) {
            if let (What::Object(_), Some(Value::Object(object))) =
                (place.what, value.pointer_mut(&place.pointer))
            {
                count += 1;
                object.insert("notInTheDocument".to_owned(), unknown.clone());
                object.insert("nor_this".to_owned(), Value::Null);
            }
        }
        assert!(count > 0 || !value.is_object() || schema.json["additionalProperties"].is_object());
        value
    };
    // A form that takes no further fields is still recognised by those it has.
    let all: Vec<String> = all()
        .iter()
        .filter_map(|example| {
            let value = inject(example);
            let wanted = wanted(example, &value);
            match example.schema.gives(&value, &wanted) {
                Ok(done) => all_known(&done).map(|said| format!("{}: {said}", example.schema.name)),
                Err(problem) => Some(problem),
            }
        })
        .collect();
    assert_none(&all);
}

/// `value` without the members that are `null` in the example itself.
fn wanted(example: &Example, value: &Value) -> Value {
    let schema = example.schema;
    let mut wanted = value.clone();
    for place in places(schema.document, schema.json, example.value) {
        if let (What::Object(known), Some(Value::Object(object))) =
            (place.what, wanted.pointer_mut(&place.pointer))
        {
            object.retain(|key, inner| !inner.is_null() || known["properties"].get(key).is_none());
        }
    }
    wanted
}

#[test]
fn what_is_never_returned_is_not_missed_and_not_made_up() {
    let mut removed = 0;
    let mut problems = Vec::new();
    for example in all() {
        let schema = example.schema;
        let mut value = example.value.clone();
        let mut secrets = 0;
        let mut emptied = false;
        for place in places(schema.document, schema.json, example.value) {
            let What::Object(known) = place.what else {
                continue;
            };
            let Some(Value::Object(object)) = value.pointer_mut(&place.pointer) else {
                continue;
            };
            let before = object.len();
            object.retain(|key, _| known["properties"][key.as_str()]["x-secret"].is_null());
            secrets += before - object.len();
            emptied |= object.is_empty();
        }
        if secrets == 0 {
            continue;
        }
        removed += secrets;
        match schema.gives(&value, &value) {
            // Of a form that was nothing but its secret, nothing is left to know it by.
            Ok(done) if !emptied => {
                problems.extend(all_known(&done).map(|said| format!("{}: {said}", schema.name)));
            }
            Ok(_) => {}
            Err(problem) => problems.push(problem),
        }
    }
    assert!(removed > 20, "the examples have secrets: {removed}");
    assert_none(&problems);
}
