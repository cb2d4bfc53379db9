//! The page of a rule, as `rafay-spec explain` prints it.

use super::rules::Rule;

/// What the rule asks for, why, and how to satisfy it.
pub fn explain(rule: &Rule) -> String {
    let sentence = |text: &str| {
        let mut chars = text.chars();
        let first = chars.next().map(|c| c.to_uppercase().collect::<String>());
        format!("{}{}.", first.unwrap_or_default(), chars.as_str())
    };
    format!(
        "{} (lint)\n\nWhat: {}\nWhy: {}\nHow to satisfy it: {}\n\nSeverity: {}\nJudged in: {}\n",
        rule.id,
        sentence(rule.asks),
        sentence(rule.why),
        sentence(rule.fix),
        rule.severity.as_str(),
        rule.family.as_str(),
    )
}
