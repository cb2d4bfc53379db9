//! The command `rafay-spec`: judges the documents, writes their bundles, and compares any two.

mod command;

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rafay_spec::bundle::outputs;
use rafay_spec::{Error, Spec};

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
    /// Write each version's openapi.json from its files.
    Bundle {
        /// The folder that holds the versions and roles.yaml.
        #[arg(long, value_name = "DIR", default_value = "spec")]
        spec: PathBuf,
        /// Write nothing; fail when a bundle is not what it would be.
        #[arg(long)]
        check: bool,
    },
    Diff(command::diff::Arguments),
    Guard(command::guard::Arguments),
    /// Print the page of a rule of `diff` or `lint`, or the list of all.
    Explain {
        /// The id that stands in brackets in a finding.
        rule: Option<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Lint(arguments) => return exit(command::lint::run(&arguments)),
        Command::Bundle { spec, check } => run_bundle(&spec, check),
        Command::Diff(arguments) => return exit(command::diff::run(&arguments)),
        Command::Guard(arguments) => return exit(command::guard::run(&arguments)),
        Command::Explain { rule } => return exit(command::diff::run_explain(rule.as_deref())),
    };
    exit(outcome)
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

fn run_bundle(spec_dir: &Path, check: bool) -> Result<bool, Error> {
    let mut current = true;
    for (path, text) in outputs(&Spec::load(spec_dir)?) {
        let path = spec_dir.join(path);
        // A bundle that is missing or unreadable is as stale as one that differs.
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if check {
            eprintln!(
                "{} is stale: run `cargo run -p rafay-spec -- bundle`",
                path.display()
            );
            current = false;
        } else {
            fs::write(&path, text).map_err(|source| Error::Write {
                path: path.clone(),
                source,
            })?;
            println!("wrote {}", path.display());
        }
    }
    Ok(current)
}
