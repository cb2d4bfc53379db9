//! Unions and parts: discriminators, and parts that shut one another out.

use super::Findings;
use super::layout::Layout;
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::rules;

/// How deep a property is looked for through `allOf`.
const MAX_DEPTH: usize = 20;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    for schema in layout.of(Kind::Schema) {
        let at = schema.at;
        if let Some(discriminator) = at.get("discriminator") {
            check_discriminator(layout, at, discriminator, findings);
        }
        check_closed(layout, at, findings);
    }
}

fn check_discriminator<'a>(
    layout: &Layout<'a>,
    schema: At<'a>,
    at: At<'a>,
    findings: &mut Findings<'a>,
) {
    for (value, target) in at.get("mapping").into_iter().flat_map(At::entries) {
        if layout
            .mapped(target)
            .and_then(|at| layout.resolve(at))
            .is_none()
        {
            let text = target.node.text().unwrap_or_default();
            let message = format!("`{value}` leads to `{text}`, which is no schema");
            findings.add(rules::DISCRIMINATOR_MAPPING, target, message);
        }
    }
    let Some(name) = at.node.text_at("propertyName") else {
        return;
    };
    let mut variants: Vec<At<'a>> = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|word| schema.get(word))
        .flat_map(At::items)
        .collect();
    // Without variants the schema is the base that others are built on.
    if variants.is_empty() {
        variants.push(schema);
    }
    for variant in variants {
        let (has, requires) = finds(layout, variant, name, 0);
        // What cannot be followed is told by another rule.
        if layout.resolve(variant).is_none() || (has && requires) {
            continue;
        }
        let what = if has {
            "does not require"
        } else {
            "does not have"
        };
        let message = format!("the variant {what} `{name}`, which tells the variants apart");
        let place = if variant.node.address() == schema.node.address() {
            at
        } else {
            variant
        };
        findings.add(rules::DISCRIMINATOR_PROPERTY, place, message);
    }
}

/// Whether a schema or a part of it has a property, and whether one requires it.
fn finds<'a>(layout: &Layout<'a>, at: At<'a>, name: &str, depth: usize) -> (bool, bool) {
    let Some(at) = layout.resolve(at) else {
        return (false, false);
    };
    let mut has = at
        .get("properties")
        .is_some_and(|all| all.get(name).is_some());
    let mut requires = at.node.texts("required").any(|known| known == name);
    if depth < MAX_DEPTH {
        for part in at.get("allOf").into_iter().flat_map(At::items) {
            let inner = finds(layout, part, name, depth + 1);
            has |= inner.0;
            requires |= inner.1;
        }
        for word in ["oneOf", "anyOf"] {
            let variants: Vec<_> = at.get(word).into_iter().flat_map(At::items).collect();
            let found = |variant: &At<'a>| finds(layout, *variant, name, depth + 1);
            if !variants.is_empty() {
                has |= variants.iter().all(|variant| found(variant).0);
                requires |= variants.iter().all(|variant| found(variant).1);
            }
        }
    }
    (has, requires)
}

/// A part of `allOf` that forbids what another part, or the schema itself, has.
fn check_closed<'a>(layout: &Layout<'a>, schema: At<'a>, findings: &mut Findings<'a>) {
    let mut parts: Vec<At<'a>> = schema
        .get("allOf")
        .into_iter()
        .flat_map(At::items)
        .collect();
    if parts.is_empty() {
        return;
    }
    parts.push(schema);
    for (index, part) in parts.iter().enumerate() {
        let Some(closed) = layout.resolve(*part) else {
            continue;
        };
        let forbids = closed.get("additionalProperties");
        if !forbids.is_some_and(|additional| additional.node.is_false()) {
            continue;
        }
        let allowed = closed.get("properties");
        let others = parts
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index);
        let forbidden = others
            .filter_map(|(_, other)| layout.resolve(*other)?.get("properties"))
            .flat_map(At::entries)
            .map(|(name, _)| name)
            .find(|name| allowed.is_none_or(|allowed| allowed.get(name).is_none()));
        if let Some(name) = forbidden {
            let message = format!("this part forbids `{name}`, which another part has");
            findings.add(rules::CLOSED_ALL_OF, *part, message);
        }
    }
}
