//! The controller without a transport: a request in, a response out.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use jiff::Timestamp;

use crate::audit::{AuditRecord, AuditReport, Head, Origin, RequestIds};
use crate::clock::Clock;
use crate::engine;
use crate::generated::kinds::KINDS;
use crate::generated::roles::Role;
use crate::guesses::{self, Guesses};
use crate::identity::{Caller, Callers, Organization};
use crate::password::{PasswordCost, Passwords};
use crate::pipeline::Nonces;
use crate::pipeline::{self, Outcome};
use crate::refusal::{Reason, Refusal};
use crate::secret::ApiKey;
use crate::seed::{self, Seeded};
use crate::snapshot::Snapshot;
use crate::store::{
    About, Archive, CommitError, Committed, DataError, Disk, FileDisk, Key, Store, Stored,
    Transaction, Write,
};

/// How a controller is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// The time it goes by.
    pub clock: Clock,
    /// Bytes a request body may have; 1 MiB unless told otherwise.
    pub body_limit: usize,
    /// Audit records kept in memory; 50,000 unless told otherwise.
    pub audit_capacity: usize,
    /// Name of the partner, who runs the controller for its organizations.
    pub partner: String,
    /// Name of the organization.
    pub organization: String,
    /// Refuse fields the document does not know with 400. Otherwise they are kept, returned, and named in a
    /// `Warning` header.
    pub strict_fields: bool,
    /// What hashing a password costs.
    pub password_cost: PasswordCost,
    /// With a data directory, answer reads and refusals, too, only when their audit records are on disk. Otherwise those
    /// of the last second can be lost when the process is killed; changes and their records never are.
    pub durable_reads: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Clock::frozen(),
            body_limit: 1 << 20,
            audit_capacity: 50_000,
            partner: "operator".to_owned(),
            organization: "example".to_owned(),
            strict_fields: false,
            password_cost: PasswordCost::default(),
            durable_reads: false,
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
    /// The audit records that are on disk alone.
    archive: Option<Archive>,
    request_ids: RequestIds,
    callers: Callers,
    key_guesses: Guesses,
    passwords: Passwords,
    nonces: Nonces,
    options: Options,
    seeded: Seeded,
    is_new: bool,
    /// What [`Controller::reset`] goes back to.
    beginning: Snapshot,
}

impl Controller {
    /// A controller in memory alone, with a partner, an organization of it with its default project, and an account with
    /// a key for every built-in role.
    pub fn new(options: Options) -> Arc<Self> {
        Arc::new(Self::seeded(options))
    }

    /// A controller whose state outlives the process, in a directory that no other controller uses. A new directory
    /// is filled as [`new`](Self::new) does it; one that is there is gone on with, whatever the options call the
    /// organization.
    ///
    /// A change is acknowledged once it is on disk. What cannot be written there is refused with 502 and did not
    /// happen. The clock does not go back behind the time at which the controller stopped: it is set to that time if
    /// it is earlier.
    pub fn open(options: Options, directory: &Path) -> Result<Arc<Self>, DataError> {
        let opened = FileDisk::open(directory, options.audit_capacity)?;
        let mut disk = opened.disk;
        let mut controller = if let Some(loaded) = opened.stored {
            if options.clock.now() < loaded.time {
                options.clock.set(loaded.time);
            }
            let seeded = Seeded::again(loaded.about.organization());
            let again = Self {
                is_new: false,
                ..Self::with(options, Store::of(loaded.state), seeded)
            };
            again.nonces.load(&again.store.keep());
            again
        } else {
            let controller = Self::seeded(options);
            let about = About::new(&controller.seeded.organization());
            let (state, now) = (controller.store.keep(), controller.options.clock.now());
            disk.begin(&about, &state, now)?;
            controller
        };
        controller.archive = Some(disk.archive());
        let kept = controller.keep_on(Box::new(disk));
        kept.map_err(|source| DataError::Io {
            path: directory.to_owned(),
            source,
        })
    }

    /// Has a disk keep what happens from now on.
    pub(crate) fn keep_on(mut self, disk: Box<dyn Disk>) -> std::io::Result<Arc<Self>> {
        self.store.keep_on(disk, self.options.clock.clone())?;
        Ok(Arc::new(self))
    }

