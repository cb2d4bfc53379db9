//! `rafay-spec lint`.

use std::fmt;
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use rafay_spec::diff::report::Format;
use rafay_spec::diff::{self, Policy, Severity, read_text};
use rafay_spec::lint::report::{View, fails, render};
use rafay_spec::lint::{LintError, Remark, Target, fix, judge};

use super::say;

/// Print everything that is wrong with documents: with ours, or with anybody's.
///
/// PATH is a file in YAML or JSON, a folder with an openapi.yaml, `git:REVISION:PATH`, or a folder with
/// roles.yaml and a sub-folder for each version, as `spec` is. What uses the words of this repository is
/// judged by rules of its own besides.
///
/// Exits with 0 when nothing is at or over the level of --fail-on, 1 when something is, and 2 when a
/// document cannot be read.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to judge; the folder of --spec if left out.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// The folder that holds the versions and roles.yaml.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "spec",
        conflicts_with = "paths"
    )]
    spec: PathBuf,
    /// The form of the report: text, json, markdown, junit, github or sarif.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = super::diff::format)]
    format: Format,
    /// The least that makes it fail: error, warning or info.
    #[arg(long, value_name = "LEVEL", default_value = "error", value_parser = level)]
    fail_on: Severity,
    /// A file with severity by rule, the same as of `diff`.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// What a rule's findings are: RULE=error, warning, info or off; as often as needed.
    #[arg(long, value_name = "RULE=SEVERITY")]
    severity: Vec<String>,
    /// Write the report to this file.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Mend what needs no decision in the files themselves, and report the rest.
    #[arg(long)]
    fix: bool,
    /// Print what --fix would change, and write nothing; exits with 1 when there is something.
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// The folder of releases.
    #[arg(long, value_name = "DIR", default_value = "spec/released")]
    released: PathBuf,
}

fn level(name: &str) -> Result<Severity, String> {
    Severity::parse(name).ok_or("there are error, warning, info".to_owned())
}

/// Why the command could not do its work.
#[derive(Debug)]
pub(crate) enum Error {
    Lint(LintError),
    Other(diff::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lint(error) => error.fmt(f),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl From<LintError> for Error {
    fn from(error: LintError) -> Self {
        Self::Lint(error)
    }
}

impl From<diff::Error> for Error {
    fn from(error: diff::Error) -> Self {
        Self::Other(error)
    }
}

/// Judges, reports, and tells whether all is well.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Error> {
    let mut policy = Policy::default();
    if let Some(path) = &arguments.policy {
        policy.read(&read_text(&path.display().to_string())?, path)?;
    }
    super::diff::take_severities(&mut policy, &arguments.severity)?;
    let (names, targets) = targets(arguments);
    if arguments.fix {
        let mut clean = true;
        for target in &targets {
            for mended in fix(target, &policy)? {
                clean = false;
                if arguments.dry_run {
                    say!("{}", mended.diff());
                    continue;
                }
                fs::write(&mended.path, &mended.new)
                    .map_err(|source| super::diff::written(&mended.path, &source))?;
                eprintln!("mended {}", mended.path.display());
            }
        }
        if arguments.dry_run {
            return Ok(clean);
        }
    }
    let mut remarks: Vec<Remark> = Vec::new();
    for target in &targets {
        remarks.extend(judge(target, &arguments.released, &policy)?);
    }
    let terminal = arguments.output.is_none() && std::io::stdout().is_terminal();
    let view = View {
        documents: names,
        fail_on: arguments.fail_on,
        colour: terminal && std::env::var_os("NO_COLOR").is_none(),
    };
    let report = render(&remarks, arguments.format, &view);
    match &arguments.output {
        Some(path) => {
            fs::write(path, report).map_err(|source| super::diff::written(path, &source))?;
        }
        // A reader that has seen enough closes the pipe, which is no failure of the lint.
        None => drop(std::io::stdout().write_all(report.as_bytes())),
    }
    Ok(!fails(&remarks, arguments.fail_on))
}

/// What is to be judged. The folder of `--spec` is one of ours, whatever is in it.
fn targets(arguments: &Arguments) -> (Vec<String>, Vec<Target>) {
    if arguments.paths.is_empty() {
        let folder = arguments.spec.clone();
        return (
            vec![folder.display().to_string()],
            vec![Target::Folder(folder)],
        );
    }
    let targets = arguments.paths.iter().map(|path| Target::of(path));
    (arguments.paths.clone(), targets.collect())
}
