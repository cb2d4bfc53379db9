//! Joins the files of one version into one document that needs no other file.
//!
//! Targets of `$ref` are hoisted into `components` under their own names (never inlined, so schemas
//! may recurse); path items are inlined, because `paths` is where readers look for them. What was
//! written where is carried along, so a finding in the bundle points at the author's file.

mod files;
mod hoist;
mod unused;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub(crate) use files::normalise;

use crate::error::Error;
use crate::source::{Location, SourceMap};
use crate::spec::Spec;

/// One version's document, self-contained.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The document; every `$ref` in it starts with `#/components/`.
    pub json: Value,
    /// Where each value of the document was written.
    pub sources: SourceMap,
    /// Definitions in the version's folder that the document does not use.
    pub unused: Vec<Unused>,
}

/// A definition that nothing refers to, and which the bundle therefore leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// The JSON pointer in its own file.
    pub pointer: String,
    /// Where it is written.
    pub location: Location,
}

/// Bundles the document whose first file is `entry`, such as `spec/v3/openapi.yaml`.
///
/// References may lead anywhere in the folder that holds the version folders, and not further.
pub fn bundle(entry: &Path) -> Result<Bundle, Error> {
    let mut bundler = hoist::Bundler::new(entry);
    let (json, sources) = bundler.run()?;
    let unused = unused::unused(&mut bundler)?;
    Ok(Bundle {
        json,
        sources,
        unused,
    })
}

/// The text of a committed bundle: keys sorted, two spaces, a newline at the end.
///
/// Sorting is done here, because the order of a [`Value`]'s keys depends on a feature of
/// `serde_json` that any crate of the build may switch on.
pub fn to_canonical_json(value: &Value) -> String {
    let mut text = format!("{:#}", sorted(value));
    text.push('\n');
    text
}

/// The bundles to commit: paths relative to the folder of the versions, and their text.
pub fn outputs(spec: &Spec) -> Vec<(PathBuf, String)> {
    let output = |document: &crate::model::Document| {
        let path = Path::new(&document.version).join("openapi.json");
        (path, to_canonical_json(&document.json))
    };
    spec.documents.iter().map(output).collect()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let sorted: Map<String, Value> = entries
                .into_iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            Value::Object(sorted)
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests;
