//! Why a kind could not be begun, always with what to do instead.

use std::io;
use std::path::Path;

/// A name that cannot be taken, or documents that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The name is not of the form that kinds have. Spell it like `Observatory` or `ClusterMeshRule`.
    #[error(
        "`{0}` is no name of a kind: words in PascalCase, each a capital with small letters or digits after it, such as \
         Observatory or ClusterMeshRule"
    )]
    Name(String),
    /// The name is a word that Rust or YAML take for something else. Choose another.
    #[error("`{0}` means something of its own in Rust or YAML; choose another name")]
    Reserved(String),
    /// The plural is not of the form that stands in paths.
    #[error(
        "`{0}` is no plural: small letters and digits, beginning with a letter, such as observatories"
    )]
    Plural(String),
    /// The group is not of the form that groups have.
    #[error(
        "`{0}` is no API group: small words joined by dots, such as infra.k8smgmt.io, or one word, such as infra"
    )]
    Group(String),
    /// There is something of that name. Choose another name or plural, or change what is there.
    #[error("{0} is there already; nothing was written")]
    Exists(String),
    /// There is a permission of that name, so roles that have it would reach the new kind unasked.
    #[error(
        "the permission {0} is there already, and roles that have it would reach the new kind; nothing was written, \
         choose another name"
    )]
    Permission(String),
    /// The kind to refer to is not in v3.
    #[error("`{kind}` cannot be referred to, it is no kind of v3; those are {known}")]
    Reference {
        /// The kind that was asked for.
        kind: String,
        /// Those there are.
        known: String,
    },
    /// An object of the organization cannot name one of a project, as there may be many of that name.
    #[error(
        "`{0}` cannot be referred to: it lives in projects, and an object of the organization cannot say in which"
    )]
    ReferenceScope(String),
    /// A file lacks the line by which the place for new lines is found.
    #[error("{file} has no {what}, so there is no place for the new kind")]
    Form {
        /// The file.
        file: &'static str,
        /// What it should have.
        what: &'static str,
    },
    /// The documents cannot be read as they are; the text names file, line and column.
    #[error(transparent)]
    Spec(#[from] rafay_spec::Error),
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
}

pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    |source| Error::File {
        path: path.display().to_string(),
        source,
    }
}
