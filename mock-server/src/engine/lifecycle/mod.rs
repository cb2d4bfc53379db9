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
use crate::store::{Due, Expect, Key, Object, State, Stored, Transaction, Write};

/// Carries out everything that is due by now, however much it is: whoever asks next finds nothing left undone. The time
/// this takes grows with what there is to do, and schedules are kept from making more than a bounded number of objects
/// in one jump of the clock.
pub(crate) fn run_due(controller: &Controller, now: Timestamp) {
    loop {
        let state = controller.store().keep();
        if state.next_due.is_none_or(|due| due > now) {
            return;
        }
        let Some(step) = next(&state, now) else {
            return;
        };
        if controller.commit(step.whole).is_err()
            && controller.store().keep().revision == state.revision
        {
            // Nobody changed anything in between, so it would never commit, and stand in the way of all that follows.
            // The entry alone goes; should somebody take it first, so much the better.
            let _ = controller.commit(step.given_up);
        }
    }
}

/// The earliest step, in two forms.
struct Earliest {
    /// The step carried out.
    whole: Transaction,
    /// The step forgotten.
    given_up: Transaction,
}

/// The transactions for the earliest step.
fn next(state: &State, now: Timestamp) -> Option<Earliest> {
    let prefix = Key::all_due();
    let (entry, stored) = state.under(&prefix).next()?;
    let Stored::Due(due) = stored else {
        return None;
    };
    let taken = || Transaction {
        expects: vec![Expect::Present(entry.clone())],
        writes: vec![
            Write::Remove(entry.clone()),
            Write::Remove(Key::waiting(&due.object, due.flow)),
        ],
        ..Transaction::default()
    };
    let mut whole = taken();
    let object = state
        .object(&due.object)
        .filter(|object| object.id == due.id);
    if let (Some(object), Some(at)) = (object, entry.due_time()) {
        // What cannot be carried out is given up; it would stand in the way of everything due after it.
        if let Ok(part) = carry_out(state, due, object, at, now) {
            whole.join(part);
        }
    }
    Some(Earliest {
        whole,
        given_up: taken(),
    })
}

fn carry_out(
    state: &State,
    due: &Due,
    object: &Arc<Object>,
    at: Timestamp,
    now: Timestamp,
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
        let times = (due.started, at, now);
        schedule::fire(&run, &mut transaction, &*object.value()?, times);
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
