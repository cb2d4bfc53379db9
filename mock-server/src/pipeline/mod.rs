//! The way of a request: route, authenticate, authorize, validate, execute, respond. Each step is a file of its
//! own and hands the next a richer value, so that the order cannot be got wrong.

mod authenticate;
mod authorize;
mod execute;
mod nonces;
mod record;
mod respond;
mod route;
mod session;
mod signature;
mod tenant;
mod validate;

use std::cell::Cell;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use http::request::Parts;
use jiff::Timestamp;
use serde_json::Value;

use crate::audit::{Event, Origin, What};
use crate::controller::Controller;
use crate::generated::roles::Permission;
use crate::identity::{Caller, Organization};
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::secret::Plain;
use crate::store::{CommitError, Committed, State, Transaction};
use crate::table::{Access, Authority, Behavior, Operation, Reach, Verb, Version};

use authenticate::{Presented, authenticate};

pub(crate) use authenticate::{address, in_good_standing};
pub(crate) use authorize::{forbidden, refused_at};
pub(crate) use execute::precondition;
pub(crate) use nonces::Nonces;
pub(crate) use record::Subject;
pub(crate) use respond::respond;
pub(crate) use route::Parameters;
pub(crate) use session::token as session_token;
pub(crate) use signature::is_there as is_signed;

/// A request with everything known about it, ready to be carried out.
pub(crate) struct Call<'r> {
    pub(crate) controller: &'r Controller,
    pub(crate) state: &'r Arc<State>,
    pub(crate) parts: &'r Parts,
    pub(crate) operation: &'static Operation,
    pub(crate) parameters: Parameters<'r>,
    pub(crate) query: validate::Query,
    pub(crate) caller: Arc<Caller>,
    /// Name of the project that the operation works in; empty for one of the organization.
    pub(crate) project: Box<str>,
    /// The permission that the operation takes, where the caller has it in namespaces of the project alone.
    pub(crate) confined: Option<Permission>,
    /// The checked body; null where the operation takes none.
    pub(crate) body: Value,
    /// Fields of the body that the document does not know.
    pub(crate) unknown: Vec<String>,
    /// Secrets of the body of which a hash is to be kept, by their pointers.
    pub(crate) secrets: Vec<(String, Plain)>,
    pub(crate) now: Timestamp,
    /// What the audit trail keeps of it.
    pub(crate) subject: &'r Subject,
    pub(crate) origin: &'r Origin,
}

impl Call<'_> {
    /// The audit record of the call, as one that goes well.
    pub(crate) fn event(&self) -> Event {
        let (subject, origin) = (self.subject.clone(), self.origin.clone());
        subject.event(self.parts, origin, self.now, self.operation.success, None)
    }

    /// Commits what the call writes, with its audit record.
    pub(crate) fn commit(&self, transaction: Transaction) -> Result<Committed, Refusal> {
        self.commit_as(self.event(), transaction)
    }

    /// The same with another record of it.
    pub(crate) fn commit_as(
        &self,
        event: Event,
        mut transaction: Transaction,
    ) -> Result<Committed, Refusal> {
        transaction.event = Some(Event {
            changes: transaction.changes.take(),
            ..event
        });
        self.controller
            .commit(transaction)
            .map_err(|error| match error {
                CommitError::Conflict => Refusal::new(
                    Reason::Contended,
                    "others keep writing to the same objects; try again",
                ),
                CommitError::NotDurable(error) => Refusal::new(
                    Reason::NotDurable,
                    format!(
                        "the change could not be put on disk and did not happen: {error}; try again when the disk \
                         is well"
                    ),
                ),
            })
    }
}

/// Whether a request means an operation whose behaviour is code of its own, which may look anywhere.
pub(crate) fn is_handled_by_code(parts: &Parts) -> bool {
    let routed = route::route(parts);
    routed.is_ok_and(|routed| matches!(routed.operation.behavior, Behavior::Handler(_)))
}

/// What became of a request, and who sent it, as far as that is known.
pub(crate) struct Outcome {
    pub(crate) version: &'static Version,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) subject: Subject,
    pub(crate) result: Result<Reply, Refusal>,
    /// Methods the path has, for an answer to one it has not.
    pub(crate) allow: Option<String>,
}

impl Outcome {
    /// An outcome that is nothing but a refusal.
    pub(crate) fn refused(
        version: &'static Version,
        operation: Option<&'static Operation>,
        organization: Arc<Organization>,
        refusal: Refusal,
    ) -> Self {
        let what = operation.map_or(What::Nothing(version), What::Operation);
        Self {
            version,
            operation,
            subject: Subject::new(organization, what),
            result: Err(refusal),
            allow: None,
        }
    }

    /// The audit record of the request.
    pub(crate) fn event(
        self,
        parts: &Parts,
        origin: Origin,
        time: Timestamp,
        status: u16,
    ) -> Event {
        let reason = self.result.as_ref().err().map(|refusal| &*refusal.message);
        self.subject.event(parts, origin, time, status, reason)
    }
}

/// Another writer came in between; so often the request starts again before the caller hears of it.
const TRIES: usize = 64;

/// Takes a request through all steps but the last.
pub(crate) fn run(
    controller: &Controller,
    parts: &Parts,
    body: &Bytes,
    origin: &Origin,
) -> Outcome {
    let taken = Cell::new(false);
    let presented = Presented {
        parts,
        body: Some(body),
        taken: &taken,
    };
    for _ in 1..TRIES {
        let outcome = attempt(controller, &presented, body, origin);
        match &outcome.result {
            Err(refusal) if refusal.reason == Reason::Contended => {}
            _ => return outcome,
        }
    }
    attempt(controller, &presented, body, origin)
}

