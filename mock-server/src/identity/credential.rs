//! API keys as they are kept, and what else is stored for their sake.

use std::sync::Arc;

use jiff::Timestamp;

use super::Organization;
use crate::keys::entries_of;
use crate::secret::SecretHash;
use crate::store::{Key, State, Stored};

/// An API key as it is kept: everything but its secret.
#[derive(Debug)]
pub(crate) struct Credential {
    /// The short id by which it is listed and deleted.
    pub(crate) id: Box<str>,
    /// The access key id, second part of the key.
    pub(crate) access_id: Arc<str>,
    pub(crate) hash: SecretHash,
    /// The same of the secret's checksum, which some clients send in its place.
    pub(crate) token: SecretHash,
    pub(crate) name: Box<str>,
    pub(crate) organization: Arc<Organization>,
    pub(crate) user_id: Arc<str>,
    pub(crate) username: Arc<str>,
    pub(crate) created_by: Box<str>,
    pub(crate) created_at: Timestamp,
    /// None for a key without an end.
    pub(crate) expires_at: Option<Timestamp>,
}

/// Under this name the short ids of keys are indexed.
pub(crate) const KEY_ALIAS: &str = "ApiKey";

/// Everything that is stored of an account's API keys, which go when it goes.
pub(crate) fn keys_of(state: &State, user_id: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    for (listed, stored) in state.under(&Key::credentials_of(user_id)) {
        if let Stored::Credential(credential) = stored {
            keys.extend(entries_of(credential));
        }
        keys.push(listed.clone());
    }
    keys
}
