//! The other half of step two: a caller who comes with the cookie of a console session instead of a key. It may do
//! what a key of the account may; a write takes the token that only pages of the console can read and send.

use std::sync::Arc;

use http::header::COOKIE;
use http::request::Parts;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use subtle::ConstantTimeEq as _;

use super::authenticate::Denied;
use crate::identity::{self, Caller};
use crate::refusal::{Reason, Refusal};
use crate::session::{self, Token};
use crate::store::State;

/// The header in which a page sends the token of its other cookie.
const CSRF_HEADER: &str = "x-csrftoken";

/// What the cookies of a request say.
pub(super) enum Shown {
    /// Nothing of a session.
    Nothing,
    /// A session that is over, or never was.
    Over,
    /// This session's, which is a good one.
    Good(Arc<Caller>, Token),
}

/// Looks for a session in the cookies.
pub(super) fn find(state: &State, parts: &Parts, now: Timestamp) -> Result<Shown, Refusal> {
    let Some(token) = token(&parts.headers)? else {
        return Ok(Shown::Nothing);
    };
    let session = Token::read(token).and_then(|token| {
        let session = state.session(&token.key())?;
        (now < session.expires_at).then_some((token, session))
    });
    Ok(session
        .and_then(|(token, session)| Some((identity::of_session(state, session)?, token)))
        .map_or(Shown::Over, |(caller, token)| {
            Shown::Good(Arc::new(caller), token)
        }))
}

/// The value of the session's cookie.
pub(crate) fn token(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut values = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| {
            cookie
                .trim()
                .strip_prefix(session::COOKIE)?
                .strip_prefix('=')
        });
    let first = values.next();
    if values.any(|other| Some(other) != first) {
        return Err(Refusal::new(
            Reason::KeyMalformed,
            "the request carries the cookies of two different sessions; send one",
        ));
    }
    Ok(first)
}

/// Lets a caller with a session read, and write if it proves to be a page of the console's.
pub(super) fn admit(
    caller: Arc<Caller>,
    token: &Token,
    parts: &Parts,
) -> Result<Arc<Caller>, Denied> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(caller);
    }
    let mut sent = parts.headers.get_all(CSRF_HEADER).iter();
    let fits = sent
        .next()
        .is_some_and(|sent| bool::from(sent.as_bytes().ct_eq(token.csrf().as_bytes())));
    if fits && sent.next().is_none() {
        return Ok(caller);
    }
    Err(Denied {
        caller: Some(caller),
        refusal: Refusal::new(
            Reason::CsrfMissing,
            "a write with a console session takes the header X-CSRFToken with the value of the cookie csrftoken",
        ),
    })
}

/// The refusal of a session that is over.
pub(super) fn over() -> Refusal {
    Refusal::new(
        Reason::SessionOver,
        "the console session is over; log in again, or send an API key in the header X-API-KEY",
    )
}
