//! `cargo xtask test`: every check there is, one after the other, each a command that a person can run. All of them
//! run even when one fails; the summary at the end says how each went.

mod commands;
mod outside;
mod verdict;

pub(crate) use outside::redocly;

use std::time::{Duration, Instant};

use crate::generate::repository;
use verdict::Verdict;

/// How the checks are run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Fails when a check has to be left out for want of a tool. Without it the check is named and passed over.
    #[arg(long)]
    pub complete: bool,
    /// Runs only the checks whose name contains this.
    #[arg(long)]
    pub only: Option<String>,
    /// Has the tools that make up requests make up many; takes hours instead of minutes.
    #[arg(long)]
    pub long: bool,
}

/// One or more checks failed, or were left out where none may be.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct Failed(Vec<String>);

/// A check that ran.
struct Done {
    name: &'static str,
    verdict: Verdict,
    time: Duration,
}

/// Runs the checks and prints how each went.
pub fn run(options: &Options) -> Result<(), Failed> {
    let root = repository();
    let wanted = |name: &str| {
        options
            .only
            .as_deref()
            .is_none_or(|part| name.contains(part))
    };
    let mut done = Vec::new();
    let mut check = |name: &'static str, what: &str, run: &dyn Fn() -> Verdict| {
        if wanted(name) {
            println!("\n── {name}: {what}");
            let start = Instant::now();
            let verdict = run();
            done.push(Done {
                name,
                verdict,
                time: start.elapsed(),
            });
        }
    };
    for command in commands::ALL {
        check(command.name, &command.line.join(" "), &|| {
            command.run(&root)
        });
    }
    for tool in outside::ALL {
        check(tool.name, tool.what, &|| (tool.run)(&root, options));
    }

    println!();
    for Done {
        name,
        verdict,
        time,
    } in &done
    {
        println!("{name:<26} {verdict:<12} {:>5.0} s", time.as_secs_f64());
    }
    let failures: Vec<String> = done
        .iter()
        .filter_map(|done| done.verdict.complaint(done.name, options.complete))
        .collect();
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failed(failures))
    }
}
