//! A transaction: what must still hold, what is written, and the audit record that goes with it. It commits
//! whole or not at all.

use jiff::Timestamp;

use super::{Key, Object, State, Stored};
use crate::audit::Event;
use std::sync::Arc;

/// A condition of a transaction.
#[derive(Debug, Clone)]
pub(crate) enum Expect {
    /// The object under the key is at this revision; none means there is no object.
    Revision(Key, Option<u64>),
    /// Something is stored under the key.
    Present(Key),
    /// Something is stored under one of the keys.
    AnyPresent(Vec<Key>),
    /// Nothing is stored under the key.
    Absent(Key),
    /// So many entries are stored under the prefix.
    Exactly(Key, usize),
    /// No account, role or key changed since this identity revision.
    Identity(u64),
}

/// A change of a transaction.
#[derive(Debug)]
pub(crate) enum Write {
    /// Stores an object; its revision is the transaction's.
    Object(Key, Object),
    /// Stores anything else.
    Put(Key, Stored),
    /// Removes what is stored under the key.
    Remove(Key),
    /// Adds to a count. Counts commute, so writers of one kind do not conflict over it.
    Count(Key, i64),
}

/// Expectations, writes and the record of who did it.
#[derive(Debug, Default)]
pub(crate) struct Transaction {
    pub(crate) expects: Vec<Expect>,
    pub(crate) writes: Vec<Write>,
    pub(crate) event: Option<Event>,
    /// Whether accounts, their roles or keys change.
    pub(crate) identity: bool,
}

/// An expectation that no longer holds: somebody else wrote in between.
#[derive(Debug)]
pub(crate) struct Conflict;

/// What a commit gives back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Committed {
    /// The number of the commit, which is the revision of every object it wrote.
    pub(crate) revision: u64,
}

impl Transaction {
    /// Takes in everything of another transaction, to be committed with this one.
    pub(crate) fn join(&mut self, other: Transaction) {
        self.expects.extend(other.expects);
        self.writes.extend(other.writes);
        self.identity |= other.identity;
    }

    pub(super) fn apply(
        self,
        present: &State,
        earlier: impl FnOnce() -> Vec<Event>,
    ) -> Result<(State, Committed), Conflict> {
        if !self.expects.iter().all(|expect| expect.holds(present)) {
            return Err(Conflict);
        }
        let mut next = present.clone();
        let revision = present.revision + 1;
        next.revision = revision;
        if self.identity {
            next.identity_revision = revision;
        }
        let mut due_changed = false;
        for write in self.writes {
            match write {
                Write::Object(key, object) => {
                    let object = Object { revision, ..object };
                    next.entries.insert(key, Stored::Object(Arc::new(object)));
                }
                Write::Put(key, stored) => {
                    due_changed |= matches!(stored, Stored::Due(_));
                    next.entries.insert(key, stored);
                }
                Write::Remove(key) => {
                    let removed = next.entries.remove(&key);
                    due_changed |= matches!(removed, Some(Stored::Due(_)));
                }
                Write::Count(key, difference) => {
                    let count = next.count(&key).saturating_add_signed(difference);
                    next.entries.insert(key, Stored::Count(count));
                }
            }
        }
        if due_changed {
            next.next_due = first_due(&next);
        }
        for event in earlier().into_iter().chain(self.event) {
            next.audit.append(event);
        }
        Ok((next, Committed { revision }))
    }
}

fn first_due(state: &State) -> Option<Timestamp> {
    state
        .under(&Key::all_due())
        .next()
        .and_then(|(key, _)| key.due_time())
}

impl Expect {
    fn holds(&self, state: &State) -> bool {
        match self {
            Expect::Revision(key, revision) => {
                state.object(key).map(|object| object.revision) == *revision
            }
            Expect::Present(key) => state.entries.contains_key(key),
            Expect::AnyPresent(keys) => keys.iter().any(|key| state.entries.contains_key(key)),
            Expect::Absent(key) => !state.entries.contains_key(key),
            Expect::Exactly(prefix, number) => {
                state.under(prefix).take(number + 1).count() == *number
            }
            Expect::Identity(revision) => state.identity_revision == *revision,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    /// A key made while its account is being deleted must not stay behind.
    #[test]
    fn a_change_of_identities_in_between_is_a_conflict() {
        let store = Store::new(1);
        let seen = store.snapshot().identity_revision;
        let change = Transaction {
            identity: true,
            ..Transaction::default()
        };
        assert!(store.commit(change, Vec::new).is_ok());
        let late = Transaction {
            expects: vec![Expect::Identity(seen)],
            ..Transaction::default()
        };
        assert!(store.commit(late, Vec::new).is_err());
    }

    fn put(key: Key) -> Transaction {
        Transaction {
            writes: vec![Write::Put(key, Stored::Mark)],
            ..Transaction::default()
        }
    }

    fn expecting(expect: Expect) -> Transaction {
        Transaction {
            expects: vec![expect],
            ..Transaction::default()
        }
    }

    /// A reference that comes, or goes, while its target is being deleted.
    #[test]
    fn another_number_of_entries_under_a_prefix_is_a_conflict() {
        let store = Store::new(1);
        let target = Key::object("o", "Thing", "p", "target");
        // Sorts right behind the target, and is none of its references.
        let neighbour = Key::object("o", "Thing", "p", "target-2");
        let source = |name| Key::object("o", "User", "p", name);
        let prefix = Key::references_to(&target);
        let holds = |number| {
            let transaction = expecting(Expect::Exactly(prefix.clone(), number));
            store.commit(transaction, Vec::new).is_ok()
        };
        assert!(holds(0) && !holds(1));
        for key in [
            Key::reference(&target, &source("a")),
            Key::reference(&target, &source("b")),
            Key::reference(&neighbour, &source("a")),
        ] {
            assert!(store.commit(put(key), Vec::new).is_ok());
        }
        assert!(holds(2));
        assert!(!holds(0) && !holds(1) && !holds(3));
        let gone = Transaction {
            writes: vec![Write::Remove(Key::reference(&target, &source("a")))],
            ..Transaction::default()
        };
        assert!(store.commit(gone, Vec::new).is_ok());
        assert!(holds(1) && !holds(2));
    }

    #[test]
    fn a_conflict_leaves_everything_as_it_was() {
        let store = Store::new(1);
        let key = Key::object("o", "Thing", "p", "a");
        let refused = Transaction {
            expects: vec![
                Expect::Absent(key.clone()),
                Expect::Exactly(Key::references_to(&key), 1),
            ],
            ..put(key.clone())
        };
        assert!(store.commit(refused, Vec::new).is_err());
        let state = store.keep();
        assert!(state.entries.is_empty());
        assert_eq!(state.revision, 0);
    }
}
