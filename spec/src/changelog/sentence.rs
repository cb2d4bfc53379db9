//! One finding as a sentence of a changelog.

use std::collections::BTreeSet;

use super::outline::Outline;
use crate::diff::rules::Area;
use crate::diff::{Finding, Promise, Severity};
use crate::pointer;

/// How many operations a sentence names.
const MOST: usize = 3;

/// What kind of news it is, in the order in which readers want it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Break,
    Operation,
    Field,
    Deprecation,
    Other,
}

/// A sentence; fields of one schema are joined later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) class: Class,
    pub(super) text: String,
    /// Of a new field: its schema and its name.
    field: Option<(String, String)>,
    /// Its kind, where that is not the one of the whole finding.
    pub(super) kind: Option<String>,
}

/// The sentences of a finding.
pub(super) fn lines(finding: &Finding, operations: &BTreeSet<&str>, new: &Outline) -> Vec<Line> {
    let line = |class, text| Line {
        class,
        text,
        field: None,
        kind: None,
    };
    let breaks =
        finding.severity == Severity::Error && Promise::ALL.iter().any(|p| finding.breaks(*p));
    if !breaks && matches!(finding.rule.id, "path-added" | "operation-added") {
        let added = operations.iter().flat_map(|label| new.operations(label));
        return added
            .map(|(label, kind, summary)| {
                let what = if summary.is_empty() {
                    String::new()
                } else {
                    format!(": {summary}")
                };
                {
                    let text = clean(&format!("`{label}` is new{what}."));
                    Line {
                        kind: Some(kind.to_owned()),
                        ..line(Class::Operation, text)
                    }
                }
            })
            .collect();
    }
    let subject = finding.subject();
    if !breaks
        && finding.rule.id == "property-added"
        && let (Some(schema), Some(name)) = (&subject, name(finding))
    {
        let field = Some((clean(schema), clean(&name)));
        return vec![Line {
            field,
            ..line(Class::Field, String::new())
        }];
    }
    let class = match finding.rule.area {
        _ if breaks => Class::Break,
        Area::Lifecycle => Class::Deprecation,
        Area::Properties if finding.rule.id.contains("-added") => Class::Field,
        _ => Class::Other,
    };
    let said = in_words(finding);
    let mut text = clean(&match subject {
        Some(subject) => about(&subject, &said),
        None => format!("{}{said}.", named(operations)),
    });
    if breaks {
        let broken: Vec<&str> = finding.broken().map(people).collect();
        text.push_str(&format!(" Breaks {}", broken.join(" and ")));
        match &finding.approved {
            Some(why) => text.push_str(&format!("; approved: {}.", clean(why))),
            None => text.push('.'),
        }
    }
    vec![line(class, text)]
}

/// The texts, with the new fields of one schema in one sentence.
pub(super) fn joined(lines: Vec<Line>) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut open: Option<(String, Vec<String>)> = None;
    let close = |open: Option<(String, Vec<String>)>, texts: &mut Vec<String>| {
        let Some((schema, names)) = open else {
            return;
        };
        let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        texts.push(match listed.as_slice() {
            [one] => format!("`{schema}` has the new field {one}."),
            many => format!("`{schema}` has the new fields {}.", many.join(", ")),
        });
    };
    for Line { text, field, .. } in lines {
        match (field, &mut open) {
            (Some((schema, name)), Some((known, names))) if *known == schema => names.push(name),
            (field, _) => {
                close(open.take(), &mut texts);
                match field {
                    Some((schema, name)) => open = Some((schema, vec![name])),
                    None => texts.push(text),
                }
            }
        }
    }
    close(open, &mut texts);
    texts
}

/// The last step of the place in the new document.
fn name(finding: &Finding) -> Option<String> {
    let place = finding.new.as_ref()?;
    let steps = pointer::segments(&place.pointer)?;
    Some(steps.last()?.to_string())
}

/// What a finding says of a schema or a property of it, which is not named twice.
fn about(subject: &str, said: &str) -> String {
    let own = subject.rsplit('.').next().unwrap_or(subject);
    match said.strip_prefix(&format!("property `{own}` ")) {
        Some(rest) if own != subject => format!("`{subject}` {rest}."),
        _ => format!("`{subject}`: {said}."),
    }
}

/// What a finding says; of the words that only generators and servers read, what they mean.
fn in_words(finding: &Finding) -> String {
    let word = finding.message.strip_suffix(" differs");
    let means = match word.map(|word| word.trim_matches('`')) {
        Some("x-behavior") => "what the call does",
        Some("x-from") => "which place of the object it shows",
        Some("x-kind") => "how its objects are kept and addressed",
        Some("x-lifecycle") => "what happens to it over time",
        Some("x-page") => "what it does with a list",
        Some("x-references") => "what it may name",
        Some("x-view-of") => "which kind it shows",
        _ => return finding.message.clone(),
    };
    format!("{means} has changed")
}

fn named(operations: &BTreeSet<&str>) -> String {
    if operations.is_empty() {
        return String::new();
    }
    if operations.len() > 2 * MOST {
        return format!("{} operations: ", operations.len());
    }
    let first = operations.iter().take(MOST);
    let listed: Vec<String> = first.map(|label| format!("`{label}`")).collect();
    let more = match operations.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}: ", listed.join(", "))
}

/// Whom a broken promise is felt by.
fn people(promise: Promise) -> &'static str {
    match promise {
        Promise::Wire => "old clients",
        Promise::SdkSource => "code that uses the SDK",
        Promise::Behaviour => "what calls did",
    }
}

/// Text of a document on one line, without what a terminal or Markdown would take for a command.
fn clean(text: &str) -> String {
    let plain = text.chars().map(|c| match c {
        c if c.is_control() => ' ',
        '<' => '‹',
        '>' => '›',
        c => c,
    });
    plain.collect()
}
