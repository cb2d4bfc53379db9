//! A regular expression of a document, compiled when first needed.

use std::sync::OnceLock;

use regex_lite::Regex;

/// A regular expression in a static table.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Takes the expression as the document has it.
    pub(crate) const fn new(source: &'static str) -> Self {
        Self {
            source,
            compiled: OnceLock::new(),
        }
    }

    /// Whether a text matches. An expression that does not compile matches nothing; the generator refuses such
    /// a document, so it cannot get here.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| Regex::new(self.source).ok())
            .as_ref()
            .is_some_and(|regex| regex.is_match(text))
    }

    /// The expression as the document has it.
    pub(crate) fn source(&self) -> &'static str {
        self.source
    }
}
