//! The way of a request: route, authenticate, authorize, validate, execute, respond. Each step is a file of its
//! own and hands the next a richer value, so that the order cannot be got wrong.

mod authenticate;
mod authorize;
mod execute;
mod respond;
mod route;
mod validate;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use jiff::Timestamp;
use serde_json::Value;

use crate::audit::{Actor, Event};
use crate::controller::Controller;
use crate::identity::Caller;
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::secret::Plain;
use crate::store::{Committed, State, Transaction};
use crate::table::{Access, Operation, Version};

pub(crate) use authorize::forbidden;
pub(crate) use execute::precondition;
pub(crate) use respond::{event, respond};
pub(crate) use route::Parameters;

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
    /// The checked body; null where the operation takes none.
    pub(crate) body: Value,
    /// Fields of the body that the document does not know.
    pub(crate) unknown: Vec<String>,
    /// Secrets of the body of which a hash is to be kept, by their pointers.
    pub(crate) secrets: Vec<(String, Plain)>,
    pub(crate) now: Timestamp,
}

impl Call<'_> {
    /// The audit record of the call, as one that goes well.
    pub(crate) fn event(&self) -> Event {
        event(
            self.parts,
            Some(self.operation),
            self.operation.version.name,
            self.caller.actor(),
            self.now,
            self.operation.success,
            None,
        )
    }

    /// Commits what the call writes, with its audit record.
    pub(crate) fn commit(&self, transaction: Transaction) -> Result<Committed, Refusal> {
        let transaction = Transaction {
            event: Some(self.event()),
            ..transaction
        };
        self.controller.commit(transaction).map_err(|_| {
            Refusal::new(
                Reason::Contended,
                "others keep writing to the same objects; try again",
            )
        })
    }
}

/// What became of a request, and who sent it, as far as that is known.
pub(crate) struct Outcome {
    pub(crate) version: &'static Version,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) actor: Option<Actor>,
    pub(crate) result: Result<Reply, Refusal>,
    /// Methods the path has, for an answer to one it has not.
    pub(crate) allow: Option<String>,
}

/// Another writer came in between; so often the request starts again before the caller hears of it.
const TRIES: usize = 64;

/// Takes a request through all steps but the last.
pub(crate) fn run(controller: &Controller, parts: &Parts, body: &Bytes) -> Outcome {
    for _ in 1..TRIES {
        let outcome = attempt(controller, parts, body);
        match &outcome.result {
            Err(refusal) if refusal.reason == Reason::Contended => {}
            _ => return outcome,
        }
    }
    attempt(controller, parts, body)
}

fn attempt(controller: &Controller, parts: &Parts, body: &Bytes) -> Outcome {
    let now = controller.clock().now();
    let state = controller.store().keep();
    let routed = match route::route(parts) {
        Ok(routed) => routed,
        Err(missed) => {
            // Nobody is told more than the path says, but a known caller's miss is on record.
            let caller = authenticate::authenticate(controller, &state, parts, now).ok();
            return Outcome {
                version: missed.version,
                operation: None,
                actor: caller.and_then(|caller| caller.actor()),
                result: Err(missed.refusal),
                allow: missed.allow,
            };
        }
    };
    let operation = routed.operation;
    let caller = match operation.access {
        Access::Public => Ok(controller.nobody()),
        _ => authenticate::authenticate(controller, &state, parts, now),
    };
    let (actor, result) = match caller {
        Err(denied) => (denied.actor, Err(denied.refusal)),
        Ok(caller) => {
            let actor = caller.actor();
            (
                actor,
                carry_out(controller, &state, parts, body, routed, caller, now),
            )
        }
    };
    Outcome {
        version: operation.version,
        operation: Some(operation),
        actor,
        result,
        allow: None,
    }
}

/// What is left to do for a caller who is known.
fn carry_out<'r>(
    controller: &'r Controller,
    state: &'r Arc<State>,
    parts: &'r Parts,
    body: &Bytes,
    routed: route::Routed<'r>,
    caller: Arc<Caller>,
    now: Timestamp,
) -> Result<Reply, Refusal> {
    let project = authorize::authorize(state, &routed, &caller)?;
    let strict = controller.strict_fields();
    let validated = validate::validate(&routed, &project, parts, body, strict)?;
    execute::execute(Call {
        controller,
        state,
        parts,
        operation: routed.operation,
        parameters: routed.parameters,
        query: validated.query,
        caller,
        project,
        body: validated.body,
        unknown: validated.unknown,
        secrets: validated.secrets,
        now,
    })
}

/// The outcome of a request whose body was not read to its end because it is too large.
pub(crate) fn too_large(controller: &Controller, parts: &Parts) -> Outcome {
    let Some(operation) = route::route(parts).ok().map(|routed| routed.operation) else {
        // What means no operation is that first, however long its body.
        return run(controller, parts, &Bytes::new());
    };
    if operation.request.is_none() {
        // An operation without a body ignores the one it was sent.
        return run(controller, parts, &Bytes::new());
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
    // Who has no good key, where one is needed, learns nothing but that.
    let caller = match operation.access {
        Access::Public => Ok(controller.nobody()),
        _ => authenticate::authenticate(controller, &state, parts, now),
    };
    let (actor, refusal) = match caller {
        Ok(caller) => (caller.actor(), refusal),
        Err(denied) => (denied.actor, denied.refusal),
    };
    Outcome {
        version: operation.version,
        operation: Some(operation),
        actor,
        result: Err(refusal),
        allow: None,
    }
}
