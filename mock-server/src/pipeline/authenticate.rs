//! Step two: who calls. The key stands in one of two headers, on every version. Whether a key expired is told
//! only to a caller who has the right secret; who has not cannot tell a wrong secret from a key that never was.

use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use jiff::Timestamp;

use crate::audit::Actor;
use crate::controller::Controller;
use crate::identity::{Caller, Standing};
use crate::pipeline::session::{self, Shown};
use crate::refusal::{Reason, Refusal};
use crate::secret::{self, SecretHash};
use crate::server::Peer;
use crate::store::State;

/// The headers a key may stand in: v3's name for it and v1's.
const HEADERS: [&str; 2] = ["x-api-key", "x-rafay-api-keyid"];

/// A caller who is not let in, and who it was, if the secret was right.
pub(crate) struct Denied {
    pub(crate) refusal: Refusal,
    pub(crate) actor: Option<Actor>,
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            actor: None,
        }
    }
}

pub(crate) fn authenticate(
    controller: &Controller,
    state: &State,
    parts: &Parts,
    now: Timestamp,
) -> Result<Arc<Caller>, Denied> {
    let has_key = HEADERS.iter().any(|name| parts.headers.contains_key(*name));
    let shown = session::find(state, parts, now)?;
    if has_key {
        let caller = by_key(controller, state, parts, now)?;
        return match shown {
            Shown::Good(other, _) if other.user_id() != caller.user_id() => Err(Refusal::new(
                Reason::KeyMalformed,
                "the API key and the console session are different users'; send one of them",
            )
            .into()),
            _ => in_good_standing(caller),
        };
    }
    match shown {
        Shown::Good(caller, token) => {
            session::admit(caller, &token, parts).and_then(in_good_standing)
        }
        Shown::Over => Err(session::over().into()),
        Shown::Nothing => Err(missing().into()),
    }
}

/// The caller behind the key that stands in the headers.
fn by_key(
    controller: &Controller,
    state: &State,
    parts: &Parts,
    now: Timestamp,
) -> Result<Arc<Caller>, Denied> {
    let mut sent = HEADERS.iter().flat_map(|name| parts.headers.get_all(*name));
    let Some(key) = sent.next() else {
        return Err(missing().into());
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
    let from = address(parts);
    if from.is_some() {
        let guesses = controller.key_guesses();
        guesses
            .admit(from, id, now)
            .map_err(Refusal::too_many_tries)?;
    }
    let caller = controller.callers().find(state, id);
    let credential = caller
        .as_ref()
        .and_then(|caller| caller.credential.as_ref());
    // As much work for a key that is not there, so that the time taken tells nothing.
    let hash = credential.map_or(SecretHash::NOBODY, |credential| credential.hash);
    let fits = hash.fits(secret);
    let (Some(caller), Some(credential), true) = (&caller, credential, fits) else {
        if from.is_some() {
            controller.key_guesses().wrong(from, id, now);
        }
        return Err(refused().into());
    };
    match credential.expires_at {
        Some(end) if end <= now => Err(Denied {
            refusal: Refusal::new(
                Reason::KeyExpired,
                format!("the API key ra2.{id} expired at {end}; make a new one"),
            ),
            actor: caller.actor(),
        }),
        _ => Ok(caller.clone()),
    }
}

/// Lets a caller in whose organization is in good standing.
pub(crate) fn in_good_standing(caller: Arc<Caller>) -> Result<Arc<Caller>, Denied> {
    let name = &caller.organization().name;
    let message = match caller.standing {
        Standing::Good => return Ok(caller),
        Standing::Deactivated => {
            format!("the organization {name:?} is deactivated; its partner can activate it")
        }
        Standing::Unapproved => {
            format!("the organization {name:?} is not approved yet; its partner can approve it")
        }
    };
    Err(Denied {
        refusal: Refusal::new(Reason::OrganizationInactive, message),
        actor: caller.actor(),
    })
}

/// Where a request came from; none for one that came over no connection, whose sender holds the controller anyway.
pub(crate) fn address(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<Peer>().map(|peer| peer.0.ip())
}

fn missing() -> Refusal {
    Refusal::new(
        Reason::KeyMissing,
        "there is no API key in the request; send it in the header X-API-KEY or X-RAFAY-API-KEYID",
    )
}

fn refused() -> Refusal {
    Refusal::new(
        Reason::KeyRefused,
        "the API key is unknown, revoked or wrong; make a new one if it is lost",
    )
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Request;

    use crate::secret::tally;
    use crate::{Controller, Options, Role};

    /// The work, counted in hashes, must not tell a key that is there from one that is not, nor a right secret from a
    /// wrong one.
    #[test]
    fn every_secret_costs_one_hash() {
        let controller = Controller::new(Options::default());
        let key = controller.key_for(Role::Admin);
        let (id, secret) = (key.id(), key.secret());
        let wrong = "0".repeat(secret.len());
        for key in [
            format!("ra2.{id}.{secret}"),
            format!("ra2.{id}.{wrong}"),
            format!("ra2.{}.{secret}", "0".repeat(id.len())),
        ] {
            let request = Request::get("/apis/system.k8smgmt.io/v3/projects")
                .header("x-api-key", &key)
                .body(Bytes::new())
                .unwrap();
            let hashes = tally::during(|| drop(controller.handle(request)));
            assert_eq!(hashes, 1, "{key}");
        }
    }
}
