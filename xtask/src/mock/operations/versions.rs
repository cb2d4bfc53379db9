//! The versions of the API, each with the shape of its errors.

use std::collections::BTreeSet;

use rafay_spec::Document;

use crate::mock::text::{Error, constant, unsupported};

pub(super) fn version(document: &Document) -> Result<String, Error> {
    let prefixes: BTreeSet<&str> = document
        .operations
        .iter()
        .filter_map(|operation| operation.path.split('/').nth(1))
        .collect();
    let prefixes: Vec<String> = prefixes
        .iter()
        .map(|prefix| format!("{prefix:?}"))
        .collect();
    Ok(format!(
        "static {}: Version = Version {{ name: {:?}, errors: ErrorShape::{}, prefixes: &[{}] }};\n",
        constant(&document.version),
        document.version,
        error_shape(document)?,
        prefixes.join(", ")
    ))
}

/// The shape of a document's errors, told by the properties of its one error schema.
fn error_shape(document: &Document) -> Result<&'static str, Error> {
    let schema = document
        .operations
        .iter()
        .flat_map(|operation| &operation.responses)
        .filter(|response| response.is_error())
        .flat_map(|response| &response.content)
        .find_map(|(_, schema)| document.resolve(schema["$ref"].as_str()?));
    let has =
        |property: &str| schema.is_some_and(|schema| schema["properties"].get(property).is_some());
    if has("external") {
        Ok("Code")
    } else if has("message") {
        Ok("Status")
    } else if has("details") {
        Ok("Details")
    } else {
        Err(unsupported(
            document,
            "/paths",
            "its error schema has none of `external`, `message` and `details`; the mock writes these three shapes",
        ))
    }
}
