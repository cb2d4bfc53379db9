//! Callers that were computed before, so that a request need not read its account again.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::Caller;
use super::account::of_credential;
use crate::keys::Uses;
use crate::store::{Key, State};

/// Callers by access key id, as of one identity revision.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    cached: RwLock<Cached>,
    uses: Uses,
}

#[derive(Debug, Default)]
struct Cached {
    revision: u64,
    callers: HashMap<Box<str>, Arc<Caller>>,
}

/// More callers than this are not remembered; the cache starts again.
const MOST: usize = 10_000;

impl Callers {
    /// The caller behind an access key id, from the cache or from the state.
    pub(crate) fn find(&self, state: &State, access_id: &str) -> Option<Arc<Caller>> {
        {
            let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
            if cached.revision == state.identity_revision
                && let Some(caller) = cached.callers.get(access_id)
            {
                return Some(caller.clone());
            }
        }
        let credential = state.credential(&Key::credential(access_id))?;
        let caller = Arc::new(Caller {
            last_use: Some(self.uses.of(&credential.access_id)),
            ..of_credential(state, credential)?
        });
        let mut cached = self.cached.write().unwrap_or_else(PoisonError::into_inner);
        if cached.revision > state.identity_revision {
            // This reader holds an older moment; what it found must not be remembered.
            return Some(caller);
        }
        if cached.revision != state.identity_revision || cached.callers.len() >= MOST {
            cached.callers.clear();
            cached.revision = state.identity_revision;
        }
        cached.callers.insert(access_id.into(), caller.clone());
        Some(caller)
    }

    /// Forgets everybody; for a state that goes back in time.
    pub(crate) fn clear(&self) {
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Cached::default();
    }

    /// When keys were last used.
    pub(crate) fn uses(&self) -> &Uses {
        &self.uses
    }
}
