//! An error as the controller told it, whichever version's form it has.
//!
//! v3 sends `{code, external, internal, details: [{pointer, detail}]}`, v1 sends
//! `{details: [{error_code, detail}]}` or plain text, and what stands between may send anything.

use std::fmt;

use serde_json::{Map, Value};

/// Where the text of a body stands that is not the document's error schema.
pub(crate) const UNPARSED: &str = "unparsedBody";

/// An answer that is an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    status: u16,
    request_id: Option<String>,
    code: Option<String>,
    message: Option<String>,
    internal: Option<String>,
    problems: Vec<Problem>,
    body: Value,
}

/// One of the things that are wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// JSON pointer into the body, or the name of a parameter; empty where the answer has none.
    pub pointer: String,
    /// A short word for programs; empty where the answer has none.
    pub code: String,
    /// What is wrong.
    pub detail: String,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: &http::HeaderMap, body: Value) -> Self {
        let empty = Map::new();
        let object = body.as_object().unwrap_or(&empty);
        let problems: Vec<Problem> = match object.get("details") {
            Some(Value::Array(details)) => details.iter().filter_map(problem).collect(),
            _ => Vec::new(),
        };
        let code = text(object, "code").or_else(|| {
            problems
                .first()
                .map(|problem| problem.code.clone())
                .filter(|code| !code.is_empty())
        });
        let message = ["external", "message", "error", UNPARSED]
            .into_iter()
            .find_map(|key| text(object, key))
            .or_else(|| body.as_str().map(str::to_owned))
            .filter(|message| !message.trim().is_empty());
        Self {
            status,
            request_id: headers
                .get("x-request-id")
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            code,
            message,
            internal: text(object, "internal"),
            problems,
            body,
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The controller's own code, of the answer or of its first problem.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The message for the caller: the answer's own, else that of its first problem.
    pub fn message(&self) -> Option<&str> {
        let first = || self.problems.first().map(|problem| problem.detail.as_str());
        self.message.as_deref().or_else(first)
    }

    /// What the controller adds for those who run it.
    pub fn internal(&self) -> Option<&str> {
        self.internal.as_deref()
    }

    /// Everything that is wrong with the request, where the controller lists it.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The controller's `X-Request-Id`, for asking those who run it.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The whole body. One that is not the document's error schema is in it as text, under
    /// `unparsedBody`.
    pub fn body(&self) -> &Value {
        &self.body
    }

    pub(super) fn speaks_of_expiry(&self) -> bool {
        let says = |text: &str| text.to_ascii_lowercase().contains("expired");
        self.message.as_deref().is_some_and(says)
            || self
                .problems
                .iter()
                .any(|problem| says(&problem.code) || says(&problem.detail))
    }
}

fn problem(detail: &Value) -> Option<Problem> {
    let object = detail.as_object()?;
    let get = |key| text(object, key).unwrap_or_default();
    Some(Problem {
        pointer: get("pointer"),
        code: get("error_code"),
        // Some of v1's answers name the text like the list it stands in.
        detail: text(object, "detail")
            .or_else(|| text(object, "details"))
            .unwrap_or_default(),
    })
}

/// A member that is a text or a number, as text. Empty ones and zero say nothing.
fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    }
}

/// How much of a message is shown: a proxy's page is not.
const SHOWN: usize = 300;

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the controller answered {}", self.status)?;
        let reason = http::StatusCode::from_u16(self.status).ok();
        if let Some(reason) = reason.and_then(|status| status.canonical_reason()) {
            write!(f, " {reason}")?;
        }
        let message = self.message().unwrap_or_default();
        if !message.is_empty() {
            let shown: String = message.chars().take(SHOWN).collect();
            let more = if shown.len() < message.len() {
                "..."
            } else {
                ""
            };
            write!(f, ": {}{more}", shown.trim())?;
        }
        for problem in &self.problems {
            match problem.pointer.as_str() {
                "" if problem.detail == message => {}
                "" => write!(f, "; {}", problem.detail)?,
                pointer => write!(f, "; {pointer}: {}", problem.detail)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(status: u16, body: Value) -> Answer {
        Answer::new(status, &http::HeaderMap::new(), body)
    }

    #[test]
    fn every_version_is_told_alike() {
        for (body, code, message, shown) in [
            (
                json!({"code": 400, "external": "bad cluster", "internal": "x",
                       "details": [{"pointer": "/spec/type", "detail": "is not a type"}]}),
                Some("400"),
                Some("bad cluster"),
                "the controller answered 400 Bad Request: bad cluster; /spec/type: is not a type",
            ),
            (
                json!({"details": [{"error_code": "CONFIG035", "detail": "name exists"}]}),
                Some("CONFIG035"),
                Some("name exists"),
                "the controller answered 400 Bad Request: name exists",
            ),
            (
                json!({"details": [{"error_code": "E", "details": "old spelling"}]}),
                Some("E"),
                Some("old spelling"),
                "the controller answered 400 Bad Request: old spelling",
            ),
            (
                json!("plain"),
                None,
                Some("plain"),
                "the controller answered 400 Bad Request: plain",
            ),
            (
                json!({UNPARSED: ""}),
                None,
                None,
                "the controller answered 400 Bad Request",
            ),
            (
                json!({"message": "m"}),
                None,
                Some("m"),
                "the controller answered 400 Bad Request: m",
            ),
            (
                json!(null),
                None,
                None,
                "the controller answered 400 Bad Request",
            ),
        ] {
            let answer = answer(400, body);
            assert_eq!(answer.code(), code);
            assert_eq!(answer.message(), message);
            assert_eq!(answer.to_string(), shown);
        }
    }

    #[test]
    fn long_messages_are_cut_and_unknown_statuses_have_no_reason() {
        let answer = answer(499, json!({UNPARSED: "ä".repeat(1000)}));
        let shown = answer.to_string();
        assert!(shown.starts_with("the controller answered 499: ä") && shown.ends_with("ä..."));
        assert_eq!(answer.message().map(|m| m.chars().count()), Some(1000));
    }
}
