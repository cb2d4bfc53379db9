//! `cargo xtask compare-diff`: the corpus of `rafay-spec diff` given to the differ of npm too. It takes
//! minutes, and what others find is no matter of ours, so it is no check.

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
    /// The other tool could not be had; it needs npm, and the registry the first time.
    #[error("{0}")]
    Tool(String),
    /// The comparison could not be run, or failed; it has said why.
    #[error("`cargo bench --package rafay-spec --bench compare` failed")]
    Bench,
}

/// Fetches the other tool if it is not there, asks both, and prints the table.
pub fn run(options: &Options) -> Result<(), Error> {
    let root = repository();
    let program = redocly(&root).map_err(Error::Tool)?;
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
        .arg(program)
        .arg(options.every.to_string())
        .current_dir(&root)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Error::Bench),
    }
}
