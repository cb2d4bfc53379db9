//! One thing that is wrong with the documents, as a person reads it in a terminal.

use std::fmt;

use crate::source::Location;

/// A rule that the documents break, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable id of the rule, one of [`lint::RULES`](crate::lint::RULES).
    pub rule: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
    /// The JSON pointer in the bundled document (or in the roles file).
    pub pointer: String,
    /// Where the author wrote it.
    pub location: Option<Location>,
    /// The version of the document (its folder's name), or the name of the roles file.
    pub document: String,
}

/// Sorts findings by place. One mistake in a shared definition is found once per use of it; one
/// finding is enough.
pub(crate) fn arrange(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| {
        (&a.document, &a.location, &a.pointer, a.rule, &a.message).cmp(&(
            &b.document,
            &b.location,
            &b.pointer,
            b.rule,
            &b.message,
        ))
    });
    findings.dedup();
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some(location) => write!(f, "{location}: ")?,
            None => write!(f, "{}: ", self.document)?,
        }
        write!(f, "{} ({}) [{}]", self.message, self.pointer, self.rule)
    }
}
