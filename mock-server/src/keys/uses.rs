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
        noted.max(state.last_use(access_id))
    }

    /// Whether it is time to store what was noted; a question that every request asks.
    pub(crate) fn is_time(&self, now: Timestamp) -> bool {
        now.as_millisecond() >= self.next.load(Ordering::Relaxed)
    }

    /// Stores what was noted, if it is time to. What cannot be committed is stored the next time.
    pub(crate) fn store(
        &self,
        state: &State,
        now: Timestamp,
        commit: impl FnOnce(Transaction) -> bool,
    ) {
        let now = now.as_millisecond();
        let next = self.next.load(Ordering::Relaxed);
        if now < next || self.next.fetch_max(now + EVERY, Ordering::Relaxed) != next {
            return;
        }
        let mut transaction = Transaction::default();
        let mut taken = Vec::new();
        for (access_id, last) in self.unstored() {
            let at = last.at.load(Ordering::Relaxed);
            let key = Key::credential(&access_id);
            let time = Timestamp::from_millisecond(at - at.rem_euclid(GRAIN));
            if let (Some(_), Ok(time)) = (state.credential(&key), time) {
                transaction.expects.push(Expect::Present(key));
                let entry = Write::Put(Key::last_use(&access_id), Stored::LastUse(time));
                transaction.writes.push(entry);
            }
            taken.push((last, at));
        }
        if transaction.writes.is_empty() || commit(transaction) {
            for (last, at) in taken {
                last.stored.store(at, Ordering::Relaxed);
            }
        }
        self.forget_the_idle();
    }

    /// The uses that the store does not have.
    fn unstored(&self) -> Vec<(Arc<str>, Arc<LastUse>)> {
        let noted = self.noted.read().unwrap_or_else(PoisonError::into_inner);
        let unstored = noted.iter().filter(|(_, last)| {
            last.at.load(Ordering::Relaxed) > last.stored.load(Ordering::Relaxed)
        });
        unstored
            .map(|(access_id, last)| (access_id.clone(), last.clone()))
            .collect()
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

#[cfg(test)]
mod tests {
    use crate::{Controller, Options, Role};

    fn get(controller: &Controller) {
        let request = http::Request::get("/auth/v1/users/-/profile")
            .header("X-API-KEY", controller.key_for(Role::Admin).expose());
        let request = request.body(bytes::Bytes::new()).unwrap();
        assert_eq!(controller.handle(request).status(), 200);
    }

    #[test]
    fn a_use_is_stored_within_a_minute_and_not_with_each_request() {
        let controller = Controller::new(Options::default());
        let id = controller.key_for(Role::Admin).id().to_owned();
        let kept = || controller.store().keep().last_use(&id);
        let first = controller.clock().now();
        for _ in 0..100 {
            get(&controller);
        }
        let revision = controller.store().keep().revision;
        assert_eq!(kept(), None);
        controller
            .clock()
            .advance(std::time::Duration::from_mins(1));
        for _ in 0..100 {
            get(&controller);
        }
        assert_eq!(kept(), Some(first));
        assert_eq!(controller.store().keep().revision, revision + 1);
        let uses = controller.callers().uses();
        let last = uses.last(&controller.store().keep(), &id);
        assert_eq!(last, Some(controller.clock().now()));
    }

    #[test]
    fn what_could_not_be_stored_is_stored_the_next_time() {
        let controller = Controller::new(Options::default());
        get(&controller);
        let uses = controller.callers().uses();
        let state = controller.store().keep();
        let minute = jiff::SignedDuration::from_secs(60);
        let mut now = controller.clock().now();
        for succeeds in [false, true] {
            now += minute;
            let mut tried = 0;
            uses.store(&state, now, |transaction| {
                tried = transaction.writes.len();
                succeeds
            });
            assert_eq!(tried, 1);
        }
        uses.store(&state, now + minute, |_| panic!("all is stored"));
    }
}
