//! Everything that is stored for the sake of one key: itself, twice, its short id, what it waits for and when it was
//! last used.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::timers;
use crate::audit;
use crate::check::MASK;
use crate::generated::kinds::ACCOUNT;
use crate::identity::{Credential, KEY_ALIAS};
use crate::store::{Expect, Key, State, Stored, Transaction, Write};

/// What every form of a key tells.
pub(crate) fn facts(credential: &Credential) -> Map<String, Value> {
    let mut facts = Map::new();
    let mut add = |name: &str, value: Value| facts.insert(name.to_owned(), value);
    add("id", (*credential.id).into());
    add("name", (*credential.name).into());
    add("account_id", (*credential.user_id).into());
    add("never_expire", credential.expires_at.is_none().into());
    add("created_at", credential.created_at.to_string().into());
    if let Some(end) = credential.expires_at {
        add("expires_at", end.to_string().into());
    }
    facts
}

/// A key as the audit trail tells of it: what does not change with time, and its secret as a mask.
fn told(credential: &Credential) -> Value {
    let mut told = facts(credential);
    let parts = [
        ("key", format!("ra2.{}", credential.access_id)),
        ("secret", MASK.to_owned()),
        ("username", credential.username.to_string()),
        ("created_by", credential.created_by.to_string()),
    ];
    told.extend(parts.map(|(name, part)| (name.to_owned(), part.into())));
    Value::Object(told)
}

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
    let changes = audit::changes(None, &told(&credential));
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
        changes: Some(changes),
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
        changes: Some(audit::removed(&told(credential))),
        ..Transaction::default()
    }
}
