//! A whole folder of documents with the roles that go with them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bundle::bundle;
use crate::error::Error;
use crate::finding::Finding;
use crate::model::Document;
use crate::roles::{self, Roles};

/// The folder `spec/`: every version, and the roles.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The versions, sorted by name.
    pub documents: Vec<Document>,
    /// The built-in roles.
    pub roles: Roles,
}

impl Spec {
    /// Reads every sub-folder that has an `openapi.yaml`, and `roles.yaml`; fails when anything in
    /// them cannot be read into the model.
    pub fn load(spec_dir: &Path) -> Result<Spec, Error> {
        let spec = Spec::load_with_problems(spec_dir)?;
        let unreadable: Vec<Finding> = spec
            .documents
            .iter()
            .flat_map(|document| &document.problems)
            .filter(|problem| crate::lint::rules::stops_the_model(problem.rule))
            .cloned()
            .collect();
        if unreadable.is_empty() {
            Ok(spec)
        } else {
            Err(Error::Model(unreadable))
        }
    }

    /// The same, leaving out what cannot be read into the model: [`Document::problems`] has it, and
    /// [`lint`](crate::lint::lint) reports it among everything else.
    pub fn load_with_problems(spec_dir: &Path) -> Result<Spec, Error> {
        let mut documents = Vec::new();
        for (version, entry) in entries(spec_dir)? {
            documents.push(Document::new(&version, bundle(&entry)?));
        }
        if documents.is_empty() {
            return Err(Error::NoDocuments {
                folder: spec_dir.to_owned(),
            });
        }
        let roles = roles::load(&spec_dir.join("roles.yaml"))?;
        Ok(Spec { documents, roles })
    }

    /// The names of the versions in a folder, sorted.
    pub fn versions(spec_dir: &Path) -> Result<Vec<String>, Error> {
        let entries = entries(spec_dir)?.into_iter();
        Ok(entries.map(|(version, _)| version).collect())
    }

    /// The document called `version`.
    pub fn document(&self, version: &str) -> Option<&Document> {
        self.documents
            .iter()
            .find(|document| document.version == version)
    }
}

/// Names of the versions and their first files, sorted by name.
fn entries(spec_dir: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let error = |source| Error::Read {
        path: spec_dir.to_owned(),
        source,
    };
    let mut entries = Vec::new();
    for folder in fs::read_dir(spec_dir).map_err(error)? {
        let folder = folder.map_err(error)?;
        let entry = folder.path().join("openapi.yaml");
        if entry.is_file() {
            entries.push((folder.file_name().to_string_lossy().into_owned(), entry));
        }
    }
    entries.sort();
    Ok(entries)
}