    /// A controller with what every one begins with.
    pub(crate) fn seeded(options: Options) -> Self {
        let store = Store::new(options.audit_capacity);
        let seeded = Seeded::partner(&options);
        let mut controller = Self::with(options, store, seeded);
        controller.seeded = seed::seed(&controller, &controller.options);
        controller.beginning.state = controller.store.keep();
        controller
    }

    fn with(options: Options, store: Store, seeded: Seeded) -> Self {
        let beginning = Snapshot {
            state: store.keep(),
            clock: options.clock.save(),
            uses: Arc::default(),
        };
        Self {
            store,
            archive: None,
            request_ids: RequestIds::new(),
            callers: Callers::default(),
            key_guesses: Guesses::new(guesses::KEYS),
            passwords: Passwords::new(options.password_cost),
            nonces: Nonces::default(),
            options,
            seeded,
            is_new: true,
            beginning,
        }
    }

    /// Answers a request. Every answer is one that the documents declare for the operation, or, where the request
    /// fits no operation, 404 or 405. Each has the request's id in the header `X-Request-Id`: the one the request came
    /// with if it is well-formed (letters, digits and `-._`, 128 at the most), a new one otherwise. The audit trail has the
    /// address of a request with a [`Peer`](crate::Peer) among its extensions.
    pub fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let origin = Origin::of(&self.request_ids, &parts);
        let now = self.options.clock.now();
        engine::run_due(self, now);
        self.store_uses(now);
        self.answer(pipeline::run(self, &parts, &body, &origin), &parts, origin)
    }

    /// The answer to a request whose body is larger than the limit, for a server that stopped reading it.
    pub fn payload_too_large(&self, parts: &Parts) -> Response<Bytes> {
        let origin = Origin::of(&self.request_ids, parts);
        let outcome = pipeline::too_large(self, parts, &origin);
        self.answer(outcome, parts, origin)
    }

    /// Whether [`handle`](Self::handle) may take long with this request: a password is hashed for it; or the state
    /// outlives the process, and the request changes something or is signed, or something is due, or it reads what may
    /// be on disk alone, or its record is waited for. A server has a thread for those that may wait.
    pub fn may_wait(&self, parts: &Parts) -> bool {
        pipeline::hashes_a_password(parts) || self.may_wait_for_a_disk(parts)
    }

    fn may_wait_for_a_disk(&self, parts: &Parts) -> bool {
        if !self.store.is_kept() {
            return false;
        }
        let reads = matches!(parts.method, http::Method::GET | http::Method::HEAD);
        let now = self.options.clock.now();
        let due = self.store.snapshot().next_due;
        !reads
            || due.is_some_and(|due| due <= now)
            || self.callers.uses().is_time(now)
            || pipeline::is_handled_by_code(parts)
            || pipeline::is_signed(&parts.headers)
            || self.options.durable_reads
    }

    fn answer(&self, mut outcome: Outcome, parts: &Parts, origin: Origin) -> Response<Bytes> {
        if let Err(refusal) = &mut outcome.result {
            refusal.hide_keys();
        }
        let mut response = pipeline::respond(&mut outcome, parts);
        origin.tell(response.headers_mut());
        let recorded = outcome.result.as_ref().is_ok_and(|reply| reply.recorded);
        if recorded {
            return response;
        }
        let now = self.options.clock.now();
        let status = response.status().as_u16();
        if !self.options.durable_reads || !self.store.is_kept() {
            self.store.note(outcome.event(parts, origin, now, status));
            return response;
        }
        let (version, operation) = (outcome.version, outcome.operation);
        let event = outcome.event(parts, origin.clone(), now, status);
        let Err(error) = self.store.record(event) else {
            return response;
        };
        // The record is kept in memory and written when that goes again; until then nobody is answered.
        let refusal = Refusal::new(
            Reason::NotDurable,
            format!(
                "the record of the call could not be put on disk: {error}; try again when the disk is well"
            ),
        );
        let mut unrecorded = Outcome::refused(version, operation, self.organization(), refusal);
        let mut response = pipeline::respond(&mut unrecorded, parts);
        origin.tell(response.headers_mut());
        response
    }

    /// Bytes a request body may have.
    pub fn body_limit(&self) -> usize {
        self.options.body_limit
    }

    /// A ready-made API key of an account that has the role; a role of projects is bound in the default project,
    /// `defaultproject`, and one of namespaces to the namespace `default` of it. The key is the same on every call and
    /// lives on through [`reset`](Self::reset).
    ///
    /// Of keys only hashes are kept, so a controller that goes on with a data directory makes a new key for the role's
    /// account when it is first asked; the ones before stay valid. Where the account is gone, nobody has the key.
    pub fn key_for(&self, role: Role) -> ApiKey {
        let another = || seed::another_key(self, role).unwrap_or_else(ApiKey::generate);
        self.seeded.key(role, another)
    }

    /// Another key of the account that [`key_for`](Self::key_for) is about, for whoever lost the others; they stay
    /// valid. None where the account is gone, or where the key could not be put on disk.
    pub fn another_key_for(&self, role: Role) -> Option<ApiKey> {
        seed::another_key(self, role)
    }

    /// Whether its state began with it, rather than in an earlier process with the same data directory.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Id of the organization that the keys of [`key_for`](Self::key_for) belong to, but for those of a partner's role.
    /// A caller of the partner works in it with the header `X-ORGANIZATION-ID`.
    pub fn organization_id(&self) -> String {
        self.seeded.organization().id.to_string()
    }

    /// The clock the controller goes by.
    pub fn clock(&self) -> &Clock {
        &self.options.clock
    }

    /// Goes back to the state and the time right after the start, audit trail included; with a data directory as
    /// [`restore`](Self::restore) does.
    pub fn reset(&self) -> bool {
        self.restore(&self.beginning)
    }

    /// The audit records that are kept in memory, oldest first, with everything answered so far; by organization.
    pub fn audit(&self) -> Vec<AuditRecord> {
        self.store.chain_noted();
        self.store.snapshot().audit.all().cloned().collect()
    }

    /// Checks the audit trails of a data directory that no server uses: that no record was changed, taken out, put in
    /// or moved, and that none is missing at the end. Whoever may write the whole file can also write a whole new
    /// trail; a record's hash that was kept elsewhere, as organization, number and hash, shows that too.
    pub fn verify_audit(
        directory: &Path,
        expected: Option<(&str, u64, [u8; 32])>,
    ) -> Result<AuditReport, DataError> {
        let expected = expected
            .map(|(organization, number, hash)| (organization.to_owned(), Head { number, hash }));
        crate::store::verify(directory, expected.as_ref())
    }

    /// Makes the lifecycle of an object fail at the step its document names for that, instead of going well. False
    /// when there is no such object. The project is empty for a kind of the organization.
    pub fn fail_lifecycle(&self, kind: &str, project: &str, name: &str) -> bool {
        // What is due by now went well before anybody asked for failure.
        engine::run_due(self, self.options.clock.now());
        let Some(kind) = KINDS.iter().find(|known| known.name == kind) else {
            return false;
        };
        let organization = self.seeded.organization();
        let key = Key::object(&organization.tenant_of(kind).id, kind.name, project, name);
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

    /// Commits a transaction, and puts what was noted before it on record first.
    pub(crate) fn commit(&self, transaction: Transaction) -> Result<Committed, CommitError> {
        self.store.commit(transaction)
    }

    pub(crate) fn archive(&self) -> Option<&Archive> {
        self.archive.as_ref()
    }

    /// The controller's own organization.
    pub(crate) fn organization(&self) -> Arc<Organization> {
        self.seeded.organization()
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

    /// The numbers that signed requests carried lately.
    pub(crate) fn nonces(&self) -> &Nonces {
        &self.nonces
    }

    /// Stores when keys were last used, now and then.
    fn store_uses(&self, now: Timestamp) {
        let uses = self.callers.uses();
        if uses.is_time(now) {
            uses.store(&self.store.keep(), now, |transaction| {
                self.commit(transaction).is_ok()
            });
        }
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
