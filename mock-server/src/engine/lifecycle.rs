//! Lifecycles: what happens to an object as the controller's clock passes. Steps to come are entries of the store
//! keyed by the time they are due; each is taken out in the transaction that carries it out, so it happens once.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::controller::Controller;
use crate::generated::kinds::KINDS;
use crate::reply::to_bytes;
use crate::schema::Path;
use crate::store::{Due, Expect, Key, Object, State, Stored, Transaction, Write};
use crate::table::{Kind, Lifecycle};
use crate::value;

/// Steps carried out in one go at the most; a clock that jumps far has the rest done by the next request.
const MOST: usize = 10_000;

/// Does the steps of a new object that are due at once, and notes the others.
pub(super) fn start(
    transaction: &mut Transaction,
    kind: &'static Kind,
    key: &Key,
    id: &str,
    object: &mut Value,
    now: Timestamp,
) {
    let Some(lifecycle) = kind.lifecycle else {
        return;
    };
    for (step, declared) in lifecycle.steps.iter().enumerate() {
        if declared.after == 0 {
            apply(declared.set, object, now);
            continue;
        }
        let due = Due {
            object: key.clone(),
            id: id.into(),
            kind: kind.name,
            step,
        };
        let at = SignedDuration::try_from(Duration::from_secs(declared.after))
            .ok()
            .and_then(|after| now.checked_add(after).ok());
        if let Some(at) = at {
            transaction.writes.push(Due::entry(at, due));
        }
    }
}

/// Carries out everything that is due by now.
pub(crate) fn run_due(controller: &Controller, now: Timestamp) {
    for _ in 0..MOST {
        let state = controller.store().keep();
        if state.next_due.is_none_or(|due| due > now) {
            return;
        }
        let Some(transaction) = next(&state) else {
            return;
        };
        // A conflict means that somebody else took the step or changed the object: look again.
        let _ = controller.commit(transaction);
    }
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
        writes: vec![Write::Remove(entry.clone())],
        ..Transaction::default()
    };
    let lifecycle = KINDS
        .iter()
        .find(|kind| kind.name == due.kind)
        .and_then(|kind: &&Kind| kind.lifecycle);
    let object = state
        .object(&due.object)
        .filter(|object| object.id == due.id);
    if let (Some(lifecycle), Some(object), Some(at)) = (lifecycle, object, entry.due_time()) {
        let mut body = Value::clone(&*object.value().ok()?);
        take_step(state, lifecycle, due, &mut body, at, &mut transaction);
        transaction
            .expects
            .push(Expect::Revision(due.object.clone(), Some(object.revision)));
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
    }
    Some(transaction)
}

fn take_step(
    state: &State,
    lifecycle: &Lifecycle,
    due: &Due,
    body: &mut Value,
    at: Timestamp,
    transaction: &mut Transaction,
) {
    let fault = Key::fault(&due.object);
    match &lifecycle.failure {
        Some(failure) if failure.at == due.step && state.entries.contains_key(&fault) => {
            apply(failure.set, body, at);
            transaction.writes.push(Write::Remove(fault));
            // What would have come after the step that failed does not come.
            for (entry, stored) in state.under(&Key::all_due()) {
                if matches!(stored, Stored::Due(later) if later.object == due.object && later.step > due.step)
                {
                    transaction.writes.push(Write::Remove(entry.clone()));
                }
            }
        }
        _ => {
            if let Some(step) = lifecycle.steps.get(due.step) {
                apply(step.set, body, at);
            }
        }
    }
}

fn apply(set: &[(Path, &'static str)], object: &mut Value, now: Timestamp) {
    for (path, json) in set {
        // The generator wrote the text from a JSON value.
        let mut new = serde_json::from_str(json).unwrap_or_default();
        fill_now(&mut new, now);
        value::set(object, path, new);
    }
}

fn fill_now(value: &mut Value, now: Timestamp) {
    match value {
        Value::String(text) if text == "$now" => *text = now.to_string(),
        Value::Array(list) => list.iter_mut().for_each(|item| fill_now(item, now)),
        Value::Object(map) => map.values_mut().for_each(|item| fill_now(item, now)),
        _ => {}
    }
}
