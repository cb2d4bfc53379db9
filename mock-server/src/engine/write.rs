//! Writing an object: apply, create and replace. What the client sent becomes the desired state; what only the
//! controller writes is carried over from the stored object.

use std::ptr;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::lifecycle::{Run, arm, cron_problem, has_changed};
use super::place::{key_in_path, missing, no_project, parents, project_exists, project_of, tenant};
use super::{namespace, read, references, remove, secrets, tenancy, view};
use crate::audit;
use crate::check::Problem;
use crate::controller::Controller;
use crate::generated::kinds::TENANT;
use crate::identity::Organization;
use crate::pipeline::{Call, precondition};
use crate::refusal::{Reason, Refusal};
use crate::reply::{Reply, to_bytes};
use crate::schema::Path;
use crate::secret::short_id;
use crate::session;
use crate::store::{Expect, Key, Object, State, Stored, Transaction, Write};
use crate::table::{Authority, Kind, Operation, Verb};
use crate::value;

/// Creates, applies or replaces an object.
pub(crate) fn write(mut call: Call<'_>, kind: &'static Kind, verb: Verb) -> Result<Reply, Refusal> {
    let project: Box<str> = project_of(&call, kind).into();
    let caller = call.caller.clone();
    let organization = caller.organization().tenant_of(kind);
    if kind.in_project && !project_exists(call.state, &organization.id, &project) {
        return Err(no_project(&project));
    }
    let sent = std::mem::take(&mut call.body);
    let key = key_of(&call, kind, verb, &project, &sent)?;
    let stored = call.state.object(&key).cloned();
    match (&stored, verb) {
        (None, Verb::Replace) => return Err(missing(&call, kind, &project)),
        (Some(object), Verb::Create) => return Err(taken(kind, &object.name)),
        (Some(object), _) => namespace::check_stored(&call, kind, object)?,
        (None, _) => {}
    }
    precondition(
        &call.parts.headers,
        stored.as_ref().map(|object| object.revision),
        false,
    )?;

    let before = stored.as_ref().map(|object| object.value()).transpose()?;
    let view = call.operation.view;
    let as_shown = |refusal| match view {
        Some(shape) => view::translate(shape, refusal),
        None => refusal,
    };
    let object = desired(
        &call,
        kind,
        &project,
        stored.as_deref(),
        before.as_deref(),
        sent,
    )
    .map_err(as_shown)?;
    // Before it is told which namespaces there are.
    namespace::check_new(&call, kind, &object)?;
    references::check(call.state, kind, &organization.id, &project, &object).map_err(as_shown)?;

    let kept = secrets::put(&call, kind, &key, &object);
    let mut secrets = kept.writes;
    if let (Some(Authority::Account), Some(stored)) = (kind.authority, &stored)
        && !secrets.is_empty()
    {
        // Whoever came in with the old password goes.
        secrets.extend(session::end_all(call.state, &stored.id));
    }
    if let (Some(stored), Some(before)) = (&stored, &before)
        && **before == object
        && secrets.is_empty()
    {
        // Nothing changes: no new revision, and a record like that of a read.
        return Ok(Reply {
            recorded: false,
            ..reply(&call, &stored.body, stored.revision)?
        });
    }
    let name = value::text(&object, kind.name_at).unwrap_or_default();
    remove::check_built_in(kind, name)?;
    let place = Place {
        state: call.state,
        organization,
        project: &project,
        key,
        caller: caller.username(),
        id: None,
    };
    let mut transaction = prepare(
        kind,
        &place,
        stored.as_deref(),
        before.as_deref(),
        object,
        call.now,
    )?;
    transaction.writes.extend(secrets);
    transaction.changes = audit::with_secrets(transaction.changes.take(), &kept.renewed);
    let body = transaction.writes.iter().find_map(|write| match write {
        Write::Object(key, object) if *key == place.key => Some(object.body.clone()),
        _ => None,
    });
    let committed = call.commit(transaction)?;
    reply(&call, &body.unwrap_or_default(), committed.revision)
}

/// An object made under a parent names it; one that names another is refused.
fn tie_to_parents(call: &Call<'_>, object: &mut Value) -> Result<(), Refusal> {
    let problems: Vec<Problem> = parents(call)
        .filter_map(|(place, wanted)| {
            let said = value::get(object, place).filter(|said| said.as_str() != Some(wanted))?;
            Some(Problem {
                pointer: value::pointer(place),
                detail: format!("is {said}; under this path it must be {wanted:?} or be left out"),
            })
        })
        .collect();
    if !problems.is_empty() {
        return Err(Refusal::of_problems("body", problems));
    }
    for (place, wanted) in parents(call) {
        value::set(object, place, Value::from(wanted));
    }
    Ok(())
}

