//! The catalogue of refusals: one table of code, status and meaning, and the two shapes in which versions write
//! them.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::check::Problem;
use crate::table::ErrorShape;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    /// What went wrong and what would put it right.
    pub(crate) message: Cow<'static, str>,
    /// The single problems, where there are places to name.
    pub(crate) problems: Vec<Problem>,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident $status:literal $code:literal)+) => {
        /// Kinds of refusals.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Reason { $($(#[doc = $doc])+ $name),+ }

        impl Reason {
            /// The HTTP status.
            pub(crate) fn status(self) -> u16 {
                match self { $(Reason::$name => $status),+ }
            }

            /// The word for programs.
            pub(crate) fn code(self) -> &'static str {
                match self { $(Reason::$name => $code),+ }
            }
        }
    };
}

reasons! {
    /// The target or the parameters cannot be read, or do not fit the document.
    BadRequest 400 "BAD_REQUEST"
    /// The body cannot be read as what it says it is.
    BadBody 400 "BAD_BODY"
    /// The body was read and does not fit the document.
    Invalid 400 "INVALID"
    /// The body names something that is not there.
    UnknownReference 400 "UNKNOWN_REFERENCE"
    /// There is no key in the request.
    KeyMissing 401 "KEY_MISSING"
    /// What stands in the header is no key.
    KeyMalformed 401 "KEY_MALFORMED"
    /// Nobody has this key: never made, revoked, or the secret is wrong. Which one is not told.
    KeyRefused 401 "KEY_REFUSED"
    /// The key and its secret are right, and its time is over.
    KeyExpired 401 "KEY_EXPIRED"
    /// The secret of a webhook is missing or wrong, or there is no such webhook. Which one is not told.
    WebhookRefused 401 "WEBHOOK_REFUSED"
    /// The caller's roles do not allow it.
    Forbidden 403 "FORBIDDEN"
    /// No such path, object or project.
    NotFound 404 "NOT_FOUND"
    /// The path is there, but not with this method.
    MethodNotAllowed 405 "METHOD_NOT_ALLOWED"
    /// The name is taken.
    AlreadyExists 409 "ALREADY_EXISTS"
    /// The controller brings it along, and nobody changes it.
    BuiltIn 409 "BUILT_IN"
    /// Other objects depend on it.
    InUse 409 "IN_USE"
    /// The object is not in a state that allows the action.
    WrongState 409 "WRONG_STATE"
    /// Somebody else wrote again and again in between.
    Contended 409 "CONTENDED"
    /// The entity tag does not fit.
    PreconditionFailed 412 "PRECONDITION_FAILED"
    /// The body is too large.
    TooLarge 413 "TOO_LARGE"
    /// The body is neither JSON nor YAML.
    MediaType 415 "UNSUPPORTED_MEDIA_TYPE"
    /// The controller failed.
    Internal 502 "INTERNAL"
}

impl Reason {
    /// The code of gRPC, which the gateway in front of v2 puts in its errors.
    fn rpc_code(self) -> u8 {
        match self {
            Reason::AlreadyExists => 6,
            Reason::BuiltIn | Reason::InUse | Reason::WrongState | Reason::PreconditionFailed => 9,
            Reason::Contended => 10,
            other => match other.status() {
                401 => 16,
                403 => 7,
                404 => 5,
                405 => 12,
                413 => 8,
                502 => 13,
                _ => 3,
            },
        }
    }
}

impl Refusal {
    pub(crate) fn new(reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason,
            message: message.into(),
            problems: Vec::new(),
        }
    }

    pub(crate) fn with(
        reason: Reason,
        message: impl Into<Cow<'static, str>>,
        problems: Vec<Problem>,
    ) -> Self {
        Self {
            problems,
            ..Self::new(reason, message)
        }
    }

    /// A refusal over a single place.
    pub(crate) fn at(
        reason: Reason,
        pointer: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        let (pointer, detail) = (pointer.into(), detail.into());
        Self::with(
            reason,
            format!("{pointer} {detail}"),
            vec![Problem { pointer, detail }],
        )
    }

    /// A refusal over what a walk found in a part of the request.
    pub(crate) fn of_problems(part: &str, problems: Vec<Problem>) -> Self {
        let first = problems
            .first()
            .map_or(String::new(), |p| format!("{} {}", p.pointer, p.detail));
        let message = match problems.len() {
            1 => format!("the {part} does not fit the document: {first}"),
            many => {
                format!("the {part} does not fit the document in {many} places; the first: {first}")
            }
        };
        Self::with(Reason::Invalid, message, problems)
    }

    /// The body in the shape of a version.
    pub(crate) fn body(&self, shape: ErrorShape) -> Value {
        match shape {
            ErrorShape::Code => {
                let mut body = json!({
                    "code": self.reason.status(),
                    "external": self.message,
                    "internal": self.reason.code(),
                });
                if !self.problems.is_empty() {
                    body["details"] = self.entries(
                        |problem| json!({"pointer": problem.pointer, "detail": problem.detail}),
                    );
                }
                body
            }
            ErrorShape::Status => {
                let details = self.entries(
                    |problem| json!({"pointer": problem.pointer, "detail": problem.detail}),
                );
                json!({
                    "code": self.reason.rpc_code(),
                    "message": format!("{}: {}", self.reason.code(), self.message),
                    "details": details,
                })
            }
            ErrorShape::Details if self.problems.is_empty() => {
                json!({"details": [{"error_code": self.reason.code(), "detail": self.message}]})
            }
            ErrorShape::Details => json!({"details": self.entries(|problem| json!({
                "error_code": self.reason.code(),
                "detail": format!("{} {}", problem.pointer, problem.detail),
                "pointer": problem.pointer,
            }))}),
        }
    }

    fn entries(&self, entry: impl Fn(&Problem) -> Value) -> Value {
        self.problems.iter().map(entry).collect()
    }
}
