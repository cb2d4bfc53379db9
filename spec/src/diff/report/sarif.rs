//! SARIF 2.1.0, for code scanning.

use serde_json::{Value, json};

use super::super::{Comparison, Finding, Place, Severity};
use super::{View, harm, headline, shown};

pub(super) fn render(comparison: &Comparison, view: &View) -> String {
    let findings = shown(comparison, view);
    let mut rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup();
    let rules = rules
        .iter()
        .map(|it| rule(it.id, it.what, it.why, it.instead));
    let rules: Vec<Value> = rules.collect();
    let mut results: Vec<Value> = findings.into_iter().map(result).collect();
    results.extend(comparison.stale_approvals.iter().map(
        |stale| json!({"ruleId": "stale-approval", "level": "error", "message": {"text": stale}}),
    ));
    log(&rules, &results)
}

/// A rule as code scanning shows it.
pub(crate) fn rule(id: &str, what: &str, why: &str, help: &str) -> Value {
    json!({
        "id": id,
        "shortDescription": {"text": what},
        "fullDescription": {"text": why},
        "help": {"text": help},
    })
}

/// The whole log of one run.
pub(crate) fn log(rules: &[Value], results: &[Value]) -> String {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "rafay-spec",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut result = json!({
        "ruleId": finding.rule.id,
        "level": level,
        "message": {"text": format!("{}: {}", headline(finding), harm(finding))},
        "partialFingerprints": {"rafaySpec/v1": finding.fingerprint},
        "properties": {"operations": finding.operations},
    });
    let place = finding.new.as_ref().or(finding.old.as_ref());
    result["locations"] = place.into_iter().map(location).collect();
    if let (Some(old), Some(_)) = (&finding.old, &finding.new) {
        let mut related = location(old);
        related["message"] = json!({"text": "in the old document"});
        result["relatedLocations"] = json!([related]);
    }
    if let Some(why) = &finding.approved {
        result["suppressions"] = json!([{"kind": "external", "justification": why}]);
    }
    result
}

pub(crate) fn location(place: &Place) -> Value {
    json!({"physicalLocation": {
        "artifactLocation": {"uri": place.file.display().to_string().replace('\\', "/")},
        "region": {"startLine": place.line, "startColumn": place.column},
    }})
}
