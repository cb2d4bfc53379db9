//! Workflow commands, which GitHub shows beside the lines of a change.

use super::super::{Comparison, Place, Severity};
use super::{View, harm, headline, operations, shown};

pub(super) fn render(comparison: &Comparison, view: &View) -> String {
    let mut out = String::new();
    for finding in shown(comparison, view) {
        let level = match (finding.severity, &finding.approved) {
            (Severity::Error, None) => "error",
            (Severity::Warning, None) => "warning",
            _ => "notice",
        };
        let place = finding.new.as_ref().or(finding.old.as_ref());
        let reaches = operations(finding, 5);
        let text = format!(
            "{}; {}; reaches {reaches}",
            headline(finding),
            harm(finding)
        );
        out.push_str(&command(level, place, finding.rule.id, &text));
    }
    for stale in &comparison.stale_approvals {
        out.push_str(&format!(
            "::error title=stale approval::{}\n",
            message(stale)
        ));
    }
    out
}

/// One command: what is to be shown, and beside which line.
pub(crate) fn command(level: &str, place: Option<&Place>, title: &str, text: &str) -> String {
    let place = place.map_or(String::new(), |place| {
        let file = property(&place.file.display().to_string());
        format!("file={file},line={},col={},", place.line, place.column)
    });
    format!("::{level} {place}title={title}::{}\n", message(text))
}

fn message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