fn attempt(
    controller: &Controller,
    presented: &Presented<'_>,
    body: &Bytes,
    origin: &Origin,
) -> Outcome {
    let parts = presented.parts;
    let now = controller.clock().now();
    let state = controller.store().keep();
    let routed = match route::route(parts) {
        Ok(routed) => routed,
        Err(missed) => {
            let mut subject =
                Subject::new(controller.organization(), What::Nothing(missed.version));
            // Nobody is told more than the path says, but a known caller's miss is on record.
            if let Ok(caller) = authenticate(controller, &state, presented, now) {
                subject.is_asked_by(&caller);
            }
            return Outcome {
                version: missed.version,
                operation: None,
                subject,
                result: Err(missed.refusal),
                allow: missed.allow,
            };
        }
    };
    let operation = routed.operation;
    let mut subject = Subject::new(controller.organization(), What::Operation(operation));
    subject.is_named_by(operation, &routed.parameters);
    let caller = match operation.access {
        Access::Public => Ok(controller.nobody()),
        _ => authenticate(controller, &state, presented, now),
    };
    let result = match caller {
        Err(denied) => {
            if let Some(caller) = denied.caller {
                subject.is_asked_by(&caller);
            }
            Err(denied.refusal)
        }
        Ok(caller) => {
            let request = Request {
                controller,
                state: &state,
                parts,
                body,
                now,
                origin,
            };
            request.carry_out(routed, caller, &mut subject)
        }
    };
    Outcome {
        version: operation.version,
        operation: Some(operation),
        subject,
        result,
        allow: None,
    }
}

/// A request and the moment in which it is looked at.
struct Request<'r> {
    controller: &'r Controller,
    state: &'r Arc<State>,
    parts: &'r Parts,
    body: &'r Bytes,
    now: Timestamp,
    origin: &'r Origin,
}

impl<'r> Request<'r> {
    /// What is left to do for a caller who is known.
    fn carry_out(
        &self,
        routed: route::Routed<'r>,
        caller: Arc<Caller>,
        subject: &mut Subject,
    ) -> Result<Reply, Refusal> {
        let operation = routed.operation;
        subject.is_asked_by(&caller);
        let caller = tenant::enter(self.state, &routed, self.parts, caller)?;
        // What is done in an organization is in its chain, whoever does it.
        subject.is_asked_by(&caller);
        let project = authorize::project(self.state, &routed, &caller);
        subject.is_allowed(&caller, operation, &project);
        let confined = authorize::authorize(&routed, &caller, &project)?;
        let strict = self.controller.strict_fields();
        let validated = validate::validate(&routed, &project, self.parts, self.body, strict)?;
        if let Behavior::Verb(Verb::Apply | Verb::Create, kind) = operation.behavior {
            subject.name = crate::engine::name_in(operation, kind, &validated.body).into();
        }
        execute::execute(Call {
            controller: self.controller,
            state: self.state,
            parts: self.parts,
            operation,
            parameters: routed.parameters,
            query: validated.query,
            caller,
            project,
            confined,
            body: validated.body,
            unknown: validated.unknown,
            secrets: validated.secrets,
            now: self.now,
            subject,
            origin: self.origin,
        })
    }
}

/// Whether a password may have to be hashed for a request: it writes an account, or it is one of those that anybody may
/// send, who shows something else than a key.
pub(crate) fn hashes_a_password(parts: &Parts) -> bool {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return false;
    }
    route::route(parts).is_ok_and(|routed| match routed.operation.behavior {
        Behavior::Verb(_, kind) => kind.authority == Some(Authority::Account),
        Behavior::Handler(_) => matches!(
            routed.operation.access,
            Access::Public
                | Access::Needs {
                    reach: Reach::Partner,
                    ..
                }
        ),
        Behavior::Act(..) | Behavior::Render(..) => false,
    })
}

/// The outcome of a request whose body was not read to its end because it is too large.
pub(crate) fn too_large(controller: &Controller, parts: &Parts, origin: &Origin) -> Outcome {
    let Some(routed) = route::route(parts).ok() else {
        // What means no operation is that first, however long its body.
        return run(controller, parts, &Bytes::new(), origin);
    };
    let operation = routed.operation;
    if operation.request.is_none() {
        // An operation without a body ignores the one it was sent.
        return run(controller, parts, &Bytes::new(), origin);
    }
    let state = controller.store().keep();
    let refusal = Refusal::new(
        Reason::TooLarge,
        format!(
            "the body is larger than {} bytes; send less",
            controller.body_limit()
        ),
    );
    let now = controller.clock().now();
    let presented = Presented {
        parts,
        body: None,
        taken: &Cell::new(false),
    };
    let mut subject = Subject::new(controller.organization(), What::Operation(operation));
    subject.is_named_by(operation, &routed.parameters);
    // Who has no good key, where one is needed, learns nothing but that.
    let caller = match operation.access {
        Access::Public => Ok(controller.nobody()),
        _ => authenticate(controller, &state, &presented, now),
    };
    let (caller, refusal) = match caller {
        Ok(caller) => (Some(caller), refusal),
        Err(denied) => (denied.caller, denied.refusal),
    };
    if let Some(caller) = caller {
        let inside = tenant::enter(&state, &routed, parts, caller.clone());
        let caller = inside.unwrap_or(caller);
        subject.is_asked_by(&caller);
        subject.project = authorize::project(&state, &routed, &caller);
    }
    Outcome {
        version: operation.version,
        operation: Some(operation),
        subject,
        result: Err(refusal),
        allow: None,
    }
}
