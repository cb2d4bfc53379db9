//! The journal: what commits change, written to a disk in the order of the commits and many at a time.
//!
//! A thread of its own takes what has gathered while it wrote the batch before, so that any number of writers share
//! one wait for the disk. A batch is there whole or not at all. When it cannot be written, none of its commits
//! happened, and neither did those that were built on it meanwhile: their writers are told, and the next commit builds
//! on the last published state.

mod codec;
mod error;
mod file;
mod layout;
mod read;
#[cfg(test)]
mod tests;

pub use error::DataError;
pub(crate) use error::JournalError;
pub(crate) use file::{FileDisk, verify};
pub(crate) use layout::About;
pub(crate) use read::Archive;

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use imbl::OrdMap;
use jiff::Timestamp;

use super::place::Shared;
use super::transaction::Changes;
use super::{Key, State, Stored};
use crate::audit::AuditRecord;
use crate::clock::Clock;

/// Where a journal writes to.
pub(crate) trait Disk: Send {
    /// Writes a batch whole and returns when it is on disk, or leaves everything as it was. After a failure the next
    /// call tries anew.
    fn write(&mut self, batch: &Batch) -> Result<(), JournalError>;
}

/// What is written in one go.
pub(crate) struct Batch {
    /// What is stored under a key from now on; none where nothing is.
    pub(crate) entries: BTreeMap<Key, Option<Stored>>,
    /// New records of the audit trail, in their order.
    pub(crate) records: Vec<AuditRecord>,
    /// The state before.
    pub(crate) published: Arc<State>,
    /// The state that the batch makes of it.
    pub(crate) next: Arc<State>,
    /// The time by the controller's clock, so that a clock can be kept from going back.
    pub(crate) time: Timestamp,
}

/// One commit on its way to the disk.
pub(super) struct Change {
    changes: Changes,
    state: Arc<State>,
    done: Sender<Result<(), JournalError>>,
}

impl Change {
    pub(super) fn new(
        changes: Changes,
        state: Arc<State>,
        done: Sender<Result<(), JournalError>>,
    ) -> Self {
        Self {
            changes,
            state,
            done,
        }
    }

    fn finish(self, outcome: Result<(), JournalError>) {
        // Who does not wait does not hear.
        let _ = self.done.send(outcome);
    }
}

/// Commits that wait for the journal's thread.
#[derive(Default)]
pub(super) struct Queue {
    line: Mutex<Line>,
    /// Something was put in the line, or it was closed.
    came: Condvar,
    /// A batch was dealt with.
    went: Condvar,
}

#[derive(Default)]
struct Line {
    waiting: Vec<Change>,
    /// How many commits were ever put in, and how many of them are dealt with.
    put: u64,
    gone: u64,
    closed: bool,
}

/// After so long without a write, what reads left joins the audit trail.
const QUIET: Duration = Duration::from_secs(1);

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a commit in the line; the caller holds the writer's lock, so the order is that of the commits.
    pub(super) fn push(&self, change: Change) {
        let mut line = self.lock();
        line.waiting.push(change);
        line.put += 1;
        self.came.notify_one();
    }

    /// Waits until everything that is in the line now is dealt with.
    pub(super) fn wait_for_what_is_there(&self) {
        let line = self.lock();
        let put = line.put;
        let _line = self
            .went
            .wait_while(line, |line| line.gone < put)
            .unwrap_or_else(PoisonError::into_inner);
    }

    /// Tells the thread to write what is left and end.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.came.notify_one();
    }

    /// Everything that waits, when there is something or it has been quiet for a while; and whether the line is closed.
    fn take(&self) -> (Vec<Change>, bool) {
        let line = self.lock();
        let idle = |line: &mut Line| line.waiting.is_empty() && !line.closed;
        let (mut line, _) = self
            .came
            .wait_timeout_while(line, QUIET, idle)
            .unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut line.waiting), line.closed)
    }

    fn dealt_with(&self, number: usize) {
        self.lock().gone += number as u64;
        self.went.notify_all();
    }
}

/// Starts the thread of a journal.
pub(super) fn start(
    shared: Arc<Shared>,
    disk: Box<dyn Disk>,
    clock: Clock,
) -> std::io::Result<JoinHandle<()>> {
    Builder::new()
        .name("rafay-mock-journal".to_owned())
        .spawn(move || run(&shared, disk, &clock))
}

fn run(shared: &Shared, mut disk: Box<dyn Disk>, clock: &Clock) {
    let Some(queue) = shared.queue.get() else {
        return;
    };
    loop {
        let (taken, closed) = queue.take();
        if !taken.is_empty() {
            let number = taken.len();
            let written = write(shared, queue, &mut *disk, taken, clock);
            queue.dealt_with(number);
            if closed && !written {
                // Nobody will come to try again.
                return;
            }
            continue;
        }
        let noted = shared.recorder.take();
        if noted.is_empty() && closed {
            return;
        }
        let _on_its_way = shared.chain(noted);
    }
}

/// Writes commits in one batch and publishes the last state, or takes them all back. Whether it went well.
fn write(
    shared: &Shared,
    queue: &Queue,
    disk: &mut dyn Disk,
    taken: Vec<Change>,
    clock: &Clock,
) -> bool {
    let Some(next) = taken.last().map(|change| change.state.clone()) else {
        return true;
    };
    let mut entries = BTreeMap::new();
    let mut records = Vec::new();
    for change in &taken {
        entries.extend(change.changes.entries.iter().cloned());
        records.extend(change.changes.noted.iter().cloned());
        records.extend(change.changes.own.clone());
    }
    let batch = Batch {
        entries,
        records,
        published: shared.current.load_full(),
        next: next.clone(),
        time: clock.now(),
    };
    match disk.write(&batch) {
        Ok(()) => {
            let mut writer = shared.lock();
            if writer
                .head
                .as_ref()
                .is_some_and(|head| Arc::ptr_eq(head, &next))
            {
                writer.head = None;
            }
            shared.current.store(next);
            drop(writer);
            for change in taken {
                change.finish(Ok(()));
            }
            true
        }
        Err(error) => {
            let mut writer = shared.lock();
            writer.head = None;
            // What was built meanwhile stands on what is not there.
            let later = std::mem::take(&mut queue.lock().waiting);
            drop(writer);
            let number = later.len();
            let mut noted = Vec::new();
            for change in taken.into_iter().chain(later) {
                let records = change.changes.noted.iter();
                noted.extend(records.map(|record| record.event().clone()));
                change.finish(Err(error.clone()));
            }
            shared.recorder.put_back(noted.into_iter());
            queue.dealt_with(number);
            false
        }
    }
}

/// What has to be written to make one key space of another.
pub(super) fn difference(
    from: &OrdMap<Key, Stored>,
    to: &OrdMap<Key, Stored>,
) -> Vec<(Key, Option<Stored>)> {
    let gone = from.keys().filter(|key| !to.contains_key(*key));
    let new = to.iter().filter(|(key, stored)| {
        from.get(*key)
            .is_none_or(|present| !present.is_same(stored))
    });
    gone.map(|key| (key.clone(), None))
        .chain(new.map(|(key, stored)| (key.clone(), Some(stored.clone()))))
        .collect()
}
