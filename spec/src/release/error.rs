//! Why a release was not made, or could not be judged.

use std::io;
use std::path::PathBuf;

use super::number::Number;

/// What stops a release.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of the releases could not be read or written; check that the folder is whole and writable.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The index does not have the shape it must have; it is written by `cargo xtask release spec` alone.
    #[error("{}: {message}", path.display())]
    Index {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The working tree has no such document.
    #[error("{version}: there is no {}", path.display())]
    NoDocument {
        /// The version's name.
        version: String,
        /// Its first file, which is missing.
        path: PathBuf,
    },
    /// `info.version` of a document is no number that releases have.
    #[error("{version}: info.version is `{found}`; write three numbers, such as 1.0.0")]
    NoNumber {
        /// The version's name.
        version: String,
        /// What stands there.
        found: String,
    },
    /// `info.version` was changed by hand.
    #[error(
        "{version}: info.version is {found} and the last release {last}; put {last} back, the release changes it"
    )]
    NotTheLast {
        /// The version's name.
        version: String,
        /// What stands in the document.
        found: Number,
        /// The number of the last release.
        last: Number,
    },
    /// The document is what the last release froze.
    #[error("{version}: nothing has changed since {last}")]
    Unchanged {
        /// The version's name.
        version: String,
        /// The last release.
        last: Number,
    },
    /// The number does not fit what has changed.
    #[error("{version}: {wanted} does not fit what has changed since {last}: at least {floor}")]
    NumberTooLow {
        /// The version's name.
        version: String,
        /// The number that was asked for.
        wanted: Number,
        /// The last release.
        last: Number,
        /// The lowest number that fits.
        floor: Number,
    },
    /// Something breaks within a major version and nobody answers for it.
    #[error(
        "{version}: what has changed since {last} breaks clients:\n{findings}\
         approve each by its fingerprint in approvals.yaml, or ask for the number {next}"
    )]
    Breaks {
        /// The version's name.
        version: String,
        /// The last release.
        last: Number,
        /// The findings, one a line, each with its fingerprint.
        findings: String,
        /// The next major number.
        next: Number,
    },
    /// The first release has the number that the document has.
    #[error("{version}: the first release has the document's own number, {own}, and not {wanted}")]
    FirstNumber {
        /// The version's name.
        version: String,
        /// The number that was asked for.
        wanted: Number,
        /// What stands in the document.
        own: Number,
    },
    /// A frozen file is not what was released.
    #[error("{0}")]
    Tampered(String),
    /// The documents cannot be read or bundled.
    #[error(transparent)]
    Spec(#[from] crate::Error),
    /// The documents cannot be compared.
    #[error(transparent)]
    Diff(#[from] crate::diff::Error),
}
