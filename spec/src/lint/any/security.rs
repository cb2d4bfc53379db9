//! Security: schemes that exist, scopes that can be had, and calls that say nothing.

use super::Findings;
use super::layout::Layout;
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    for requirement in layout.of(Kind::Requirement) {
        for (name, scopes) in requirement.at.entries() {
            let mut schemes = layout.definitions("securitySchemes");
            match schemes.find(|(known, _)| *known == name) {
                None => {
                    let message = format!("there is no security scheme `{name}`");
                    findings.add(rules::UNDEFINED_SECURITY, scopes, message);
                }
                Some((_, scheme)) => {
                    if let Some(scheme) = layout.resolve(scheme) {
                        check_scopes(layout, name, scheme, scopes, findings);
                    }
                }
            }
        }
    }
    check_missing(layout, findings);
}

fn check_scopes<'a>(
    layout: &Layout<'a>,
    name: &str,
    scheme: At<'a>,
    scopes: At<'a>,
    findings: &mut Findings<'a>,
) {
    let kind = scheme.node.text_at("type").unwrap_or_default();
    match kind {
        "oauth2" => {
            for scope in scopes.items() {
                let Some(text) = scope.node.text() else {
                    continue;
                };
                let flows = scheme.get("flows").into_iter().flat_map(At::entries);
                let mut known = flows.filter_map(|(_, flow)| flow.get("scopes"));
                if !known.any(|scopes| scopes.get(text).is_some()) {
                    let message = format!("no flow of `{name}` has the scope `{text}`");
                    findings.add(rules::UNDEFINED_SCOPE, scope, message);
                }
            }
        }
        // In 3.1 the list may name roles.
        "apiKey" | "http" if !layout.document.is_3_1 && !scopes.node.items().is_empty() => {
            let message = format!("`{name}` is of type {kind}, which has no scopes");
            findings.add(rules::SCOPE_MISUSE, scopes, message);
        }
        _ => {}
    }
}

fn check_missing<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let root = layout.document.root();
    if root.get("security").is_some() {
        return;
    }
    let calls: Vec<_> = layout.operations().collect();
    let silent = calls
        .iter()
        .filter(|call| call.operation.at.get("security").is_none());
    if !calls.is_empty() && silent.clone().count() == calls.len() {
        let message = "neither the document nor any operation has `security`";
        findings.add(rules::MISSING_SECURITY, root, message);
        return;
    }
    for call in silent {
        let message = format!("{} has no `security`, nor has the document", call.label());
        findings.add(rules::MISSING_SECURITY, call.operation.at, message);
    }
}
