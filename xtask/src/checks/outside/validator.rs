//! openapi-spec-validator: whether the documents are `OpenAPI` at all.

use std::path::Path;
use std::process::Command;

use super::super::verdict::Verdict;
use super::documents;
use super::tools::{Registry, Tool};

const VALIDATOR: Tool = Tool {
    package: "openapi-spec-validator",
    version: "0.9.0",
    program: "openapi-spec-validator",
    from: Registry::Python { pinned: None },
};

/// Has it read the bundled documents.
pub(super) fn run(root: &Path) -> Verdict {
    match VALIDATOR.path(root) {
        Ok(program) => Verdict::of(
            &Command::new(program)
                .args(documents::paths(root))
                .current_dir(root)
                .status(),
        ),
        Err(reason) => Verdict::LeftOut(reason),
    }
}
