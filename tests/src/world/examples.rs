//! The examples that the documents give: of each kind, and of each request.

use rafay_spec::model::{InitialOf, Reference};
use rafay_spec::{Document, Kind, Operation};
use serde_json::Value;

use crate::spec;

/// The kinds with their examples, each after those that its example names.
pub(super) fn in_order() -> Vec<(&'static Kind, Value)> {
    let kinds = spec().documents.iter().flat_map(|document| &document.kinds);
    let mut waiting: Vec<_> = kinds.map(|kind| (kind, of_kind(kind))).collect();
    let mut ordered: Vec<(&Kind, Value)> = Vec::new();
    while !waiting.is_empty() {
        let (ready, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(kind, example)| missing(kind, example, &ordered).is_none());
        let stuck = rest.iter().map(|(kind, example)| {
            let (kind_of_it, name) = missing(kind, example, &ordered).unwrap_or_default();
            format!(
                "the example of {} names the {kind_of_it} {name:?}",
                kind.name
            )
        });
        assert!(
            !ready.is_empty(),
            "no example can be made before the others: {}",
            stuck.collect::<Vec<_>>().join(", ")
        );
        ordered.extend(ready);
        waiting = rest;
    }
    ordered
}

/// The kind and the name of an object that an example names and that is not there before it.
fn missing(kind: &Kind, example: &Value, before: &[(&Kind, Value)]) -> Option<(String, String)> {
    let is_there = |reference: &Reference, name: &str| {
        reference.kinds().any(|wanted| {
            let mut made = before.iter();
            let mut roles = spec().roles.roles.iter();
            made.any(|(known, made)| known.name == wanted && name_of(known, made) == name)
                || begins_with_roles(wanted) && roles.any(|role| role.name == name)
        })
    };
    kind.references.iter().find_map(|reference| {
        let named = texts_at(example, &reference.pointer).into_iter();
        let is_own = |name: &str| reference.kind == kind.name && name == name_of(kind, example);
        let needs_nothing = |name: &str| {
            name.is_empty() || is_own(name) || reference.builtin.iter().any(|known| known == name)
        };
        let mut absent = named.filter(|name| !needs_nothing(name) && !is_there(reference, name));
        Some((reference.kind.clone(), absent.next()?.to_owned()))
    })
}

/// Whether the built-in roles are objects of a kind.
fn begins_with_roles(name: &str) -> bool {
    let mut kinds = spec().documents.iter().flat_map(|document| &document.kinds);
    let kind = kinds.find(|kind| kind.name == name);
    let initial = kind.and_then(|kind| kind.initial.as_ref());
    initial.is_some_and(|initial| initial.of == Some(InitialOf::Roles))
}

/// The name that an object of a kind carries.
pub(super) fn name_of<'v>(kind: &Kind, object: &'v Value) -> &'v str {
    let name = object.pointer(&kind.identity.name).and_then(Value::as_str);
    name.unwrap_or_else(|| panic!("an object of {} has no name: {object}", kind.name))
}

/// The example of a kind, which stands under its name among the document's examples.
fn of_kind(kind: &Kind) -> Value {
    let document = spec()
        .documents
        .iter()
        .find(|document| document.version == kind.document)
        .expect("a kind has its document");
    let pointer = format!("/components/examples/{}/value", kind.name);
    let example = document.json.pointer(&pointer);
    example
        .unwrap_or_else(|| panic!("{} has no {pointer}", document.version))
        .clone()
}

/// The example body of a request; none where an operation takes no body.
pub fn body(document: &Document, operation: &Operation) -> Option<Value> {
    operation.request.as_ref()?;
    let json = &document.json;
    let told = || panic!("{} {} has no example", document.version, operation.id);
    let follow = |value: &Value| match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.resolve(reference).cloned(),
        None => Some(value.clone()),
    };
    let request = json
        .pointer(&format!("{}/requestBody", operation.pointer))
        .and_then(follow)
        .unwrap_or_else(told);
    let content = &request["content"]["application/json"];
    let first = || {
        let examples = content.get("examples")?.as_object()?;
        follow(examples.values().next()?)?.get("value").cloned()
    };
    Some(
        content
            .get("example")
            .cloned()
            .or_else(first)
            .unwrap_or_else(told),
    )
}

/// The texts at a pointer; `*` is every item of a list or every member of an object.
fn texts_at<'v>(value: &'v Value, pointer: &str) -> Vec<&'v str> {
    let mut found = vec![value];
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        found = found
            .into_iter()
            .flat_map(|value| match (segment.as_str(), value) {
                ("*", Value::Array(items)) => items.iter().collect(),
                ("*", Value::Object(members)) => members.values().collect(),
                (name, value) => value.get(name).into_iter().collect::<Vec<_>>(),
            })
            .collect();
    }
    found.into_iter().filter_map(Value::as_str).collect()
}
