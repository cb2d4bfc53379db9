//! The tables on small documents: what the words of the documents become, and what is refused.

#![expect(
    clippy::needless_pass_by_value,
    reason = "documents are written in place, and read better without a borrow before each"
)]

mod documents;
mod kinds;
mod operations;

use rafay_spec::{Bundle, Document, SourceMap};
use serde_json::Value;

use super::Error;

fn read(version: &str, json: Value) -> Document {
    let bundle = Bundle {
        json,
        sources: SourceMap::default(),
        unused: Vec::new(),
    };
    let document = Document::new(version, bundle);
    assert!(document.problems.is_empty(), "{:?}", document.problems);
    document
}

/// Checks that each text stands in the code, whatever white space it is written with.
#[track_caller]
fn says(code: &str, expected: &[&str]) {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let code = plain(code);
    for text in expected {
        assert!(code.contains(&plain(text)), "{text}\nis not in\n{code}");
    }
}

/// Checks that nothing was made, at a place and for a reason with these words.
#[track_caller]
fn refused(result: Result<String, Error>, pointer: &str, words: &str) {
    let error = match result {
        Ok(code) => panic!("accepted: {code}"),
        Err(error) => error.to_string(),
    };
    assert!(error.contains(&format!(": {pointer}: ")), "{error}");
    assert!(error.contains(words), "{error}");
}
