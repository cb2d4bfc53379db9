//! What the lint says about a document, ours or anybody's, as reports show it.

use std::collections::HashMap;

use super::rules::Rule;
use crate::diff::{Place, Policy, Severity};

/// A rule that a document breaks, and where.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The rule.
    pub rule: &'static Rule,
    /// How much it matters: what the rule says, unless the policy says otherwise.
    pub severity: Severity,
    /// What is wrong and what would be right.
    pub message: String,
    /// Where it stands.
    pub place: Place,
    /// The same for the same finding in every run, whatever the lines.
    pub fingerprint: String,
}

impl Remark {
    /// A remark as the policy has it; nothing when the rule is switched off.
    pub(super) fn new(
        rule: &'static Rule,
        severity: Severity,
        message: String,
        place: Place,
        policy: &Policy,
    ) -> Option<Self> {
        let severity = match policy.severities.get(rule.id) {
            Some(decided) => (*decided)?,
            None => severity,
        };
        Some(Self {
            rule,
            severity,
            message,
            place,
            fingerprint: String::new(),
        })
    }
}

/// Sorts remarks, the worst first, then by place, and gives each its fingerprint.
pub(super) fn arrange(mut remarks: Vec<Remark>) -> Vec<Remark> {
    remarks.sort_by(|a, b| {
        let key = |remark: &Remark| std::cmp::Reverse(remark.severity);
        (key(a), &a.place, a.rule.id, &a.message).cmp(&(key(b), &b.place, b.rule.id, &b.message))
    });
    remarks.dedup_by(|a, b| (&a.place, a.rule.id, &a.message) == (&b.place, b.rule.id, &b.message));
    let mut seen: HashMap<String, usize> = HashMap::new();
    for remark in &mut remarks {
        let parts = [remark.rule.id, &remark.place.pointer, &remark.message];
        let text = parts.join("\n");
        let count = seen.entry(text.clone()).or_default();
        let hash = blake3::hash(format!("{text}\n{count}").as_bytes());
        *count += 1;
        hash.to_hex().as_str()[..16].clone_into(&mut remark.fingerprint);
    }
    remarks
}
