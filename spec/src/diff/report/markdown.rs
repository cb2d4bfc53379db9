//! For a comment on a pull request.

use super::super::{Comparison, Severity};
use super::{View, directions, harm, headline, operations, shown, summary};

pub(super) fn render(comparison: &Comparison, view: &View) -> String {
    let mut out = format!(
        "### API changes: {} → {}\n\n",
        plain(&view.old),
        plain(&view.new)
    );
    out.push_str(&format!("{}\n", summary(comparison, view)));
    let findings = shown(comparison, view);
    for (severity, title) in [
        (Severity::Error, "Breaks"),
        (Severity::Warning, "Risks"),
        (Severity::Info, "Harmless changes"),
    ] {
        let group: Vec<_> = findings.iter().filter(|f| f.severity == severity).collect();
        if group.is_empty() {
            continue;
        }
        out.push_str(&format!("\n#### {title}\n\n"));
        out.push_str("| rule | change | effect | reaches | place |\n|---|---|---|---|---|\n");
        for finding in group {
            let way = directions(finding);
            let way = if way.is_empty() {
                way
            } else {
                format!(" ({way})")
            };
            let place = finding.new.as_ref().or(finding.old.as_ref());
            let place = place
                .map(|place| plain(&place.to_string()))
                .unwrap_or_default();
            out.push_str(&format!(
                "| `{}` | {}{way} | {} | {} | {place} |\n",
                finding.rule.id,
                cell(&headline(finding)),
                cell(&harm(finding)),
                cell(&operations(finding, 3)),
            ));
        }
    }
    if !comparison.stale_approvals.is_empty() {
        out.push_str("\n#### Stale approvals\n\n");
        for stale in &comparison.stale_approvals {
            out.push_str(&format!("- {}\n", plain(stale)));
        }
    }
    out
}

/// Text of a document as text: nothing in it may become markup, and code stays code.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '[' | ']' | '@' | '\\' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// The same with the code spans of messages kept as they are.
pub(crate) fn cell(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(&text.replace('`', "'"));
    }
    let part = |(index, part): (usize, &&str)| {
        if index % 2 == 0 {
            plain(part)
        } else {
            // Inside a code span nothing is markup but the bar that ends a cell.
            format!("`{}`", part.replace('|', "\\|").replace(['\n', '\r'], " "))
        }
    };
    parts.iter().enumerate().map(part).collect()
}
