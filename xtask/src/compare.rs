//! `cargo xtask compare-diff`: the corpus of `rafay-spec diff` given to the differ of npm and to that of Rust's registry
//! too. It takes minutes, and what others find is no matter of ours, so it is no check.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checks::redocly;
use crate::generate::repository;

/// Flags of `cargo xtask compare-diff`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Asks every so manieth pair alone; all of them take some twenty minutes.
    #[arg(long, default_value_t = 4)]
    pub every: usize,
}

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another tool could not be had; they need npm, and the registries the first time.
    #[error("{0}")]
    Tool(String),
    /// The comparison could not be run, or failed; it has said why.
    #[error("`cargo bench --package rafay-spec --bench compare` failed")]
    Bench,
}

/// Fetches the other tools if they are not there, asks all, and prints the table.
pub fn run(options: &Options) -> Result<(), Error> {
    let root = repository();
    let others = [redocly(&root).map_err(Error::Tool)?, drift(&root)?];
    let status = Command::new(env!("CARGO"))
        .args([
            "bench",
            "--quiet",
            "--package",
            "rafay-spec",
            "--bench",
            "compare",
            "--",
        ])
        .arg(options.every.to_string())
        .args(others)
        .current_dir(&root)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Error::Bench),
    }
}

/// Builds the command line around the library drift, which has none.
fn drift(root: &Path) -> Result<PathBuf, Error> {
    let folder = root.join("target/tools/drift");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--locked"])
        .arg("--manifest-path")
        .arg(root.join("xtask/outside/drift/Cargo.toml"))
        .arg("--target-dir")
        .arg(&folder)
        .status();
    match built {
        Ok(status) if status.success() => Ok(folder.join("release/ask-drift")),
        _ => Err(Error::Tool("drift could not be built".to_owned())),
    }
}
