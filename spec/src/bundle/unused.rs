//! Definitions that nothing refers to: the bundle leaves them out silently, so they must be told.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::Unused;
use super::files::normalise;
use super::hoist::{Bundler, Place, SECTIONS};
use crate::error::Error;
use crate::pointer;
use crate::source::Location;

/// The unused definitions in the version's own folder, files that nothing refers to among them.
/// Files outside it may serve other versions.
pub(super) fn unused(bundler: &mut Bundler) -> Result<Vec<Unused>, Error> {
    let folder = bundler.entry.parent().unwrap_or(Path::new("")).to_owned();
    let mut unused = Vec::new();
    let known = bundler.files.paths();
    for file in yaml_files(&folder)? {
        if !known.contains(&file) {
            let location = Location {
                file: file.as_path().into(),
                line: 1,
                column: 1,
            };
            unused.push(Unused {
                pointer: String::new(),
                location,
            });
        }
    }
    for file in known.into_iter().filter(|file| file.starts_with(&folder)) {
        let is_entry = file == bundler.entry;
        let loaded = bundler.files.get(&file)?;
        let prefix = if is_entry { "/components" } else { "" };
        // The entry's paths are the document's paths; elsewhere they must be referred to.
        let paths = (!is_entry).then_some("paths");
        for section in SECTIONS.into_iter().chain(paths) {
            let section = format!("{prefix}/{section}");
            let Some(names) = loaded.value.pointer(&section).and_then(|v| v.as_object()) else {
                continue;
            };
            for name in names.keys() {
                let place = Place {
                    file: file.clone(),
                    pointer: pointer::join(&section, name),
                };
                if let Some(location) = loaded.sources.get(&place.pointer)
                    && !bundler.used.contains(&place)
                {
                    let location = location.clone();
                    unused.push(Unused {
                        pointer: place.pointer,
                        location,
                    });
                }
            }
        }
    }
    unused.sort_by(|a, b| a.location.cmp(&b.location));
    Ok(unused)
}

/// The YAML files of a folder and the folders in it.
fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let shown = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let error = |source| Error::Read {
        path: shown.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(shown).map_err(error)? {
        let entry = entry.map_err(error)?;
        let path = normalise(&entry.path());
        // A link to a folder is not followed, so the walk ends.
        if entry.file_type().map_err(error)?.is_dir() {
            files.extend(yaml_files(&path)?);
        } else if path.extension() == Some(OsStr::new("yaml")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
