//! For people in a terminal.

use super::super::{Comparison, Severity};
use super::{View, clean, directions, harm, headline, operations, shown, summary};

pub(super) fn render(comparison: &Comparison, view: &View) -> String {
    let paint = |code: &str, text: &str| paint(view.colour, code, text);
    let mut out = String::new();
    for finding in shown(comparison, view) {
        let code = colour(finding.severity);
        let head = format!("{}[{}]", finding.severity.as_str(), finding.rule.id);
        out.push_str(&format!(
            "{}: {}\n",
            paint(code, &head),
            paint("1", &headline(finding))
        ));
        let way = directions(finding);
        let way = if way.is_empty() {
            way
        } else {
            format!(", in {way}")
        };
        out.push_str(&format!("  {}{way}\n", harm(finding)));
        for (side, place) in [("old", &finding.old), ("new", &finding.new)] {
            if let Some(place) = place {
                let pointer = paint("2", &clean(&format!("#{}", place.pointer)));
                out.push_str(&format!(
                    "  {side}: {} {pointer}\n",
                    clean(&place.to_string())
                ));
            }
        }
        let count = finding.operations.len();
        if count > 0 {
            let noun = if count == 1 {
                "operation"
            } else {
                "operations"
            };
            out.push_str(&format!("  {count} {noun}: {}\n", operations(finding, 4)));
        }
        let hint = format!("rafay-spec explain {}", finding.rule.id);
        out.push_str(&format!(
            "  {}\n\n",
            paint("2", &format!("{hint} · {}", finding.fingerprint))
        ));
    }
    for stale in &comparison.stale_approvals {
        out.push_str(&format!("{}: {stale}\n", paint("1;31", "stale approval")));
    }
    out.push_str(&summary(comparison, view));
    out.push('\n');
    out
}

/// Text in a colour, where there are any.
pub(crate) fn paint(colour: bool, code: &str, text: &str) -> String {
    if colour {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// The colour of a severity.
pub(crate) fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Info => "32",
    }
}
