//! References: where they lead, what stands beside them, and what nothing refers to.

use std::collections::{HashMap, HashSet};

use super::Findings;
use super::layout::{KINDS, Layout, Part};
use super::shape::Kind;
use crate::diff::document::At;
use crate::diff::node::Node;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let is_3_1 = layout.document.is_3_1;
    for reference in &layout.references {
        let at = reference.at;
        let target = at.node.text_at("$ref").unwrap_or_default();
        if let Err(broken) = layout.document.resolve(at) {
            // A chain is broken where it ends, and told once.
            findings.add(rules::UNRESOLVED_REFERENCE, broken.at, broken.message);
        } else if let Some((section, _)) = section_of(target)
            && let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == section)
            && *kind != reference.kind
        {
            let message = format!(
                "a {} is needed here, and this is one of `{section}`",
                noun(reference.kind)
            );
            findings.add(rules::REFERENCE_KIND, at, message);
        }
        let allowed: &[&str] = match reference.kind {
            Kind::PathItem => continue,
            Kind::Schema if is_3_1 => continue,
            _ if is_3_1 => &["$ref", "summary", "description"],
            _ => &["$ref"],
        };
        let beside: Vec<&str> = at
            .entries()
            .map(|(key, _)| key)
            .filter(|key| !allowed.contains(key) && !key.starts_with("x-"))
            .collect();
        if !beside.is_empty() {
            let message = format!("readers ignore `{}` beside a $ref", beside.join("`, `"));
            findings.add(rules::REFERENCE_SIBLINGS, at, message);
        }
    }
    for (section, name, at) in &layout.unused {
        let message = format!("nothing refers to `{name}` of {section}");
        findings.add(rules::UNUSED_COMPONENT, *at, message);
    }
    check_endless(layout, findings);
}

/// The section and name of a reference into the components.
fn section_of(target: &str) -> Option<(&str, &str)> {
    let (_, pointer) = target.split_once("#/components/")?;
    pointer
        .split_once('/')
        .filter(|(_, name)| !name.contains('/'))
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "schema",
        Kind::Response => "response",
        Kind::Parameter => "parameter",
        Kind::Example => "example",
        Kind::RequestBody => "request body",
        Kind::Header => "header",
        Kind::SecurityScheme => "security scheme",
        Kind::Link => "link",
        Kind::Callback => "callback",
        _ => "path item",
    }
}

/// Schemas that no finite value fits, because they require themselves.
fn check_endless<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let schemas: Vec<&Part<'a>> = layout.of(Kind::Schema).collect();
    let index: HashMap<usize, usize> = schemas
        .iter()
        .enumerate()
        .map(|(index, part)| (part.at.node.address(), index))
        .collect();
    // For each schema the groups of which it needs one schema each.
    let needs: Vec<Vec<Vec<usize>>> = schemas
        .iter()
        .map(|part| {
            let groups = needs(layout, part.at).unwrap_or_default().into_iter();
            let known = |group: Vec<At<'a>>| {
                let known = group
                    .iter()
                    .map(|at| index.get(&at.node.address()).copied());
                known.collect::<Option<Vec<usize>>>()
            };
            groups.filter_map(known).collect()
        })
        .collect();
    let mut endless = endless(&needs);
    leave_circles(&needs, &mut endless);
    // What was reached once is of a circle that is told, or of none: each schema is looked at once.
    let mut told = vec![false; schemas.len()];
    for (own, part) in schemas.iter().enumerate() {
        if !endless[own] || std::mem::replace(&mut told[own], true) {
            continue;
        }
        let mut requires_itself = false;
        let mut open = vec![own];
        while let Some(at) = open.pop() {
            for next in needs[at].iter().flatten().filter(|next| endless[**next]) {
                requires_itself |= *next == own;
                if !std::mem::replace(&mut told[*next], true) {
                    open.push(*next);
                }
            }
        }
        if requires_itself {
            let message = "a value of it would have to contain another one, without an end";
            findings.add(rules::ENDLESS_SCHEMA, part.at, message);
        }
    }
}

/// Which schemas have no finite value: first none is known to have one, then those that need nothing
/// have one, then those whose needs are met by these, and so on. Each need is looked at once.
fn endless(needs: &[Vec<Vec<usize>>]) -> Vec<bool> {
    let mut users: Vec<Vec<(usize, usize)>> = vec![Vec::new(); needs.len()];
    for (schema, groups) in needs.iter().enumerate() {
        for (group, members) in groups.iter().enumerate() {
            for member in members {
                users[*member].push((schema, group));
            }
        }
    }
    let mut unmet: Vec<HashSet<usize>> = needs
        .iter()
        .map(|groups| (0..groups.len()).collect())
        .collect();
    let mut endless = vec![true; needs.len()];
    let mut open: Vec<usize> = (0..needs.len())
        .filter(|own| unmet[*own].is_empty())
        .collect();
    while let Some(schema) = open.pop() {
        endless[schema] = false;
        for (user, group) in &users[schema] {
            if unmet[*user].remove(group) && unmet[*user].is_empty() {
                open.push(*user);
            }
        }
    }
    endless
}

/// Takes away what no other endless schema needs: it is endless by another one alone.
fn leave_circles(needs: &[Vec<Vec<usize>>], endless: &mut [bool]) {
    let mut users = vec![0_usize; needs.len()];
    for (_, groups) in needs.iter().enumerate().filter(|(own, _)| endless[*own]) {
        groups.iter().flatten().for_each(|need| users[*need] += 1);
    }
    let free = |own: &usize| endless[*own] && users[*own] == 0;
    let mut open: Vec<usize> = (0..needs.len()).filter(free).collect();
    while let Some(own) = open.pop() {
        endless[own] = false;
        for need in needs[own].iter().flatten() {
            users[*need] -= 1;
            if users[*need] == 0 && endless[*need] {
                open.push(*need);
            }
        }
    }
}

/// What a value of a schema must contain: of each list, one. Nothing when it may be null.
fn needs<'a>(layout: &Layout<'a>, at: At<'a>) -> Option<Vec<Vec<At<'a>>>> {
    let node = at.node;
    let may_be_null = node.flag("nullable")
        || node
            .get("type")
            .is_some_and(|kind| kind.items().iter().any(|word| word.text() == Some("null")));
    if may_be_null || node.get("enum").is_some() {
        return None;
    }
    let mut needs = Vec::new();
    let mut list = |found: Vec<At<'a>>| {
        // What leads nowhere is told elsewhere and stops nothing here.
        let found: Option<Vec<At<'a>>> = found.into_iter().map(|at| layout.resolve(at)).collect();
        if let Some(found) = found
            && !found.is_empty()
            && found.iter().all(|at| at.node.is_map())
        {
            needs.push(found);
        }
    };
    for name in node.texts("required") {
        if let Some(property) = at.get("properties").and_then(|all| all.get(name)) {
            list(vec![property]);
        }
    }
    for part in at.get("allOf").into_iter().flat_map(At::items) {
        list(vec![part]);
    }
    for word in ["oneOf", "anyOf"] {
        list(at.get(word).into_iter().flat_map(At::items).collect());
    }
    if node
        .get("minItems")
        .and_then(Node::number)
        .is_some_and(|n| n >= 1.0)
    {
        list(at.get("items").into_iter().collect());
    }
    Some(needs)
}
