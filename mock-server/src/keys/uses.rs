//! When keys were last used. A use is noted in memory with one atomic store, so a read costs no write; what was noted
//! goes into the store once a minute at most, and what the process notes after that is lost with it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;

use crate::store::{Expect, Key, State, Stored, Transaction, Write};

/// Milliseconds between two uses that are told apart.
const GRAIN: i64 = 1_000;
/// Milliseconds between two times that uses go into the store.
const EVERY: i64 = 60_000;
/// So early that every use is later.
const BEFORE: i64 = i64::MIN / 2;

/// The last use of one key.
#[derive(Debug)]
pub(crate) struct LastUse {
    /// Milliseconds since 1970.
    at: AtomicI64,
    /// The same, as the store has it.
    stored: AtomicI64,
}

impl LastUse {
    fn new(at: i64) -> Self {
        Self {
            at: AtomicI64::new(at),
            stored: AtomicI64::new(BEFORE),
        }
    }

    /// Notes a use.
    pub(crate) fn note(&self, now: Timestamp) {
        let now = now.as_millisecond();
        // Most uses come right after another and write nothing, so threads do not take the line from one another.
        if now - self.at.load(Ordering::Relaxed) >= GRAIN {
            self.at.fetch_max(now, Ordering::Relaxed);
        }
    }
}

/// The last uses that were noted, by access key id.
#[derive(Debug)]
pub(crate) struct Uses {
    noted: RwLock<HashMap<Arc<str>, Arc<LastUse>>>,
    next: AtomicI64,
}

impl Default for Uses {
    fn default() -> Self {
        Self {
            noted: RwLock::default(),
            next: AtomicI64::new(BEFORE),
        }
    }
}

impl Uses {
    /// Where the uses of a key are noted.
    pub(crate) fn of(&self, access_id: &Arc<str>) -> Arc<LastUse> {
        let mut noted = self.noted.write().unwrap_or_else(PoisonError::into_inner);
        noted
            .entry(access_id.clone())
            .or_insert_with(|| Arc::new(LastUse::new(BEFORE)))
            .clone()
    }

    /// The last use of a key, noted or stored.
    pub(crate) fn last(&self, state: &State, access_id: &str) -> Option<Timestamp> {
        let noted = self.noted.read().unwrap_or_else(PoisonError::into_inner);
        let noted = noted
            .get(access_id)
            .map(|last| last.at.load(Ordering::Relaxed));
        let noted = noted
            .filter(|at| *at > BEFORE)
            .and_then(|at| Timestamp::from_millisecond(at - at.rem_euclid(GRAIN)).ok());
        noted.max(stored(state, access_id))
    }

    /// Whether it is time to store what was noted; a question that every request asks.
    pub(crate) fn is_time(&self, now: Timestamp) -> bool {
        now.as_millisecond() >= self.next.load(Ordering::Relaxed)
    }

    /// What was noted and is not stored, if it is time to store it.
    pub(crate) fn to_be_stored(&self, state: &State, now: Timestamp) -> Option<Transaction> {
        let now = now.as_millisecond();
        let next = self.next.load(Ordering::Relaxed);
        if now < next || self.next.fetch_max(now + EVERY, Ordering::Relaxed) != next {
            return None;
        }
        let noted = self.noted.read().unwrap_or_else(PoisonError::into_inner);
        let mut transaction = Transaction::default();
        for (access_id, last) in noted.iter() {
            let at = last.at.load(Ordering::Relaxed);
            let key = Key::credential(access_id);
            if at <= last.stored.load(Ordering::Relaxed) || state.credential(&key).is_none() {
                continue;
            }
            let Ok(time) = Timestamp::from_millisecond(at - at.rem_euclid(GRAIN)) else {
                continue;
            };
            last.stored.store(at, Ordering::Relaxed);
            transaction.expects.push(Expect::Present(key));
            let entry = Write::Put(Key::last_use(access_id), Stored::LastUse(time));
            transaction.writes.push(entry);
        }
        drop(noted);
        self.forget_the_idle();
        (!transaction.writes.is_empty()).then_some(transaction)
    }

    /// Nobody is about to note a use of a key whose caller is no longer remembered.
    fn forget_the_idle(&self) {
        let mut noted = self.noted.write().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|_, last| {
            let is_stored = last.at.load(Ordering::Relaxed) <= last.stored.load(Ordering::Relaxed);
            Arc::strong_count(last) > 1 || !is_stored
        });
    }

    /// What was noted, to come back to.
    pub(crate) fn keep(&self) -> Vec<(Arc<str>, i64)> {
        let noted = self.noted.read().unwrap_or_else(PoisonError::into_inner);
        noted
            .iter()
            .map(|(access_id, last)| (access_id.clone(), last.at.load(Ordering::Relaxed)))
            .filter(|(_, at)| *at > BEFORE)
            .collect()
    }

    /// Goes back to what was kept.
    pub(crate) fn restore(&self, kept: &[(Arc<str>, i64)]) {
        let mut noted = self.noted.write().unwrap_or_else(PoisonError::into_inner);
        *noted = kept
            .iter()
            .map(|(access_id, at)| (access_id.clone(), Arc::new(LastUse::new(*at))))
            .collect();
        self.next.store(BEFORE, Ordering::Relaxed);
    }
}

fn stored(state: &State, access_id: &str) -> Option<Timestamp> {
    match state.entries.get(&Key::last_use(access_id)) {
        Some(Stored::LastUse(time)) => Some(*time),
        _ => None,
    }
}
