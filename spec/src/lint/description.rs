//! Descriptions: there, long enough to say something, and not copied from the neighbour.

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{Context, Findings, Node};
use super::rules;
use crate::grammar::Position;
use crate::pointer;

/// Fewer words than this repeat the name.
const MIN_WORDS: usize = 4;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for node in &context.nodes {
        match node.position {
            Position::Properties => check_siblings(context, node, findings),
            Position::Operation
            | Position::Parameter
            | Position::Response
            | Position::ComponentSchema
            | Position::Property => check_one(context, node, findings),
            _ => {}
        }
    }
}

fn check_one(context: &Context<'_>, node: &Node<'_>, findings: &mut Findings) {
    // What stands beside a `$ref` is ignored by readers: its target is described instead.
    if node.entries.contains_key("$ref") {
        return;
    }
    let what = match node.position {
        Position::Operation => "operation",
        Position::Parameter => "parameter",
        Position::Response => "response",
        Position::ComponentSchema => "schema",
        _ => "property",
    };
    // The key of an operation is its method, that of an unnamed parameter is nothing.
    let own_name = ["operationId", "name"]
        .into_iter()
        .find_map(|key| node.entries.get(key)?.as_str());
    let name = if node.position.is_schema() {
        node.key
    } else {
        own_name.unwrap_or(node.key)
    };
    let text = node
        .entries
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim();
    if text.is_empty() {
        let message = format!("the {what} `{name}` has no description");
        findings.add(
            context.document,
            rules::MISSING_DESCRIPTION,
            &context.pointer(node),
            message,
        );
    } else if text.split_whitespace().take(MIN_WORDS).count() < MIN_WORDS {
        let message = format!("the {what} `{name}` is described in fewer than {MIN_WORDS} words");
        let at = pointer::join(&context.pointer(node), "description");
        findings.add(context.document, rules::SHORT_DESCRIPTION, &at, message);
    }
}

fn check_siblings(context: &Context<'_>, node: &Node<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut properties: Vec<_> = node.entries.iter().collect();
    properties.sort_by_key(|(name, _)| *name);
    for (name, property) in properties {
        let description = property
            .get("description")
            .and_then(Value::as_str)
            .map(str::trim);
        let Some(description) = description.filter(|text| !text.is_empty()) else {
            continue;
        };
        if let Some(first) = seen.insert(description, name) {
            let message = format!("`{name}` has the description of `{first}`");
            let at = format!(
                "{}/description",
                pointer::join(&context.pointer(node), name)
            );
            findings.add(context.document, rules::REPEATED_DESCRIPTION, &at, message);
        }
    }
}
