//! Descriptions: there where a reader begins, and not copied from the neighbour.

use std::collections::BTreeMap;

use super::Findings;
use super::layout::Layout;
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::rules;

/// Shorter texts are alike because little can be said.
const MIN_WORDS: usize = 4;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    for call in layout.operations() {
        let says = |key: &str| {
            let text = call.operation.at.node.text_at(key);
            text.is_some_and(|text| !text.trim().is_empty())
        };
        if !says("summary") && !says("description") {
            let message = format!("{} has neither summary nor description", call.label());
            findings.add(rules::MISSING_DESCRIPTION, call.operation.at, message);
        }
    }
    for schema in layout.of(Kind::Schema) {
        let properties = schema.at.get("properties");
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, property) in properties.into_iter().flat_map(At::entries) {
            let Some(at) = property.get("description") else {
                continue;
            };
            let text = at.node.text().unwrap_or_default().trim();
            if text.split_whitespace().count() < MIN_WORDS {
                continue;
            }
            if let Some(first) = seen.insert(text, name) {
                let message = format!("`{name}` has the description of `{first}`");
                findings.add(rules::REPEATED_DESCRIPTION, at, message);
            }
        }
    }
}
