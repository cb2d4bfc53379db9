//! `rafay-spec guard`: what a branch does to those who use what it started from, and the last releases.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process;

use rafay_spec::diff::report::{Format, View, render};
use rafay_spec::diff::{
    Approval, Comparison, Document, Error, FailOn, Finding, Options, Policy, Promise, diff, open,
    read_text,
};
use rafay_spec::release::{self, Entry, Index, Number};
use rafay_spec::roles::{self, Roles};

use super::say;

/// Compare every version in the working tree with the commit that the branch started from and with the
/// last release, and see that the releases are what they were.
///
/// Exits with 0 when nothing breaks the wire within a major version but what is approved (or when there
/// is no repository and so nothing to compare with), 1 when something does, a release was changed or
/// its number does not fit, and 2 when it cannot be told.
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

const WIRE: FailOn = FailOn::Promise(Promise::Wire);

/// Compares, reports, and tells whether all is well.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Error> {
    if !has_history() {
        eprintln!("this is no git repository: there is nothing to compare with");
        return Ok(true);
    }
    let base = merge_base(arguments.base.as_deref())?;
    let policy = policy(&arguments.approvals)?;
    let mut guard = Guard {
        spec: &arguments.spec,
        own: policy.approvals.clone(),
        policy,
        found: BTreeSet::new(),
        passes: true,
    };
    let before = index_at(&base, &arguments.spec)?;
    for problem in release::verify(&arguments.spec, &before).map_err(from_release)? {
        say!("releases: {problem}\n");
        guard.passes = false;
    }
    if !guard.passes {
        // What is not what was released is nothing to compare with.
        return Ok(false);
    }
    let index = Index::load(&arguments.spec).map_err(from_release)?;
    // A release of this branch took what it was approved for out of the file.
    let released = index.entries.iter().filter(|entry| {
        let known = before.get(&entry.version, entry.number);
        known.is_none()
    });
    let approved = released.flat_map(|entry| entry.approved.clone());
    guard.policy.approvals.extend(approved);
    let mut names: BTreeSet<String> = versions(&base, &arguments.spec)?.into_iter().collect();
    let known = names.clone();
    names.extend(index.entries.iter().map(|entry| entry.version.clone()));
    for name in names {
        let shown = if known.contains(&name) {
            guard.since_base(&base, &name)?
        } else {
            BTreeSet::new()
        };
        if let Some(last) = index.last(&name) {
            guard.since_release(&name, last, &shown)?;
        }
    }
    guard.stale(&approved_at(&base, &arguments.approvals)?);
    Ok(guard.passes)
}

/// What is compared, and what came of it so far.
struct Guard<'a> {
    spec: &'a Path,
    /// The approvals of the file.
    own: Vec<Approval>,
    /// Those, and what releases of the branch were approved for.
    policy: Policy,
    /// The fingerprints of all findings, which approvals may name.
    found: BTreeSet<String>,
    passes: bool,
}

