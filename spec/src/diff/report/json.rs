//! For programs.

use serde_json::{Value, json};

use super::super::{Comparison, Finding, Grade, Place, Promise, Severity};
use super::{View, shown};

pub(super) fn render(comparison: &Comparison, view: &View) -> String {
    let count = |severity| comparison.count(severity);
    let report = json!({
        "format": 1,
        "old": view.old,
        "new": view.new,
        "fails": comparison.fails(view.fail_on),
        "counts": {
            "error": count(Severity::Error),
            "warning": count(Severity::Warning),
            "info": count(Severity::Info),
        },
        "bump": {
            "document": comparison.document_bump().as_str(),
            "sdk": comparison.sdk_bump().as_str(),
        },
        "findings": shown(comparison, view).into_iter().map(finding).collect::<Vec<_>>(),
        "staleApprovals": comparison.stale_approvals,
    });
    format!("{report:#}\n")
}

fn finding(finding: &Finding) -> Value {
    let with = |grade: Grade| {
        let of = Promise::ALL
            .into_iter()
            .filter(|p| finding.verdict.of(*p) == grade);
        of.map(Promise::as_str).collect::<Vec<_>>()
    };
    let directions: Vec<_> = finding.directions.iter().map(|d| d.as_str()).collect();
    json!({
        "rule": finding.rule.id,
        "area": finding.rule.area.as_str(),
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "directions": directions,
        "breaks": with(Grade::Break),
        "mayBreak": with(Grade::Risk),
        "old": finding.old.as_ref().map(place),
        "new": finding.new.as_ref().map(place),
        "operations": finding.operations,
        "operationCount": finding.operations.len(),
        "fingerprint": finding.fingerprint,
        "approved": finding.approved,
    })
}

pub(crate) fn place(place: &Place) -> Value {
    json!({
        "file": place.file.display().to_string(),
        "line": place.line,
        "column": place.column,
        "pointer": place.pointer,
    })
}
