//! The state of a controller: one ordered key space of small documents, as an immutable map behind an atomic
//! pointer. Readers take a [`Snapshot`] without a lock and see one moment; one writer at a time publishes the
//! next. A kept snapshot is a pointer, so going back to it costs nothing.

mod key;
mod transaction;

pub(crate) use key::Key;
pub(crate) use transaction::{Committed, Conflict, Expect, Transaction, Write};

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};
use bytes::Bytes;
use imbl::OrdMap;
use jiff::Timestamp;
use serde_json::Value;

use crate::audit::{Event, Trail};
use crate::identity::{Credential, Organization};
use crate::refusal::Refusal;
use crate::reply::from_stored;
use crate::secret::SaltedHash;
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
    /// The hash of a secret of an object.
    Secret(Arc<SaltedHash>),
    /// A mark that says something by being there: a reference, a fault asked for.
    Mark,
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
    /// The audit trail up to this moment.
    pub(crate) audit: Trail,
    /// Number of the last commit.
    pub(crate) revision: u64,
    /// Number of the last commit that touched accounts or keys.
    pub(crate) identity_revision: u64,
    /// When the earliest due step is due.
    pub(crate) next_due: Option<Timestamp>,
}

impl State {
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

/// A moment of the state, held by a reader.
pub(crate) type Snapshot = Guard<Arc<State>>;

/// The place where the present state stands.
pub(crate) struct Store {
    current: ArcSwap<State>,
    writer: Mutex<()>,
}

impl Store {
    /// An empty store whose audit trail keeps so many records.
    pub(crate) fn new(audit_capacity: usize) -> Self {
        Self {
            current: ArcSwap::from_pointee(State {
                entries: OrdMap::new(),
                audit: Trail::new(audit_capacity),
                revision: 0,
                identity_revision: 0,
                next_due: None,
            }),
            writer: Mutex::new(()),
        }
    }

    /// The present moment.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.current.load()
    }

    /// The present moment, to be kept.
    pub(crate) fn keep(&self) -> Arc<State> {
        self.current.load_full()
    }

    /// Puts a kept moment back in its place.
    pub(crate) fn restore(&self, state: Arc<State>) {
        self.update(|_| state);
    }

    /// Publishes what a function makes of the present state; nobody else writes meanwhile.
    pub(crate) fn update(&self, change: impl FnOnce(&Arc<State>) -> Arc<State>) {
        // A writer that panicked published nothing, so the state behind a poisoned lock is still whole.
        let _writing = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let next = change(&self.current.load());
        self.current.store(next);
    }

    /// Commits a transaction whole, or reports that an expectation no longer holds. What happened earlier and is not
    /// in the audit trail yet joins it first.
    pub(crate) fn commit(
        &self,
        transaction: Transaction,
        earlier: impl FnOnce() -> Vec<Event>,
    ) -> Result<Committed, Conflict> {
        let _writing = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let present = self.current.load();
        let (next, committed) = transaction.apply(&present, earlier)?;
        self.current.store(Arc::new(next));
        Ok(committed)
    }
}
