//! Where a request comes from: the peer's address, the client it says it is, and the id by which the request is known
//! on both sides.

use std::cell::RefCell;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue, USER_AGENT};
use http::request::Parts;

use crate::hex;
use crate::mask::Masked;
use crate::secret::random_number;
use crate::server::Peer;

/// What kind of program sent a request, by the user agent that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientKind {
    /// The command line, `rctl`.
    Rctl,
    /// The SDK of this project.
    Sdk,
    /// A browser.
    Browser,
    /// Anything else, and what does not say.
    Other,
}

impl ClientKind {
    /// The word for it: `rctl`, `sdk`, `browser`, `other`.
    pub fn as_str(self) -> &'static str {
        match self {
            ClientKind::Rctl => "rctl",
            ClientKind::Sdk => "sdk",
            ClientKind::Browser => "browser",
            ClientKind::Other => "other",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [
            ClientKind::Rctl,
            ClientKind::Sdk,
            ClientKind::Browser,
            ClientKind::Other,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }

    fn of(agent: &str) -> Self {
        if agent.contains("rafay-sdk/") {
            ClientKind::Sdk
        } else if agent
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("rctl"))
        {
            ClientKind::Rctl
        } else if agent.starts_with("Mozilla/") {
            ClientKind::Browser
        } else {
            ClientKind::Other
        }
    }
}

/// The header in which a request's id is sent and answered.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: one the client chose, or a number of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RequestId {
    Made { process: u64, count: u64 },
    Sent(Box<str>),
}

impl RequestId {
    /// Its text, without the detour over a formatter: every answer has it.
    fn text(&self) -> String {
        let RequestId::Made { process, count } = self else {
            return self.to_string();
        };
        let mut text = hex::text(&process.to_be_bytes());
        text.push('-');
        text.push_str(&hex::text(&count.to_be_bytes()[2..]));
        text
    }

    /// The id behind its text.
    pub(super) fn from_text(text: &str) -> Self {
        let made = text.split_once('-').and_then(|(process, count)| {
            let id = RequestId::Made {
                process: u64::from_str_radix(process, 16).ok()?,
                count: u64::from_str_radix(count, 16).ok()?,
            };
            (id.to_string() == text).then_some(id)
        });
        made.unwrap_or_else(|| RequestId::Sent(text.into()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestId::Made { process, count } => write!(f, "{process:016x}-{count:012x}"),
            RequestId::Sent(text) => f.write_str(text),
        }
    }
}

/// Gives ids to requests that come without one.
#[derive(Debug)]
pub(crate) struct RequestIds {
    process: u64,
    next: AtomicU64,
}

impl RequestIds {
    pub(crate) fn new() -> Self {
        Self {
            process: random_number(),
            next: AtomicU64::new(1),
        }
    }

    /// The id that a request came with if it is well-formed, or one of its own.
    fn of(&self, headers: &HeaderMap) -> RequestId {
        let sent = headers.get(REQUEST_ID).and_then(|sent| sent.to_str().ok());
        match sent.filter(|sent| is_well_formed(sent)) {
            // One in the form of the controller's own ids is kept like those, so that there is one way to keep it.
            Some(sent) => RequestId::from_text(sent),
            None => RequestId::Made {
                process: self.process,
                count: self.next.fetch_add(1, Ordering::Relaxed),
            },
        }
    }
}

/// Letters, digits and `-._` alone: nothing that could be taken for something else in a log.
fn is_well_formed(id: &str) -> bool {
    const MOST: usize = 128;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    (1..=MOST).contains(&id.len()) && id.bytes().all(plain)
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) request_id: RequestId,
    pub(crate) peer: Option<IpAddr>,
    pub(crate) client: ClientKind,
    /// What the client calls itself; empty if it does not.
    pub(crate) agent: Arc<str>,
}

impl Origin {
    pub(crate) fn of(ids: &RequestIds, parts: &Parts) -> Self {
        let headers = &parts.headers;
        let sent = headers
            .get(USER_AGENT)
            .map_or(&b""[..], |agent| agent.as_bytes());
        let agent = shared_agent(sent);
        Self {
            request_id: ids.of(headers),
            peer: parts
                .extensions
                .get::<Peer>()
                .map(|peer| peer.0.ip().to_canonical()),
            client: ClientKind::of(&agent),
            agent,
        }
    }

    /// Nowhere: what the controller does of its own accord.
    pub(super) fn of_the_system() -> Self {
        Self {
            request_id: RequestId::Sent("".into()),
            peer: None,
            client: ClientKind::Other,
            agent: "".into(),
        }
    }

    /// Puts the request's id in an answer.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        // An id is made of letters, digits and three signs.
        if let Ok(id) = HeaderValue::try_from(self.request_id.text()) {
            headers.insert(REQUEST_ID, id);
        }
    }
}

/// The text of a user agent, shared with the requests before where it is the same, which it mostly is.
fn shared_agent(sent: &[u8]) -> Arc<str> {
    const MOST: usize = 256;
    thread_local!(static LAST: RefCell<Arc<str>> = RefCell::new("".into()));
    LAST.with_borrow_mut(|last| {
        if last.as_bytes() != sent {
            let text = String::from_utf8_lossy(sent);
            let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
            let text = &text[..text.floor_char_boundary(MOST)];
            *last = Masked(text).text().into();
        }
        last.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(name: HeaderName, value: &str) -> Origin {
        let request = http::Request::builder().header(name, value);
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Origin::of(&RequestIds::new(), &parts)
    }

    #[test]
    fn a_client_is_known_by_its_user_agent() {
        for (agent, kind) in [
            ("rctl/2.3", ClientKind::Rctl),
            ("RCTL", ClientKind::Rctl),
            ("nightly/2 rafay-sdk/0.1.0", ClientKind::Sdk),
            ("Mozilla/5.0 (X11)", ClientKind::Browser),
            ("curl/8.5", ClientKind::Other),
            ("", ClientKind::Other),
        ] {
            let origin = origin(USER_AGENT, agent);
            assert_eq!(origin.client, kind, "{agent}");
            assert_eq!(&*origin.agent, agent);
            assert_eq!(ClientKind::from_word(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn a_well_formed_id_is_kept_and_another_replaced() {
        assert_eq!(
            origin(REQUEST_ID, "a-B_1.2").request_id.to_string(),
            "a-B_1.2"
        );
        let own = "00000000000000ff-000000000001";
        let like_own = origin(REQUEST_ID, own).request_id;
        assert!(matches!(like_own, RequestId::Made { .. }));
        assert_eq!(
            (like_own.to_string(), like_own.text()),
            (own.into(), own.into())
        );
        for bad in ["", "a b", "a\"b", &"x".repeat(129)] {
            let made = origin(REQUEST_ID, bad).request_id;
            assert!(matches!(made, RequestId::Made { .. }), "{bad}");
            assert_eq!(RequestId::from_text(&made.to_string()), made);
        }
    }

    #[test]
    fn a_key_in_a_user_agent_loses_its_secret() {
        let agent = origin(USER_AGENT, "tool ra2.abc.def").agent;
        assert_eq!(&*agent, "tool ra2.abc.***");
    }
}
