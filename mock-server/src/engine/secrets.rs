//! Secrets that an object is asked for: the mask stands in the object, and the hash beside it.

use serde_json::Value;

use super::view;
use crate::pipeline::Call;
use crate::secret::{Plain, SaltedHash};
use crate::store::{Key, State, Stored, Write};
use crate::table::{Authority, Kind};
use crate::value;

/// What keeps the hashes in step with an object that is about to be stored.
#[derive(Default)]
pub(super) struct Kept {
    /// What is written; nothing where nothing changes.
    pub(super) writes: Vec<Write>,
    /// The places where a secret takes the place of another.
    pub(super) renewed: Vec<String>,
}

/// The writes that keep the hashes in step with an object that is about to be stored.
pub(super) fn put(call: &Call<'_>, kind: &Kind, key: &Key, object: &Value) -> Kept {
    let mut found = Kept::default();
    for place in kind.hashed {
        let pointer = value::pointer(place);
        let kept = Key::secret(key, &pointer);
        let stored = call.state.entries.get(&kept);
        if value::get(object, place).is_none() {
            found.writes.extend(stored.map(|_| Write::Remove(kept)));
            continue;
        }
        let sent = call
            .secrets
            .iter()
            .find(|(at, _)| match call.operation.view {
                Some(shape) => view::stored_at(shape, at).as_deref() == Some(&pointer),
                None => *at == pointer,
            });
        // The mask, which is what a reader sends back, means the secret that is there.
        let Some((_, secret)) = sent else { continue };
        let Some(hash) = hashed(call, kind, stored, secret) else {
            continue;
        };
        if stored.is_some() {
            found.renewed.push(pointer);
        }
        found.writes.push(Write::Put(kept, hash));
    }
    found
}

/// The write that gives a new object its secret.
pub(crate) fn first(
    call: &Call<'_>,
    kind: &Kind,
    object: &Key,
    pointer: &str,
    secret: &Plain,
) -> Option<Write> {
    let kept = Key::secret(object, pointer);
    hashed(call, kind, None, secret).map(|hash| Write::Put(kept, hash))
}

/// The hash to be kept of a secret; none where the one that is kept is its hash already.
fn hashed(call: &Call<'_>, kind: &Kind, stored: Option<&Stored>, secret: &Plain) -> Option<Stored> {
    if kind.authority == Some(Authority::Account) {
        let passwords = call.controller.passwords();
        return match stored {
            Some(Stored::Password(hash)) if passwords.fits(Some(hash), secret) => None,
            _ => Some(Stored::Password(passwords.hash(secret).into())),
        };
    }
    match stored {
        Some(Stored::Secret(hash)) if hash.fits(secret) => None,
        _ => Some(Stored::Secret(SaltedHash::of(secret).into())),
    }
}

/// Whether a text is the secret at a place of an object. As much work where there is no such secret, so that the time
/// taken tells nothing.
pub(crate) fn is_secret(state: &State, object: &Key, pointer: &str, secret: &Plain) -> bool {
    let stored = stored(state, &Key::secret(object, pointer));
    let fits = stored.unwrap_or(&SaltedHash::nobody()).fits(secret);
    fits && stored.is_some()
}

fn stored<'s>(state: &'s State, key: &Key) -> Option<&'s SaltedHash> {
    match state.entries.get(key) {
        Some(Stored::Secret(hash)) => Some(hash),
        _ => None,
    }
}
