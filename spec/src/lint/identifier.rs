//! How operations are called: ids, aliases and tags.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::context::{Context, Findings};
use super::rules;
use crate::model::behavior::is_snake_case;
use crate::model::{Behavior, Operation};
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let document = context.document;
    let declared: BTreeSet<&str> = document
        .json
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.get("name")?.as_str())
        .collect();
    let mut by_id: BTreeMap<&str, &Operation> = BTreeMap::new();
    for operation in &document.operations {
        let at = pointer::join(&operation.pointer, "operationId");
        if let Some(first) = by_id.insert(&operation.id, operation) {
            let (id, method, path) = (&operation.id, &first.method, &first.path);
            let message = format!("`{id}` is already the operationId of {method} {path}");
            findings.add(document, rules::DUPLICATE_OPERATION_ID, &at, message);
        }
        if let Some(message) = wrong_form(context, operation) {
            findings.add(document, rules::OPERATION_ID_FORM, &at, message);
        }
        if !declared.contains(operation.tag.as_str()) {
            let message = if operation.tag.is_empty() {
                format!("`{}` has no tag", operation.id)
            } else {
                format!(
                    "the tag `{}` is not among the document's tags",
                    operation.tag
                )
            };
            let at = pointer::join(&operation.pointer, "tags");
            findings.add(document, rules::UNDECLARED_TAG, &at, message);
        }
    }
    for operation in &document.operations {
        let Some(target) = &operation.alias_of else {
            continue;
        };
        let known = by_id.get(target.as_str());
        if known.is_none_or(|target| target.alias_of.is_some()) {
            let message =
                format!("`{target}` is not an operation of this document, or is an alias");
            let at = pointer::join(&operation.pointer, crate::model::words::ALIAS_OF);
            findings.add(document, rules::UNKNOWN_ALIAS, &at, message);
        }
    }
}

/// Why the id is not `<plural>_<verb>`; an alias and a handler choose the words themselves.
fn wrong_form(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let id = &operation.id;
    let Some((plural, verb)) = id.rsplit_once('_').filter(|_| is_snake_case(id)) else {
        return Some(format!("`{id}` is not <plural>_<verb> in snake_case"));
    };
    let kind = operation.behavior.kind()?;
    if operation.alias_of.is_some() {
        return None;
    }
    let behavior = match &operation.behavior {
        Behavior::Verb { verb, .. } => verb.as_str(),
        Behavior::Action { action, .. } => action,
        Behavior::Render { .. } | Behavior::Handler(_) => return None,
    };
    // A read may show one aspect of an object, which names it then.
    let is_read = matches!(behavior, "get" | "list" | "status");
    if verb != behavior && !is_read {
        return Some(format!("`{id}` does not end with its verb, `_{behavior}`"));
    }
    // What stands under a parent may go by the parent's name.
    if is_read && verb != behavior || operation.has_parent() {
        return None;
    }
    // Another document's kind may go by another name here.
    let kind = context
        .document
        .kinds
        .iter()
        .find(|known| known.name == kind)?;
    let letters = |text: &str| text.replace(['_', '-'], "").to_ascii_lowercase();
    (letters(plural) != letters(&kind.plural))
        .then(|| format!("`{id}` does not start with the plural `{}`", kind.plural))
}
