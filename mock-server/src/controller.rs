//! The controller without a transport: a request in, a response out.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};

use crate::audit::{AuditRecord, Event, Recorder};
use crate::clock::Clock;
use crate::engine;
use crate::generated::kinds::KINDS;
use crate::generated::roles::Role;
use crate::guesses::{self, Guesses};
use crate::identity::{Caller, Callers};
use crate::password::{PasswordCost, Passwords};
use crate::pipeline::{self, Outcome};
use crate::secret::ApiKey;
use crate::seed::{self, Seeded};
use crate::snapshot::Snapshot;
use crate::store::{Committed, Conflict, Key, State, Store, Stored, Transaction, Write};

/// How a controller is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// The time it goes by.
    pub clock: Clock,
    /// Bytes a request body may have; 1 MiB unless told otherwise.
    pub body_limit: usize,
    /// Audit records kept in memory; 50,000 unless told otherwise.
    pub audit_capacity: usize,
    /// Name of the organization.
    pub organization: String,
    /// Refuse fields the document does not know with 400. Otherwise they are kept, returned, and named in a
    /// `Warning` header.
    pub strict_fields: bool,
    /// What hashing a password costs.
    pub password_cost: PasswordCost,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Clock::frozen(),
            body_limit: 1 << 20,
            audit_capacity: 50_000,
            organization: "example".to_owned(),
            strict_fields: false,
            password_cost: PasswordCost::default(),
        }
    }
}

/// A controller with its state: organization, accounts, keys, objects and audit trail.
///
/// It knows nothing of sockets: [`handle`](Self::handle) takes a request with its body and gives the response.
///
/// ```
/// use rafay_mock_server::{Controller, Options, Role};
///
/// let controller = Controller::new(Options::default());
/// let request = http::Request::get("/apis/system.k8smgmt.io/v3/projects")
///     .header("X-API-KEY", controller.key_for(Role::Admin).expose())
///     .body(bytes::Bytes::new())?;
/// assert_eq!(controller.handle(request).status(), 200);
/// # Ok::<(), http::Error>(())
/// ```
pub struct Controller {
    store: Store,
    recorder: Recorder,
    callers: Callers,
    key_guesses: Guesses,
    passwords: Passwords,
    options: Options,
    seeded: Seeded,
    /// What [`Controller::reset`] goes back to.
    beginning: Snapshot,
}

impl Controller {
    /// A controller with an organization, its default project, and an account with a key for every built-in role.
    pub fn new(options: Options) -> Arc<Self> {
        let store = Store::new(options.audit_capacity);
        let state = store.keep();
        let clock = options.clock.save();
        let seeded = Seeded::new(&options.organization);
        let organization = seeded.organization();
        let mut controller = Self {
            store,
            recorder: Recorder::new(),
            callers: Callers::default(),
            key_guesses: Guesses::new(guesses::KEYS),
            passwords: Passwords::new(options.password_cost),
            options,
            seeded,
            beginning: Snapshot { state, clock },
        };
        let keys = seed::seed(&controller, &organization);
        controller.seeded = controller.seeded.with(keys);
        controller.beginning.state = controller.store.keep();
        Arc::new(controller)
    }

