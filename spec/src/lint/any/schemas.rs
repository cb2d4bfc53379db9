//! Single schemas: types, words that belong to them, limits, patterns.

use std::collections::BTreeSet;

use super::Findings;
use super::layout::{Layout, Part};
use super::pattern;
use super::shape::Kind;
use crate::diff::document::At;
use crate::diff::node::Node;
use crate::lint::rules;

/// The words of each type.
const WORDS: [(&[&str], &[&str]); 4] = [
    (&["string"], &["maxLength", "minLength", "pattern"]),
    (
        &["integer", "number"],
        &[
            "exclusiveMaximum",
            "exclusiveMinimum",
            "maximum",
            "minimum",
            "multipleOf",
        ],
    ),
    (
        &["array"],
        &["items", "maxItems", "minItems", "uniqueItems"],
    ),
    (
        &["object"],
        &[
            "additionalProperties",
            "maxProperties",
            "minProperties",
            "properties",
            "required",
        ],
    ),
];

/// Formats and the types that they are for. Large numbers travel as texts in many APIs.
const FORMATS: [(&[&str], &[&str]); 3] = [
    (
        &["int32", "int64", "uint32", "uint64"],
        &["integer", "number", "string"],
    ),
    (&["double", "float"], &["number", "string"]),
    (
        &[
            "binary",
            "byte",
            "date",
            "date-time",
            "email",
            "hostname",
            "ipv4",
            "ipv6",
            "password",
            "uri",
            "uuid",
        ],
        &["string"],
    ),
];

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    for part in layout.of(Kind::Schema) {
        check_required(layout, part, findings);
        check_type(layout, part, findings);
        check_limits(part.at, findings);
        check_nullable(layout, part.at, findings);
        let node = part.at.node;
        if let Some(at) = part.at.get("pattern")
            && let Some(text) = at.node.text()
            && let Err(message) = pattern::check(text)
        {
            findings.add(rules::INVALID_PATTERN, at, message);
        }
        if node.flag("readOnly") && node.flag("writeOnly") {
            let message = "what is readOnly and writeOnly is never sent";
            findings.add(rules::READ_AND_WRITE_ONLY, part.at, message);
        }
    }
}

/// Whether the schema is a part of another one, whose other parts say the rest.
fn is_piece(layout: &Layout<'_>, part: &Part<'_>) -> bool {
    let pieces = ["allOf", "oneOf", "anyOf", "not", "if", "then", "else"];
    pieces.contains(&part.field)
        && layout
            .parent(part)
            .is_some_and(|parent| parent.kind == Kind::Schema)
}

fn check_required<'a>(layout: &Layout<'a>, part: &Part<'a>, findings: &mut Findings<'a>) {
    let Some(required) = part.at.get("required") else {
        return;
    };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let known = known_properties(layout, part.at);
    for at in required.items() {
        let Some(name) = at.node.text() else { continue };
        if !seen.insert(name) {
            let message = format!("`{name}` stands twice in the list");
            findings.add(rules::DUPLICATE_REQUIRED, at, message);
        } else if !is_piece(layout, part)
            && known.as_ref().is_some_and(|known| !known.contains(name))
        {
            let message = format!("`{name}` is required and is no property");
            findings.add(rules::REQUIRED_UNKNOWN, at, message);
        }
    }
}

/// The properties that a schema and the parts of its `allOf` name; nothing when that cannot be told.
fn known_properties<'a>(layout: &Layout<'a>, at: At<'a>) -> Option<BTreeSet<&'a str>> {
    let mut known = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![at];
    let mut names_any = false;
    while let Some(at) = open.pop() {
        let at = layout.resolve(at)?;
        if !seen.insert(at.node.address()) {
            continue;
        }
        let chooses = ["oneOf", "anyOf", "patternProperties", "if", "$dynamicRef"];
        if chooses.iter().any(|word| at.node.get(word).is_some()) {
            return None;
        }
        let properties = at.get("properties");
        names_any |= properties.is_some();
        known.extend(
            properties
                .into_iter()
                .flat_map(At::entries)
                .map(|(name, _)| name),
        );
        open.extend(at.get("allOf").into_iter().flat_map(At::items));
        if layout.document.is_3_1 && at.node.get("$ref").is_some() {
            return None;
        }
    }
    names_any.then_some(known)
}

