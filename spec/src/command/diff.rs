//! `rafay-spec diff` and `rafay-spec explain`.

use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rafay_spec::diff::report::{Format, View, render};
use rafay_spec::diff::{
    Date, Error, FailOn, Options, Policy, Promise, diff, explain, open, read_text, rules,
};
use rafay_spec::lint;
use rafay_spec::roles::{self, Roles};

/// Compare two OpenAPI documents and say whom the difference breaks.
///
/// A document is a file in YAML or JSON, a folder with an openapi.yaml, `git:REVISION:PATH`,
/// `released:v3@3.0.0`, or `released:v3` for the last release. Addresses are never fetched.
///
/// Exits with 0 when no finding is at or over the level of --fail-on, 1 when one is or an approval is
/// stale, and 2 when the documents cannot be judged.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The old document, which clients were written for.
    old: String,
    /// The new document.
    new: String,
    /// The form of the report: text, json, markdown, junit, github or sarif.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format)]
    format: Format,
    /// What makes it fail: wire, sdk-source (or wire), behaviour (or the others), or any (risks too).
    #[arg(long, value_name = "LEVEL", default_value = "wire", value_parser = fail_on)]
    fail_on: FailOn,
    /// Show changes that break nobody too.
    #[arg(long)]
    all: bool,
    /// Ask only whether everything that OLD uses is still in NEW, as it is on the wire.
    #[arg(long)]
    subset: bool,
    /// The day to judge sunsets and approvals by; today's if left out.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    today: Option<Date>,
    /// A file with grace-days, stability and severity by rule.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A file with the findings that somebody answers for.
    #[arg(long, value_name = "FILE")]
    approvals: Option<PathBuf>,
    /// What a rule's findings are: RULE=error, warning, info or off; as often as needed.
    #[arg(long, value_name = "RULE=SEVERITY")]
    severity: Vec<String>,
    /// The roles that go with the old document, also as git:REVISION:PATH.
    #[arg(long, value_name = "FILE", requires = "new_roles")]
    old_roles: Option<String>,
    /// The roles that go with the new document.
    #[arg(long, value_name = "FILE", requires = "old_roles")]
    new_roles: Option<String>,
    /// The folder of releases.
    #[arg(long, value_name = "DIR", default_value = "spec/released")]
    released: PathBuf,
    /// Write the report to this file.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn format(name: &str) -> Result<Format, String> {
    Format::parse(name).ok_or("there are text, json, markdown, junit, github, sarif".to_owned())
}

fn fail_on(name: &str) -> Result<FailOn, String> {
    if name == "any" {
        return Ok(FailOn::Any);
    }
    let found = Promise::ALL
        .into_iter()
        .find(|promise| promise.as_str() == name);
    found
        .map(FailOn::Promise)
        .ok_or("there are wire, sdk-source, behaviour, any".to_owned())
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or("a date is written YYYY-MM-DD".to_owned())
}

/// The day by the clock of the system; the command alone looks at it, never the library.
pub(super) fn today() -> Option<Date> {
    Date::at(SystemTime::now())
}

/// Compares, reports, and tells whether all is well.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Error> {
    let policy = policy(arguments)?;
    let old = open(&arguments.old, &arguments.released)?;
    let new = open(&arguments.new, &arguments.released)?;
    let roles = match (&arguments.old_roles, &arguments.new_roles) {
        (Some(old), Some(new)) => Some((read_roles(old)?, read_roles(new)?)),
        _ => None,
    };
    let options = Options {
        policy,
        roles: roles.as_ref().map(|(old, new)| (old, new)),
        subset: arguments.subset,
    };
    let comparison = diff(&old, &new, &options)?;
    let terminal = arguments.output.is_none() && std::io::stdout().is_terminal();
    let view = View {
        old: arguments.old.clone(),
        new: arguments.new.clone(),
        fail_on: arguments.fail_on,
        all: arguments.all,
        colour: terminal && std::env::var_os("NO_COLOR").is_none(),
    };
    let report = render(&comparison, arguments.format, &view);
    match &arguments.output {
        Some(path) => fs::write(path, report).map_err(|source| written(path, &source))?,
        // A reader that has seen enough closes the pipe, which is no failure of the comparison.
        None => drop(std::io::stdout().write_all(report.as_bytes())),
    }
    Ok(!comparison.fails(arguments.fail_on))
}

pub(super) fn written(path: &Path, source: &std::io::Error) -> Error {
    Error::Source {
        what: path.display().to_string(),
        message: format!("cannot be written: {source}"),
    }
}

fn policy(arguments: &Arguments) -> Result<Policy, Error> {
    let mut policy = Policy {
        today: arguments.today.or_else(today),
        ..Policy::default()
    };
    let read = |path: &PathBuf| read_text(&path.display().to_string());
    if let Some(path) = &arguments.policy {
        policy.read(&read(path)?, path)?;
    }
    if let Some(path) = &arguments.approvals {
        policy.read_approvals(&read(path)?, path)?;
    }
    take_severities(&mut policy, &arguments.severity)?;
    Ok(policy)
}

/// Takes what stands behind `--severity`.
pub(super) fn take_severities(policy: &mut Policy, pairs: &[String]) -> Result<(), Error> {
    for pair in pairs {
        let outcome = match pair.split_once('=') {
            Some((rule, severity)) => policy.set_severity(rule, severity),
            None => Err("write RULE=SEVERITY".to_owned()),
        };
        outcome.map_err(|message| Error::Source {
            what: format!("--severity {pair}"),
            message,
        })?;
    }
    Ok(())
}

fn read_roles(what: &str) -> Result<Roles, Error> {
    let text = read_text(what)?;
    roles::parse(&text, Path::new(what)).map_err(|error| Error::Source {
        what: what.to_owned(),
        message: error.to_string(),
    })
}

/// Every rule with what it is about, one in each line.
fn list() -> String {
    let diff = rules::all().map(|rule| format!("{:<42} {}\n", rule.id, rule.what));
    let lint = lint::rules::all().map(|rule| format!("{:<42} lint: {}\n", rule.id, rule.asks));
    diff.chain(lint).collect()
}

/// Prints the page of a rule, or the list of all.
pub(crate) fn run_explain(rule: Option<&str>) -> Result<bool, Error> {
    let text = match rule {
        None => list(),
        Some(id) => match (rules::find(id), lint::rules::find(id)) {
            (Some(rule), _) => explain(rule),
            (None, Some(rule)) => lint::explain(rule),
            (None, None) => {
                return Err(Error::Source {
                    what: id.to_owned(),
                    message: "no such rule; `rafay-spec explain` lists all".to_owned(),
                });
            }
        },
    };
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(true)
}
