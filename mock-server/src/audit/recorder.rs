//! Collects the records of reads and refusals until they join the chain in a batch.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Event;

/// Events that are in no chain yet.
#[derive(Debug)]
pub(crate) struct Recorder {
    shards: [Mutex<Vec<Event>>; SHARDS],
}

const SHARDS: usize = 8;
/// A shard with so many events is worth a commit.
const BATCH: usize = 256;
/// Events that come back because they could not be written are kept up to this number a shard: without a disk that
/// takes them there is nowhere else to put them.
const MOST: usize = 100_000;

impl Recorder {
    pub(crate) fn new() -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::new(Vec::new())),
        }
    }

    /// Takes an event; gives back a batch when there is one to be committed.
    pub(crate) fn note(&self, event: Event) -> Option<Vec<Event>> {
        let mut pending = self.shards[own_shard()]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        pending.push(event);
        (pending.len() >= BATCH).then(|| std::mem::take(&mut *pending))
    }

    /// Everything noted so far, by time.
    pub(crate) fn take(&self) -> Vec<Event> {
        let mut events = Vec::new();
        for shard in &self.shards {
            events.append(&mut shard.lock().unwrap_or_else(PoisonError::into_inner));
        }
        events.sort_by_key(|event| event.time);
        events
    }

    /// Takes events back that did not make it into the chain.
    pub(crate) fn put_back(&self, events: impl Iterator<Item = Event>) {
        let mut pending = self.shards[0]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let room = MOST.saturating_sub(pending.len());
        pending.extend(events.take(room));
    }
}

/// Threads write to shards of their own, so that they do not wait for one another.
fn own_shard() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static OWN: Cell<usize> = const { Cell::new(usize::MAX) });
    OWN.with(|own| {
        if own.get() == usize::MAX {
            own.set(NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS);
        }
        own.get()
    })
}
