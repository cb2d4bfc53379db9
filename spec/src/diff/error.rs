//! Why two documents could not be compared at all.

use std::path::PathBuf;

/// What stops a comparison. What can be read but breaks somebody is a
/// [`Finding`](super::Finding), not an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read; check that the path is right and readable.
    #[error("cannot read {}: {message}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What was said about it.
        message: String,
    },
    /// A file is neither JSON nor YAML, or goes beyond the bounds of depth, aliases and size.
    #[error("{}:{line}:{column}: {message}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The line, from one.
        line: u32,
        /// The column in characters, from one.
        column: u32,
        /// What is wrong.
        message: String,
    },
    /// The file is no `OpenAPI` document of a version that can be judged.
    #[error("{}: {message}", file.display())]
    NotOpenApi {
        /// The file.
        file: PathBuf,
        /// What was found and what is needed.
        message: String,
    },
    /// `git` could not give the document.
    #[error("git cannot give {what}: {message}")]
    Git {
        /// The revision and path asked for.
        what: String,
        /// What git said.
        message: String,
    },
    /// There is no such source: an address, an unknown release.
    #[error("{what}: {message}")]
    Source {
        /// What was asked for.
        what: String,
        /// Why it cannot be had and what can.
        message: String,
    },
    /// The policy, the approvals or the roles do not have the shape they must have.
    #[error("{}: {message}", file.display())]
    Policy {
        /// The file.
        file: PathBuf,
        /// What is wrong and what would be right.
        message: String,
    },
    /// The documents refer to themselves in so many ways that comparing them would not end soon.
    #[error("the documents take more than {0} comparisons; nothing is said about them")]
    TooLarge(usize),
}
