//! Why a client cannot be set up.

use std::fmt;

/// Why a client cannot be set up: what is wrong and what would be right. Never shows the key.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// An environment variable is missing or empty: set it.
    MissingVariable {
        /// Its name.
        name: &'static str,
        /// What belongs into it.
        holds: &'static str,
    },
    /// The configuration file of `rctl` cannot be read or lacks something: download it again.
    RctlConfig {
        /// Where it was looked for.
        path: std::path::PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The controller's address is not one: correct it.
    Endpoint {
        /// The address, without what stands before an `@`.
        endpoint: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No key was given: it comes from the console's "My Tools", "Manage Keys".
    MissingKey,
    /// The key has characters in it that no header can carry: copy it again.
    Key,
    /// The organization's id has characters in it that no header can carry: correct it.
    Organization,
    /// TLS or the HTTP client could not be set up.
    Http(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingVariable { name, holds } => {
                write!(
                    f,
                    "the environment variable {name} is not set; put {holds} into it"
                )
            }
            Self::RctlConfig { path, reason } => {
                write!(
                    f,
                    "the configuration file {} cannot be used: {reason}",
                    path.display()
                )
            }
            Self::Endpoint { endpoint, reason } => {
                write!(
                    f,
                    "`{endpoint}` is not the address of a controller: {reason}"
                )
            }
            Self::MissingKey => f.write_str("no API key was given"),
            Self::Organization => {
                f.write_str("the organization's id has characters in it that no id has")
            }
            Self::Key => {
                f.write_str("the API key has characters in it that no key has; copy it again")
            }
            Self::Http(error) => write!(f, "the HTTP client cannot be set up: {error}"),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Http(error) => error.source(),
            _ => None,
        }
    }
}
