//! The page of a rule, as `rafay-spec explain` prints it.

use std::fmt::Write as _;

use super::rules::{Grade, Promise, Rule, Verdict, Verdicts};

/// What the rule means, why it breaks whom, and how to do the same compatibly.
pub fn explain(rule: &Rule) -> String {
    let mut out = format!("{} ({})\n\n", rule.id, rule.area.as_str());
    let sentence = |text: &str| {
        let mut chars = text.chars();
        let first = chars.next().map(|c| c.to_uppercase().collect::<String>());
        format!("{}{}.", first.unwrap_or_default(), chars.as_str())
    };
    for (title, text) in [
        ("What", rule.what),
        ("Why", rule.why),
        ("How to do it", rule.instead),
    ] {
        // Writing to a text cannot fail.
        let _ = writeln!(out, "{title}: {}", sentence(text));
    }
    out.push('\n');
    let mut line = |direction: &str, verdict: Verdict| {
        let _ = writeln!(out, "{direction}: {}", in_words(verdict));
    };
    match rule.verdicts {
        Verdicts::Any(verdict) => line("Verdict", verdict),
        Verdicts::Request(verdict) => line("Requests", verdict),
        Verdicts::Response(verdict) => line("Responses", verdict),
        Verdicts::Both { request, response } => {
            line("Requests", request);
            line("Responses", response);
        }
    }
    let _ = writeln!(out, "Mirror: {}", rule.mirrors.join(", "));
    out
}

/// A verdict such as `breaks wire; may break behaviour`.
pub(super) fn in_words(verdict: Verdict) -> String {
    let with = |grade: Grade| {
        let of = Promise::ALL
            .into_iter()
            .filter(|promise| verdict.of(*promise) == grade);
        of.map(Promise::as_str).collect::<Vec<_>>().join(", ")
    };
    match (with(Grade::Break), with(Grade::Risk)) {
        (breaks, risks) if breaks.is_empty() && risks.is_empty() => "breaks nobody".to_owned(),
        (breaks, risks) if risks.is_empty() => format!("breaks {breaks}"),
        (breaks, risks) if breaks.is_empty() => format!("may break {risks}"),
        (breaks, risks) => format!("breaks {breaks}; may break {risks}"),
    }
}
