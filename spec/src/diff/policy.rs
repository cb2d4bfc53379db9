//! What a project decides for itself: grace times, the level of stability that counts, severities,
//! and which findings are approved.

use std::collections::BTreeMap;
use std::path::Path;

use super::date::Date;
use super::error::Error;
use super::finding::Severity;
use super::node::Node;
use super::read;
use super::rules;

/// How stable an operation is promised to be (`x-stability` or `x-stability-level`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Stability {
    Draft,
    Alpha,
    Beta,
    Stable,
}

impl Stability {
    /// The level of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "draft" | "experimental" => Self::Draft,
            "alpha" => Self::Alpha,
            "beta" => Self::Beta,
            "stable" | "ga" => Self::Stable,
            _ => return None,
        })
    }

    /// The name in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Stable => "stable",
        }
    }
}

/// The decisions of a project; [`Policy::default`] asks for no grace time and approves nothing.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The day on which the documents are judged; without it no sunset has come and no grace time
    /// is asked for.
    pub today: Option<Date>,
    /// Days between a deprecation and its sunset, at the least.
    pub grace_days: Option<i64>,
    /// Operations below this level may change at will.
    pub stability: Stability,
    /// What a rule's findings are, whatever the table says; none means that they are not reported. The rules
    /// of the lint stand here too.
    pub severities: BTreeMap<String, Option<Severity>>,
    /// Findings that somebody answers for.
    pub approvals: Vec<Approval>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            today: None,
            grace_days: None,
            stability: Stability::Beta,
            severities: BTreeMap::new(),
            approvals: Vec::new(),
        }
    }
}

/// A finding that somebody answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The finding's fingerprint.
    pub fingerprint: String,
    /// Why it is no harm.
    pub reason: String,
    /// Who says so.
    pub by: String,
    /// The last day on which it counts.
    pub until: Option<Date>,
}

impl Policy {
    /// Takes the decisions of a policy file: `grace-days`, `stability`, `severity` by rule.
    pub fn read(&mut self, text: &str, file: &Path) -> Result<(), Error> {
        let node = read::parse(text, file)?;
        let wrong = |message: String| Error::Policy {
            file: file.to_owned(),
            message,
        };
        for (key, value) in node.entries() {
            match &**key {
                "grace-days" => {
                    let days = value.canonical().parse().ok().filter(|days| *days >= 0);
                    let days = days
                        .ok_or_else(|| wrong("`grace-days` must be a whole number".to_owned()))?;
                    self.grace_days = Some(days);
                }
                "stability" => {
                    let level = value.text().and_then(Stability::parse);
                    self.stability = level.ok_or_else(|| {
                        wrong("`stability` is none of draft, alpha, beta, stable".to_owned())
                    })?;
                }
                "severity" => {
                    for (rule, severity) in value.entries() {
                        let severity = severity.text().unwrap_or_default();
                        self.set_severity(rule, severity).map_err(wrong)?;
                    }
                }
                other => {
                    return Err(wrong(format!(
                        "`{other}` is not known; there are grace-days, stability, severity"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Decides what a rule's findings are: `error`, `warning`, `info`, or `off`.
    pub fn set_severity(&mut self, rule: &str, severity: &str) -> Result<(), String> {
        if rules::find(rule).is_none() && crate::lint::rules::find(rule).is_none() {
            return Err(format!("there is no rule `{rule}`"));
        }
        if matches!(rule, "unhandled" | "reference-unresolved") && severity != "error" {
            return Err(format!(
                "`{rule}` cannot be switched off: approve single findings"
            ));
        }
        let severity = match severity {
            "off" => None,
            other => Some(Severity::parse(other).ok_or_else(|| {
                format!("`{other}` is none of error, warning, info, off (for {rule})")
            })?),
        };
        self.severities.insert(rule.to_owned(), severity);
        Ok(())
    }

    /// Takes the approvals of a file: a list under `approvals`, each with `fingerprint`, `reason`,
    /// `by` and, if it ends, `until`.
    pub fn read_approvals(&mut self, text: &str, file: &Path) -> Result<(), Error> {
        let node = read::parse(text, file)?;
        let wrong = |message: String| Error::Policy {
            file: file.to_owned(),
            message,
        };
        let Some(list) = node.get("approvals") else {
            return Err(wrong("the list `approvals` is missing".to_owned()));
        };
        for entry in list.items() {
            let approval = approval(entry)
                .map_err(|message| wrong(format!("line {}: {message}", entry.line)))?;
            self.approvals.push(approval);
        }
        Ok(())
    }
}

fn approval(entry: &Node) -> Result<Approval, String> {
    let text = |key: &str| {
        let text = entry.text_at(key).filter(|text| !text.trim().is_empty());
        text.map(str::to_owned)
            .ok_or_else(|| format!("`{key}` must be a text"))
    };
    let until = match entry.get("until") {
        None => None,
        Some(until) => {
            let date = until.text().and_then(Date::parse);
            Some(date.ok_or("`until` must be a date, YYYY-MM-DD")?)
        }
    };
    Ok(Approval {
        fingerprint: text("fingerprint")?,
        reason: text("reason")?,
        by: text("by")?,
        until,
    })
}