fn check_type<'a>(layout: &Layout<'a>, part: &Part<'a>, findings: &mut Findings<'a>) {
    let at = part.at;
    let node = at.node;
    let Some(kind) = node.get("type") else {
        let says_elsewhere = ["$ref", "allOf", "oneOf", "anyOf", "not", "const", "enum"];
        let is_open = is_piece(layout, part)
            || layout.document.is_3_1
            || says_elsewhere.iter().any(|word| node.get(word).is_some());
        let mut found = WORDS.iter().flat_map(|(kinds, words)| {
            let has = words.iter().filter(|word| node.get(word).is_some());
            has.map(move |word| (kinds[0], *word))
        });
        if let (false, Some((kind, word))) = (is_open, found.next()) {
            let message = format!("`{word}` stands without a type; was {kind} meant?");
            findings.add(rules::MISSING_TYPE, at, message);
        }
        return;
    };
    let kinds: Vec<&str> = match kind.text() {
        Some(one) => vec![one],
        None => node.texts("type").collect(),
    };
    for (fits, words) in WORDS {
        if kinds.iter().any(|kind| fits.contains(kind)) || kinds.is_empty() {
            continue;
        }
        for word in words {
            if let Some(found) = at.get(word) {
                let message = format!("`{word}` says nothing about type {}", kinds.join(", "));
                findings.add(rules::KEYWORD_MISFIT, found, message);
            }
        }
    }
    if kinds == ["array"] && node.get("items").is_none() && !layout.document.is_3_1 {
        findings.add(
            rules::MISSING_ITEMS,
            at,
            "the array does not say what its items are",
        );
    }
    if let Some(found) = at.get("format")
        && let Some(format) = found.node.text()
        && let Some((_, fits)) = FORMATS
            .iter()
            .find(|(formats, _)| formats.contains(&format))
        && !kinds.is_empty()
        && !kinds.iter().any(|kind| fits.contains(kind))
    {
        let message = format!("`{format}` is no format of type {}", kinds.join(", "));
        findings.add(rules::FORMAT_TYPE, found, message);
    }
}

fn check_limits<'a>(at: At<'a>, findings: &mut Findings<'a>) {
    let node = at.node;
    for (low, high) in [
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ] {
        let number = |key: &str| node.get(key).and_then(Node::number);
        let (Some(least), Some(most)) = (number(low), number(high)) else {
            continue;
        };
        let open =
            low == "minimum" && (node.flag("exclusiveMinimum") || node.flag("exclusiveMaximum"));
        if least > most || (open && least >= most) {
            let message = format!("nothing lies between `{low}` {least} and `{high}` {most}");
            findings.add(rules::EMPTY_RANGE, at.get(low).unwrap_or(at), message);
        }
    }
}

fn check_nullable<'a>(layout: &Layout<'a>, at: At<'a>, findings: &mut Findings<'a>) {
    let Some(nullable) = at.get("nullable") else {
        return;
    };
    if layout.document.is_3_1 {
        let message = "3.1 has no `nullable`; write `type: [string, 'null']`";
        findings.add(rules::NULLABLE_MISUSE, nullable, message);
    } else if nullable.node.is_true() {
        let says = ["type", "allOf", "oneOf", "anyOf"];
        let refers = at.node.get("$ref").is_some();
        let is_open = at.node.get("enum").is_none()
            && at.node.entries().iter().all(|(key, _)| {
                matches!(
                    &**key,
                    "nullable" | "description" | "title" | "example" | "default"
                ) || key.starts_with("x-")
            });
        // A schema that says nothing else takes null anyway.
        if !refers && !is_open && !says.iter().any(|word| at.node.get(word).is_some()) {
            let message = "`nullable` needs a `type` beside it";
            findings.add(rules::NULLABLE_MISUSE, nullable, message);
        }
    }
}
