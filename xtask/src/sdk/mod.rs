//! Generates the SDK's layers 1 and 2 from the bundled documents.
//!
//! progenitor makes the client: one method per operation. It is handed a document built here from
//! the parts that mean something to a client, so that nothing in a published document can make it
//! stop halfway. The types are written here: what a faithful client needs of them (unknown fields,
//! unknown enumeration values, unions told apart by their keys, absent required members, `null`
//! lists, 64-bit integers sent as text) cannot be said to a JSON Schema compiler.

mod client;
mod docs;
mod error;
mod files;
mod names;
mod operations;
mod resources;
mod schemas;
mod shapes;
mod shorten;
mod source;
#[cfg(test)]
mod tests;
mod types;

use std::path::PathBuf;

use rafay_spec::model::{Kind, Operation};
use rafay_spec::release::Stamp;
use serde_json::Value;

pub use error::Error;

/// What the generator takes from one document.
pub struct SdkInput {
    /// The version's folder name, such as `v3`; becomes the module's name.
    pub version: String,
    /// The bundled document.
    pub json: Value,
    /// Its kinds; each that the document serves as a v3-style object gets an `impl Resource`.
    pub kinds: Vec<Kind>,
    /// Which document it is, for what the SDK says of itself.
    pub stamp: Stamp,
    /// Its operations, for what only the model reads: aliases and standard verbs.
    pub operations: Vec<Operation>,
}

/// The name of the SDK's method for an operation.
pub fn method(id: &str) -> String {
    names::snake(id)
}

/// Generates every file of the SDK that comes from `documents`, with its path from the repository's
/// root, in the order of the paths.
pub fn generate(documents: &[SdkInput]) -> Result<Vec<(PathBuf, String)>, Error> {
    let mut files = Vec::new();
    for input in documents {
        files.extend(version(input)?);
    }
    files.push(files::root(documents));
    files.sort();
    Ok(files)
}

/// The schema components that have a type in the SDK, by name, each with the Rust path of that type.
pub fn schema_types(input: &SdkInput) -> Result<Vec<(String, String)>, Error> {
    let (shapes, _) = read(input)?;
    let module = format!("rafay_sdk::{}::types", input.version);
    let types = shapes.components().into_iter();
    Ok(types
        .map(|(name, ty)| (name.to_owned(), types::path(ty, &module)))
        .collect())
}

fn read(input: &SdkInput) -> Result<(shapes::Shapes<'_>, operations::Operations), Error> {
    let source = source::Source::new(&input.version, &input.json);
    let mut shapes = shapes::Shapes::new(source);
    for kind in &input.kinds {
        shapes.component(&kind.name, "/components/schemas")?;
    }
    let operations = operations::read(input, &mut shapes)?;
    Ok((shapes, operations))
}

fn version(input: &SdkInput) -> Result<Vec<(PathBuf, String)>, Error> {
    let (shapes, operations) = read(input)?;
    let types = shapes.finish(&input.kinds)?;
    let client = client::generate(input, &operations, &types)?;
    let resources = resources::generate(input, &operations, &types)?;
    files::version(&input.stamp, &operations, &types, client, &resources)
}
