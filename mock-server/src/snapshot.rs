//! A moment of a controller that can be gone back to. The state is immutable and shared, so taking one and going back
//! to it cost the same however much is stored.

use std::fmt;
use std::sync::Arc;

use crate::controller::Controller;
use crate::store::State;

/// A moment of a controller: its state, its audit trail and its time. Made by [`Controller::snapshot`], gone back to
/// with [`Controller::restore`].
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) state: Arc<State>,
    pub(crate) clock: i64,
    /// When keys were last used, as far as it is not in the state.
    pub(crate) uses: Arc<[(Arc<str>, i64)]>,
}

impl Snapshot {
    /// Whether something was written between two moments of one controller: an object, a key, or what waits for its
    /// time. Audit records do not count, and neither does the time or when a key was last used.
    ///
    /// True is also the answer where something was written and taken back since.
    pub fn differs_from(&self, other: &Snapshot) -> bool {
        !self.state.entries.ptr_eq(&other.state.entries)
    }

    /// How much is stored: objects, keys, and what belongs to them. Audit records do not count.
    pub fn len(&self) -> usize {
        self.state.entries.len()
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.state.entries.is_empty()
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("revision", &self.state.revision)
            .finish_non_exhaustive()
    }
}

impl Controller {
    /// The present moment, to come back to: everything that is stored, the audit trail and the time.
    ///
    /// ```
    /// use rafay_mock_server::{Controller, Options, Role};
    ///
    /// # fn get(controller: &Controller, path: &str) -> http::StatusCode {
    /// #     let key = controller.key_for(Role::Admin);
    /// #     let request = http::Request::get(path).header("X-API-KEY", key.expose());
    /// #     controller.handle(request.body(bytes::Bytes::new()).unwrap()).status()
    /// # }
    /// let controller = Controller::new(Options::default());
    /// let before = controller.snapshot();
    /// // ... what a test does ...
    /// # get(&controller, "/apis/system.k8smgmt.io/v3/projects");
    /// controller.restore(&before);
    /// assert!(controller.audit().is_empty());
    /// ```
    pub fn snapshot(&self) -> Snapshot {
        self.store().chain_noted();
        Snapshot {
            state: self.store().keep(),
            clock: self.clock().save(),
            uses: self.callers().uses().keep().into(),
        }
    }

    /// Goes back to a moment of this controller, whatever happened since. False where that could not be put on disk;
    /// then nothing changed.
    ///
    /// With a data directory the audit trail does not go back: what happened stays on record.
    pub fn restore(&self, moment: &Snapshot) -> bool {
        self.store().forget_noted();
        let restored = self.store().restore(&moment.state).is_ok();
        if restored {
            self.clock().restore(moment.clock);
            self.callers().clear();
            self.key_guesses().clear();
            self.passwords().guesses().clear();
            self.callers().uses().restore(&moment.uses);
            self.nonces().load(&moment.state);
        }
        restored
    }
}
