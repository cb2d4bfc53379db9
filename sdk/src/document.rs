//! Which documents the SDK was made from, and how they stand to those of a controller.
//!
//! The mock controller says at a well-known address which documents it serves. A real controller has no such
//! address; then nothing is known, which is no error.

mod check;

use std::fmt;

/// The document that a version of the SDK was made from, such as `v3::DOCUMENT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Document {
    /// The version's name, such as `v3`.
    pub version: &'static str,
    /// Its release, or the last one before it.
    pub release: &'static str,
    /// Whether it is that release, and not what comes after it.
    pub released: bool,
    /// SHA-256 of its bundle in hexadecimal, as `sha256sum spec/v3/openapi.json` prints it.
    pub sha256: &'static str,
}

impl Document {
    /// As the user agent names it.
    pub(crate) fn product(&self) -> String {
        let hash = self.sha256.get(..12).unwrap_or(self.sha256);
        format!("rafay-{}/{}+{hash}", self.version, self.release)
    }
}

/// A document that a controller serves, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServedDocument {
    /// The version's name.
    pub version: String,
    /// Its release, or the last one before it.
    pub release: String,
    /// Whether it is that release, and not what comes after it.
    pub released: bool,
    /// SHA-256 of its bundle in hexadecimal.
    pub sha256: String,
}

/// How a controller's document stands to the one that the SDK was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Standing {
    /// It is the same document.
    Same,
    /// The controller's is newer: there may be more than this SDK knows.
    ControllerNewer,
    /// The controller's is older: some of what this SDK knows may be missing.
    ControllerOlder,
    /// They differ, and which one is newer cannot be told: neither is a release.
    Different,
    /// The controller serves other documents, but none of this version.
    NotServed,
    /// The controller does not say, as real ones do not.
    Unknown,
}

/// What [`Client::check_documents`](crate::Client::check_documents) says of one version. Prints as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentCheck {
    /// What the SDK was made from.
    pub sdk: Document,
    /// What the controller serves, where it says so.
    pub controller: Option<ServedDocument>,
    /// How they stand to one another.
    pub standing: Standing,
}

impl DocumentCheck {
    /// Whether the documents are known to differ, or the controller's to be missing.
    pub fn is_mismatch(&self) -> bool {
        !matches!(self.standing, Standing::Same | Standing::Unknown)
    }
}

impl fmt::Display for DocumentCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Document {
            version,
            release,
            released,
            sha256,
        } = self.sdk;
        write!(
            f,
            "{version}: the SDK was made from {}",
            named(release, released, sha256)
        )?;
        let served = self.controller.as_ref();
        let served = served.map(|it| named(&it.release, it.released, &it.sha256));
        let served = served.as_deref().unwrap_or("another document");
        match self.standing {
            Standing::Same => f.write_str(", and the controller serves the same"),
            Standing::ControllerNewer => {
                write!(f, ", and the controller serves {served}, which is newer")
            }
            Standing::ControllerOlder => {
                write!(f, ", and the controller serves {served}, which is older")
            }
            Standing::Different => {
                write!(f, ", and the controller serves {served}, which is another")
            }
            Standing::NotServed => f.write_str(", and the controller serves no such version"),
            Standing::Unknown => f.write_str(", and the controller does not say what it serves"),
        }
    }
}

fn named(release: &str, released: bool, sha256: &str) -> String {
    let hash = sha256.get(..12).unwrap_or(sha256);
    let after = if released { "" } else { "after " };
    format!("{after}{release} ({hash})")
}
