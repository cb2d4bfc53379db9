//! Step two: who calls. The key stands in one of two headers, on every version. Whether a key expired is told
//! only to a caller who has the right secret; who has not cannot tell a wrong secret from a key that never was.

use std::sync::{Arc, LazyLock};

use http::request::Parts;
use jiff::Timestamp;

use crate::controller::Controller;
use crate::identity::Caller;
use crate::refusal::{Reason, Refusal};
use crate::secret::{self, SecretHash};
use crate::store::State;

/// The headers a key may stand in: v3's name for it and v1's.
const HEADERS: [&str; 2] = ["x-api-key", "x-rafay-api-keyid"];

/// A caller who is not let in, and who it was, if the secret was right.
pub(crate) struct Denied {
    pub(crate) refusal: Refusal,
    pub(crate) caller: Option<Arc<Caller>>,
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            caller: None,
        }
    }
}

pub(crate) fn authenticate(
    controller: &Controller,
    state: &State,
    parts: &Parts,
    now: Timestamp,
) -> Result<Arc<Caller>, Denied> {
    let mut sent = HEADERS.iter().flat_map(|name| parts.headers.get_all(*name));
    let Some(key) = sent.next() else {
        return Err(Refusal::new(
            Reason::KeyMissing,
            "there is no API key in the request; send it in the header X-API-KEY or X-RAFAY-API-KEYID",
        )
        .into());
    };
    if sent.any(|other| other != key) {
        return Err(Refusal::new(
            Reason::KeyMalformed,
            "the request carries two different API keys; send one",
        )
        .into());
    }
    let Some((id, secret)) = key.to_str().ok().and_then(secret::split) else {
        return Err(Refusal::new(
            Reason::KeyMalformed,
            "the header does not hold an API key of the form ra2.<access key id>.<secret>; send it whole",
        )
        .into());
    };
    let Some(caller) = controller.callers().find(state, id) else {
        // As much work as for a key that exists, so that the time taken tells nothing.
        LazyLock::force(&NOBODY).fits(secret);
        return Err(refused().into());
    };
    let Some(credential) = &caller.credential else {
        return Err(refused().into());
    };
    if !credential.hash.fits(secret) {
        return Err(refused().into());
    }
    match credential.expires_at {
        Some(end) if end <= now => Err(Denied {
            refusal: Refusal::new(
                Reason::KeyExpired,
                format!("the API key ra2.{id} expired at {end}; make a new one"),
            ),
            caller: Some(caller.clone()),
        }),
        _ => Ok(caller),
    }
}

static NOBODY: LazyLock<SecretHash> = LazyLock::new(|| SecretHash::of(""));

fn refused() -> Refusal {
    Refusal::new(
        Reason::KeyRefused,
        "the API key is unknown, revoked or wrong; make a new one if it is lost",
    )
}
