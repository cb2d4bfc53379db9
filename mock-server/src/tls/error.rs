//! Why a server cannot speak HTTPS.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

/// Why a certificate cannot be used or made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// What was given as certificates is not that. Give PEM, the server's own certificate first.
    #[error("read the certificate: {0}; give PEM, the server's own certificate first")]
    Certificate(String),
    /// What was given as private key is not that. Give PKCS#8, PKCS#1 or SEC1 in PEM, without a passphrase.
    #[error("read the private key: give one in PEM, without a passphrase")]
    Key,
    /// The private key belongs to another certificate.
    #[error("use the certificate: the private key is another certificate's")]
    NoPair,
    /// A local authority cannot vouch for a public address. Give a certificate of your own.
    #[error(
        "make a certificate for {address}: a local authority vouches for private addresses alone; give a certificate \
         and key of your own"
    )]
    Address {
        /// The address the server was to listen on.
        address: IpAddr,
    },
    /// The file with the authority's key is not what this program wrote. Remove it to have a new authority made, whose
    /// certificate clients must be told to trust again.
    #[error(
        "read the authority's key {path}: it holds no such key; remove it to have another made"
    )]
    Authority {
        /// The file.
        path: PathBuf,
    },
    /// Others than its owner may read the authority's key. Take their right away, or remove the file if they may have
    /// read it.
    #[error(
        "use the authority's key {path}: others may read it; run chmod 600 on it, or remove it to have another made"
    )]
    Readable {
        /// The file.
        path: PathBuf,
    },
    /// The system does not let this process read or write there; the source says why.
    #[error("use the file {path}")]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The TLS library refused what it was told, which is this crate's mistake.
    #[error("set up TLS: {0}")]
    Settings(String),
}

impl TlsError {
    #[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
    pub(super) fn settings(error: impl ToString) -> Self {
        Self::Settings(error.to_string())
    }
}
