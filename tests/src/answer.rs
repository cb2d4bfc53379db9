//! An answer of the controller, with what tests ask of it.

use bytes::Bytes;
use http::{HeaderMap, Response};
use serde_json::Value;

/// An answer whose fit with the document was checked.
#[derive(Debug, Clone)]
pub struct Answer {
    asked: String,
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    pub(crate) fn new(asked: String, response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            asked,
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// All values of a header that is text.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.headers.get_all(name).iter();
        values.filter_map(|value| value.to_str().ok())
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("headers are text"))
    }

    /// The entity tag.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag")
            .unwrap_or_else(|| panic!("no entity tag: {self}"))
            .to_owned()
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("answers are UTF-8")
    }

    /// The body as JSON or, when it says so, as YAML.
    #[track_caller]
    pub fn json(&self) -> Value {
        let yaml = self.header("content-type") == Some("application/yaml");
        let value = if yaml {
            serde_norway::from_slice(&self.body).map_err(|error| error.to_string())
        } else {
            serde_json::from_slice(&self.body).map_err(|error| error.to_string())
        };
        value.unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// The text at a JSON pointer of the body.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> String {
        let body = self.json();
        let text = body.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer}: {self}"))
            .to_owned()
    }

    /// The answer itself if it has the status.
    #[track_caller]
    #[expect(
        clippy::return_self_not_must_use,
        reason = "often the status is all one wants to know"
    )]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// The message of an error, in the shape of any version.
    #[track_caller]
    pub fn message(&self) -> String {
        self.error().1
    }

    /// The word for programs of an error, in the shape of any version.
    #[track_caller]
    pub fn code(&self) -> String {
        self.error().0
    }

    /// The word for programs and the message of an error.
    #[track_caller]
    fn error(&self) -> (String, String) {
        let body = self.json();
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
        let error = if let Some(message) = text("/message") {
            message.split_once(": ")
        } else {
            let code = text("/internal").or_else(|| text("/details/0/error_code"));
            let message = text("/external").or_else(|| text("/details/0/detail"));
            code.zip(message)
        };
        let (code, message) = error.unwrap_or_else(|| panic!("no error: {self}"));
        (code.to_owned(), message.to_owned())
    }

    /// The places an error names, sorted.
    #[track_caller]
    pub fn pointers(&self) -> Vec<String> {
        let body = self.json();
        let details = body["details"].as_array().into_iter().flatten();
        let mut pointers: Vec<String> = details
            .filter_map(|detail| detail["pointer"].as_str())
            .map(str::to_owned)
            .collect();
        pointers.sort();
        pointers
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} -> {} {}",
            self.asked,
            self.status,
            String::from_utf8_lossy(&self.body)
        )
    }
}
