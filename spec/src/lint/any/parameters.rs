//! Parameters and headers, one by one and beside one another.

use std::collections::BTreeMap;

use super::Findings;
use super::layout::Layout;
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::name;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    for part in layout.of(Kind::Parameter) {
        check_one(part.at, findings);
    }
    for part in layout.of(Kind::Parameter).chain(layout.of(Kind::Header)) {
        check_content(part.at, findings);
    }
    for part in layout.of(Kind::PathItem).chain(layout.of(Kind::Operation)) {
        check_twice(layout, part.at, findings);
    }
    for call in layout.operations() {
        check_names(layout, [call.item.at, call.operation.at], findings);
    }
}

fn check_one<'a>(at: At<'a>, findings: &mut Findings<'a>) {
    let node = at.node;
    let name = node.text_at("name").unwrap_or_default();
    match node.text_at("in") {
        Some("path") if !node.flag("required") => {
            let at = at.get("required").unwrap_or(at);
            let message = format!("`{name}` stands in the path and must be `required: true`");
            findings.add(rules::PATH_PARAMETER_REQUIRED, at, message);
        }
        Some("header")
            if ["accept", "content-type", "authorization"]
                .contains(&name.to_ascii_lowercase().as_str()) =>
        {
            let message = format!("a header parameter `{name}` is ignored");
            findings.add(rules::RESERVED_HEADER, at, message);
        }
        _ => {}
    }
}

fn check_content<'a>(at: At<'a>, findings: &mut Findings<'a>) {
    let message = match (at.get("schema"), at.get("content")) {
        (Some(_), Some(_)) => "`schema` and `content` exclude one another",
        (None, None) => "neither `schema` nor `content` says what it is",
        (None, Some(content)) if content.node.entries().len() > 1 => {
            "`content` has more than one type"
        }
        _ => return,
    };
    findings.add(rules::PARAMETER_SCHEMA, at, message);
}

/// The parameters in a list, with where they are written.
fn listed<'a>(
    layout: &Layout<'a>,
    owner: At<'a>,
) -> impl Iterator<Item = (&'a str, &'a str, At<'a>)> {
    let list = owner.get("parameters").into_iter().flat_map(At::items);
    list.filter_map(|at| {
        let node = layout.resolve(at)?.node;
        Some((node.text_at("in")?, node.text_at("name")?, at))
    })
}

fn check_twice<'a>(layout: &Layout<'a>, owner: At<'a>, findings: &mut Findings<'a>) {
    let mut seen: Vec<(&str, String)> = Vec::new();
    for (place, name, at) in listed(layout, owner) {
        // Names of headers are the same in every case.
        let key = match place {
            "header" => (place, name.to_ascii_lowercase()),
            _ => (place, name.to_owned()),
        };
        if seen.contains(&key) {
            let message = format!("the {place} parameter `{name}` stands twice in the list");
            findings.add(rules::DUPLICATE_PARAMETER, at, message);
        } else {
            seen.push(key);
        }
    }
}

fn check_names<'a>(layout: &Layout<'a>, owners: [At<'a>; 2], findings: &mut Findings<'a>) {
    let mut seen: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for (place, name, at) in owners.into_iter().flat_map(|owner| listed(layout, owner)) {
        let snake = name::words(name).join("_");
        match seen.get(&snake) {
            // The same parameter again takes the place of that of the path.
            Some(first) if *first == (place, name) => {}
            Some((_, first)) => {
                let message = format!("`{name}` and `{first}` both become `{snake}`");
                findings.add(rules::PARAMETER_COLLISION, at, message);
            }
            None => {
                seen.insert(snake, (place, name));
            }
        }
    }
}
