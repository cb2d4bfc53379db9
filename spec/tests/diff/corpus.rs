//! The corpus in `cases/`: a document and a change to it, and what each direction must find.

use std::collections::BTreeSet;

use rafay_spec::diff::{Date, Direction, Document, Finding, Options, Severity, diff, rules};
use serde_json::Value;

use super::pairs::pairs;

pub(crate) fn document(value: &Value) -> Document {
    Document::from_text(&value.to_string(), "api.json").expect("a document")
}

fn found(findings: &[Finding]) -> Vec<String> {
    let text = |finding: &Finding| {
        let directions: Vec<_> = finding
            .directions
            .iter()
            .map(|d| Direction::as_str(*d))
            .collect();
        format!("{} {}", finding.rule.id, directions.join("+"))
    };
    let mut list: Vec<String> = findings.iter().map(text).collect();
    list.sort();
    list
}

fn options(case: &Value) -> Options<'static> {
    let mut options = Options::default();
    options.policy.today = case["today"].as_str().and_then(Date::parse);
    options.policy.grace_days = case["grace"].as_i64();
    options.subset = case["subset"].as_bool().unwrap_or_default();
    options
}

#[test]
fn every_pair_gives_exactly_its_findings_in_both_directions() {
    let pairs = pairs();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for pair in &pairs {
        let (old, new) = (
            Document::from_text(&pair.old, "api.yaml").expect(&pair.name),
            Document::from_text(&pair.new, "api.yaml").expect(&pair.name),
        );
        for (way, from, to, expected) in [
            ("forth", &old, &new, &pair.gives),
            ("back", &new, &old, &pair.back),
        ] {
            let findings = diff(from, to, &options(&pair.case))
                .expect(&pair.name)
                .findings;
            seen.extend(findings.iter().map(|finding| finding.rule.id));
            let found = found(&findings);
            if found != *expected {
                let name = &pair.name;
                wrong.push(format!(
                    "{way}: {name}\n  expected {expected:?}\n  found    {found:?}"
                ));
                continue;
            }
            if let Some(count) = pair.case["operations"].as_u64() {
                for finding in &findings {
                    let reached = &finding.operations;
                    if reached.len() as u64 != count {
                        wrong.push(format!("{way}: {}\n  reaches {reached:?}", pair.name));
                    }
                }
            }
            if let Some(severity) = pair.case["severity"].as_str().and_then(Severity::parse) {
                assert!(
                    findings.iter().all(|f| f.severity == severity),
                    "{}",
                    pair.name
                );
            }
        }
        // A document never differs from itself.
        assert!(
            diff(&old, &old, &Options::default())
                .unwrap()
                .findings
                .is_empty()
                || pair.old.contains("Nowhere")
        );
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(pairs.len() * 2 >= 150, "{} pairs", pairs.len() * 2);
    // Roles need files of their own; `edges.rs` has them.
    let missing: Vec<_> = rules::all()
        .map(|rule| rule.id)
        .filter(|id| !seen.contains(id) && !id.starts_with("role-"))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
