//! Accounts, each with a key that may be revoked.

use serde_json::json;

use crate::{Caller, Desk, fixtures};

/// An account.
pub(super) struct Identity {
    /// Its id.
    pub(super) id: String,
    /// The id of a key made for it.
    pub(super) key_id: String,
}

impl Identity {
    /// The account of a caller.
    #[track_caller]
    pub(super) fn of_caller(desk: &Desk, caller: &Caller<'_>) -> Self {
        Self::of_account(desk, &caller.id())
    }

    /// The account with an id.
    #[track_caller]
    pub(super) fn of_account(desk: &Desk, id: &str) -> Self {
        let key = desk
            .admin()
            .post(&fixtures::new_key(id), &json!({"name": "spare"}))
            .send()
            .expect(200);
        Self {
            id: id.to_owned(),
            key_id: key.text_at("/id"),
        }
    }
}
