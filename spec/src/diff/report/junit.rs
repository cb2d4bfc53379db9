//! For the test reports of CI systems: one case for each finding, failed when the comparison fails
//! by it.

use super::super::Comparison;
use super::{View, harm, headline, operations, shown};

pub(super) fn render(comparison: &Comparison, view: &View) -> String {
    let failing: Vec<&str> = comparison
        .failures(view.fail_on)
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    let findings = shown(comparison, view);
    let stale = &comparison.stale_approvals;
    let failures = findings
        .iter()
        .filter(|f| failing.contains(&f.fingerprint.as_str()))
        .count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!(
        "<testsuite name=\"rafay-spec diff\" tests=\"{}\" failures=\"{}\">\n",
        (findings.len() + stale.len()).max(1),
        failures + stale.len(),
    ));
    for finding in &findings {
        let place = finding.new.as_ref().or(finding.old.as_ref());
        let place = place.map(ToString::to_string).unwrap_or_default();
        out.push_str(&format!(
            "  <testcase classname=\"{}\" name=\"{}\"",
            finding.rule.id,
            escape(&format!("{place} {}", headline(finding))),
        ));
        if failing.contains(&finding.fingerprint.as_str()) {
            out.push_str(&format!(
                ">\n    <failure message=\"{}\">{}</failure>\n  </testcase>\n",
                escape(&headline(finding)),
                escape(&format!(
                    "{}; reaches {}",
                    harm(finding),
                    operations(finding, 10)
                )),
            ));
        } else {
            out.push_str("/>\n");
        }
    }
    for stale in stale {
        let stale = escape(stale);
        out.push_str(&format!(
            "  <testcase classname=\"approvals\" name=\"{stale}\">\n    <failure message=\"{stale}\"/>\n  </testcase>\n",
        ));
    }
    if findings.is_empty() && stale.is_empty() {
        out.push_str("  <testcase classname=\"rafay-spec\" name=\"compatible\"/>\n");
    }
    out.push_str("</testsuite>\n");
    out
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // XML has no other control characters, not even escaped.
            c if c < ' ' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
