//! From what a person names to remarks: one of our folders, one of our documents, or anybody's.

use std::path::{Path, PathBuf};

use super::any::lint_any;
use super::remark::{Remark, arrange};
use super::{Finding, lint, rules};
use crate::diff::{Document, Place, Policy, Severity, open};
use crate::spec::Spec;

/// Why something could not be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LintError {
    /// A document could not be read; the message says where and why.
    #[error(transparent)]
    Document(#[from] crate::diff::Error),
    /// The documents of a folder could not be joined.
    #[error(transparent)]
    Spec(#[from] crate::Error),
}

/// What a person names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A folder with `roles.yaml` and a sub-folder for each version.
    Folder(PathBuf),
    /// One version in such a folder.
    Version {
        /// The folder.
        folder: PathBuf,
        /// The name of the version.
        version: String,
    },
    /// A document of no such folder, or one that is no file of the working tree.
    Document(String),
}

impl Target {
    /// Finds out what a name means. A document is judged as one of ours when it is the `openapi.yaml` of
    /// a folder beside a `roles.yaml`.
    pub fn of(name: &str) -> Self {
        let path = Path::new(name);
        if path.join("roles.yaml").is_file() {
            return Self::Folder(path.to_owned());
        }
        let home = match path.parent() {
            _ if path.is_dir() => path,
            Some(parent) if path.file_name().is_some_and(|name| name == "openapi.yaml") => parent,
            _ => return Self::Document(name.to_owned()),
        };
        let folder = match (home.file_name(), home.parent()) {
            (Some(_), Some(parent)) if parent.as_os_str().is_empty() => PathBuf::from("."),
            (Some(_), Some(parent)) => parent.to_owned(),
            // `.` and `..` say no name; what is beside them is found all the same.
            _ => home.join(".."),
        };
        let version = home.canonicalize().ok();
        if let Some(version) = version.as_deref().and_then(Path::file_name)
            && folder.join("roles.yaml").is_file()
            && home.join("openapi.yaml").is_file()
        {
            let version = version.to_string_lossy().into_owned();
            return Self::Version { folder, version };
        }
        Self::Document(name.to_owned())
    }

    /// Its versions one by one; what is no folder of ours is one.
    pub(super) fn versions(&self) -> Result<Vec<Target>, LintError> {
        let Self::Folder(folder) = self else {
            return Ok(vec![self.clone()]);
        };
        let versions = Spec::versions(folder)?.into_iter();
        let one = |version| Self::Version {
            folder: folder.clone(),
            version,
        };
        Ok(versions.map(one).collect())
    }

    /// The documents that it consists of, as `open` takes them.
    pub fn documents(&self) -> Result<Vec<String>, LintError> {
        let file = |folder: &Path, version: &str| {
            let path = folder.join(version).join("openapi.yaml");
            path.display().to_string()
        };
        Ok(match self {
            Self::Folder(folder) => Spec::versions(folder)?
                .iter()
                .map(|version| file(folder, version))
                .collect(),
            Self::Version { folder, version } => vec![file(folder, version)],
            Self::Document(name) => vec![name.clone()],
        })
    }
}

/// Judges what a person names; `released` is the folder of releases.
pub fn judge(target: &Target, released: &Path, policy: &Policy) -> Result<Vec<Remark>, LintError> {
    let mut remarks = Vec::new();
    let (folder, version) = match target {
        Target::Folder(folder) => (folder, None),
        Target::Version { folder, version } => (folder, Some(version)),
        Target::Document(name) => return Ok(lint_any(&open(name, released)?, policy)),
    };
    let spec = Spec::load_with_problems(folder)?;
    for finding in lint(&spec.documents, &spec.roles) {
        if version.is_none_or(|version| finding.document == *version) {
            remarks.extend(remark(&finding, policy));
        }
    }
    for name in target.documents()? {
        let document: Document = open(&name, released)?;
        // What both tables have is judged by the rules of our own, which ask for more.
        let others = lint_any(&document, policy).into_iter();
        remarks.extend(others.filter(|remark| !rules::RULES.contains(remark.rule)));
    }
    Ok(arrange(remarks))
}

/// A finding of the rules of our own; all of them are errors unless the policy says otherwise.
fn remark(finding: &Finding, policy: &Policy) -> Option<Remark> {
    let rule = rules::find(finding.rule)?;
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let place = match &finding.location {
        Some(location) => Place {
            file: location.file.to_path_buf(),
            line: number(location.line),
            column: number(location.column),
            pointer: finding.pointer.clone(),
        },
        None => Place {
            file: PathBuf::from(&finding.document),
            line: 1,
            column: 1,
            pointer: finding.pointer.clone(),
        },
    };
    Remark::new(
        rule,
        Severity::Error,
        finding.message.clone(),
        place,
        policy,
    )
}
