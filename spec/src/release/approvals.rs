//! The file of approvals after a release: what was answered for goes into the index with it.

use std::collections::BTreeSet;

use crate::diff::Approval;

/// The text of a file of approvals with those that stay. The comment above the list stays too.
pub(super) fn without(text: &str, all: &[Approval], gone: &BTreeSet<&str>) -> String {
    let comment = text.lines().take_while(|line| line.starts_with('#'));
    let mut out: String = comment.map(|line| format!("{line}\n")).collect();
    let stay = all
        .iter()
        .filter(|approval| !gone.contains(approval.fingerprint.as_str()));
    let list: String = stay.map(item).collect();
    if list.is_empty() {
        out.push_str("approvals: []\n");
    } else {
        out.push_str("approvals:\n");
        out.push_str(&list);
    }
    out
}

fn item(approval: &Approval) -> String {
    // A JSON text is a YAML text too, whatever stands in it.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let Approval {
        fingerprint,
        reason,
        by,
        until,
    } = approval;
    let mut out = format!(
        "- fingerprint: {}\n  reason: {}\n  by: {}\n",
        quoted(fingerprint),
        quoted(reason),
        quoted(by)
    );
    if let Some(until) = until {
        out.push_str(&format!("  until: '{until}'\n"));
    }
    out
}
