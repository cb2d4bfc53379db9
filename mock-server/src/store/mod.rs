//! The state of a controller: one ordered key space of small documents, as an immutable map behind an atomic
//! pointer. Readers take a [`Snapshot`] without a lock and see one moment; one writer at a time makes the next. A
//! kept snapshot is a pointer, so going back to it costs nothing.
//!
//! With a [`journal`] under it, a moment is published once it is on disk: what anybody can read is never lost.

mod journal;
mod key;
mod place;
mod transaction;

pub use journal::DataError;
pub(crate) use journal::{About, Archive, Disk, FileDisk, verify};
pub(crate) use key::Key;
pub(crate) use place::{CommitError, Store};
pub(crate) use transaction::{Committed, Conflict, Expect, Transaction, Write};

use std::sync::Arc;

use bytes::Bytes;
use imbl::OrdMap;
use jiff::Timestamp;
use serde_json::Value;

use crate::audit::Trails;
use crate::identity::{Credential, Organization};
use crate::keys::{KeyDue, KeySettings};
use crate::outbox::Mail;
use crate::password::PasswordHash;
use crate::refusal::Refusal;
use crate::reply::from_stored;
use crate::secret::SaltedHash;
use crate::session::Session;
use crate::table::Kind;

/// One object as the engine keeps it.
#[derive(Debug)]
pub(crate) struct Object {
    /// The revision of the state in which it last changed; its entity tag.
    pub(crate) revision: u64,
    /// The id the controller gave it.
    pub(crate) id: Box<str>,
    /// Its name.
    pub(crate) name: Box<str>,
    /// Its JSON, just as it is served.
    pub(crate) body: Bytes,
    /// The same as a value, kept for an object that is written again and again. One that is written once and read
    /// has none, which keeps a large state small.
    pub(crate) value: Option<Arc<Value>>,
}

impl Object {
    /// The object as a value.
    pub(crate) fn value(&self) -> Result<Arc<Value>, Refusal> {
        match &self.value {
            Some(value) => Ok(value.clone()),
            None => from_stored(&self.body).map(Arc::new),
        }
    }
}

/// A value in the key space.
#[derive(Debug, Clone)]
pub(crate) enum Stored {
    /// An object.
    Object(Arc<Object>),
    /// An API key, by its access key id.
    Credential(Arc<Credential>),
    /// The key under which something is stored, for look-ups by id.
    Alias(Key),
    /// How many objects there are of a kind in a place.
    Count(u64),
    /// A lifecycle step that is due at the time in its key.
    Due(Arc<Due>),
    /// What an API key waits for, due at the time in its key.
    KeyDue(Arc<KeyDue>),
    /// When an API key was last used.
    LastUse(Timestamp),
    /// What an organization sets for its API keys.
    KeySettings(Arc<KeySettings>),
    /// A mail of the outbox.
    Mail(Arc<Mail>),
    /// The hash of a secret of an object.
    Secret(Arc<SaltedHash>),
    /// The hash of an account's password.
    Password(Arc<PasswordHash>),
    /// A console session, by the hash of its token.
    Session(Arc<Session>),
    /// A mark that says something by being there: a reference, a fault asked for.
    Mark,
}

impl Stored {
    /// Whether it is the very same as another; what is equal but was stored anew may not be.
    pub(crate) fn is_same(&self, other: &Stored) -> bool {
        match (self, other) {
            (Stored::Object(one), Stored::Object(other)) => Arc::ptr_eq(one, other),
            (Stored::Credential(one), Stored::Credential(other)) => Arc::ptr_eq(one, other),
            (Stored::Due(one), Stored::Due(other)) => Arc::ptr_eq(one, other),
            (Stored::Alias(one), Stored::Alias(other)) => one == other,
            (Stored::Count(one), Stored::Count(other)) => one == other,
            (Stored::KeyDue(one), Stored::KeyDue(other)) => Arc::ptr_eq(one, other),
            (Stored::LastUse(one), Stored::LastUse(other)) => one == other,
            (Stored::KeySettings(one), Stored::KeySettings(other)) => Arc::ptr_eq(one, other),
            (Stored::Mail(one), Stored::Mail(other)) => Arc::ptr_eq(one, other),
            (Stored::Secret(one), Stored::Secret(other)) => Arc::ptr_eq(one, other),
            (Stored::Password(one), Stored::Password(other)) => Arc::ptr_eq(one, other),
            (Stored::Session(one), Stored::Session(other)) => Arc::ptr_eq(one, other),
            (Stored::Mark, Stored::Mark) => true,
            _ => false,
        }
    }
}

