//! Whether an operation can be what its verb says.

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{Context, Findings};
use super::rules;
use crate::model::words::BEHAVIOR;
use crate::model::{Behavior, Document, Kind, Operation, ParameterIn, Verb, follow};
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let document = context.document;
    let mut by_verb: BTreeMap<(Verb, &str, String), &str> = BTreeMap::new();
    for operation in &document.operations {
        let at = pointer::join(&operation.pointer, BEHAVIOR);
        let Some(name) = operation.behavior.kind() else {
            continue;
        };
        let Some(kind) = context.kind(name) else {
            let message = format!("no document has a kind called `{name}`");
            findings.add(document, rules::UNKNOWN_BEHAVIOR_KIND, &at, message);
            continue;
        };
        for misfit in misfits(&document.json, operation) {
            findings.add(document, rules::VERB_MISFIT, &at, misfit);
        }
        if let Behavior::Action { action, .. } = &operation.behavior {
            let lifecycle = kind.lifecycle.as_ref();
            if lifecycle.is_none_or(|lifecycle| !lifecycle.actions.contains_key(action)) {
                let message = format!("`{name}` has no action `{action}` in its x-lifecycle");
                findings.add(document, rules::UNKNOWN_ACTION, &at, message);
            }
        }
        let Some(verb) = operation.behavior.verb() else {
            continue;
        };
        // A kind may be read in several forms, and under several parents.
        let form = format!("{} {}", shown(operation), operation.has_parent());
        if operation.alias_of.is_none()
            && let Some(first) = by_verb.insert((verb, name, form), &operation.id)
        {
            let message = format!("`{first}` does `{verb}` to `{name}` already; is this an alias?");
            findings.add(document, rules::DUPLICATE_VERB, &at, message);
        }
    }
}

/// Actions that no operation of any document starts.
pub(super) fn check_actions(documents: &[Document], findings: &mut Findings) {
    let is_started = |kind: &Kind, action: &str| {
        documents
            .iter()
            .flat_map(|document| &document.operations)
            .any(|operation| match &operation.behavior {
                Behavior::Action {
                    kind: of,
                    action: started,
                } => *of == kind.name && started == action,
                Behavior::Handler(code) => code
                    .starts
                    .as_ref()
                    .is_some_and(|(of, started)| *of == kind.name && started == action),
                _ => false,
            })
    };
    for document in documents {
        for kind in &document.kinds {
            let actions = kind
                .lifecycle
                .iter()
                .flat_map(|lifecycle| lifecycle.actions.keys());
            for action in actions.filter(|action| !is_started(kind, action)) {
                let at = format!(
                    "/components/schemas/{}/x-lifecycle/actions/{action}",
                    kind.name
                );
                let message = format!("no operation starts `{action}` of `{}`", kind.name);
                findings.add(document, rules::UNUSED_ACTION, &at, message);
            }
        }
    }
}

/// The schema of a successful answer, as written.
fn shown(operation: &Operation) -> String {
    let mut responses = operation.responses.iter();
    let success = responses.find(|response| response.is_success());
    let schema = success.and_then(|response| response.content.first());
    schema.map_or(String::new(), |(_, schema)| schema.to_string())
}

fn misfits(json: &Value, operation: &Operation) -> Vec<String> {
    let mut misfits = Vec::new();
    let (verb, methods, names_one): (&str, &[&str], bool) = match &operation.behavior {
        Behavior::Handler(_) => return misfits,
        Behavior::Action { .. } => ("act", &["POST", "PUT", "PATCH"], true),
        Behavior::Render { .. } => ("render", &["GET", "POST"], true),
        Behavior::Verb { verb, .. } => match verb {
            Verb::List => ("list", &["GET"], false),
            Verb::Get | Verb::Status | Verb::Artifacts => (verb.as_str(), &["GET"], true),
            Verb::Apply => ("apply", &["POST", "PUT", "PATCH"], false),
            Verb::Create => ("create", &["POST"], false),
            Verb::Replace => ("replace", &["PUT", "PATCH"], true),
            Verb::Delete => ("delete", &["DELETE"], true),
        },
    };
    if !methods.contains(&operation.method.as_str()) {
        misfits.push(format!(
            "`{verb}` is done with {}, not {}",
            methods.join(" or "),
            operation.method
        ));
    }
    let has_parameter = operation
        .parameters
        .iter()
        .any(|p| p.location == ParameterIn::Path);
    if names_one && !has_parameter {
        misfits.push(format!(
            "`{verb}` needs a path parameter that says which object"
        ));
    }
    let Some(verb) = operation.behavior.verb() else {
        return misfits;
    };
    if verb.writes_body() && operation.request.is_none() {
        misfits.push(format!("`{verb}` needs a request body"));
    }
    if verb == Verb::List {
        let success = operation
            .responses
            .iter()
            .find(|response| response.is_success());
        let schema = success.and_then(|response| Some(&response.content.first()?.1));
        if schema.is_some_and(|schema| !holds_array(json, schema, 0)) {
            misfits.push("`list` answers an array, or an object with an array in it".to_owned());
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
