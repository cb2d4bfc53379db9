//! The files of a bundle: each is read once, and none lies outside the folder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use crate::error::Error;
use crate::load::{self, Loaded};
use crate::source::SourceMap;

/// One file of a bundle.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) value: Value,
    pub(super) sources: SourceMap,
    /// What the references in this file became; most of them come many times.
    pub(super) hoisted: RefCell<BTreeMap<String, String>>,
}

/// Files read so far, by normalised path.
pub(super) struct Files {
    folder: PathBuf,
    loaded: BTreeMap<PathBuf, Rc<File>>,
}

impl Files {
    /// Files under `folder`, which may be empty for the current one.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: normalise(folder),
            loaded: BTreeMap::new(),
        }
    }

    pub(super) fn get(&mut self, path: &Path) -> Result<Rc<File>, Error> {
        if let Some(loaded) = self.loaded.get(path) {
            return Ok(loaded.clone());
        }
        let Loaded { value, sources } = load::load(path)?;
        let path = path.to_owned();
        let hoisted = RefCell::default();
        let loaded = Rc::new(File {
            path: path.clone(),
            value,
            sources,
            hoisted,
        });
        self.loaded.insert(path, loaded.clone());
        Ok(loaded)
    }

    /// The paths read so far, sorted.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.loaded.keys().cloned().collect()
    }

    /// Whether a normalised path lies in the folder.
    pub(super) fn contains(&self, path: &Path) -> bool {
        let inside = path.strip_prefix(&self.folder);
        inside.is_ok_and(|rest| rest.components().all(|c| matches!(c, Component::Normal(_))))
    }
}

/// Takes `.` and `..` out of a path by its text alone: two ways to write a file are one file.
pub(crate) fn normalise(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(out.components().next_back(), Some(Component::Normal(_))) =>
            {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Files, normalise};

    #[test]
    fn paths_are_normalised_by_their_text() {
        for (path, expected) in [
            ("a/./b/../c", "a/c"),
            ("../a", "../a"),
            ("a/../../b", "../b"),
            ("/a/../b", "/b"),
        ] {
            assert_eq!(normalise(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[test]
    fn only_what_lies_in_the_folder_is_contained() {
        let inside = |folder: &str, path: &str| {
            Files::new(Path::new(folder)).contains(&normalise(Path::new(path)))
        };
        assert!(inside("spec", "spec/v3/../v1/a.yaml"));
        assert!(inside("", "v3/a.yaml"));
        assert!(!inside("spec", "spec/../a.yaml"));
        assert!(!inside("", "../a.yaml"));
        assert!(!inside("..", "../../a.yaml"));
    }
}