/// A flow that goes on at the time in the entry's key.
#[derive(Debug)]
pub(crate) struct Due {
    /// The organization of the object.
    pub(crate) organization: Arc<Organization>,
    /// The project of the object; empty for one of the organization.
    pub(crate) project: Box<str>,
    /// The object it belongs to.
    pub(crate) object: Key,
    /// The object's id, so that a new object under an old name is left alone.
    pub(crate) id: Box<str>,
    /// The kind of the object.
    pub(crate) kind: &'static Kind,
    /// Index of the flow in the kind's lifecycle.
    pub(crate) flow: usize,
    /// Index of the step.
    pub(crate) step: usize,
    /// When the flow started.
    pub(crate) started: Timestamp,
    /// Login name of whoever started it.
    pub(crate) caller: Arc<str>,
    /// The body that an action was sent.
    pub(crate) body: Option<Arc<Value>>,
}

/// One moment of the state.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// Everything stored.
    pub(crate) entries: OrdMap<Key, Stored>,
    /// When keys were last used, and the numbers of signed requests; apart from the rest, since it changes without
    /// anybody having changed anything.
    pub(crate) uses: OrdMap<Key, Stored>,
    /// The audit trails up to this moment.
    pub(crate) audit: Trails,
    /// Number of the last commit.
    pub(crate) revision: u64,
    /// Number of the last commit that touched accounts or keys.
    pub(crate) identity_revision: u64,
    /// When the earliest due step is due.
    pub(crate) next_due: Option<Timestamp>,
}

impl State {
    /// Nothing at all, with audit trails that keep so many records each.
    pub(crate) fn empty(audit_capacity: usize) -> Self {
        Self {
            entries: OrdMap::new(),
            uses: OrdMap::new(),
            audit: Trails::new(audit_capacity),
            revision: 0,
            identity_revision: 0,
            next_due: None,
        }
    }

    /// When the earliest due step is due, by what is stored.
    pub(crate) fn first_due(&self) -> Option<Timestamp> {
        self.under(&Key::all_due())
            .next()
            .and_then(|(key, _)| key.due_time())
    }

    /// Whatever is stored under a key.
    fn stored(&self, key: &Key) -> Option<&Stored> {
        if key.is_of_a_use() {
            return self.uses.get(key);
        }
        self.entries.get(key)
    }

    /// The object under a key.
    pub(crate) fn object(&self, key: &Key) -> Option<&Arc<Object>> {
        match self.entries.get(key) {
            Some(Stored::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// The credential under a key.
    pub(crate) fn credential(&self, key: &Key) -> Option<&Arc<Credential>> {
        match self.entries.get(key) {
            Some(Stored::Credential(credential)) => Some(credential),
            _ => None,
        }
    }

    /// The console session under a key.
    pub(crate) fn session(&self, key: &Key) -> Option<&Arc<Session>> {
        match self.entries.get(key) {
            Some(Stored::Session(session)) => Some(session),
            _ => None,
        }
    }

    /// When a key was last used, by its access key id, as far as it is stored.
    pub(crate) fn last_use(&self, access_id: &str) -> Option<Timestamp> {
        match self.uses.get(&Key::last_use(access_id)) {
            Some(Stored::LastUse(time)) => Some(*time),
            _ => None,
        }
    }

    /// The numbers that signed requests carried lately, oldest first.
    pub(crate) fn nonces(&self) -> impl Iterator<Item = &Key> {
        let all = Key::all_nonces();
        self.uses
            .range::<_, Key>(all.clone()..all.end())
            .map(|(key, _)| key)
    }

    /// Where what stands under a key belongs.
    fn map_of_mut(&mut self, key: &Key) -> &mut OrdMap<Key, Stored> {
        if key.is_of_a_use() {
            &mut self.uses
        } else {
            &mut self.entries
        }
    }

    /// The key that an id stands for.
    pub(crate) fn alias(&self, key: &Key) -> Option<&Key> {
        match self.entries.get(key) {
            Some(Stored::Alias(target)) => Some(target),
            _ => None,
        }
    }

    /// A stored count; nothing stored counts as none.
    pub(crate) fn count(&self, key: &Key) -> u64 {
        match self.entries.get(key) {
            Some(Stored::Count(count)) => *count,
            _ => 0,
        }
    }

    /// All entries whose key starts with a prefix, in order.
    pub(crate) fn under<'s>(
        &'s self,
        prefix: &'s Key,
    ) -> impl Iterator<Item = (&'s Key, &'s Stored)> {
        self.entries
            .range::<_, Key>(prefix..)
            .take_while(move |(key, _)| key.starts_with(prefix))
    }

    /// All entries whose key starts with a prefix, from the last one back.
    pub(crate) fn under_reversed(&self, prefix: &Key) -> impl Iterator<Item = (&Key, &Stored)> {
        self.entries
            .range::<_, Key>(prefix.clone()..prefix.end())
            .rev()
    }
}
