//! Enums: entries once, of the schema's type, on the right schema.

use std::collections::BTreeSet;

use super::Findings;
use super::admit::is_of;
use super::layout::Layout;
use super::shape::Kind;
use crate::diff::node::Data;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    for schema in layout.of(Kind::Schema) {
        let Some(list) = schema.at.get("enum") else {
            continue;
        };
        let node = schema.at.node;
        let kind = node.text_at("type");
        if kind == Some("array")
            && list
                .items()
                .any(|item| !matches!(item.node.data, Data::List(_)))
        {
            let message = "an enum here lists whole arrays; put it on the items";
            findings.add(rules::ENUM_ON_ARRAY, list, message);
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for entry in list.items() {
            let text = entry.node.canonical();
            if !seen.insert(text.clone()) {
                let message = format!("the entry {text} comes twice");
                findings.add(rules::ENUM_ENTRIES, entry, message);
                continue;
            }
            let Some(kind) = kind.filter(|kind| *kind != "array") else {
                continue;
            };
            if matches!(entry.node.data, Data::Null) {
                if !node.flag("nullable") {
                    let message = "null is no value of this type; write `nullable: true` beside it";
                    findings.add(rules::ENUM_TYPE, entry, message);
                }
            } else if !is_of(kind, entry.node) {
                let message = format!("the entry {text} is no {kind}");
                findings.add(rules::ENUM_TYPE, entry, message);
            }
        }
    }
}
