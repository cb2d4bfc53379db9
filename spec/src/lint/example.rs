//! Examples: on every schema, every body and every parameter that a caller writes, and fitting their schemas.
//!
//! What fits is judged by types and enums here; the tests have a validator of others judge the same examples in full.

use serde_json::Value;

use super::context::{Context, Findings, Node};
use super::rules;
use super::value::admits;
use crate::grammar::Position;
use crate::model::follow;
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for node in &context.nodes {
        match node.position {
            Position::ComponentSchema => {
                let schema = Value::Object(node.entries.clone());
                check_one(context, node, &schema, "schema", findings);
            }
            Position::Parameter if is_written_by_callers(node) => {
                let schema = node.entries.get("schema").cloned().unwrap_or_default();
                check_one(context, node, &schema, "parameter", findings);
            }
            Position::RequestBody => check_body(context, node, findings),
            _ => {}
        }
    }
}

fn is_written_by_callers(node: &Node<'_>) -> bool {
    let location = node.entries.get("in").and_then(Value::as_str);
    matches!(location, Some("path" | "query"))
}

fn check_body(context: &Context<'_>, node: &Node<'_>, findings: &mut Findings) {
    let Some(json) = node
        .entries
        .get("content")
        .and_then(|content| content.get("application/json"))
    else {
        return;
    };
    let at = format!("{}/content/application~1json", context.pointer(node));
    let schema = json.get("schema").cloned().unwrap_or_default();
    let examples = json
        .get("examples")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(_, example)| follow(&context.document.json, example).get("value"));
    let all: Vec<&Value> = json.get("example").into_iter().chain(examples).collect();
    if all.is_empty() {
        let message = "the body has no example".to_owned();
        findings.add(context.document, rules::MISSING_EXAMPLE, &at, message);
    }
    for example in all {
        judge(context, &at, &schema, example, findings);
    }
}

fn check_one(
    context: &Context<'_>,
    node: &Node<'_>,
    schema: &Value,
    what: &str,
    findings: &mut Findings,
) {
    let at = context.pointer(node);
    if let Some(example) = node.entries.get("example") {
        let at = pointer::join(&at, "example");
        judge(context, &at, schema, example, findings);
        return;
    }
    let name = node
        .entries
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or(node.key);
    let message = format!("the {what} `{name}` has no example");
    findings.add(context.document, rules::MISSING_EXAMPLE, &at, message);
}

fn judge(
    context: &Context<'_>,
    at: &str,
    schema: &Value,
    example: &Value,
    findings: &mut Findings,
) {
    if !admits(&context.document.json, schema, example, 0) {
        let message = "the example does not fit the schema".to_owned();
        findings.add(context.document, rules::INVALID_EXAMPLE, at, message);
    }
}
