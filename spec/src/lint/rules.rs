//! Every rule: its id, which never changes, what it asks for, why, and how to satisfy it.
//!
//! Rules of the family [`Family::Ours`] are about the extension words and are judged where a document
//! uses them; those of [`Family::Any`] are about `OpenAPI` itself and are judged everywhere.

mod general;
mod own;

pub use general::GENERAL;
pub(crate) use general::*;
pub use own::RULES;
pub(crate) use own::*;

use crate::diff::Severity;

/// A rule of the lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, printed with each finding.
    pub id: &'static str,
    /// The documents that it is about.
    pub family: Family,
    /// How much a finding matters, unless the policy says otherwise. In documents with our words, what
    /// their own rules find is an error.
    pub severity: Severity,
    /// What the rule asks for.
    pub asks: &'static str,
    /// Why it asks for that.
    pub why: &'static str,
    /// How to satisfy it.
    pub fix: &'static str,
}

/// The documents that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Documents that use the extension words of this repository.
    Ours,
    /// Every document.
    Any,
}

impl Family {
    /// The family in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ours => "documents that use the words of this repository",
            Self::Any => "every document",
        }
    }
}

/// Every rule there is.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(GENERAL)
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// Declares each rule as a constant for the code and as a row of the table, so the two agree.
macro_rules! rules {
    ($table:ident: $($name:ident = $id:literal $family:ident $severity:ident $asks:literal $why:literal $fix:literal;)*) => {
        $(pub(crate) const $name: &str = $id;)*

        /// The rules of this table.
        pub const $table: &[$crate::lint::rules::Rule] = &[$($crate::lint::rules::Rule {
            id: $id,
            family: $crate::lint::rules::family!($family),
            severity: $crate::diff::Severity::$severity,
            asks: $asks,
            why: $why,
            fix: $fix,
        }),*];
    };
}
macro_rules! family {
    (ours) => {
        $crate::lint::rules::Family::Ours
    };
    (any) => {
        $crate::lint::rules::Family::Any
    };
}
use {family, rules};

/// Whether a finding of this rule means that something is missing from the model.
pub(crate) fn stops_the_model(rule: &str) -> bool {
    [
        MALFORMED,
        MISSING_OPERATION_ID,
        MISSING_PERMISSION,
        MISSING_BEHAVIOR,
    ]
    .contains(&rule)
}
