//! `cargo xtask test`: every check there is, one after the other, each a command that a person can run. All of them
//! run even when one fails; the summary at the end says how each went.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fmt, io};

use crate::generate::repository;

/// How the checks are run.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Fails when a check has to be left out for want of a tool. Without it the check is named and passed over.
    #[arg(long)]
    pub complete: bool,
    /// Runs only the checks whose name contains this.
    #[arg(long)]
    pub only: Option<String>,
}

/// One or more checks failed, or were left out where none may be.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct Failed(Vec<String>);

/// A check: its name and the command line.
struct Check {
    name: &'static str,
    command: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const CHECKS: &[Check] = &[
    check("format", &["cargo", "fmt", "--all", "--check"]),
    check("generated code", &["cargo", "xtask", "generate", "--check"]),
    check(
        "spec lint",
        &[
            "cargo",
            "run",
            "--quiet",
            "--package",
            "rafay-spec",
            "--",
            "lint",
        ],
    ),
    check(
        "clippy",
        &[
            "cargo",
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ],
    ),
    check("tests", &["cargo", "test", "--workspace", "--all-features"]),
    check(
        "sdk without features",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-sdk",
            "--no-default-features",
        ],
    ),
    check(
        "sdk with v3 alone",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-sdk",
            "--no-default-features",
            "--features",
            "v3",
        ],
    ),
    check(
        "sdk with v1 alone",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-sdk",
            "--no-default-features",
            "--features",
            "v1",
        ],
    ),
    check(
        "mock as a library",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-mock-server",
            "--no-default-features",
        ],
    ),
    Check {
        name: "docs",
        command: &[
            "cargo",
            "doc",
            "--quiet",
            "--workspace",
            "--no-deps",
            "--all-features",
        ],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
    },
];

const fn check(name: &'static str, command: &'static [&'static str]) -> Check {
    Check {
        name,
        command,
        environment: &[],
    }
}

/// How a check ended.
enum Verdict {
    Passed,
    Failed,
    LeftOut(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Passed => f.write_str("passed"),
            Verdict::Failed => f.write_str("FAILED"),
            Verdict::LeftOut(reason) => write!(f, "left out: {reason}"),
        }
    }
}

/// Runs the checks and prints how each went.
pub fn run(options: &Options) -> Result<(), Failed> {
    let root = repository();
    let mut done: Vec<(&str, Verdict, Duration)> = Vec::new();
    let wanted = |name: &str| {
        options
            .only
            .as_deref()
            .is_none_or(|part| name.contains(part))
    };
    for check in CHECKS.iter().filter(|check| wanted(check.name)) {
        println!("\n── {}: {}", check.name, check.command.join(" "));
        let start = Instant::now();
        let verdict = if succeeds(&root, check.command, check.environment) {
            Verdict::Passed
        } else {
            Verdict::Failed
        };
        done.push((check.name, verdict, start.elapsed()));
    }
    if wanted(OUTSIDE) {
        println!("\n── {OUTSIDE}: openapi-spec-validator on the bundled documents");
        let start = Instant::now();
        done.push((OUTSIDE, outside_validator(&root), start.elapsed()));
    }

    println!();
    for (name, verdict, time) in &done {
        println!(
            "{name:<22} {:<12} {:>5.0} s",
            verdict.to_string(),
            time.as_secs_f64()
        );
    }
    let failures: Vec<String> = done
        .iter()
        .filter_map(|(name, verdict, _)| match verdict {
            Verdict::Passed => None,
            Verdict::Failed => Some(format!("{name} failed")),
            Verdict::LeftOut(reason) => options
                .complete
                .then(|| format!("{name} was left out ({reason})")),
        })
        .collect();
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failed(failures))
    }
}

fn succeeds(root: &Path, command: &[&str], environment: &[(&str, &str)]) -> bool {
    let Some((program, arguments)) = command.split_first() else {
        return false;
    };
    let status = Command::new(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root)
        .status();
    matches!(status, Ok(status) if status.success())
}

const OUTSIDE: &str = "outside validator";

/// Has a validator that is not ours read the bundled documents. It comes from `PyPI` into `target/`.
fn outside_validator(root: &Path) -> Verdict {
    let folder = root.join("target/tools/openapi-spec-validator");
    let program = folder.join("bin/openapi-spec-validator");
    if !program.exists()
        && let Err(reason) = install(&folder)
    {
        return Verdict::LeftOut(reason);
    }
    let documents = bundles(&root.join("spec"));
    match Command::new(&program)
        .args(&documents)
        .current_dir(root)
        .status()
    {
        Ok(status) if status.success() => Verdict::Passed,
        _ => Verdict::Failed,
    }
}

/// The bundled documents of all versions.
fn bundles(spec: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(spec).into_iter().flatten().flatten();
    folders
        .map(|folder| folder.path().join("openapi.json"))
        .filter(|path| path.exists())
        .collect()
}

/// Version of the validator, so that a new release does not change what passes.
const VALIDATOR: &str = "openapi-spec-validator==0.9.0";

fn install(folder: &Path) -> Result<(), String> {
    let ran =
        |status: io::Result<std::process::ExitStatus>| status.is_ok_and(|status| status.success());
    if !ran(Command::new("python3")
        .args(["-m", "venv"])
        .arg(folder)
        .status())
    {
        return Err("it needs python3 with its venv module".to_owned());
    }
    if !ran(Command::new(folder.join("bin/pip"))
        .args(["install", "--quiet", VALIDATOR])
        .status())
    {
        // A half-made folder would be taken for a whole one next time.
        let _ = std::fs::remove_dir_all(folder);
        return Err(format!("{VALIDATOR} could not be installed from PyPI"));
    }
    Ok(())
}