impl Guard<'_> {
    /// Compares a version with the commit that the branch started from. Gives the findings that fail.
    fn since_base(&mut self, base: &str, name: &str) -> Result<BTreeSet<String>, Error> {
        let folder = self.spec.display();
        let old = format!("git:{base}:{folder}/{name}/openapi.yaml");
        let roles = roles(base, self.spec)?;
        let new = self.spec.join(name).display().to_string();
        let documents = (open(&old, Path::new(""))?, open(&new, Path::new(""))?);
        let comparison = self.compare(&documents.0, &documents.1, Some((&roles.0, &roles.1)))?;
        say!("{name}: {}", self.render(&comparison, &old, name));
        if is_new_major(&documents.0, &documents.1) {
            say!("{name}: a new major version may break what the one before promised\n");
            return Ok(BTreeSet::new());
        }
        self.passes &= !comparison.fails(WIRE);
        Ok(prints(comparison.failures(WIRE)))
    }

    /// Compares a version with its last release. What was shown already is not shown again.
    fn since_release(
        &mut self,
        name: &str,
        last: &Entry,
        shown: &BTreeSet<String>,
    ) -> Result<(), Error> {
        let folder = self.spec.join(release::FOLDER);
        let old = folder.join(last.file());
        let new = self.spec.join(name).display().to_string();
        let documents = (Document::open(&old)?, open(&new, Path::new(""))?);
        let own = documents.1.info_version().unwrap_or_default().to_owned();
        if own != last.number.to_string() {
            say!(
                "{name}: info.version is `{own}` and the last release {}: `cargo xtask release spec` changes it, never a hand\n",
                last.number
            );
            self.passes = false;
        }
        let roles = match last.roles_file() {
            Some(file) => Some((
                read_roles(&folder.join(file).display().to_string())?,
                read_roles(&self.spec.join("roles.yaml").display().to_string())?,
            )),
            None => None,
        };
        let roles = roles.as_ref().map(|(old, new)| (old, new));
        let mut comparison = self.compare(&documents.0, &documents.1, roles)?;
        self.passes &= !comparison.fails(WIRE);
        let next = last.number.bumped(release::floor(&comparison));
        let changes = comparison.findings.len();
        let failing = prints(comparison.failures(WIRE));
        if failing.difference(shown).next().is_some() {
            comparison.findings.retain(|finding| {
                let print = &finding.fingerprint;
                failing.contains(print) && !shown.contains(print)
            });
            let old = old.display().to_string();
            say!("{name}: {}", self.render(&comparison, &old, name));
        }
        let (number, date) = (last.number, last.date);
        say!(
            "{name}: since the release {number} of {date}: {}\n",
            match changes {
                0 => "no change".to_owned(),
                1 => format!("1 change; the next is {next} at the least"),
                _ => format!("{changes} changes; the next is {next} at the least"),
            }
        );
        Ok(())
    }

    fn compare(
        &mut self,
        old: &Document,
        new: &Document,
        roles: Option<(&Roles, &Roles)>,
    ) -> Result<Comparison, Error> {
        let options = Options {
            policy: self.policy.clone(),
            roles,
            subset: false,
        };
        let mut comparison = diff(old, new, &options)?;
        // An approval may be of a finding of the other comparison, or of another version.
        comparison.stale_approvals.clear();
        self.found.extend(prints(comparison.findings.iter()));
        Ok(comparison)
    }

    fn render(&self, comparison: &Comparison, old: &str, name: &str) -> String {
        let view = View {
            old: old.to_owned(),
            new: self.spec.join(name).display().to_string(),
            fail_on: WIRE,
            all: false,
            colour: false,
        };
        render(comparison, Format::Text, &view)
    }

    /// Approvals that the branch brings along and that are of no finding. What an earlier branch was
    /// approved for may be no finding any more, and goes with the next release.
    fn stale(&mut self, before: &BTreeSet<String>) {
        for Approval {
            fingerprint, by, ..
        } in &self.own
        {
            if !self.found.contains(fingerprint) && !before.contains(fingerprint) {
                say!("approvals: {fingerprint} of {by} is of no finding; take it away\n");
                self.passes = false;
            }
        }
    }
}

fn prints<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeSet<String> {
    findings
        .map(|finding| finding.fingerprint.clone())
        .collect()
}

/// Whether a document has a higher major number than another.
fn is_new_major(old: &Document, new: &Document) -> bool {
    let major = |document: &Document| Some(Number::parse(document.info_version()?)?.major);
    matches!((major(old), major(new)), (Some(old), Some(new)) if new > old)
}

fn from_release(error: release::Error) -> Error {
    match error {
        release::Error::Diff(error) => error,
        other => Error::Source {
            what: "releases".to_owned(),
            message: other.to_string(),
        },
    }
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
    Ok((
        read_roles(&format!("git:{base}:{path}"))?,
        read_roles(&path)?,
    ))
}

fn read_roles(what: &str) -> Result<Roles, Error> {
    roles::parse(&read_text(what)?, Path::new(what)).map_err(|error| Error::Source {
        what: what.to_owned(),
        message: error.to_string(),
    })
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

/// A file of the commit, if it has it.
fn text_at(base: &str, path: &Path) -> Result<Option<String>, Error> {
    let path = path.display().to_string();
    let listed = git(&["ls-tree", "--name-only", base, "--", &path])?;
    if listed.is_empty() {
        return Ok(None);
    }
    read_text(&format!("git:{base}:{path}")).map(Some)
}

/// The index of releases as the commit has it.
fn index_at(base: &str, spec: &Path) -> Result<Index, Error> {
    let path = Index::path(spec);
    match text_at(base, &path)? {
        Some(text) => Index::parse(&text, &path).map_err(from_release),
        None => Ok(Index::default()),
    }
}

/// The fingerprints that were approved at the commit.
fn approved_at(base: &str, approvals: &Path) -> Result<BTreeSet<String>, Error> {
    let mut policy = Policy::default();
    if let Some(text) = text_at(base, approvals)? {
        policy.read_approvals(&text, approvals)?;
    }
    let approvals = policy.approvals.into_iter();
    Ok(approvals.map(|approval| approval.fingerprint).collect())
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
