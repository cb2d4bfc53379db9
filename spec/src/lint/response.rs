//! What an operation answers: the statuses it cannot do without, and one schema for all errors.

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{Context, Findings};
use super::rules;
use crate::model::{Document, Operation, ParameterIn, Permission, Response, Verb};
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let document = context.document;
    for operation in &document.operations {
        let at = pointer::join(&operation.pointer, "responses");
        if !operation.responses.iter().any(Response::is_success) {
            let message = format!("`{}` declares no success", operation.id);
            findings.add(document, rules::MISSING_SUCCESS, &at, message);
        }
        for (rule, statuses, why) in required(operation) {
            let missing: Vec<&str> = statuses
                .iter()
                .copied()
                .filter(|status| !operation.answers(status))
                .collect();
            if !missing.is_empty() {
                let missing = missing.join(", ");
                let message = format!("`{}` {why} and does not declare {missing}", operation.id);
                findings.add(document, rule, &at, message);
            }
        }
    }
    check_error_schema(document, findings);
}

type Requirement = (&'static str, &'static [&'static str], &'static str);

fn required(operation: &Operation) -> Vec<Requirement> {
    let mut required: Vec<Requirement> = Vec::new();
    if operation.permission != Permission::Public {
        required.push((rules::MISSING_401, &["401"], "is not public"));
    }
    if matches!(operation.permission, Permission::Named { .. }) {
        required.push((rules::MISSING_403, &["403"], "asks for a permission"));
    }
    let named = operation
        .parameters
        .iter()
        .any(|p| p.location == ParameterIn::Path);
    // Where anybody may call, what is not there may have to look like what is not to be known.
    if named && operation.permission != Permission::Public {
        required.push((rules::MISSING_404, &["404"], "has a path parameter"));
    }
    if operation.request.is_some() {
        required.push((
            rules::MISSING_BODY_ERRORS,
            &["400", "413", "415"],
            "takes a body",
        ));
    }
    let writes = operation.behavior.verb().is_some_and(Verb::writes_body);
    if writes && matches!(operation.method.as_str(), "POST" | "PUT") {
        required.push((
            rules::MISSING_WRITE_ERRORS,
            &["409", "412"],
            "writes a kind",
        ));
    }
    required
}

/// The document's error schema is the one that most of its errors have.
fn check_error_schema(document: &Document, findings: &mut Findings) {
    let mut found: Vec<(String, Option<&str>)> = Vec::new();
    for operation in &document.operations {
        let at = pointer::join(&operation.pointer, "responses");
        for response in operation
            .responses
            .iter()
            .filter(|response| response.is_error())
        {
            let at = pointer::join(&at, &response.status);
            let written =
                pointer::find(&document.json, &at).and_then(|value| value.get("$ref")?.as_str());
            // A shared response is reported once, where it is written.
            let at = written.map_or(at, |shared| shared.trim_start_matches('#').to_owned());
            // What a caller did wrong is plain text in one family of v1 paths.
            let is_text = |schema: &Value| schema["type"] == "string";
            for (_, schema) in &response.content {
                if response.status == "409" && is_text(schema) {
                    continue;
                }
                found.push((at.clone(), schema.get("$ref").and_then(Value::as_str)));
            }
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, schema) in &found {
        if let Some(schema) = schema {
            *counts.entry(schema).or_default() += 1;
        }
    }
    let common = counts
        .iter()
        .max_by_key(|(_, count)| **count)
        .map(|(schema, _)| *schema);
    for (at, schema) in found {
        if schema.is_none() || schema != common {
            let schema = schema.unwrap_or("a schema without a name");
            let common = common.unwrap_or("one named schema for all errors");
            let message = format!("the error's schema is {schema}, and not {common}");
            findings.add(document, rules::ERROR_SCHEMA, &at, message);
        }
    }
}
