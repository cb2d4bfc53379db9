//! Whether the releases are what they were: every frozen file by its hash, every number by the changes
//! it was given for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::error::Error;
use super::index::{Entry, FOLDER, Index, digest};
use crate::diff::{Document, Options, Policy, diff, read_text};
use crate::roles::{self, Roles};

/// Everything that is wrong with the releases beside the versions, one line each. `before` is the index
/// as it was where the branch started: what it lists must still be there, and only what it does not list
/// has to have a number that fits its changes, since the rest was judged then.
pub fn verify(spec_dir: &Path, before: &Index) -> Result<Vec<String>, Error> {
    let index = Index::load(spec_dir)?;
    let folder = spec_dir.join(FOLDER);
    let mut problems = Vec::new();
    for old in &before.entries {
        let name = format!("{} {}", old.version, old.number);
        match index.get(&old.version, old.number) {
            None => problems.push(format!(
                "{name} was released and is not in the index any more"
            )),
            Some(entry) if entry != old => problems.push(format!(
                "{name} was released and the index says something else of it now"
            )),
            Some(_) => {}
        }
    }
    for entry in &index.entries {
        problems.extend(changed(&folder, entry));
    }
    if !problems.is_empty() {
        // What is not what was released says nothing about numbers.
        return Ok(problems);
    }
    problems.extend(unlisted(&folder, &index)?);
    for entry in &index.entries {
        if before.get(&entry.version, entry.number).is_none() {
            problems.extend(misnumbered(&folder, &index, entry)?);
        }
    }
    Ok(problems)
}

/// The frozen files of a release that are not what its hashes say.
fn changed(folder: &Path, entry: &Entry) -> Vec<String> {
    files(entry)
        .into_iter()
        .filter_map(|(file, sha256)| {
            let path = folder.join(file);
            match fs::read_to_string(&path) {
                Ok(text) if digest(&text) == *sha256 => None,
                Ok(_) => Some(format!(
                    "{} was changed after its release; put it back and release what is new",
                    path.display()
                )),
                Err(error) => Some(format!("{}: {error}", path.display())),
            }
        })
        .collect()
}

fn files(entry: &Entry) -> Vec<(PathBuf, &String)> {
    let roles = entry.roles_file().zip(entry.roles.as_ref());
    [(entry.file(), &entry.sha256)]
        .into_iter()
        .chain(roles)
        .collect()
}

/// Files that no release of the index has.
fn unlisted(folder: &Path, index: &Index) -> Result<Vec<String>, Error> {
    let listed: BTreeSet<PathBuf> = index
        .entries
        .iter()
        .flat_map(|entry| files(entry).into_iter().map(|(file, _)| file))
        .collect();
    let mut found = Vec::new();
    for version in children(folder)?.into_iter().filter(|path| path.is_dir()) {
        for path in children(&version)? {
            let is_listed = path
                .strip_prefix(folder)
                .is_ok_and(|file| listed.contains(file));
            if !is_listed {
                found.push(format!("{} is of no release", path.display()));
            }
        }
    }
    Ok(found)
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let error = |source| Error::File {
        path: folder.to_owned(),
        source,
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(error(source)),
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(error)?;
    paths.sort();
    Ok(paths)
}

/// What is wrong with the number of a release: it is not the document's own, or too low for what changed.
fn misnumbered(folder: &Path, index: &Index, entry: &Entry) -> Result<Option<String>, Error> {
    let Entry {
        version, number, ..
    } = entry;
    let new = Document::open(&folder.join(entry.file()))?;
    if new.info_version() != Some(&number.to_string()) {
        return Ok(Some(format!(
            "{version} {number}: the frozen document calls itself `{}`",
            new.info_version().unwrap_or_default()
        )));
    }
    let before = index.of(version).take_while(|other| other.number < *number);
    let Some(last) = before.last() else {
        return Ok(None);
    };
    let old = Document::open(&folder.join(last.file()))?;
    let roles = (frozen_roles(folder, last)?, frozen_roles(folder, entry)?);
    let mut policy = Policy {
        // The day of the release is the day by which its sunsets were judged.
        today: Some(entry.date),
        ..Policy::default()
    };
    policy.approvals.clone_from(&entry.approved);
    let options = Options {
        policy,
        roles: roles.0.as_ref().zip(roles.1.as_ref()),
        subset: false,
    };
    let floor = last
        .number
        .bumped(super::floor(&diff(&old, &new, &options)?));
    Ok((*number < floor).then(|| {
        format!(
            "{version} {number} does not fit what changed since {}: at least {floor}",
            last.number
        )
    }))
}

/// The roles that were frozen with a release.
pub(super) fn frozen_roles(folder: &Path, entry: &Entry) -> Result<Option<Roles>, Error> {
    let Some(file) = entry.roles_file() else {
        return Ok(None);
    };
    let path = folder.join(file);
    let text = read_text(&path.display().to_string())?;
    Ok(Some(roles::parse(&text, &path)?))
}
