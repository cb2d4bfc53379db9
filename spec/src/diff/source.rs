//! Where a document is had from: a file, a revision of git, a release. Addresses are never fetched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::document::Document;
use super::error::Error;
use crate::bundle::normalise;

/// A store of files.
pub(crate) trait Files {
    fn read(&self, path: &Path) -> Result<String, Error>;
}

/// The working tree.
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<String, Error> {
        let text = fs::read(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            message: source.to_string(),
        })?;
        text_of(text, path)
    }
}

/// The files of one revision, asked of the program `git` in the current folder.
struct Git<'a> {
    revision: &'a str,
}

impl Files for Git<'_> {
    fn read(&self, path: &Path) -> Result<String, Error> {
        // `./` makes the path one of the current folder, as everywhere else in the command.
        let what = format!("{}:./{}", self.revision, path.display());
        let error = |message: String| Error::Git {
            what: what.clone(),
            message,
        };
        // A revision that looks like an option could make git do something else.
        if self.revision.is_empty() || self.revision.starts_with('-') {
            return Err(error("that is no revision".to_owned()));
        }
        let output = Command::new("git")
            .args(["show", "--end-of-options", &what])
            .output()
            .map_err(|source| error(source.to_string()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(error(said.trim().to_owned()));
        }
        text_of(output.stdout, path)
    }
}

fn text_of(bytes: Vec<u8>, path: &Path) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| Error::Read {
        path: path.to_owned(),
        message: "it is not text in UTF-8".to_owned(),
    })
}

/// Opens what a person names: a path, `git:REV:path`, or `released:v3@1.2.0` in the folder of
/// releases (`<folder>/v3@1.2.0.json`). A folder means the `openapi.yaml` (or `.json`) in it.
pub fn open(what: &str, released: &Path) -> Result<Document, Error> {
    if let Some(rest) = what.strip_prefix("git:") {
        let Some((revision, path)) = rest.split_once(':') else {
            return Err(Error::Source {
                what: what.to_owned(),
                message: "write git:REVISION:PATH".to_owned(),
            });
        };
        return Document::from_files(&Git { revision }, Path::new(path));
    }
    if let Some(name) = what.strip_prefix("released:") {
        return open_released(what, name, released);
    }
    if what.contains("://") {
        return Err(Error::Source {
            what: what.to_owned(),
            message: "addresses are never fetched; download the document and name the file"
                .to_owned(),
        });
    }
    Document::open(&first_file(Path::new(what)))
}

/// Reads one file that a person names, which may be of a git revision too.
pub fn read_text(what: &str) -> Result<String, Error> {
    match what
        .strip_prefix("git:")
        .and_then(|rest| rest.split_once(':'))
    {
        Some((revision, path)) => Git { revision }.read(&normalise(Path::new(path))),
        None => Disk.read(Path::new(what)),
    }
}

pub(crate) fn first_file(path: &Path) -> PathBuf {
    if !path.is_dir() {
        return path.to_owned();
    }
    let names = ["openapi.yaml", "openapi.yml", "openapi.json"];
    let found = names
        .iter()
        .map(|name| path.join(name))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| path.join(names[0]))
}

fn open_released(what: &str, name: &str, folder: &Path) -> Result<Document, Error> {
    // A name is one file's name and never a way out of the folder.
    let is_name = !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.');
    let path = folder.join(format!("{name}.json"));
    if is_name && path.is_file() {
        return Document::open(&path);
    }
    let mut known: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(".json")?.to_owned()))
        .collect();
    known.sort();
    let known = if known.is_empty() {
        format!("{} has no release yet", folder.display())
    } else {
        format!("there are {}", known.join(", "))
    };
    Err(Error::Source {
        what: what.to_owned(),
        message: format!("no such release; {known}"),
    })
}
