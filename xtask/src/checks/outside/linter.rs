//! Redocly CLI: whether the documents follow the habits that readers and generators of others count on.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::verdict::Verdict;
use super::documents;
use super::tools::{Registry, Tool};

const LINTER: Tool = Tool {
    package: "@redocly/cli",
    version: "2.77.0",
    program: "redocly",
    from: Registry::Node,
};

/// Path of the program, which is fetched if it is not there; or what is lacking.
pub(crate) fn redocly(root: &Path) -> Result<PathBuf, String> {
    LINTER.path(root)
}

/// Lints the bundled documents. Nothing leaves the machine while it does.
pub(super) fn run(root: &Path) -> Verdict {
    match redocly(root) {
        Ok(program) => Verdict::of(
            &Command::new(program)
                .arg("lint")
                .args(["--config", "xtask/outside/redocly.yaml"])
                .args(documents::paths(root))
                .env("REDOCLY_TELEMETRY", "off")
                .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
                .current_dir(root)
                .status(),
        ),
        Err(reason) => Verdict::LeftOut(reason),
    }
}
