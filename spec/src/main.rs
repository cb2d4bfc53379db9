//! The command `rafay-spec`: judges the documents, writes their bundles, and compares any two.

mod command;

use std::fmt::Display;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reads the OpenAPI documents of the controller's public API.
///
/// Exits with 0 when all is well, 1 when the documents are wrong or a bundle is stale, and 2 when
/// they could not be read at all.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Lint(command::lint::Arguments),
    Bundle(command::bundle::Arguments),
    Kinds(command::kinds::Arguments),
    Diff(command::diff::Arguments),
    Guard(command::guard::Arguments),
    /// Print the page of a rule of `diff` or `lint`, or the list of all.
    Explain {
        /// The id that stands in brackets in a finding.
        rule: Option<String>,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Lint(arguments) => exit(command::lint::run(&arguments)),
        Command::Bundle(arguments) => exit(command::bundle::run(&arguments)),
        Command::Kinds(arguments) => exit(command::kinds::run(&arguments)),
        Command::Diff(arguments) => exit(command::diff::run(&arguments)),
        Command::Guard(arguments) => exit(command::guard::run(&arguments)),
        Command::Explain { rule } => exit(command::diff::run_explain(rule.as_deref())),
    }
}

fn exit<E: Display>(outcome: Result<bool, E>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
