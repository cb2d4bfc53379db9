//! `rafay-spec guard`: what a branch does to those who use what it started from.

use std::path::{Path, PathBuf};
use std::process;

use rafay_spec::diff::report::{Format, View, render};
use rafay_spec::diff::{Error, FailOn, Options, Policy, Promise, diff, open, read_text};
use rafay_spec::roles::{self, Roles};

/// Compare every version in the working tree with the commit that the branch started from.
///
/// Exits with 0 when nothing breaks the wire but what is approved (or when there is no repository and so
/// nothing to compare with), 1 when something does, and 2 when it cannot be told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder that holds the versions and roles.yaml.
    #[arg(long, value_name = "DIR", default_value = "spec")]
    spec: PathBuf,
    /// The branch that this one will be merged into; origin/main or main if left out.
    #[arg(long, value_name = "BRANCH")]
    base: Option<String>,
    /// The findings that somebody answers for; the file may be missing.
    #[arg(long, value_name = "FILE", default_value = "spec/approvals.yaml")]
    approvals: PathBuf,
}

/// Compares, reports, and tells whether all is well.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Error> {
    if !has_history() {
        eprintln!("this is no git repository: there is nothing to compare with");
        return Ok(true);
    }
    let base = merge_base(arguments.base.as_deref())?;
    let folder = arguments.spec.display();
    let mut passes = true;
    for name in versions(&base, &arguments.spec)? {
        let old = format!("git:{base}:{folder}/{name}/openapi.yaml");
        let new = arguments.spec.join(&name).display().to_string();
        let (before, after) = (open(&old, Path::new(""))?, open(&new, Path::new(""))?);
        let roles = roles(&base, &arguments.spec)?;
        let options = Options {
            policy: policy(&arguments.approvals)?,
            roles: Some((&roles.0, &roles.1)),
            subset: false,
        };
        let mut comparison = diff(&before, &after, &options)?;
        // What a branch was approved for is no finding once it is merged.
        comparison.stale_approvals.clear();
        let fail_on = FailOn::Promise(Promise::Wire);
        let view = View {
            old,
            new,
            fail_on,
            all: false,
            colour: false,
        };
        print!("{name}: {}", render(&comparison, Format::Text, &view));
        passes &= !comparison.fails(fail_on);
    }
    Ok(passes)
}

/// Whether the current folder is part of a repository. Git is not asked, because it also fails where
/// there is a history that it must not read.
fn has_history() -> bool {
    let folder = std::env::current_dir().unwrap_or_default();
    folder
        .ancestors()
        .any(|folder| folder.join(".git").exists())
}

fn policy(approvals: &Path) -> Result<Policy, Error> {
    let mut policy = Policy {
        today: super::diff::today(),
        ..Policy::default()
    };
    if approvals.is_file() {
        policy.read_approvals(&read_text(&approvals.display().to_string())?, approvals)?;
    }
    Ok(policy)
}

fn roles(base: &str, spec: &Path) -> Result<(Roles, Roles), Error> {
    let path = spec.join("roles.yaml").display().to_string();
    let read = |what: &str| {
        roles::parse(&read_text(what)?, Path::new(what)).map_err(|error| Error::Source {
            what: what.to_owned(),
            message: error.to_string(),
        })
    };
    Ok((read(&format!("git:{base}:{path}"))?, read(&path)?))
}

/// The commit that the branch started from; on the branch itself, and where there is no other, its
/// last commit.
fn merge_base(branch: Option<&str>) -> Result<String, Error> {
    if let Some(branch) = branch {
        return git(&["merge-base", "--end-of-options", "HEAD", branch]);
    }
    let mut known = ["origin/main", "main"].iter();
    let base = known.find_map(|branch| git(&["merge-base", "HEAD", branch]).ok());
    base.map_or_else(|| git(&["rev-parse", "HEAD"]), Ok)
}

/// The versions that the commit has.
fn versions(base: &str, spec: &Path) -> Result<Vec<String>, Error> {
    let folder = format!("{}/", spec.display());
    let listed = git(&["ls-tree", "-r", "--name-only", base, "--", &folder])?;
    let versions = listed.lines().filter_map(|path| {
        let (_, path) = path.rsplit_once(folder.as_str()).unwrap_or(("", path));
        let name = path.strip_suffix("/openapi.yaml")?;
        (!name.contains('/')).then(|| name.to_owned())
    });
    Ok(versions.collect())
}

fn git(arguments: &[&str]) -> Result<String, Error> {
    let error = |message: String| Error::Git {
        what: arguments.join(" "),
        message,
    };
    let output = process::Command::new("git").args(arguments).output();
    let output = output.map_err(|source| error(source.to_string()))?;
    if !output.status.success() {
        return Err(error(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
