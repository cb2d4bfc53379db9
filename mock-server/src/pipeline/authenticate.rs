//! Step two: who calls. The key stands in one of three headers, on every version, whole or with its secret in a header
//! of its own. Whether a key expired is told only to a caller who has the right secret; who has not cannot tell a wrong
//! secret from a key that never was.

use std::cell::Cell;
use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use jiff::Timestamp;

use crate::controller::Controller;
use crate::identity::{Caller, Standing};
use crate::pipeline::session::{self, Shown};
use crate::pipeline::signature;
use crate::refusal::{Reason, Refusal};
use crate::secret::{self, SecretHash};
use crate::server::Peer;
use crate::store::State;

/// The headers a key may stand in: v3's name for it, v1's, and that of an older command line.
const HEADERS: [&str; 3] = ["x-api-key", "x-rafay-api-keyid", "x-api-keyid"];
/// The header that the secret may stand in, beside the access key id: as it is, or its checksum.
const TOKEN: &str = "x-api-token";

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

/// A request as this step sees it.
pub(crate) struct Presented<'r> {
    pub(crate) parts: &'r Parts,
    /// The body; none where it is not read to its end.
    pub(crate) body: Option<&'r [u8]>,
    /// Whether the number of a signed request was taken already: a request that starts again is not repeated.
    pub(crate) taken: &'r Cell<bool>,
}

/// The key in a request's headers: its id, and the secret or what stands in its place.
struct Sent<'r> {
    id: &'r str,
    /// The second half of a key that is sent whole.
    secret: Option<&'r str>,
    /// The second half in a header of its own.
    token: Option<&'r str>,
}

