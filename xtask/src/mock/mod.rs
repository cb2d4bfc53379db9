//! Generates the mock controller's tables from the documents: operations, kinds, schemas and roles, all as `static`
//! data, so that a controller starts without parsing anything; and a copy of each document to serve.

mod kinds;
mod operations;
mod roles;
mod schemas;
mod text;

use std::path::PathBuf;

use rafay_spec::release::{Index, Stamp};
use rafay_spec::{Document, Spec};

pub use text::Error;

/// Folder of the generated files, relative to the repository.
const FOLDER: &str = "mock-server/src/generated";

/// Every generated file of the mock with its content.
pub fn generate(spec: &Spec, releases: &Index) -> Result<Vec<(PathBuf, String)>, Error> {
    let documents = by_preference(spec);
    let mut files = vec![
        ("roles.rs", roles::generate(&spec.roles)?),
        ("kinds.rs", kinds::generate(&documents)?),
        ("operations.rs", operations::generate(&documents)?),
        ("documents.rs", served(&documents, releases)?),
        ("mod.rs", modules(&documents)?),
    ];
    let schemas: Vec<(String, String)> = documents
        .iter()
        .map(|document| {
            let name = format!("schemas_{}.rs", document.version);
            schemas::generate(document).map(|content| (name, content))
        })
        .collect::<Result<_, _>>()?;
    files.extend(
        schemas
            .iter()
            .map(|(name, content)| (name.as_str(), content.clone())),
    );
    let mut generated: Vec<(PathBuf, String)> = files
        .into_iter()
        .map(|(name, content)| (PathBuf::from(FOLDER).join(name), content))
        .collect();
    for document in &documents {
        let path = PathBuf::from(FOLDER).join(format!("{}.json", document.version));
        generated.push((path, document.json.to_string() + "\n"));
    }
    Ok(generated)
}

/// The documents, newest version first: the first is the one to prefer.
fn by_preference(spec: &Spec) -> Vec<&Document> {
    let mut documents: Vec<_> = spec.documents.iter().collect();
    documents.sort_by(|a, b| b.version.cmp(&a.version));
    documents
}

fn served(documents: &[&Document], releases: &Index) -> Result<String, Error> {
    let entries: String = documents
        .iter()
        .map(|document| {
            let title = document.json["info"]["title"].as_str().unwrap_or("");
            let version = &document.version;
            let Stamp { release, released, sha256, .. } = releases.stamp(version, &document.json);
            format!(
                "Document {{
                    version: {version:?}, title: {title:?}, release: {release:?}, released: {released},
                    sha256: {sha256:?}, json: include_str!(\"{version}.json\"),
                }},"
            )
        })
        .collect();
    text::file(
        "The documents as they are served, the preferred version first.",
        &format!(
            "/// A document that the mock serves.
            #[derive(Debug)]
            pub struct Document {{
                /// Name of the version.
                pub version: &'static str,
                /// Title of the document.
                pub title: &'static str,
                /// Its number: that of its release, or of the last one before it.
                pub release: &'static str,
                /// Whether it is that release, and not what comes after it.
                pub released: bool,
                /// SHA-256, in hexadecimal, of the bundle as `spec/<version>/openapi.json` has it: keys sorted, two
                /// spaces. `jq -S .` makes that text of the document as it is served.
                pub sha256: &'static str,
                /// The document as JSON.
                pub json: &'static str,
            }}
            /// The documents.
            pub const DOCUMENTS: &[Document] = &[{entries}];"
        ),
    )
}

fn modules(documents: &[&Document]) -> Result<String, Error> {
    let schemas: String = documents
        .iter()
        .map(|d| format!("pub(crate) mod schemas_{};", d.version))
        .collect();
    text::file(
        "What is generated from the documents: the tables the controller works by.",
        &format!(
            "pub(crate) mod documents;
            pub(crate) mod kinds;
            pub(crate) mod operations;
            pub(crate) mod roles;
            {schemas}"
        ),
    )
}

#[cfg(test)]
mod tests;
