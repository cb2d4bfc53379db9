//! Everything that is stored for the sake of one key: itself, twice, its short id, what it waits for and when it was
//! last used.

use std::sync::Arc;

use super::timers;
use crate::generated::kinds::ACCOUNT;
use crate::identity::{Credential, KEY_ALIAS};
use crate::store::{Expect, Key, State, Stored, Transaction, Write};

/// The transaction that stores a key: under its access key id, in the list of its owner, by its short id, and with what
/// it waits for.
pub(crate) fn store(state: &State, credential: Credential) -> Transaction {
    let key = Key::credential(&credential.access_id);
    let alias = Key::id(&credential.organization.id, KEY_ALIAS, &credential.id);
    let listing = Key::credential_of(&credential.user_id, state.revision, &credential.id);
    let owner = Key::id(
        &credential.organization.id,
        ACCOUNT.name,
        &credential.user_id,
    );
    let timers: Vec<_> = timers::of(&credential).collect();
    let stored = Stored::Credential(Arc::new(credential));
    let mut writes = vec![
        Write::Put(alias.clone(), Stored::Alias(key.clone())),
        Write::Put(listing, stored.clone()),
        Write::Put(key.clone(), stored),
    ];
    writes.extend(
        timers
            .into_iter()
            .map(|(at, due)| Write::Put(at, Stored::KeyDue(Arc::new(due)))),
    );
    Transaction {
        expects: vec![
            Expect::Absent(key),
            Expect::Absent(alias),
            Expect::Present(owner),
        ],
        writes,
        identity: true,
        ..Transaction::default()
    }
}

/// Where everything of a key is stored, but for its place in the list of its owner.
pub(crate) fn entries_of(credential: &Credential) -> impl Iterator<Item = Key> {
    let own = [
        Key::credential(&credential.access_id),
        Key::id(&credential.organization.id, KEY_ALIAS, &credential.id),
        Key::last_use(&credential.access_id),
    ];
    own.into_iter()
        .chain(timers::of(credential).map(|(at, _)| at))
}

/// The transaction that takes a key away with all that is stored for its sake, if it is still there by then.
pub(crate) fn removal(state: &State, credential: &Credential) -> Transaction {
    let listed = Key::credentials_of(&credential.user_id);
    let listing = state
        .under(&listed)
        .find(|(_, stored)| matches!(stored, Stored::Credential(listed) if listed.id == credential.id))
        .map(|(key, _)| key.clone());
    Transaction {
        expects: vec![Expect::Present(Key::credential(&credential.access_id))],
        writes: entries_of(credential)
            .chain(listing)
            .map(Write::Remove)
            .collect(),
        identity: true,
        ..Transaction::default()
    }
}
