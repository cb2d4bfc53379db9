//! The audit trail: an append-only chain in which every record carries the hash of the one before, so that a
//! record that was changed or taken out shows. A write's record commits with the write; reads and refusals are
//! collected by the [`Recorder`] and join the chain off the hot path. No API changes or removes a record.
//!
//! The trail in memory keeps a bounded number of records; the oldest give way, and the chain of those that stay
//! can still be checked.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use imbl::Vector;
use jiff::Timestamp;

/// Who did something, as far as it was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Id of the account.
    pub user_id: Arc<str>,
    /// Login name of the account.
    pub username: Arc<str>,
    /// Access key id of the key that was used; `session:` and its id for a console session.
    pub key_id: Arc<str>,
}

/// Something that happened, before it is in the chain.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) time: Timestamp,
    pub(crate) actor: Option<Actor>,
    pub(crate) version: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) target: Box<str>,
    pub(crate) status: u16,
    pub(crate) reason: Option<Box<str>>,
}

impl Event {
    /// Something that the controller did of its own accord: an operation, on the path of what it was done to.
    pub(crate) fn of_the_system(time: Timestamp, operation: &'static str, target: &str) -> Self {
        Self {
            time,
            actor: Some(Actor {
                user_id: "".into(),
                username: SYSTEM.into(),
                key_id: "".into(),
            }),
            version: "",
            operation,
            method: Method::Known("DELETE"),
            target: target.into(),
            status: 200,
            reason: None,
        }
    }
}

/// The login name of the controller itself, which no account can have.
const SYSTEM: &str = "(system)";

/// An HTTP method in little space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Method {
    Known(&'static str),
    Other(Box<str>),
}

impl Method {
    pub(crate) fn of(method: &http::Method) -> Self {
        const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
        KNOWN
            .into_iter()
            .find(|known| *known == method.as_str())
            .map_or_else(|| Method::Other(method.as_str().into()), Method::Known)
    }

    fn as_str(&self) -> &str {
        match self {
            Method::Known(name) => name,
            Method::Other(name) => name,
        }
    }
}

/// One record of the audit trail.
#[derive(Clone)]
pub struct AuditRecord(Arc<Record>);

struct Record {
    number: u64,
    event: Event,
    before: [u8; 32],
    hash: [u8; 32],
}

impl AuditRecord {
    /// Number of the record, counted from 1 without a gap.
    pub fn number(&self) -> u64 {
        self.0.number
    }

    /// When it happened, by the controller's clock.
    pub fn time(&self) -> Timestamp {
        self.0.event.time
    }

    /// Who did it; none where the caller could not be told.
    pub fn actor(&self) -> Option<&Actor> {
        self.0.event.actor.as_ref()
    }

    /// The API version of the operation, such as `v3`.
    pub fn version(&self) -> &str {
        self.0.event.version
    }

    /// The `operationId`; empty where the request matched none.
    pub fn operation(&self) -> &str {
        self.0.event.operation
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        self.0.event.method.as_str()
    }

    /// The path of the request, without the query.
    pub fn target(&self) -> &str {
        &self.0.event.target
    }

    /// The status that was answered.
    pub fn status(&self) -> u16 {
        self.0.event.status
    }

    /// Why the request was refused, if it was.
    pub fn reason(&self) -> Option<&str> {
        self.0.event.reason.as_deref()
    }

    /// The BLAKE3 hash of this record, over the hash of the one before and everything in it.
    pub fn hash(&self) -> &[u8; 32] {
        &self.0.hash
    }

    /// The hash of the record before; all zero for the first.
    pub fn before(&self) -> &[u8; 32] {
        &self.0.before
    }

    /// Whether the hash is right for what the record says.
    pub fn is_intact(&self) -> bool {
        self.0.hash == seal(&self.0.before, self.0.number, &self.0.event)
    }
}

impl fmt::Debug for AuditRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.actor().map_or("-", |actor| &actor.username);
        let (number, time, status) = (self.number(), self.time(), self.status());
        write!(
            f,
            "#{number} {time} {who} {} {} {status}",
            self.method(),
            self.target()
        )?;
        self.reason()
            .map_or(Ok(()), |reason| write!(f, " ({reason})"))
    }
}

/// The hash of a record. Every part is preceded by its length, so parts cannot run into one another.
fn seal(before: &[u8; 32], number: u64, event: &Event) -> [u8; 32] {
    let mut hash = blake3::Hasher::new();
    hash.update(before);
    hash.update(&number.to_be_bytes());
    hash.update(&event.time.as_millisecond().to_be_bytes());
    hash.update(&event.status.to_be_bytes());
    let actor = event.actor.as_ref();
    for part in [
        actor.map_or("", |actor| &actor.user_id),
        actor.map_or("", |actor| &actor.username),
        actor.map_or("", |actor| &actor.key_id),
        event.version,
        event.operation,
        event.method.as_str(),
        &event.target,
        event.reason.as_deref().unwrap_or(""),
    ] {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// The chain of records that are kept.
#[derive(Clone)]
pub(crate) struct Trail {
    records: Vector<AuditRecord>,
    next: u64,
    last: [u8; 32],
    capacity: usize,
}

impl Trail {
    /// An empty trail that keeps so many records, at least one.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            records: Vector::new(),
            next: 1,
            last: [0; 32],
            capacity: capacity.max(1),
        }
    }

    /// Adds a record to the chain.
    pub(crate) fn append(&mut self, event: Event) {
        let hash = seal(&self.last, self.next, &event);
        self.records.push_back(AuditRecord(Arc::new(Record {
            number: self.next,
            event,
            before: self.last,
            hash,
        })));
        self.last = hash;
        self.next += 1;
        if self.records.len() > self.capacity {
            self.records.pop_front();
        }
    }

    /// The records that are kept, oldest first.
    pub(crate) fn records(&self) -> impl Iterator<Item = &AuditRecord> {
        self.records.iter()
    }
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trail of {} records", self.records.len())
    }
}

/// Collects the records of reads and refusals until they join the chain in a batch.
#[derive(Debug)]
pub(crate) struct Recorder {
    shards: [Mutex<Vec<Event>>; SHARDS],
}

const SHARDS: usize = 8;
/// A shard with so many events is worth a commit.
const BATCH: usize = 256;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn event(target: &str) -> Event {
        Event {
            time: "2026-01-01T00:00:00Z".parse().unwrap(),
            actor: None,
            version: "v3",
            operation: "widgets_get",
            method: Method::Known("GET"),
            target: target.into(),
            status: 200,
            reason: None,
        }
    }

    #[test]
    fn the_chain_holds_and_shows_a_change() {
        let mut trail = Trail::new(10);
        for target in ["/a", "/b", "/c"] {
            trail.append(event(target));
        }
        let records: Vec<_> = trail.records().cloned().collect();
        assert!(records.iter().all(AuditRecord::is_intact));
        assert_eq!(records[1].before(), records[0].hash());
        let forged = AuditRecord(Arc::new(Record {
            number: 2,
            event: event("/x"),
            before: *records[1].before(),
            hash: *records[1].hash(),
        }));
        assert!(!forged.is_intact());
    }

    #[test]
    fn the_trail_is_bounded_and_keeps_counting() {
        let mut trail = Trail::new(2);
        for target in ["/a", "/b", "/c"] {
            trail.append(event(target));
        }
        let numbers: Vec<_> = trail.records().map(AuditRecord::number).collect();
        assert_eq!(numbers, [2, 3]);
    }
}
