//! Views: every property comes from somewhere, and what a client may write can be written back.

use std::collections::BTreeSet;

use serde_json::Value;

use super::context::{Context, Findings};
use super::rules;
use crate::model::reference::as_schema_pointer;
use crate::model::words::{FROM, VIEW_OF};
use crate::model::{From, Operation, Translation, View, ViewField, follow};
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let written = written(context);
    for view in &context.document.views {
        check_total(context, view, findings);
        if written.contains(view.schema.as_str()) {
            for field in view.fields.iter().filter(|field| !field.read_only) {
                check_reversible(context, view, field, findings);
            }
        }
    }
}

fn check_total(context: &Context<'_>, view: &View, findings: &mut Findings) {
    let at = pointer::join("/components/schemas", &view.schema);
    let json = &context.document.json;
    let Some(schema) = pointer::find(json, &at) else {
        return;
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let place = pointer::join("", name);
        let inside = format!("{place}/");
        let comes = view
            .fields
            .iter()
            .any(|field| field.pointer == place || field.pointer.starts_with(&inside));
        // A view inside a view says itself where its properties come from, as do the items of a list.
        let target = follow(json, property);
        let items = target.get("items").map(|items| follow(json, items));
        let is_view = |schema: &Value| schema.get(VIEW_OF).is_some();
        // One that cannot be read is told as malformed.
        let comes = comes || property.get(FROM).is_some();
        if !comes && !is_view(target) && !items.is_some_and(is_view) {
            let message = format!("`{name}` has no x-from, so it is always empty");
            let at = format!("{at}/properties{place}");
            findings.add(context.document, rules::VIEW_TOTAL, &at, message);
        }
    }
}

/// The schemas of bodies that clients send, and the schemas that these refer to.
fn written<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let body = |operation: &'a Operation| Some(&operation.request.as_ref()?.schema);
    let mut open: Vec<&Value> = context
        .document
        .operations
        .iter()
        .filter_map(body)
        .collect();
    let mut names = BTreeSet::new();
    while let Some(value) = open.pop() {
        if let Some(name) = value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|target| target.strip_prefix("#/components/schemas/"))
        {
            if names.insert(name) {
                open.push(follow(&context.document.json, value));
            }
            continue;
        }
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(entries) => open.extend(entries.values()),
            _ => {}
        }
    }
    names
}

fn check_reversible(
    context: &Context<'_>,
    view: &View,
    field: &ViewField,
    findings: &mut Findings,
) {
    let twice = match &field.from {
        From::Map { words, .. } => shown_twice(words),
        From::Each { members, .. } => members.iter().find_map(|(_, words)| shown_twice(words)),
        _ => None,
    };
    if let Some(shown) = twice {
        let message = format!("{shown} stands for two values, so it cannot be written back");
        let at = pointer::join("/components/schemas", &view.schema);
        let at = format!("{at}{}/{FROM}", as_schema_pointer(&field.pointer));
        findings.add(context.document, rules::VIEW_REVERSIBLE, &at, message);
    }
}

/// A value that a translation shows for two stored ones.
fn shown_twice(words: &Translation) -> Option<&Value> {
    let mut shown = words.pairs.iter().map(|(_, shown)| shown).enumerate();
    shown.find_map(|(index, value)| {
        let mut before = words.pairs[..index].iter();
        before.any(|(_, other)| other == value).then_some(value)
    })
}
