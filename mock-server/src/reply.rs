//! What an operation answers, before it is written in the form the client asked for.

use bytes::Bytes;
use http::HeaderValue;
use serde_json::Value;

use crate::refusal::{Reason, Refusal};

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) content: Content,
    /// Revision of the object, for its entity tag.
    pub(crate) revision: Option<u64>,
    /// Fields of the body that the document does not know.
    pub(crate) unknown: Vec<String>,
    /// Whether the audit record already committed with a write.
    pub(crate) recorded: bool,
    /// Whether the client already holds this revision.
    pub(crate) not_modified: bool,
    /// Cookies for the client to keep.
    pub(crate) cookies: Vec<HeaderValue>,
}

/// The content of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    /// JSON that is served as it is.
    Json(Bytes),
    /// Text of a media type of its own.
    Text(&'static str, String),
    /// No body.
    None,
}

impl Reply {
    pub(crate) fn new(content: Content) -> Self {
        Self {
            content,
            revision: None,
            unknown: Vec::new(),
            recorded: false,
            not_modified: false,
            cookies: Vec::new(),
        }
    }

    pub(crate) fn json(value: &Value) -> Self {
        Self::new(Content::Json(to_bytes(value)))
    }

    pub(crate) fn object(body: Bytes, revision: u64) -> Self {
        Self {
            revision: Some(revision),
            ..Self::new(Content::Json(body))
        }
    }

    pub(crate) fn recorded(self) -> Self {
        Self {
            recorded: true,
            ..self
        }
    }
}

/// A value as JSON text.
pub(crate) fn to_bytes(value: &Value) -> Bytes {
    // A JSON value always has a JSON text: its keys are strings and its numbers finite.
    serde_json::to_vec(value).unwrap_or_default().into()
}

/// The value of a stored object. What is stored was written by [`to_bytes`], so a failure is the controller's own.
pub(crate) fn from_stored(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        Refusal::new(
            Reason::Internal,
            format!("a stored object cannot be read: {error}"),
        )
    })
}
