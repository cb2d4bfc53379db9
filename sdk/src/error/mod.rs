//! What can go wrong with a call, told apart by what a caller can do about it.

mod answer;
mod config;
mod convert;

use std::fmt;
use std::sync::Arc;

pub(crate) use answer::UNPARSED;
pub use answer::{Answer, Problem};
pub use config::ConfigError;
pub(crate) use convert::unexpected;

/// Why a call failed.
///
/// The predicates say what a caller may want to do; [`answer`](Error::answer) has what the
/// controller said, and the standard library's `source` what lies beneath.
pub struct Error {
    // Boxed: results are mostly successes, and should be small.
    kind: Box<Kind>,
}

pub(crate) enum Kind {
    /// The controller answered with an error, or with something that is no answer (3xx).
    Answer(Answer),
    /// The controller answered with success, but the body is not what the document says.
    Decode {
        status: Option<u16>,
        source: Arc<serde_json::Error>,
    },
    /// The request did not come through, or the answer did not come back.
    Transport(reqwest::Error),
    /// The request cannot be made as asked for.
    Request(String),
    /// The client cannot be set up.
    Config(ConfigError),
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind: Box::new(kind),
        }
    }

    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(Kind::Request(message.into()))
    }

    /// What the controller said, where it answered with an error.
    pub fn answer(&self) -> Option<&Answer> {
        match &*self.kind {
            Kind::Answer(answer) => Some(answer),
            _ => None,
        }
    }

    /// The HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match &*self.kind {
            Kind::Answer(answer) => Some(answer.status()),
            Kind::Decode { status, .. } => *status,
            Kind::Transport(error) => error.status().map(|status| status.as_u16()),
            Kind::Request(_) | Kind::Config(_) => None,
        }
    }

    /// 404: the object, its project or the path does not exist, or not for this caller.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// 401: the key is missing, wrong or expired.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(401)
    }

    /// 401 because the key was right once and has expired: make a new one.
    pub fn is_expired_key(&self) -> bool {
        self.is_unauthorized() && self.answer().is_some_and(Answer::speaks_of_expiry)
    }

    /// 403: the key is right, but its roles do not allow this.
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403)
    }

    /// 409 or 412: the stored state forbids the change, or is not the one it was meant for.
    pub fn is_conflict(&self) -> bool {
        matches!(self.status(), Some(409 | 412))
    }

    /// 400 or 422: the request does not fit the document; [`Answer::problems`] says where.
    pub fn is_invalid(&self) -> bool {
        matches!(self.status(), Some(400 | 422))
    }

    /// Nothing arrived in time.
    pub fn is_timeout(&self) -> bool {
        matches!(&*self.kind, Kind::Transport(error) if error.is_timeout())
    }

    /// No connection came about: nobody listens, the name is unknown, TLS failed.
    pub fn is_connect(&self) -> bool {
        matches!(&*self.kind, Kind::Transport(error) if error.is_connect())
    }

    /// The answer was a success, but its body is not what the document says.
    pub fn is_decode(&self) -> bool {
        matches!(&*self.kind, Kind::Decode { .. })
    }

    /// The client could not be set up; see [`ConfigError`].
    pub fn is_config(&self) -> bool {
        matches!(&*self.kind, Kind::Config(_))
    }

    /// Another try may succeed: the connection failed, or the controller was busy or unreachable
    /// (408, 429, 502, 503, 504). Whether it may be sent twice is for the caller to know.
    pub fn is_retryable(&self) -> bool {
        match &*self.kind {
            Kind::Transport(error) => !error.is_builder(),
            Kind::Answer(answer) => matches!(answer.status(), 408 | 429 | 502..=504),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            Kind::Answer(answer) => answer.fmt(f),
            Kind::Decode { .. } => {
                f.write_str("the controller's answer ")?;
                if let Some(status) = self.status() {
                    write!(f, "({status}) ")?;
                }
                f.write_str("is not what the document says")
            }
            Kind::Transport(error) if error.is_connect() => {
                f.write_str("no connection to the controller")
            }
            Kind::Transport(error) if error.is_timeout() => {
                f.write_str("the controller did not answer in time")
            }
            Kind::Transport(_) => f.write_str("the connection to the controller failed"),
            Kind::Request(message) => f.write_str(message),
            Kind::Config(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    /// The message and, behind it, what lies beneath.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            Kind::Decode { source, .. } => Some(source),
            Kind::Transport(error) => Some(error),
            Kind::Config(error) => std::error::Error::source(error),
            Kind::Answer(_) | Kind::Request(_) => None,
        }
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::new(Kind::Config(error))
    }
}
