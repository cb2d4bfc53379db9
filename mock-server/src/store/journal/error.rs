//! What can be wrong with a data directory.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// A batch could not be written. Cheap to clone, since every writer of the batch is told.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(crate) struct JournalError(Arc<str>);

impl JournalError {
    pub(crate) fn new(what: &str) -> Self {
        Self(what.into())
    }

    /// The journal's thread is gone.
    pub(crate) fn stopped() -> Self {
        Self::new("the journal has stopped")
    }
}

/// Why a data directory cannot be used. Nothing in it was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// Another process, or another controller of this one, has it open. Stop that one or use another directory.
    #[error("open {}: it is in use; stop the server that uses it, or choose another directory", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A newer version wrote the file. Use that version, or another directory.
    #[error(
        "open {}: it has format {found} and this version knows up to {known}; use the version that wrote it, or \
         choose another directory",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        found: u64,
        /// The newest format that this version knows.
        known: u64,
    },
    /// The file is damaged, or was never written by this program. Put a copy back, or move it away to start anew.
    #[error("read {}: it is damaged: {detail}; put a copy back, or move it away to start anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where and how.
        detail: String,
    },
    /// There is no such file, and this was not to make one.
    #[error("open {}: there is no such file; is it the directory that the server was given?", path.display())]
    NotThere {
        /// The file.
        path: PathBuf,
    },
    /// The system does not let this process read or write there; the source says why.
    #[error("use {}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
