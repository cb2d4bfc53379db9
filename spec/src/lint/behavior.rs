//! Whether an operation can be what its verb says.

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{Context, Findings};
use super::rules;
use crate::model::words::BEHAVIOR;
use crate::model::{Behavior, Operation, ParameterIn, Verb, follow};
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let document = context.document;
    let mut by_verb: BTreeMap<(Verb, &str), &str> = BTreeMap::new();
    for operation in &document.operations {
        let Behavior::Verb { verb, kind } = &operation.behavior else {
            continue;
        };
        let at = pointer::join(&operation.pointer, BEHAVIOR);
        if context.kind(kind).is_none() {
            let message = format!("no document has a kind called `{kind}`");
            findings.add(document, rules::UNKNOWN_BEHAVIOR_KIND, &at, message);
        }
        for misfit in misfits(&document.json, operation, *verb) {
            let message = format!("`{verb}` {misfit}");
            findings.add(document, rules::VERB_MISFIT, &at, message);
        }
        if operation.alias_of.is_none()
            && let Some(first) = by_verb.insert((*verb, kind), &operation.id)
        {
            let message = format!("`{first}` does `{verb}` to `{kind}` already; is this an alias?");
            findings.add(document, rules::DUPLICATE_VERB, &at, message);
        }
    }
}

fn misfits(json: &Value, operation: &Operation, verb: Verb) -> Vec<String> {
    let mut misfits = Vec::new();
    let methods: &[&str] = match verb {
        Verb::List | Verb::Get | Verb::Status | Verb::Artifacts => &["GET"],
        Verb::Apply => &["POST", "PUT", "PATCH"],
        Verb::Create => &["POST"],
        Verb::Replace => &["PUT", "PATCH"],
        Verb::Delete => &["DELETE"],
    };
    if !methods.contains(&operation.method.as_str()) {
        misfits.push(format!(
            "is done with {}, not {}",
            methods.join(" or "),
            operation.method
        ));
    }
    let names_one = matches!(
        verb,
        Verb::Get | Verb::Replace | Verb::Delete | Verb::Status | Verb::Artifacts
    );
    let has_parameter = operation
        .parameters
        .iter()
        .any(|p| p.location == ParameterIn::Path);
    if names_one && !has_parameter {
        misfits.push("needs a path parameter that says which object".to_owned());
    }
    if verb.writes_body() && operation.request.is_none() {
        misfits.push("needs a request body".to_owned());
    }
    if verb == Verb::List {
        let success = operation
            .responses
            .iter()
            .find(|response| response.is_success());
        let schema = success.and_then(|response| Some(&response.content.first()?.1));
        if schema.is_some_and(|schema| !holds_array(json, schema, 0)) {
            misfits.push("answers an array, or an object with an array in it".to_owned());
        }
    }
    misfits
}

fn holds_array(json: &Value, schema: &Value, depth: usize) -> bool {
    let schema = follow(json, schema);
    let is_array = |schema: &Value| schema.get("type").is_some_and(|kind| kind == "array");
    let mut properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|p| p.values());
    let mut parts = schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    is_array(schema)
        || properties.any(|property| is_array(follow(json, property)))
        || (depth < 8 && parts.any(|part| holds_array(json, part, depth + 1)))
}
