//! What a comparison says: one finding for each cause.

use std::fmt;
use std::path::PathBuf;

use crate::pointer;

use super::rules::{Direction, Grade, Promise, Rule, Verdict};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A change that breaks nobody.
    Info,
    /// A change that breaks those who relied on more than was promised.
    Warning,
    /// A change that breaks a promise.
    Error,
}

impl Severity {
    /// The severity of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "info" => Self::Info,
            "warning" => Self::Warning,
            "error" => Self::Error,
            _ => return None,
        })
    }

    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl From<Grade> for Severity {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::Fine => Self::Info,
            Grade::Risk => Self::Warning,
            Grade::Break => Self::Error,
        }
    }
}

/// A place in one of the two documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from one.
    pub line: u32,
    /// The column in characters, from one.
    pub column: u32,
    /// The JSON pointer in the file.
    pub pointer: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        write!(f, "{file}:{}:{}", self.line, self.column)
    }
}

/// A change, and whom it breaks.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: &'static Rule,
    /// What has changed, in one line.
    pub message: String,
    /// Who sends it; both when a schema is reached both ways.
    pub directions: Vec<Direction>,
    /// What it means for each promise.
    pub verdict: Verdict,
    /// How much it matters: the worst of the verdict, unless the policy says otherwise.
    pub severity: Severity,
    /// Where it stands, or what stood around it, in the old document.
    pub old: Option<Place>,
    /// The same in the new document.
    pub new: Option<Place>,
    /// The operations that it reaches, such as `GET /widgets/{name}`; none for a whole document.
    pub operations: Vec<String>,
    /// The same for the same change in every run, whatever the lines: approvals name it.
    pub fingerprint: String,
    /// Why somebody approved it.
    pub approved: Option<String>,
}

impl Finding {
    /// Whether the finding breaks a promise.
    pub fn breaks(&self, promise: Promise) -> bool {
        self.severity == Severity::Error && self.verdict.of(promise) == Grade::Break
    }

    /// What it is about, as people say it: `Widget.spec.size`; nothing outside of schemas.
    pub fn subject(&self) -> Option<String> {
        let place = self.old.as_ref().or(self.new.as_ref())?;
        let steps = pointer::segments(&place.pointer)?;
        let mut names: Vec<&str> = Vec::new();
        for pair in steps.windows(2) {
            match pair[0].as_ref() {
                // A definition of its own is where the names begin.
                "schemas" => names = vec![&pair[1]],
                "properties" => names.push(&pair[1]),
                _ => {}
            }
        }
        (!names.is_empty()).then(|| names.join("."))
    }

    /// The promises it breaks.
    pub fn broken(&self) -> impl Iterator<Item = Promise> {
        Promise::ALL
            .into_iter()
            .filter(|promise| self.breaks(*promise))
    }
}
