//! The history of a document for people: what a reader of release notes wants to know of two documents.
//!
//! [`changes`] sorts what a [`Comparison`] found by kind (`x-behavior` says which, or the first tag in
//! documents of others), breaks first, then new operations, new fields, deprecations and the rest, in whole
//! sentences. [`history`] does so for every release of a folder of versions.

mod history;
mod outline;
mod sentence;

pub use history::history;

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{Comparison, Document, Finding};
use outline::Outline;
use sentence::{Class, Line};

/// How a changelog is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For a terminal.
    Text,
    /// For a file in a repository.
    Markdown,
}

/// What changed between two documents, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// A title, and the sentences below it: breaks first, then each kind by name.
    pub parts: Vec<(String, Vec<String>)>,
}

/// Where what reaches several kinds is told.
const SEVERAL: &str = "Several kinds";
/// Where what reaches no operation is told.
const WHOLE: &str = "The document";

/// What a comparison of two documents found, for people.
pub fn changes(old: &Document, new: &Document, comparison: &Comparison) -> Changes {
    let outlines = (Outline::new(old), Outline::new(new));
    let mut parts: BTreeMap<(u8, String), Vec<Line>> = BTreeMap::new();
    for merged in merged(&comparison.findings) {
        let kinds: BTreeSet<&str> = merged
            .operations
            .iter()
            .flat_map(|label| {
                // What is still there goes by the kind that it has now.
                let now = outlines.1.kinds(label);
                if now.is_empty() {
                    outlines.0.kinds(label)
                } else {
                    now
                }
            })
            .collect();
        let own = merged.finding.subject().and_then(|subject| {
            let schema = subject.split('.').next()?.to_owned();
            let is_kind = outlines.1.is_kind(&schema) || outlines.0.is_kind(&schema);
            is_kind.then_some(schema)
        });
        let kind = own.unwrap_or_else(|| match kinds.len() {
            0 => WHOLE.to_owned(),
            1 => kinds.first().copied().unwrap_or_default().to_owned(),
            _ => SEVERAL.to_owned(),
        });
        for mut line in sentence::lines(merged.finding, &merged.operations, &outlines.1) {
            let breaks = line.class == Class::Break;
            let kind = line.kind.take().unwrap_or_else(|| kind.clone());
            let title = if breaks { "Breaks" } else { kind.as_str() };
            if breaks && kind != WHOLE {
                line.text = format!("{kind}: {}", line.text);
            }
            // Breaks come first, and what is of no single kind last.
            let rank = match title {
                _ if breaks => 0,
                SEVERAL | WHOLE => 2,
                _ => 1,
            };
            let part = parts.entry((rank, title.to_owned())).or_default();
            part.push(line);
        }
    }
    let parts = parts.into_iter().map(|((_, title), mut lines)| {
        lines.sort();
        lines.dedup();
        let texts = sentence::joined(lines);
        (title, texts)
    });
    Changes {
        parts: parts.collect(),
    }
}

/// The same said of many places, once.
struct Merged<'a> {
    finding: &'a Finding,
    operations: BTreeSet<&'a str>,
}

fn merged(findings: &[Finding]) -> Vec<Merged<'_>> {
    let mut all: Vec<Merged<'_>> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for finding in findings {
        let key = (
            finding.rule.id,
            finding.subject(),
            &finding.message,
            finding.severity,
            &finding.approved,
        );
        let at = *known.entry(key).or_insert(all.len());
        if at == all.len() {
            all.push(Merged {
                finding,
                operations: BTreeSet::new(),
            });
        }
        let operations = finding.operations.iter().map(String::as_str);
        all[at].operations.extend(operations);
    }
    all
}

impl Changes {
    /// Whether nothing changed that anybody could notice.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The text of the changes.
    pub fn render(&self, style: Style) -> String {
        let mut out = String::new();
        for (title, lines) in &self.parts {
            if !out.is_empty() {
                out.push('\n');
            }
            match style {
                Style::Text => out.push_str(&format!("{title}\n")),
                Style::Markdown => out.push_str(&format!("**{title}**\n\n")),
            }
            for line in lines {
                let mark = if style == Style::Text { "  -" } else { "-" };
                out.push_str(&format!("{mark} {line}\n"));
            }
        }
        out
    }
}
