//! What can stop the documents from being read at all. What can be read but is wrong is a
//! [`Finding`], not an error.

use std::io;
use std::path::PathBuf;

use crate::finding::Finding;
use crate::source::Location;

/// Why the documents could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read; check that the path is right and readable.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A bundle could not be written; check the folder's permissions.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The folder has no version in it: no sub-folder with an `openapi.yaml`.
    #[error(
        "{} has no sub-folder with an openapi.yaml: name the folder that holds v1, v2, v3",
        folder.display()
    )]
    NoDocuments {
        /// The folder that was searched.
        folder: PathBuf,
    },
    /// A file is not YAML, or is YAML that has no meaning in JSON (a key that is not a string, a key
    /// twice, a number JSON cannot hold, aliases that expand without bound).
    #[error("{location}: {message}")]
    Yaml {
        /// Where in the file.
        location: Location,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// A `$ref` leads nowhere, out of the folder, in a circle of path items, or to something that
    /// cannot be hoisted into `components`.
    #[error("{location}: {message} ({pointer})")]
    Reference {
        /// Where the `$ref` stands.
        location: Location,
        /// The JSON pointer of the `$ref` in its own file.
        pointer: String,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// Two places define a component of the same name, which one bundle cannot hold; rename one.
    #[error(
        "{location}: `{name}` is defined twice: at {} and at {} ({pointer})",
        definitions[0], definitions[1]
    )]
    Collision {
        /// Where the `$ref` to the second one stands.
        location: Location,
        /// The JSON pointer of that `$ref` in its own file.
        pointer: String,
        /// The component, as `section/name`.
        name: String,
        /// The two definitions, the one met first before the other.
        definitions: Box<[Location; 2]>,
    },
    /// A file does not have the shape it must have, for example `paths` is a list.
    #[error("{location}: {message} ({pointer})")]
    Shape {
        /// Where in the file.
        location: Location,
        /// The JSON pointer in that file.
        pointer: String,
        /// What was expected there.
        message: String,
    },
    /// The documents could be joined, but operations or extension words in them could not be read;
    /// `rafay-spec lint` lists the same findings among all others.
    #[error("{}", lines(.0))]
    Model(Vec<Finding>),
}

fn lines(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    lines.join("\n")
}