pub(crate) fn authenticate(
    controller: &Controller,
    state: &State,
    presented: &Presented<'_>,
    now: Timestamp,
) -> Result<Arc<Caller>, Denied> {
    let parts = presented.parts;
    let has_key = HEADERS.iter().any(|name| parts.headers.contains_key(*name));
    let shown = session::find(state, parts, now)?;
    if has_key {
        let caller = by_key(controller, state, presented, now)?;
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
    presented: &Presented<'_>,
    now: Timestamp,
) -> Result<Arc<Caller>, Denied> {
    let sent = sent(presented.parts)?;
    let from = address(presented.parts);
    if from.is_some() {
        let guesses = controller.key_guesses();
        guesses
            .admit(from, sent.id, now)
            .map_err(Refusal::too_many_tries)?;
    }
    let found = controller.callers().find(state, sent.id);
    let known = found
        .as_ref()
        .and_then(|caller| Some((caller, caller.credential.as_ref()?)));
    // As much work for a key that nobody has as for one that exists, so that the time taken tells nothing.
    let (hash, token) = known.map_or_else(
        || (SecretHash::NOBODY, SecretHash::NOBODY),
        |(_, credential)| (credential.hash, credential.token),
    );
    let whole = sent.secret.map(|secret| hash.fits(secret));
    let apart = sent.token.map(|text| (hash.fits(text), token.fits(text)));
    let by_token = apart.is_some_and(|(is_secret, is_checksum)| is_secret || is_checksum);
    let (Some((caller, credential)), true) = (known, whole.unwrap_or(by_token)) else {
        if from.is_some() {
            let guesses = controller.key_guesses();
            guesses
                .wrong(from, sent.id, now)
                .map_err(Refusal::too_many_tries)?;
        }
        return Err(refused().into());
    };
    // From here on the caller has the secret and may hear what is wrong.
    let deny = |refusal| Denied {
        refusal,
        caller: Some(caller.clone()),
    };
    if apart.is_some() && !by_token {
        return Err(deny(Refusal::new(
            Reason::SignatureRefused,
            "X-API-TOKEN does not fit the key beside it; send the key's secret in it, or leave it out",
        )));
    }
    let is_secret = apart.is_some_and(|(is_secret, _)| is_secret);
    let key = signature::Presented {
        id: sent.id,
        secret: sent.secret.or(sent.token.filter(|_| is_secret)),
    };
    let nonce = signature::verify(presented.parts, presented.body, &key, now).map_err(deny)?;
    if let Some(end) = credential.expires_at.filter(|end| *end <= now) {
        return Err(deny(Refusal::new(
            Reason::KeyExpired,
            format!(
                "the API key ra2.{} expired at {end}; make a new one",
                sent.id
            ),
        )));
    }
    if let Some(nonce) = nonce
        && presented.body.is_some()
        && !presented.taken.replace(true)
    {
        controller
            .nonces()
            .take(controller.store(), sent.id, &nonce, now)
            .map_err(deny)?;
    }
    if !caller.takes_keys() {
        return Err(deny(Refusal::new(
            Reason::Forbidden,
            format!(
                "{} is an account for the web console alone, so its API keys do not count; an administrator can \
                 take console_only back",
                caller.username()
            ),
        )));
    }
    caller.note_use(now);
    Ok(caller.clone())
}

/// Reads the key that a request carries.
fn sent(parts: &Parts) -> Result<Sent<'_>, Refusal> {
    let mut keys = HEADERS.iter().flat_map(|name| parts.headers.get_all(*name));
    let Some(key) = keys.next() else {
        return Err(missing());
    };
    if keys.any(|other| other != key) {
        return Err(Refusal::new(
            Reason::KeyMalformed,
            "the request carries two different API keys; send one",
        ));
    }
    let mut tokens = parts.headers.get_all(TOKEN).iter();
    let token = tokens.next();
    if tokens.next().is_some() {
        return Err(Refusal::new(
            Reason::KeyMalformed,
            "the request carries two values of X-API-TOKEN; send one",
        ));
    }
    // A token that is no text fits no key.
    let token = token.map(|token| token.to_str().unwrap_or_default());
    let key = key.to_str().ok();
    if let Some((id, secret)) = key.and_then(secret::split) {
        let secret = Some(secret);
        return Ok(Sent { id, secret, token });
    }
    match (key.and_then(secret::half), token) {
        (Some(id), Some(_)) => Ok(Sent {
            id,
            secret: None,
            token,
        }),
        (Some(_), None) if signature::is_there(&parts.headers) => {
            Err(signature::cannot_be_checked())
        }
        _ => Err(Refusal::new(
            Reason::KeyMalformed,
            "the header does not hold an API key of the form ra2.<access key id>.<secret>; send it whole, or its \
             secret in X-API-TOKEN",
        )),
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
        caller: Some(caller),
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

    /// The hashes that a request with these headers takes.
    fn hashes(controller: &Controller, headers: &[(&str, &str)], status: u16) -> usize {
        let mut request = Request::get("/auth/v1/users/-/profile");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Bytes::new()).unwrap();
        tally::during(|| assert_eq!(controller.handle(request).status(), status, "{headers:?}"))
    }

    /// The work, counted in hashes, tells neither a right secret from a wrong one nor an access key id that is there
    /// from one that is not.
    #[test]
    fn every_key_costs_as_much_whether_it_is_right_wrong_or_nobodys() {
        let controller = Controller::new(Options::default());
        let key = controller.key_for(Role::Admin);
        let (id, secret) = (format!("ra2.{}", key.id()), key.secret());
        let (nobodys, wrong) = (format!("ra2.{}", "0".repeat(40)), "0".repeat(64));
        let whole = [
            (format!("{id}.{secret}"), 200),
            (format!("{id}.{wrong}"), 401),
            (format!("{nobodys}.{secret}"), 401),
        ];
        let whole = whole.map(|(key, status)| hashes(&controller, &[("x-api-key", &key)], status));
        assert_eq!(whole, [1; 3]);
        let apart = [
            (&id, secret, 200),
            (&id, &*wrong, 401),
            (&nobodys, secret, 401),
        ];
        let apart = apart.map(|(id, token, status)| {
            hashes(
                &controller,
                &[("x-api-key", id), ("x-api-token", token)],
                status,
            )
        });
        assert_eq!(apart, [2; 3]);
    }
}