/// The object as it shall be stored: what the client sent, checked against the path and the stored object, with what
/// only the controller writes carried over.
fn desired(
    call: &Call<'_>,
    kind: &'static Kind,
    project: &str,
    stored: Option<&Object>,
    before: Option<&Value>,
    sent: Value,
) -> Result<Value, Refusal> {
    let mut object = match call.operation.view {
        Some(shape) => view::write(shape, &sent, before),
        None => sent,
    };
    tie_to_parents(call, &mut object)?;
    check_identity(kind, project, stored, &mut object)?;
    if call.operation.view.is_some() {
        // What came in through a view was checked as a view; as an object it must fit the kind as well. The
        // server's own fields are dropped by the check and put back below.
        view::complete(kind.schema, &mut object);
        let report = kind.schema.check(&mut object);
        if !report.problems.is_empty() {
            return Err(Refusal::of_problems("object", report.problems));
        }
    }
    if let Some(before) = before {
        let changed = value::changed_immutables(kind, before, &object);
        if !changed.is_empty() {
            let detail = "cannot change once it is set; delete the object and create it anew";
            let problems = changed
                .into_iter()
                .map(|pointer| Problem {
                    pointer,
                    detail: detail.to_owned(),
                })
                .collect();
            return Err(Refusal::of_problems("body", problems));
        }
        value::carry(kind, before, &mut object);
        if call.operation.view.is_none() {
            view::keep(before, &mut object);
        }
    }
    match cron_problem(kind, &object) {
        Some(problem) => Err(Refusal::of_problems("body", vec![problem])),
        None => Ok(object),
    }
}

fn reply(call: &Call<'_>, body: &Bytes, revision: u64) -> Result<Reply, Refusal> {
    Ok(Reply {
        unknown: call.unknown.clone(),
        ..Reply::object(read::shown(call, body)?, revision).recorded()
    })
}

fn taken(kind: &Kind, name: &str) -> Refusal {
    Refusal::new(
        Reason::AlreadyExists,
        format!(
            "{} name is already taken: {name:?}; choose another or update the one there is",
            kind.name
        ),
    )
}

/// The key the object is or will be stored under.
fn key_of(
    call: &Call<'_>,
    kind: &'static Kind,
    verb: Verb,
    project: &str,
    sent: &Value,
) -> Result<Key, Refusal> {
    if verb == Verb::Replace {
        return key_in_path(call, kind, project).ok_or_else(|| missing(call, kind, project));
    }
    let name_at = name_at(call.operation, kind);
    // The schema requires the name; a document that did not would store everything under one.
    let name = value::text(sent, name_at).unwrap_or_default();
    if name.is_empty() || name.contains('\0') {
        return Err(Refusal::at(
            Reason::Invalid,
            value::pointer(name_at),
            "must be a name, and one without a zero byte",
        ));
    }
    Ok(Key::object(
        &tenant(call, kind).id,
        kind.name,
        project,
        name,
    ))
}

/// Where the body of an operation has the name of the object.
fn name_at(operation: &Operation, kind: &'static Kind) -> Path {
    match operation.view {
        None => kind.name_at,
        Some(shape) => view::field_for(shape, kind.name_at).unwrap_or(kind.name_at),
    }
}

/// The name that a body has for its object; empty where it has none.
pub(crate) fn name_in<'b>(operation: &Operation, kind: &'static Kind, body: &'b Value) -> &'b str {
    value::text(body, name_at(operation, kind)).unwrap_or_default()
}

/// What the object says of itself must be what the path says: its name, project, version and kind.
fn check_identity(
    kind: &'static Kind,
    project: &str,
    stored: Option<&Object>,
    object: &mut Value,
) -> Result<(), Refusal> {
    let name = stored.map(|stored| &*stored.name);
    let problems = identity_problems(kind, project, name, object);
    if !problems.is_empty() {
        return Err(Refusal::of_problems("body", problems));
    }
    for (at, expected) in identity(kind, project, name) {
        value::set(object, at, Value::from(expected));
    }
    Ok(())
}

/// Places in a body that contradict what the path says; those left out do not.
pub(crate) fn identity_problems(
    kind: &'static Kind,
    project: &str,
    name: Option<&str>,
    object: &Value,
) -> Vec<Problem> {
    identity(kind, project, name)
        .filter_map(|(at, expected)| {
            let said = value::get(object, at).filter(|said| said.as_str() != Some(expected))?;
            let is_other_name = expected == kind.api_version
                && kind.also_versions.iter().any(|other| said == other);
            (!is_other_name).then(|| Problem {
                pointer: value::pointer(at),
                detail: format!("is {said}; here it must be {expected:?} or be left out"),
            })
        })
        .collect()
}

/// What an object must say of itself: its name, where it is known, its project, its version and its kind.
fn identity<'a>(
    kind: &'static Kind,
    project: &'a str,
    name: Option<&'a str>,
) -> impl Iterator<Item = (Path, &'a str)> {
    let described = [
        (&["apiVersion"] as Path, kind.api_version),
        (&["kind"] as Path, kind.name),
    ];
    let project_at = kind.project_at.filter(|_| kind.in_project);
    name.map(|name| (kind.name_at, name))
        .into_iter()
        .chain(project_at.map(|at| (at, project)))
        .chain(described.into_iter().filter(|_| kind.self_describing))
}

/// Where an object is stored, and for whom.
struct Place<'p> {
    state: &'p State,
    organization: &'p Arc<Organization>,
    project: &'p str,
    key: Key,
    caller: &'p Arc<str>,
    /// The id a new object gets; a fresh one where none is said.
    id: Option<&'p str>,
}

/// Completes an object with what the controller writes and puts everything that belongs to it in a transaction.
fn prepare(
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

fn fresh_id(state: &State, organization: &str, kind: &Kind) -> Box<str> {
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
