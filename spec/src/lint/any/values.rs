//! Values that a document gives: examples and defaults, against their schemas.

use super::Findings;
use super::admit::Judge;
use super::layout::{Layout, Part};
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let mut judge = Judge::new(layout);
    for part in &layout.parts {
        match part.kind {
            Kind::Schema => {
                let at = part.at;
                if let Some(default) = at.get("default") {
                    let message = judge.misfit(at, default);
                    tell(
                        rules::INVALID_DEFAULT,
                        "default",
                        default,
                        message,
                        findings,
                    );
                }
                let single = at.get("example").into_iter();
                let listed = at.get("examples").into_iter().flat_map(At::items);
                for example in single.chain(listed) {
                    let message = judge.misfit(at, example);
                    tell(
                        rules::INVALID_EXAMPLE,
                        "example",
                        example,
                        message,
                        findings,
                    );
                }
            }
            Kind::Parameter | Kind::Header | Kind::MediaType if is_json(part) => {
                let Some(schema) = part.at.get("schema") else {
                    continue;
                };
                let named = part.at.get("examples").into_iter().flat_map(At::entries);
                let named = named.filter_map(|(_, example)| layout.resolve(example)?.get("value"));
                for example in part.at.get("example").into_iter().chain(named) {
                    let message = judge.misfit(schema, example);
                    tell(
                        rules::INVALID_EXAMPLE,
                        "example",
                        example,
                        message,
                        findings,
                    );
                }
            }
            _ => {}
        }
    }
}

fn tell<'a>(
    rule: &'static str,
    what: &str,
    at: At<'a>,
    misfit: Option<String>,
    findings: &mut Findings<'a>,
) {
    if let Some(misfit) = misfit {
        findings.add(
            rule,
            at,
            format!("the {what} does not fit its schema: {misfit}"),
        );
    }
}

/// Whether examples are values of the schema; those of other media types are texts in their form.
fn is_json(part: &Part<'_>) -> bool {
    if part.kind != Kind::MediaType {
        return true;
    }
    let name = part.key.to_ascii_lowercase();
    name.contains("json") || name.contains("yaml") || name == "application/x-www-form-urlencoded"
}
