//! What belongs to an object that is stored: its identity, its times, its lifecycle, its references and the entries by
//! which it is found, put together as one transaction. Objects that no client sends are made here as well.

use std::ptr;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::lifecycle::{Run, arm, has_changed};
use super::write::{check_identity, taken};
use super::{references, tenancy, view};
use crate::audit;
use crate::controller::Controller;
use crate::generated::kinds::TENANT;
use crate::identity::Organization;
use crate::refusal::Refusal;
use crate::reply::to_bytes;
use crate::secret::short_id;
use crate::store::{Expect, Key, Object, State, Stored, Transaction, Write};
use crate::table::Kind;
use crate::value;

/// Where an object is stored, and for whom.
pub(super) struct Place<'p> {
    pub(super) state: &'p State,
    pub(super) organization: &'p Arc<Organization>,
    pub(super) project: &'p str,
    pub(super) key: Key,
    pub(super) caller: &'p Arc<str>,
    /// The id a new object gets; a fresh one where none is said.
    pub(super) id: Option<&'p str>,
}

/// Completes an object with what the controller writes and puts everything that belongs to it in a transaction.
pub(super) fn prepare(
    kind: &'static Kind,
    place: &Place<'_>,
    stored: Option<&Object>,
    before: Option<&Value>,
    mut object: Value,
    now: Timestamp,
) -> Result<Transaction, Refusal> {
    let Place {
        state,
        organization,
        project,
        key,
        caller,
        id,
    } = place;
    // Before the controller's own fields come in: the record has what the caller changed.
    let changes = audit::changes(before, &object);
    let id: Box<str> = match (stored, id) {
        (Some(stored), _) => stored.id.clone(),
        (None, Some(id)) => (*id).into(),
        (None, None) => fresh_id(state, &organization.id, kind),
    };
    for (at, context) in kind.context {
        value::set(&mut object, at, view::fact(*context, organization));
    }
    value::set(&mut object, kind.id_at, Value::from(&*id));
    if stored.is_none() {
        value::set(&mut object, kind.created_at, Value::from(now.to_string()));
    }
    value::set(&mut object, kind.modified_at, Value::from(now.to_string()));

    let mut transaction = Transaction {
        identity: kind.decides_access(),
        changes: Some(changes),
        ..Transaction::default()
    };
    transaction.expects.push(Expect::Revision(
        key.clone(),
        stored.map(|stored| stored.revision),
    ));
    if stored.is_none() {
        let id_key = Key::id(&organization.id, kind.name, &id);
        transaction.expects.push(Expect::Absent(id_key.clone()));
        transaction
            .writes
            .push(Write::Put(id_key, Stored::Alias(key.clone())));
        transaction.writes.push(Write::Count(
            Key::count(&organization.id, kind.name, project),
            1,
        ));
    }
    if let Some(lifecycle) = kind.lifecycle {
        let run = Run {
            state,
            organization,
            project,
            kind,
            key,
            id: &id,
            caller,
            body: None,
        };
        match before {
            None => {
                run.start(&mut transaction, CREATE, &mut object, now)?;
            }
            Some(before) if has_changed(lifecycle.changed, before, &object) => {
                run.start(&mut transaction, CHANGED, &mut object, now)?;
            }
            Some(_) => {}
        }
        arm(&run, &mut transaction, &object, now);
    }
    let old = before.map_or_else(Vec::new, |before| {
        references::targets(kind, &organization.id, project, before)
    });
    let new = references::targets(kind, &organization.id, project, &object);
    references::update(&mut transaction, key, &old, &new);
    let name: Box<str> = value::text(&object, kind.name_at)
        .unwrap_or_default()
        .into();
    if stored.is_none() && ptr::eq(kind, TENANT) {
        let founded = tenancy::organization(&id, &name, organization);
        transaction.join(tenancy::foundation(state, &founded, caller, now)?);
    }
    let body = to_bytes(&object);
    transaction.writes.push(Write::Object(
        key.clone(),
        Object {
            revision: 0,
            id,
            name,
            body,
            value: stored.is_some().then(|| Arc::new(object)),
        },
    ));
    Ok(transaction)
}

/// Index of the flow that starts when an object is made.
const CREATE: usize = 0;
/// Index of the flow that starts when one of the places that matter changes.
const CHANGED: usize = 1;

/// The transaction that makes an object for a lifecycle: checked like one that a client sends.
pub(in crate::engine) fn make(
    run: &Run<'_>,
    kind: &'static Kind,
    mut object: Value,
    now: Timestamp,
) -> Result<Transaction, Refusal> {
    let project = if kind.in_project { run.project } else { "" };
    check_identity(kind, project, None, &mut object)?;
    view::complete(kind.schema, &mut object);
    let report = kind.schema.check(&mut object);
    if !report.problems.is_empty() {
        return Err(Refusal::of_problems("object", report.problems));
    }
    references::check(run.state, kind, &run.organization.id, project, &object)?;
    let name = value::text(&object, kind.name_at).unwrap_or_default();
    let key = Key::object(&run.organization.id, kind.name, project, name);
    if run.state.object(&key).is_some() {
        return Err(taken(kind, name));
    }
    let place = Place {
        state: run.state,
        organization: run.organization,
        project,
        key,
        caller: run.caller,
        id: None,
    };
    prepare(kind, &place, None, None, object, now)
}

pub(super) fn fresh_id(state: &State, organization: &str, kind: &Kind) -> Box<str> {
    loop {
        let id = short_id();
        if state
            .alias(&Key::id(organization, kind.name, &id))
            .is_none()
        {
            return id.into();
        }
    }
}

/// The transaction that makes an object which is there from the start, under an id if one is said.
pub(super) fn begin(
    state: &State,
    organization: &Arc<Organization>,
    kind: &'static Kind,
    mut object: Value,
    id: Option<&str>,
    caller: &Arc<str>,
    now: Timestamp,
) -> Result<Transaction, Refusal> {
    kind.schema.check(&mut object);
    let name = value::text(&object, kind.name_at).unwrap_or_default();
    let place = Place {
        state,
        organization,
        project: "",
        key: Key::object(&organization.id, kind.name, "", name),
        caller,
        id,
    };
    prepare(kind, &place, None, None, object, now)
}

/// Stores an object that the controller starts with, and gives its id.
pub(crate) fn seed(
    controller: &Controller,
    kind: &'static Kind,
    organization: &Arc<Organization>,
    object: Value,
) -> Box<str> {
    let state = controller.store().keep();
    let name = value::text(&object, kind.name_at).unwrap_or_default();
    let key = Key::object(&organization.id, kind.name, "", name);
    let caller = "the controller".into();
    let now = controller.clock().now();
    // Nobody else writes while a controller is made.
    if let Ok(transaction) = begin(&state, organization, kind, object, None, &caller, now) {
        let _ = controller.commit(transaction);
    }
    let state = controller.store().keep();
    state
        .object(&key)
        .map(|object| object.id.clone())
        .unwrap_or_default()
}
