//! `cargo xtask check`: builds and runs the alignment table, which lives beside the tests.

use std::io;
use std::process::{Command, ExitStatus};

use crate::generate::repository;

/// The command line of the table.
pub(crate) const LINE: &[&str] = &[
    "cargo",
    "run",
    "--quiet",
    "--package",
    "rafay-tests",
    "--bin",
    "alignment",
];

/// Why there is no table, or one with holes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Cargo could not be started.
    #[error("start cargo: {0}")]
    Start(#[from] io::Error),
    /// Something is missing somewhere; the table has said what, or the compiler why there is none.
    #[error("the documents, the SDK, the mock and the tests are not aligned ({0})")]
    Holes(ExitStatus),
}

/// Prints the table; an error where it has a hole.
pub fn run() -> Result<(), Error> {
    let status = Command::new(LINE[0])
        .args(&LINE[1..])
        .current_dir(repository())
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Holes(status))
}