    /// Answers a request. Every answer is one that the documents declare for the operation, or, where the request
    /// fits no operation, 404 or 405.
    pub fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        engine::run_due(self, self.options.clock.now());
        self.answer(pipeline::run(self, &parts, &body), &parts)
    }

    /// The answer to a request whose body is larger than the limit, for a server that stopped reading it.
    pub fn payload_too_large(&self, parts: &Parts) -> Response<Bytes> {
        self.answer(pipeline::too_large(self, parts), parts)
    }

    fn answer(&self, mut outcome: Outcome, parts: &Parts) -> Response<Bytes> {
        if let Err(refusal) = &mut outcome.result {
            refusal.hide_keys();
        }
        let response = pipeline::respond(&mut outcome, parts);
        let reason = outcome
            .result
            .as_ref()
            .err()
            .map(|refusal| refusal.message.to_string());
        let recorded = outcome.result.as_ref().is_ok_and(|reply| reply.recorded);
        if !recorded {
            self.record(pipeline::event(
                parts,
                outcome.operation,
                outcome.version.name,
                outcome.actor,
                self.options.clock.now(),
                response.status().as_u16(),
                reason.as_deref(),
            ));
        }
        response
    }

    /// Whether [`handle`](Self::handle) takes long with this request, since a password is hashed for it. A server has
    /// a thread for those.
    pub fn may_wait(&self, parts: &Parts) -> bool {
        pipeline::hashes_a_password(parts)
    }

    /// Bytes a request body may have.
    pub fn body_limit(&self) -> usize {
        self.options.body_limit
    }

    /// A ready-made API key of an account that has the role; a role of projects is bound in the default project,
    /// `defaultproject`. The key is the same on every call and lives on through [`reset`](Self::reset).
    pub fn key_for(&self, role: Role) -> ApiKey {
        self.seeded.key(role).clone()
    }

    /// The clock the controller goes by.
    pub fn clock(&self) -> &Clock {
        &self.options.clock
    }

    /// Goes back to the state and the time right after the start, audit trail included.
    pub fn reset(&self) {
        self.restore(&self.beginning);
    }

    /// The audit records that are kept, oldest first, with everything answered so far.
    pub fn audit(&self) -> Vec<AuditRecord> {
        self.chain_noted();
        self.store.snapshot().audit.records().cloned().collect()
    }

    /// Makes the lifecycle of an object fail at the step its document names for that, instead of going well. False
    /// when there is no such object. The project is empty for a kind of the organization.
    pub fn fail_lifecycle(&self, kind: &str, project: &str, name: &str) -> bool {
        // What is due by now went well before anybody asked for failure.
        engine::run_due(self, self.options.clock.now());
        let Some(kind) = KINDS.iter().find(|known| known.name == kind) else {
            return false;
        };
        let key = Key::object(&self.seeded.organization().id, kind.name, project, name);
        let there = self.store.snapshot().object(&key).is_some();
        if there {
            let fault = Transaction {
                writes: vec![Write::Put(Key::fault(&key), Stored::Mark)],
                ..Transaction::default()
            };
            return self.commit(fault).is_ok();
        }
        false
    }

    /// Puts an event on record; a batch of them joins the audit trail now and then.
    pub(crate) fn record(&self, event: Event) {
        if let Some(batch) = self.recorder.note(event) {
            self.chain(batch);
        }
    }

    /// Has what was noted so far join the audit trail.
    pub(crate) fn chain_noted(&self) {
        self.chain(self.recorder.take());
    }

    /// Drops what was noted and is not in the audit trail yet.
    pub(crate) fn forget_noted(&self) {
        self.recorder.take();
    }

    fn chain(&self, events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        self.store.update(|state| {
            let mut next = State::clone(state);
            for event in events {
                next.audit.append(event);
            }
            Arc::new(next)
        });
    }

    /// Commits a transaction, and puts what was noted before it on record first.
    pub(crate) fn commit(&self, transaction: Transaction) -> Result<Committed, Conflict> {
        self.store.commit(transaction, || self.recorder.take())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The caller of an operation that takes no key.
    pub(crate) fn nobody(&self) -> Arc<Caller> {
        Arc::new(Caller::nobody(self.seeded.organization()))
    }

    pub(crate) fn callers(&self) -> &Callers {
        &self.callers
    }

    /// The wrong secrets of keys of late.
    pub(crate) fn key_guesses(&self) -> &Guesses {
        &self.key_guesses
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    pub(crate) fn strict_fields(&self) -> bool {
        self.options.strict_fields
    }
}

impl std::fmt::Debug for Controller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Controller")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
