//! Lifecycles: what happens to an object as the controller's clock passes.
//!
//! A flow that waits for its next step has one entry in the store, keyed by the time the step is due; it is taken out in
//! the transaction that carries the step out, so a step happens once, whatever stops in between.

mod effect;
mod flow;
mod schedule;
mod supersede;

pub(crate) use effect::Effect;
pub(super) use flow::{Run, Start, has_changed};
pub(super) use schedule::{arm, cron_problem};

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::remove;
use crate::controller::Controller;
use crate::refusal::Refusal;
use crate::reply::to_bytes;
use crate::store::{CommitError, Due, Expect, Key, Object, State, Stored, Transaction, Write};

/// Steps carried out in one go at the most; a clock that jumps far has the rest done by the next request.
const MOST: usize = 10_000;

/// Carries out everything that is due by now. Each step builds on the one before; the disk, where there is one, is
/// waited for once.
pub(crate) fn run_due(controller: &Controller, now: Timestamp) {
    if controller
        .store()
        .snapshot()
        .next_due
        .is_none_or(|due| due > now)
    {
        return;
    }
    for _ in 0..MOST {
        let state = controller.store().ahead();
        if state.next_due.is_none_or(|due| due > now) {
            break;
        }
        let Some(transaction) = next(&state) else {
            break;
        };
        match controller.store().commit_ahead(transaction) {
            // Steps that cannot be written did not happen and are still due; they are waited for below.
            Ok((_, _on_its_way)) => {}
            // Somebody else took the step or changed the object: look again.
            Err(CommitError::Conflict) => {}
            Err(CommitError::NotDurable(_)) => break,
        }
    }
    controller.store().settle();
}

/// The transaction for the earliest step.
fn next(state: &State) -> Option<Transaction> {
    let prefix = Key::all_due();
    let (entry, stored) = state.under(&prefix).next()?;
    let Stored::Due(due) = stored else {
        return None;
    };
    let mut transaction = Transaction {
        expects: vec![Expect::Present(entry.clone())],
        writes: vec![
            Write::Remove(entry.clone()),
            Write::Remove(Key::waiting(&due.object, due.flow)),
        ],
        ..Transaction::default()
    };
    let object = state
        .object(&due.object)
        .filter(|object| object.id == due.id);
    if let (Some(object), Some(at)) = (object, entry.due_time()) {
        // What cannot be carried out is given up; it would stand in the way of everything due after it.
        if let Ok(part) = carry_out(state, due, object, at) {
            transaction.join(part);
        }
    }
    Some(transaction)
}

fn carry_out(
    state: &State,
    due: &Due,
    object: &Arc<Object>,
    at: Timestamp,
) -> Result<Transaction, Refusal> {
    let run = Run {
        state,
        organization: &due.organization,
        project: &due.project,
        kind: due.kind,
        key: &due.object,
        id: &due.id,
        caller: &due.caller,
        body: due.body.as_ref(),
    };
    let mut transaction = Transaction::default();
    if due.flow == schedule::FLOW {
        schedule::fire(&run, &mut transaction, &*object.value()?, at);
        return Ok(transaction);
    }
    let mut body = Value::clone(&*object.value()?);
    let start = Start {
        flow: due.flow,
        step: due.step,
        started: due.started,
    };
    if run
        .proceed(&mut transaction, start, &mut body, at)?
        .is_removed()
    {
        transaction.join(remove::removal(
            state,
            due.kind,
            &due.organization.id,
            &due.project,
            &due.object,
            object,
        )?);
        return Ok(transaction);
    }
    transaction
        .expects
        .push(Expect::Revision(due.object.clone(), Some(object.revision)));
    transaction.identity |= due.kind.authority.is_some();
    transaction.writes.push(Write::Object(
        due.object.clone(),
        Object {
            revision: 0,
            id: object.id.clone(),
            name: object.name.clone(),
            body: to_bytes(&body),
            value: None,
        },
    ));
    Ok(transaction)
}
