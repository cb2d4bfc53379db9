//! One release: judged first, then written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::error::Error;
use super::index::{Entry, FOLDER, Index, digest};
use super::number::Number;
use super::{approvals, floor, verify};
use crate::bundle::{bundle, to_canonical_json};
use crate::diff::{
    Approval, Bump, Comparison, Date, Document, FailOn, Options, Policy, Promise, diff, read_text,
};
use crate::roles;

/// What is to be released.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The folder that holds the versions and `roles.yaml`.
    pub spec_dir: &'a Path,
    /// The version's name, such as `v3`.
    pub version: &'a str,
    /// The number; the lowest that fits if left out, which is never a new major one.
    pub number: Option<Number>,
    /// The day of the release.
    pub date: Date,
    /// The file of approvals; it may be missing.
    pub approvals: &'a Path,
}

/// A release that may be made.
#[derive(Debug)]
pub struct Plan {
    /// What becomes of it in the index.
    pub entry: Entry,
    /// The number of the release before, if there was one.
    pub last: Option<Number>,
    /// What has changed since then.
    pub comparison: Option<Comparison>,
    /// The files to write, with their text.
    files: Vec<(PathBuf, String)>,
}

impl Plan {
    /// Writes the frozen files, the index, the document's own number and what is left of the approvals.
    /// Gives the paths.
    pub fn write(&self) -> Result<Vec<&Path>, Error> {
        let mut written = Vec::new();
        for (path, text) in &self.files {
            let error = |source| Error::File {
                path: path.clone(),
                source,
            };
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(error)?;
            }
            fs::write(path, text).map_err(error)?;
            written.push(path.as_path());
        }
        Ok(written)
    }
}

/// Judges a release; nothing is written yet.
pub fn plan(request: &Request<'_>) -> Result<Plan, Error> {
    let Request {
        spec_dir, version, ..
    } = *request;
    let mut index = Index::load(spec_dir)?;
    // What was tampered with says nothing about what has changed.
    if let Some(problem) = verify(spec_dir, &index)?.into_iter().next() {
        return Err(Error::Tampered(problem));
    }
    let source = Source::read(spec_dir, version)?;
    let policy = policy(request)?;
    let judged = match index.last(version) {
        None => first(request, &source)?,
        Some(last) => next(request, &source, last, &policy)?,
    };
    let Judged {
        number,
        last,
        comparison,
        approved,
    } = judged;
    let frozen = source.bundled(number);
    let entry = Entry {
        version: version.to_owned(),
        number,
        date: request.date,
        sha256: digest(&frozen),
        roles: source.roles.as_deref().map(digest),
        approved,
    };
    let folder = spec_dir.join(FOLDER);
    let mut files = vec![(folder.join(entry.file()), frozen)];
    if let (Some(file), Some(roles)) = (entry.roles_file(), &source.roles) {
        files.push((folder.join(file), roles.clone()));
    }
    if number != source.number {
        files.push((source.path.clone(), source.numbered(number)?));
    }
    index.add(entry.clone());
    files.push((Index::path(spec_dir), index.text()));
    if !policy.approvals.is_empty() {
        let text = read_text(&request.approvals.display().to_string())?;
        let needed = needed_by_others(request, &index, &policy)?;
        let gone: BTreeSet<&str> = policy
            .approvals
            .iter()
            .map(|approval| approval.fingerprint.as_str())
            .filter(|print| !needed.contains(*print))
            .collect();
        let text = approvals::without(&text, &policy.approvals, &gone);
        files.push((request.approvals.to_owned(), text));
    }
    Ok(Plan {
        entry,
        last,
        comparison,
        files,
    })
}

struct Judged {
    number: Number,
    last: Option<Number>,
    comparison: Option<Comparison>,
    approved: Vec<Approval>,
}

/// The first release of a version takes the number that the document has.
fn first(request: &Request<'_>, source: &Source) -> Result<Judged, Error> {
    let own = source.number;
    match request.number {
        Some(wanted) if wanted != own => Err(Error::FirstNumber {
            version: request.version.to_owned(),
            wanted,
            own,
        }),
        _ => Ok(Judged {
            number: own,
            last: None,
            comparison: None,
            approved: Vec::new(),
        }),
    }
}

