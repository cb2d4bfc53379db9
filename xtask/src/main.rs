//! `cargo xtask`: everything a contributor runs.

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{alignment, bench, checks, compare, compile, generate, new_kind, release};

/// Generates code from the documents and runs every check.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bundles the documents and writes the generated code of the SDK, the mock and the tests.
    Generate {
        /// Writes nothing; fails with a diff when a generated file is not what the documents give.
        #[arg(long)]
        check: bool,
    },
    /// Begins a kind of v3: writes its documents, from which everything else is generated.
    NewKind(new_kind::Options),
    /// Prints one row an operation: whether the document, SDK, mock, role matrix, an example, a test and the docs have it.
    Check,
    /// Freezes what has changed under a number that fits.
    #[command(subcommand)]
    Release(release::What),
    /// Runs every check: format, generated code, spec lint, compatibility, clippy, all tests, features, docs, outside tools.
    Test(checks::Options),
    /// Measures the mock against a bare server that returns the same bytes.
    Bench(bench::Options),
    /// Measures what the SDK costs to compile, beside a plain generation of the same document.
    CompileTime(compile::Options),
    /// Compares `rafay-spec diff` with Redocly's and with drift on the pairs of our corpus.
    CompareDiff(compare::Options),
}

fn main() -> ExitCode {
    let done: Result<(), Box<dyn Error>> = match Arguments::parse().command {
        Command::Generate { check } => generate::run(check).map_err(Into::into),
        Command::NewKind(options) => new_kind::run(&options).map_err(Into::into),
        Command::Check => alignment::run().map_err(Into::into),
        Command::Release(what) => release::run(&what).map_err(Into::into),
        Command::Test(options) => checks::run(&options).map_err(Into::into),
        Command::Bench(options) => bench::run(&options).map_err(Into::into),
        Command::CompileTime(options) => compile::run(&options).map_err(Into::into),
        Command::CompareDiff(options) => compare::run(&options).map_err(Into::into),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
