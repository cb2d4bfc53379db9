//! A comparison as text, for people and for machines.

pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod markdown;
pub(crate) mod sarif;
pub(crate) mod text;

use super::{Comparison, FailOn, Finding, Severity};

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For programs; `spec/diff-report.schema.json` describes it.
    Json,
    /// For a comment on a pull request.
    Markdown,
    /// For the test reports of CI systems: one case for each finding.
    Junit,
    /// Workflow commands that GitHub shows beside the lines of a change.
    Github,
    /// For code scanning.
    Sarif,
}

impl Format {
    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "json" => Self::Json,
            "markdown" => Self::Markdown,
            "junit" => Self::Junit,
            "github" => Self::Github,
            "sarif" => Self::Sarif,
            _ => return None,
        })
    }
}

/// What a report shows.
#[derive(Clone, Debug)]
pub struct View {
    /// What the old document is called.
    pub old: String,
    /// What the new document is called.
    pub new: String,
    /// Which findings make the comparison fail.
    pub fail_on: FailOn,
    /// Show changes that break nobody too.
    pub all: bool,
    /// Colour the text.
    pub colour: bool,
}

/// Writes a report.
pub fn render(comparison: &Comparison, format: Format, view: &View) -> String {
    match format {
        Format::Text => text::render(comparison, view),
        Format::Json => json::render(comparison, view),
        Format::Markdown => markdown::render(comparison, view),
        Format::Junit => junit::render(comparison, view),
        Format::Github => github::render(comparison, view),
        Format::Sarif => sarif::render(comparison, view),
    }
}

/// The findings that a report shows.
fn shown<'a>(comparison: &'a Comparison, view: &View) -> Vec<&'a Finding> {
    let all = view.all;
    let findings = comparison.findings.iter();
    findings
        .filter(|finding| all || finding.severity > Severity::Info)
        .collect()
}

/// What has changed, and where in a schema.
fn headline(finding: &Finding) -> String {
    match finding.subject() {
        Some(subject) => clean(&format!("`{subject}`: {}", finding.message)),
        None => clean(&finding.message),
    }
}

/// Text of a document without what a terminal would take for a command.
pub(crate) fn clean(text: &str) -> String {
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(visible).collect()
}

/// Whom a finding breaks, in a few words.
fn harm(finding: &Finding) -> String {
    if let Some(why) = &finding.approved {
        return clean(&format!("approved: {why}"));
    }
    match finding.severity {
        Severity::Info => "breaks nobody".to_owned(),
        _ => super::explain::in_words(finding.verdict),
    }
}

/// Who sends it, if anybody does.
fn directions(finding: &Finding) -> String {
    let names = finding
        .directions
        .iter()
        .filter(|d| **d != super::Direction::Neither);
    names
        .map(|direction| direction.as_str())
        .collect::<Vec<_>>()
        .join(" and ")
}

/// The operations, or how many there are when a line cannot hold them.
fn operations(finding: &Finding, at_most: usize) -> String {
    let count = finding.operations.len();
    if count == 0 {
        return "the document".to_owned();
    }
    let first: Vec<&str> = finding
        .operations
        .iter()
        .take(at_most)
        .map(String::as_str)
        .collect();
    let mut text = clean(&first.join(", "));
    if count > at_most {
        text.push_str(&format!(" and {} more", count - at_most));
    }
    text
}

/// The counts that every report ends with.
fn summary(comparison: &Comparison, view: &View) -> String {
    let count = |severity, one: &str, many: &str| {
        let count = comparison.count(severity);
        format!("{count} {}", if count == 1 { one } else { many })
    };
    let verdict = if comparison.fails(view.fail_on) {
        "fails"
    } else {
        "passes"
    };
    format!(
        "{}, {}, {}: {verdict}; next version of the document: {}, of the SDK: {}",
        count(Severity::Error, "break", "breaks"),
        count(Severity::Warning, "risk", "risks"),
        count(Severity::Info, "harmless change", "harmless changes"),
        comparison.document_bump().as_str(),
        comparison.sdk_bump().as_str(),
    )
}
