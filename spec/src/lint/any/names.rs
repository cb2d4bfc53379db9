//! Names that become one name in generated code.

use std::collections::BTreeMap;

use super::Findings;
use super::layout::Layout;
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::name::{pascal_case, words};
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let snake = |name: &str| words(name).join("_");
    let pascal = |name: &str| pascal_case(&words(name));
    let schemas = layout.definitions("schemas");
    apart(schemas, rules::SCHEMA_COLLISION, pascal, findings);
    let ids = layout.of(Kind::Operation).filter_map(|operation| {
        let at = operation.at.get("operationId")?;
        Some((at.node.text()?, at))
    });
    apart(ids, rules::OPERATION_ID_COLLISION, snake, findings);
    for schema in layout.of(Kind::Schema) {
        let properties = schema.at.get("properties");
        let properties = properties.into_iter().flat_map(At::entries);
        apart(properties, rules::PROPERTY_COLLISION, snake, findings);
        let entries = schema.at.get("enum").into_iter().flat_map(At::items);
        let texts = entries.filter_map(|at| Some((at.node.text()?, at)));
        apart(texts, rules::ENUM_COLLISION, pascal, findings);
    }
}

fn apart<'a>(
    names: impl Iterator<Item = (&'a str, At<'a>)>,
    rule: &'static str,
    convert: impl Fn(&str) -> String,
    findings: &mut Findings<'a>,
) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, at) in names {
        let converted = convert(name);
        match seen.get(&converted) {
            // The same name again is another rule's matter.
            Some(first) if *first == name => {}
            Some(first) => {
                let message = format!("`{name}` and `{first}` both become `{converted}`");
                findings.add(rule, at, message);
            }
            None => {
                seen.insert(converted, name);
            }
        }
    }
}
