//! The documents as outside tools get them: one file for each version.

use std::path::{Path, PathBuf};

/// A bundled document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) version: String,
    pub(super) path: PathBuf,
}

/// All bundled documents, in the order of their versions.
pub(super) fn all(root: &Path) -> Vec<Document> {
    let folders = std::fs::read_dir(root.join("spec")).into_iter().flatten();
    let mut documents: Vec<Document> = folders
        .flatten()
        .map(|folder| Document {
            version: folder.file_name().to_string_lossy().into_owned(),
            path: folder.path().join("openapi.json"),
        })
        .filter(|document| document.path.exists())
        .collect();
    documents.sort_by(|a, b| a.version.cmp(&b.version));
    documents
}

/// Their paths.
pub(super) fn paths(root: &Path) -> Vec<PathBuf> {
    all(root)
        .into_iter()
        .map(|document| document.path)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::repository;

    #[test]
    fn every_version_has_a_document() {
        let versions: Vec<String> = all(&repository())
            .into_iter()
            .map(|document| document.version)
            .collect();
        assert_eq!(versions, ["v1", "v2", "v3"]);
    }
}