fn next(
    request: &Request<'_>,
    source: &Source,
    entry: &Entry,
    policy: &Policy,
) -> Result<Judged, Error> {
    let last = entry.number;
    let version = || request.version.to_owned();
    if source.number != last {
        return Err(Error::NotTheLast {
            version: version(),
            found: source.number,
            last,
        });
    }
    let same = digest(&source.bundled(last)) == entry.sha256;
    if same && source.roles.as_deref().map(digest) == entry.roles {
        return Err(Error::Unchanged {
            version: version(),
            last,
        });
    }
    let comparison = source.since(request.spec_dir, entry, policy)?;
    let bump = floor(&comparison);
    let floor = last.bumped(bump);
    let wanted = request.number.unwrap_or(floor);
    let next_major = last.bumped(Bump::Major);
    let stays = request.number.is_none_or(|wanted| wanted < next_major);
    // Nobody gets a new major version who did not ask for one.
    if stays && bump == Bump::Major {
        let failures = comparison.failures(FailOn::Promise(Promise::Behaviour));
        let broken = failures
            .filter(|finding| finding.breaks(Promise::Wire) || finding.breaks(Promise::Behaviour));
        let line = |finding: &crate::diff::Finding| {
            let subject = finding.subject().map(|subject| format!("`{subject}`: "));
            let at = subject.unwrap_or_else(|| match finding.operations.first() {
                Some(operation) => format!("{operation}: "),
                None => String::new(),
            });
            let (rule, message) = (finding.rule.id, &finding.message);
            format!("  {rule}: {at}{message} · {}\n", finding.fingerprint)
        };
        return Err(Error::Breaks {
            version: version(),
            last,
            findings: broken.map(line).collect(),
            next: next_major,
        });
    }
    if wanted < floor {
        return Err(Error::NumberTooLow {
            version: version(),
            wanted,
            last,
            floor,
        });
    }
    let used: BTreeSet<&str> = comparison
        .findings
        .iter()
        .filter(|finding| finding.approved.is_some())
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    let approved = policy.approvals.iter();
    let approved = approved
        .filter(|approval| used.contains(approval.fingerprint.as_str()))
        .map(|approval| Approval {
            until: None,
            ..approval.clone()
        })
        .collect();
    Ok(Judged {
        number: wanted,
        last: Some(last),
        comparison: Some(comparison),
        approved,
    })
}

/// The approvals that other versions need, since they are not released yet with what was approved.
fn needed_by_others(
    request: &Request<'_>,
    index: &Index,
    policy: &Policy,
) -> Result<BTreeSet<String>, Error> {
    let mut needed = BTreeSet::new();
    let versions: BTreeSet<&str> = index
        .entries
        .iter()
        .map(|entry| entry.version.as_str())
        .filter(|version| *version != request.version)
        .collect();
    for version in versions {
        let path = request.spec_dir.join(version).join("openapi.yaml");
        let Some(last) = index.last(version).filter(|_| path.is_file()) else {
            continue;
        };
        let source = Source::read(request.spec_dir, version)?;
        let comparison = source.since(request.spec_dir, last, policy)?;
        let approved = comparison
            .findings
            .into_iter()
            .filter(|finding| finding.approved.is_some());
        needed.extend(approved.map(|finding| finding.fingerprint));
    }
    Ok(needed)
}

fn policy(request: &Request<'_>) -> Result<Policy, Error> {
    let mut policy = Policy {
        today: Some(request.date),
        ..Policy::default()
    };
    if request.approvals.is_file() {
        let text = read_text(&request.approvals.display().to_string())?;
        policy.read_approvals(&text, request.approvals)?;
    }
    Ok(policy)
}

/// A version as it stands in the working tree.
struct Source {
    path: PathBuf,
    number: Number,
    json: serde_json::Value,
    roles: Option<String>,
}

impl Source {
    fn read(spec_dir: &Path, version: &str) -> Result<Self, Error> {
        let path = spec_dir.join(version).join("openapi.yaml");
        if !path.is_file() {
            let version = version.to_owned();
            return Err(Error::NoDocument { version, path });
        }
        let json = bundle(&path)?.json;
        let found = json["info"]["version"].as_str().unwrap_or_default();
        let number = Number::parse(found).ok_or_else(|| Error::NoNumber {
            version: version.to_owned(),
            found: found.to_owned(),
        })?;
        let roles_path = spec_dir.join("roles.yaml");
        let roles = match fs::read_to_string(&roles_path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => {
                let path = roles_path;
                return Err(Error::File { path, source });
            }
        };
        Ok(Self {
            path,
            number,
            json,
            roles,
        })
    }

    /// The bundle under a number.
    fn bundled(&self, number: Number) -> String {
        let mut json = self.json.clone();
        json["info"]["version"] = number.to_string().into();
        to_canonical_json(&json)
    }

    /// The text of the document's first file under another number.
    fn numbered(&self, number: Number) -> Result<String, Error> {
        let text = fs::read_to_string(&self.path).map_err(|source| Error::File {
            path: self.path.clone(),
            source,
        })?;
        let old = self.number.to_string();
        let line = Document::info_version_line(&text, &self.path)?;
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let changed = line.and_then(|(line, column)| {
            let line = lines.get_mut(line)?;
            let (start, _) = line.char_indices().nth(column)?;
            let at = start + line.get(start..)?.find(&old)?;
            line.replace_range(at..at + old.len(), &number.to_string());
            Some(())
        });
        changed.ok_or_else(|| Error::Index {
            path: self.path.clone(),
            message: format!("`version: {old}` must stand on one line under `info`"),
        })?;
        Ok(lines.concat())
    }

    /// What has changed since a release.
    fn since(&self, spec_dir: &Path, last: &Entry, policy: &Policy) -> Result<Comparison, Error> {
        let folder = spec_dir.join(FOLDER);
        let old = Document::open(&folder.join(last.file()))?;
        let name = self.path.with_extension("json");
        let new = Document::from_text(&self.bundled(last.number), &name.display().to_string())?;
        let old_roles = verify::frozen_roles(&folder, last)?;
        let new_roles = match &self.roles {
            Some(text) => Some(roles::parse(text, &spec_dir.join("roles.yaml"))?),
            None => None,
        };
        let options = Options {
            policy: policy.clone(),
            roles: old_roles.as_ref().zip(new_roles.as_ref()),
            subset: false,
        };
        Ok(diff(&old, &new, &options)?)
    }
}
