//! Operations: names, tags, what they answer at the least, and bodies that are never sent.

use std::collections::BTreeSet;

use super::Findings;
use super::layout::{Layout, Part};
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    check_ids(layout, findings);
    check_tags(layout, findings);
    for operation in layout.of(Kind::Operation) {
        check_answers(operation, findings);
        if matches!(operation.field, "get" | "head" | "trace")
            && let Some(body) = operation.at.get("requestBody")
        {
            let message = format!("a body of {} is ignored", operation.field.to_uppercase());
            findings.add(rules::IGNORED_BODY, body, message);
        }
    }
    check_links(layout, findings);
}

fn check_ids<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for call in layout.operations() {
        if call.operation.at.get("operationId").is_none() {
            let message = format!("{} has no operationId", call.label());
            findings.add(rules::MISSING_OPERATION_ID, call.operation.at, message);
        }
    }
    for operation in layout.of(Kind::Operation) {
        let Some(at) = operation.at.get("operationId") else {
            continue;
        };
        let Some(id) = at.node.text() else { continue };
        if !known.insert(id) {
            let message = format!("`{id}` is already the operationId of another operation");
            findings.add(rules::DUPLICATE_OPERATION_ID, at, message);
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if id.is_empty() || !id.chars().all(fits) {
            let message = format!("`{id}` has characters that names in code have not");
            findings.add(rules::OPERATION_ID_CHARACTERS, at, message);
        }
    }
}

fn check_tags<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let root = layout.document.root();
    let declared: Vec<(&str, At<'a>)> = root
        .get("tags")
        .into_iter()
        .flat_map(At::items)
        .filter_map(|tag| Some((tag.node.text_at("name")?, tag)))
        .collect();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (name, at) in &declared {
        if !names.insert(name) {
            let message = format!("the tag `{name}` is declared twice");
            findings.add(rules::DUPLICATE_TAG, *at, message);
        }
    }
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for operation in layout.of(Kind::Operation) {
        let mut own: BTreeSet<&str> = BTreeSet::new();
        for at in operation.at.get("tags").into_iter().flat_map(At::items) {
            let Some(tag) = at.node.text() else { continue };
            used.insert(tag);
            if !own.insert(tag) {
                let message = format!("the operation has the tag `{tag}` twice");
                findings.add(rules::DUPLICATE_TAG, at, message);
            } else if !names.is_empty() && !names.contains(tag) {
                let message = format!("the tag `{tag}` is not among the document's tags");
                findings.add(rules::UNDECLARED_TAG, at, message);
            }
        }
    }
    for (name, at) in declared {
        if !used.contains(name) && at.node.get("x-displayName").is_none() {
            let message = format!("no operation has the tag `{name}`");
            findings.add(rules::UNUSED_TAG, at, message);
        }
    }
}

fn check_answers<'a>(operation: &Part<'a>, findings: &mut Findings<'a>) {
    let Some(responses) = operation.at.get("responses") else {
        return;
    };
    let statuses: Vec<&str> = responses.entries().map(|(status, _)| status).collect();
    let has = |first: &[char]| {
        statuses
            .iter()
            .any(|status| *status == "default" || status.starts_with(first))
    };
    if !has(&['1', '2', '3']) {
        let message = "the operation declares no success";
        findings.add(rules::MISSING_SUCCESS, responses, message);
    }
    if !has(&['4']) {
        let message = "the operation declares no error of the caller (4xx) and no default";
        findings.add(rules::MISSING_CLIENT_ERROR, responses, message);
    }
}

fn check_links<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let ids: BTreeSet<&str> = layout
        .of(Kind::Operation)
        .filter_map(|operation| operation.at.node.text_at("operationId"))
        .collect();
    for link in layout.of(Kind::Link) {
        if let Some(at) = link.at.get("operationId")
            && let Some(id) = at.node.text()
            && !ids.contains(id)
        {
            let message = format!("no operation is called `{id}`");
            findings.add(rules::LINK_OPERATION, at, message);
        }
    }
}
