//! The place where the present state stands, and how the next one gets there.
//!
//! Without a journal a commit publishes its state at once. With one, commits build on one another in memory, in order
//! and under the writer's lock; the journal's thread writes what has gathered in one go, publishes the last state of
//! it, and only then do the writers hear that they are done. Readers see the published state alone, so whatever they
//! saw is on disk. What could not be written was never published: the next writer builds on the published state again.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;

use arc_swap::{ArcSwap, Guard};

use super::journal::{self, Change, Disk, JournalError, Queue};
use super::transaction::Changes;
use super::{Committed, Conflict, State, Transaction};
use crate::audit::{Event, Recorder};
use crate::clock::Clock;

/// A moment of the state, held by a reader.
pub(crate) type Snapshot = Guard<Arc<State>>;

/// The place where the present state stands.
pub(crate) struct Store {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What a store shares with the thread of its journal.
pub(super) struct Shared {
    pub(super) current: ArcSwap<State>,
    pub(super) writer: Mutex<Writer>,
    pub(super) recorder: Recorder,
    pub(super) queue: OnceLock<Queue>,
}

/// What writers take turns for.
#[derive(Default)]
pub(super) struct Writer {
    /// The state that the next commit builds on, where it is ahead of the published one.
    pub(super) head: Option<Arc<State>>,
}

/// Why a transaction was not committed.
#[derive(Debug)]
pub(crate) enum CommitError {
    /// An expectation no longer holds: somebody else wrote in between.
    Conflict,
    /// It could not be put on disk, so it did not happen.
    NotDurable(JournalError),
}

impl From<Conflict> for CommitError {
    fn from(Conflict: Conflict) -> Self {
        CommitError::Conflict
    }
}

/// A commit on its way to the disk; already there if there is no journal.
#[must_use = "it is not on disk yet"]
pub(crate) struct OnItsWay(Option<Receiver<Result<(), JournalError>>>);

impl OnItsWay {
    /// Waits until it is on disk and published, or cannot be.
    pub(crate) fn wait(self) -> Result<(), JournalError> {
        match self.0 {
            None => Ok(()),
            Some(done) => done.recv().unwrap_or_else(|_| Err(JournalError::stopped())),
        }
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Writer> {
        // A writer that panicked published nothing, so the state behind a poisoned lock is still whole.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state that the next commit builds on.
    fn head(&self, writer: &Writer) -> Arc<State> {
        let head = writer.head.clone();
        head.unwrap_or_else(|| self.current.load_full())
    }

    /// Makes the next state, and has the journal write it where there is one.
    fn advance(
        &self,
        make: impl FnOnce(&Arc<State>, Option<&mut Changes>) -> Result<Arc<State>, Conflict>,
    ) -> Result<OnItsWay, Conflict> {
        let mut writer = self.lock();
        let Some(queue) = self.queue.get() else {
            let next = make(&self.current.load(), None)?;
            self.current.store(next);
            return Ok(OnItsWay(None));
        };
        let mut changes = Changes::default();
        match make(&self.head(&writer), Some(&mut changes)) {
            Ok(next) => {
                let (done, receiver) = channel();
                writer.head = Some(next.clone());
                queue.push(Change::new(changes, next, done));
                Ok(OnItsWay(Some(receiver)))
            }
            Err(conflict) => {
                let ahead = writer.head.is_some();
                drop(writer);
                if ahead {
                    // What stands in the way is not published yet; before that, looking again would find the same.
                    queue.wait_for_what_is_there();
                }
                Err(conflict)
            }
        }
    }

    /// Has events join the audit trail.
    pub(super) fn chain(&self, events: Vec<Event>) -> OnItsWay {
        if events.is_empty() {
            return OnItsWay(None);
        }
        let chained = self.advance(|state, changes| {
            let mut next = State::clone(state);
            let records = events.into_iter().map(|event| next.audit.append(event));
            match changes {
                Some(changes) => changes.noted.extend(records),
                None => records.for_each(drop),
            }
            Ok(Arc::new(next))
        });
        // Nothing is expected, so nothing conflicts.
        chained.unwrap_or(OnItsWay(None))
    }
}

impl Store {
    /// An empty store in memory alone, whose audit trails keep so many records each.
    pub(crate) fn new(audit_capacity: usize) -> Self {
        Self::of(State::empty(audit_capacity))
    }

    /// A store in memory alone, with a state to begin with.
    pub(crate) fn of(state: State) -> Self {
        Self {
            shared: Arc::new(Shared {
                current: ArcSwap::from_pointee(state),
                writer: Mutex::default(),
                recorder: Recorder::new(),
                queue: OnceLock::new(),
            }),
            thread: None,
        }
    }

    /// Has a journal write everything from now on to a disk, on which the present state is already.
    pub(crate) fn keep_on(&mut self, disk: Box<dyn Disk>, clock: Clock) -> std::io::Result<()> {
        let _ = self.shared.queue.set(Queue::default());
        self.thread = Some(journal::start(self.shared.clone(), disk, clock)?);
        Ok(())
    }

    /// Whether there is a journal, so that a commit takes as long as a disk does.
    pub(crate) fn is_kept(&self) -> bool {
        self.shared.queue.get().is_some()
    }

    /// The present moment.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.shared.current.load()
    }

    /// The present moment, to be kept.
    pub(crate) fn keep(&self) -> Arc<State> {
        self.shared.current.load_full()
    }

    /// What the next commit builds on: the present moment, or one ahead of it that is on its way to the disk. Nobody
    /// is to be told of it before it is there.
    pub(crate) fn ahead(&self) -> Arc<State> {
        if self.is_kept() {
            return self.shared.head(&self.shared.lock());
        }
        self.keep()
    }

    /// Waits until everything committed by now is published, or taken back.
    pub(crate) fn settle(&self) {
        if let Some(queue) = self.shared.queue.get() {
            queue.wait_for_what_is_there();
        }
    }

    /// Commits a transaction whole, or says why not. What happened earlier and is not in the audit trail yet joins it
    /// first. Returns when it is published, and on disk where there is a journal.
    pub(crate) fn commit(&self, transaction: Transaction) -> Result<Committed, CommitError> {
        let (committed, on_its_way) = self.commit_ahead(transaction)?;
        on_its_way.wait().map_err(CommitError::NotDurable)?;
        Ok(committed)
    }

    /// The same without waiting for the disk, for one who waits for several at once.
    pub(crate) fn commit_ahead(
        &self,
        transaction: Transaction,
    ) -> Result<(Committed, OnItsWay), CommitError> {
        let mut committed = Committed { revision: 0 };
        let on_its_way = self.shared.advance(|present, changes| {
            let earlier = || self.shared.recorder.take();
            let (next, done) = transaction.apply(present, earlier, changes)?;
            committed = done;
            Ok(Arc::new(next))
        })?;
        Ok((committed, on_its_way))
    }

    /// Puts a kept moment back in its place. Without a journal that is all there is to it. With one, everything stored
    /// becomes what it was, while the audit trail and the numbers of commits go on: nothing takes a record off a disk.
    pub(crate) fn restore(&self, moment: &Arc<State>) -> Result<(), JournalError> {
        let restored = self.shared.advance(|present, changes| {
            let Some(changes) = changes else {
                return Ok(moment.clone());
            };
            changes.entries = journal::difference(&present.entries, &moment.entries);
            let uses = journal::difference(&present.uses, &moment.uses);
            changes.entries.extend(uses);
            let revision = present.revision + 1;
            Ok(Arc::new(State {
                entries: moment.entries.clone(),
                uses: moment.uses.clone(),
                audit: present.audit.clone(),
                revision,
                identity_revision: revision,
                next_due: moment.next_due,
            }))
        });
        // Nothing is expected, so nothing conflicts.
        restored.map_or(Ok(()), OnItsWay::wait)
    }

    /// Puts an event on record; a batch of them joins the audit trail now and then, and nobody waits for it.
    pub(crate) fn note(&self, event: Event) {
        if let Some(batch) = self.shared.recorder.note(event) {
            let _on_its_way = self.shared.chain(batch);
        }
    }

    /// Puts an event on record and returns when it is there, on disk where there is a journal, with what was noted before
    /// it. One that could not be put there is kept like those, and tried again.
    pub(crate) fn record(&self, event: Event) -> Result<(), JournalError> {
        let mut events = self.shared.recorder.take();
        events.push(event);
        self.shared.chain(events).wait()
    }

    /// Has what was noted so far join the audit trail, where it then can be read.
    pub(crate) fn chain_noted(&self) {
        // What cannot be written now is kept and tried again.
        let _ = self.shared.chain(self.shared.recorder.take()).wait();
    }

    /// Drops what was noted and is not in the audit trail yet; kept where there is a journal.
    pub(crate) fn forget_noted(&self) {
        if !self.is_kept() {
            self.shared.recorder.take();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let (Some(queue), Some(thread)) = (self.shared.queue.get(), self.thread.take()) {
            queue.close();
            // A panic has been reported by the thread itself.
            let _ = thread.join();
        }
    }
}
