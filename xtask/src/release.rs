//! `cargo xtask release spec`: freezes documents under a number, then generates everything that says it. The judging is
//! done by [`rafay_spec::release`].

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rafay_spec::Spec;
use rafay_spec::diff::{Date, Severity};
use rafay_spec::release::{self, Number, Plan, Request};

use crate::generate;

/// What is released.
#[derive(Debug, clap::Subcommand)]
pub enum What {
    /// Freezes every document that has changed since its last release: writes spec/released, info.version, the index and
    /// what is generated. Refuses a number that does not fit, and a break within a major version that nobody answers for.
    Spec(Options),
}

/// How documents are released.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The version to release, such as v3; every one that has changed if left out.
    version: Option<String>,
    /// The number; the lowest that fits if left out. A new major number has to be asked for.
    #[arg(long, value_name = "X.Y.Z", value_parser = number, requires = "version")]
    number: Option<Number>,
    /// The day of the release; today's if left out.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<Date>,
    /// Judges, says what would be released, and writes nothing.
    #[arg(long)]
    dry_run: bool,
}

fn number(text: &str) -> Result<Number, String> {
    Number::parse(text).ok_or("a number is three numbers, such as 3.1.0".to_owned())
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or("a date is written YYYY-MM-DD".to_owned())
}

/// Why nothing was released.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The release is refused; the text says why and what would do.
    #[error(transparent)]
    Release(#[from] release::Error),
    /// The documents cannot be read.
    #[error(transparent)]
    Spec(#[from] rafay_spec::Error),
    /// What is generated from them cannot be written.
    #[error(transparent)]
    Generate(#[from] generate::Error),
    /// The system's clock is before 1970; name the day with `--date`.
    #[error("the clock of the system says no day; name one with --date")]
    NoDay,
    /// No document has changed since its last release.
    #[error("nothing has changed since the last releases")]
    Unchanged,
}

/// Releases, and generates.
pub fn run(what: &What) -> Result<(), Error> {
    let What::Spec(options) = what;
    let root = generate::repository();
    let released = in_repository(&root, options)?;
    for line in &released {
        println!("{line}");
    }
    if !options.dry_run {
        generate::run(false)?;
    }
    Ok(())
}

/// Releases in the repository at `root`, and gives a line for each release. Nothing is generated.
fn in_repository(root: &Path, options: &Options) -> Result<Vec<String>, Error> {
    let spec_dir = root.join("spec");
    let approvals: PathBuf = spec_dir.join("approvals.yaml");
    let versions = if let Some(version) = &options.version {
        vec![version.clone()]
    } else {
        let documents = Spec::load(&spec_dir)?.documents.into_iter();
        documents.map(|document| document.version).collect()
    };
    let date = options
        .date
        .or_else(|| Date::at(SystemTime::now()))
        .ok_or(Error::NoDay)?;
    let mut lines = Vec::new();
    for version in &versions {
        let request = Request {
            spec_dir: &spec_dir,
            version,
            number: options.number,
            date,
            approvals: &approvals,
        };
        let plan = match release::plan(&request) {
            // Of several, those that have not changed are left as they are.
            Err(release::Error::Unchanged { .. }) if options.version.is_none() => continue,
            other => other?,
        };
        if !options.dry_run {
            plan.write()?;
        }
        lines.push(line(&plan));
    }
    if lines.is_empty() {
        return Err(Error::Unchanged);
    }
    Ok(lines)
}

fn line(plan: &Plan) -> String {
    let (version, number) = (&plan.entry.version, plan.entry.number);
    let Some((last, comparison)) = plan.last.zip(plan.comparison.as_ref()) else {
        return format!("{version} {number}: the first release");
    };
    let (breaks, changes) = (comparison.count(Severity::Error), comparison.findings.len());
    format!("{version} {number}: {changes} changes since {last}, {breaks} of them breaks")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A repository with nothing but this one's v1.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (generate::repository(), folder.path());
        for part in ["spec/v1", "spec/v1/kinds"] {
            fs::create_dir_all(to.join(part)).unwrap();
            for entry in fs::read_dir(from.join(part)).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    fs::copy(&path, to.join(part).join(path.file_name().unwrap())).unwrap();
                }
            }
        }
        fs::copy(from.join("spec/roles.yaml"), to.join("spec/roles.yaml")).unwrap();
        folder
    }

    fn options(version: Option<&str>, number: Option<&str>, dry_run: bool) -> Options {
        Options {
            version: version.map(str::to_owned),
            number: number.map(|number| Number::parse(number).unwrap()),
            date: Date::parse("2027-01-31"),
            dry_run,
        }
    }

    #[test]
    fn what_has_changed_is_released_and_a_dry_run_writes_nothing() {
        let folder = repository();
        let root = folder.path();
        let released = |options: &Options| in_repository(root, options);
        let own = Spec::load(&root.join("spec")).unwrap().documents[0].json["info"]["version"]
            .as_str()
            .unwrap()
            .to_owned();
        let first = format!("v1 {own}: the first release");
        let all = options(None, None, true);
        assert_eq!(released(&all).unwrap(), [first.as_str()]);
        assert!(!root.join("spec/released").exists());
        let all = options(None, None, false);
        assert_eq!(released(&all).unwrap(), [first.as_str()]);
        let again = released(&all).unwrap_err().to_string();
        assert_eq!(again, "nothing has changed since the last releases");

        let path = root.join("spec/v1/openapi.yaml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen("older API", "oldest API", 1)).unwrap();
        let lines = released(&options(Some("v1"), None, false)).unwrap();
        assert!(lines[0].contains(": 0 changes since "), "{lines:?}");
        let other = released(&options(Some("v9"), None, false)).unwrap_err();
        assert!(other.to_string().starts_with("v9: there is no "), "{other}");
    }
}
