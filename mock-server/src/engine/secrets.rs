//! Secrets that an object is asked for: the mask stands in the object, and the hash beside it.

use serde_json::Value;

use super::view;
use crate::pipeline::Call;
use crate::secret::{Plain, SaltedHash};
use crate::store::{Key, State, Stored, Write};
use crate::table::Kind;
use crate::value;

/// The writes that keep the hashes in step with an object that is about to be stored; none where nothing changes.
pub(super) fn put(call: &Call<'_>, kind: &Kind, key: &Key, object: &Value) -> Vec<Write> {
    let mut writes = Vec::new();
    for place in kind.hashed {
        let pointer = value::pointer(place);
        let kept = Key::secret(key, &pointer);
        let stored = stored(call.state, &kept);
        if value::get(object, place).is_none() {
            writes.extend(stored.map(|_| Write::Remove(kept)));
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
        if !stored.is_some_and(|hash| hash.fits(secret)) {
            let hash = SaltedHash::of(secret);
            writes.push(Write::Put(kept, Stored::Secret(hash.into())));
        }
    }
    writes
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
