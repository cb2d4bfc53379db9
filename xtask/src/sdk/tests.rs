//! The generator on small documents: what it makes of them, and how it refuses what it cannot make.

#![expect(
    clippy::needless_pass_by_value,
    reason = "documents are written in place, and read better without a borrow before each"
)]

mod documents;
mod output;
mod refusals;

use std::path::Path;

use rafay_spec::{Bundle, Document, SourceMap};
use serde_json::Value;

use super::{Error, SdkInput};

/// Everything that is generated from `json`, as one version called `v9`.
fn generate(json: Value) -> Result<Vec<(String, String)>, Error> {
    let document = Document::new(
        "v9",
        Bundle {
            json,
            sources: SourceMap::default(),
            unused: Vec::new(),
        },
    );
    let input = SdkInput {
        stamp: rafay_spec::release::Index::default().stamp("v9", &document.json),
        version: document.version,
        json: document.json,
        kinds: document.kinds,
        operations: document.operations,
    };
    let files = super::generate(&[input])?;
    let root = Path::new("sdk/src/generated");
    Ok(files
        .into_iter()
        .map(|(path, text)| (path.strip_prefix(root).unwrap().display().to_string(), text))
        .collect())
}

/// One of the files.
fn file(json: Value, name: &str) -> String {
    let files = generate(json).unwrap();
    let found = files.into_iter().find(|(path, _)| path == name);
    found.unwrap_or_else(|| panic!("no {name}")).1
}
