//! What the lint found, as text for people and for machines: the forms of the reports of `diff`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::remark::Remark;
use crate::diff::Severity;
use crate::diff::report::{Format, clean, github, json as places, junit, markdown, sarif, text};

/// What a report shows.
#[derive(Clone, Debug)]
pub struct View {
    /// What was judged, as it was named.
    pub documents: Vec<String>,
    /// The least severity that fails.
    pub fail_on: Severity,
    /// Colour the text.
    pub colour: bool,
}

/// Whether there is a remark at or over the level.
pub fn fails(remarks: &[Remark], fail_on: Severity) -> bool {
    remarks.iter().any(|remark| remark.severity >= fail_on)
}

/// Writes a report.
pub fn render(remarks: &[Remark], format: Format, view: &View) -> String {
    match format {
        Format::Text => in_text(remarks, view),
        Format::Json => in_json(remarks, view),
        Format::Markdown => in_markdown(remarks, view),
        Format::Junit => in_junit(remarks, view),
        Format::Github => remarks.iter().map(in_github).collect(),
        Format::Sarif => in_sarif(remarks),
    }
}

fn count(remarks: &[Remark], severity: Severity) -> usize {
    let of = |remark: &&Remark| remark.severity == severity;
    remarks.iter().filter(of).count()
}

/// The counts that a report for people ends with.
fn summary(remarks: &[Remark], view: &View) -> String {
    let count = |severity, noun: &str| {
        let count = count(remarks, severity);
        format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
    };
    let verdict = if fails(remarks, view.fail_on) {
        "fails"
    } else {
        "passes"
    };
    format!(
        "{}, {}, {}: {verdict}",
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Info, "note"),
    )
}

fn in_text(remarks: &[Remark], view: &View) -> String {
    let paint = |code: &str, text: &str| text::paint(view.colour, code, text);
    let mut out = String::new();
    for remark in remarks {
        let head = format!("{}[{}]", remark.severity.as_str(), remark.rule.id);
        out.push_str(&format!(
            "{}: {}\n",
            paint(text::colour(remark.severity), &head),
            paint("1", &clean(&remark.message))
        ));
        let pointer = clean(&format!("#{}", remark.place.pointer));
        let place = clean(&remark.place.to_string());
        out.push_str(&format!("  {place} {}\n", paint("2", &pointer)));
    }
    // Silence means that all is well.
    if !remarks.is_empty() {
        let hint = "`rafay-spec explain RULE` says why, and how to satisfy it";
        out.push_str(&format!(
            "\n{}\n{}\n",
            summary(remarks, view),
            paint("2", hint)
        ));
    }
    out
}

fn in_json(remarks: &[Remark], view: &View) -> String {
    let finding = |remark: &Remark| {
        json!({
            "rule": remark.rule.id,
            "severity": remark.severity.as_str(),
            "message": remark.message,
            "place": places::place(&remark.place),
            "fingerprint": remark.fingerprint,
        })
    };
    let report = json!({
        "format": 1,
        "documents": view.documents,
        "fails": fails(remarks, view.fail_on),
        "counts": {
            "error": count(remarks, Severity::Error),
            "warning": count(remarks, Severity::Warning),
            "info": count(remarks, Severity::Info),
        },
        "findings": remarks.iter().map(finding).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

fn in_markdown(remarks: &[Remark], view: &View) -> String {
    let documents = markdown::plain(&view.documents.join(", "));
    let mut out = format!("### Lint of {documents}\n\n{}\n", summary(remarks, view));
    for (severity, title) in [
        (Severity::Error, "Errors"),
        (Severity::Warning, "Warnings"),
        (Severity::Info, "Notes"),
    ] {
        let group: Vec<_> = remarks.iter().filter(|r| r.severity == severity).collect();
        if group.is_empty() {
            continue;
        }
        out.push_str(&format!(
            "\n#### {title}\n\n| rule | finding | place |\n|---|---|---|\n"
        ));
        for remark in group {
            out.push_str(&format!(
                "| `{}` | {} | {} |\n",
                remark.rule.id,
                markdown::cell(&clean(&remark.message)),
                markdown::plain(&remark.place.to_string()),
            ));
        }
    }
    out
}

fn in_junit(remarks: &[Remark], view: &View) -> String {
    let failed = |remark: &&Remark| remark.severity >= view.fail_on;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"rafay-spec lint\" tests=\"{}\" failures=\"{}\">\n",
        remarks.len().max(1),
        remarks.iter().filter(failed).count(),
    );
    for remark in remarks {
        let message = junit::escape(&clean(&remark.message));
        let name = junit::escape(&format!("{} {}", remark.place, clean(&remark.message)));
        let rule = remark.rule.id;
        out.push_str(&format!("  <testcase classname=\"{rule}\" name=\"{name}\""));
        if failed(&remark) {
            let why = junit::escape(remark.rule.why);
            out.push_str(&format!(
                ">\n    <failure message=\"{message}\">{why}</failure>\n  </testcase>\n"
            ));
        } else {
            out.push_str("/>\n");
        }
    }
    if remarks.is_empty() {
        out.push_str("  <testcase classname=\"rafay-spec\" name=\"clean\"/>\n");
    }
    out.push_str("</testsuite>\n");
    out
}

fn in_github(remark: &Remark) -> String {
    let level = match remark.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    github::command(
        level,
        Some(&remark.place),
        remark.rule.id,
        &clean(&remark.message),
    )
}

fn in_sarif(remarks: &[Remark]) -> String {
    let rules: BTreeMap<&str, Value> = remarks
        .iter()
        .map(|remark| remark.rule)
        .map(|rule| (rule.id, sarif::rule(rule.id, rule.asks, rule.why, rule.fix)))
        .collect();
    let result = |remark: &Remark| {
        let level = match remark.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        json!({
            "ruleId": remark.rule.id,
            "level": level,
            "message": {"text": clean(&remark.message)},
            "partialFingerprints": {"rafaySpec/v1": remark.fingerprint},
            "locations": [sarif::location(&remark.place)],
        })
    };
    let rules: Vec<Value> = rules.into_values().collect();
    let results: Vec<Value> = remarks.iter().map(result).collect();
    sarif::log(&rules, &results)
}
