//! Writing an object: apply, create and replace. What the client sent becomes the desired state; what only the
//! controller writes is carried over from the stored object.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::lifecycle::cron_problem;
use super::place::{
    check_parents, key_in_path, missing, no_project, parents, project_exists, project_of, tenant,
};
use super::prepare::{Place, fresh_id, prepare};
use super::{namespace, read, references, remove, secrets, view};
use crate::audit;
use crate::check::Problem;
use crate::pipeline::{Call, precondition};
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::schema::Path;
use crate::session;
use crate::store::{Key, Object, Transaction, Write};
use crate::table::{Authority, Kind, Operation, Verb};
use crate::value;

/// Creates, applies or replaces an object.
pub(crate) fn write(mut call: Call<'_>, kind: &'static Kind, verb: Verb) -> Result<Reply, Refusal> {
    let project: Box<str> = project_of(&call, kind).into();
    let organization = &call.caller.organization().tenant_of(kind).id;
    if kind.in_project && !project_exists(call.state, organization, &project) {
        return Err(no_project(&project));
    }
    check_parents(&call)?;
    let sent = std::mem::take(&mut call.body);
    // Nobody has a say in the name of what a view shows without one: it is the id.
    let named = (verb == Verb::Create && has_no_name(call.operation, kind))
        .then(|| fresh_id(call.state, organization, kind));
    let key = match &named {
        Some(name) => Key::object(organization, kind.name, &project, name),
        None => key_of(&call, kind, verb, &project, &sent)?,
    };
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
    let ties = parents(&call).map(|(place, value)| (place, value.into()));
    let wish = Wish {
        key,
        stored,
        ties: ties.collect(),
        named,
    };
    let Some((transaction, body)) = plan(&call, kind, &project, &wish, sent)? else {
        let stored = wish.stored.as_ref();
        let (body, revision) =
            stored.map_or((Bytes::new(), 0), |now| (now.body.clone(), now.revision));
        // Nothing changes: no new revision, and a record like that of a read.
        return Ok(Reply {
            recorded: false,
            ..reply(&call, &body, revision)?
        });
    };
    let committed = call.commit(transaction)?;
    reply(&call, &body, committed.revision)
}

/// One object that is to be written.
pub(crate) struct Wish {
    /// Where it is or will be stored.
    key: Key,
    /// What is there now.
    stored: Option<Arc<Object>>,
    /// Places that the path decides, and what stands there.
    ties: Vec<(Path, Box<str>)>,
    /// The name of a new object that is sent without one; it is its id as well.
    named: Option<Box<str>>,
}

impl Wish {
    /// A new object, sent without a name.
    pub(crate) fn unnamed(call: &Call<'_>, kind: &Kind, ties: Vec<(Path, Box<str>)>) -> Self {
        let organization = &tenant(call, kind).id;
        let name = fresh_id(call.state, organization, kind);
        Self {
            key: Key::object(organization, kind.name, project_of(call, kind), &name),
            stored: None,
            ties,
            named: Some(name),
        }
    }

    /// Another form of an object that is there.
    pub(crate) fn change(key: Key, stored: Arc<Object>) -> Self {
        Self {
            key,
            stored: Some(stored),
            ties: Vec::new(),
            named: None,
        }
    }
}

/// Writes several objects of a kind for a handler, all or none, and gives them as they are then stored. Each comes with
/// what was sent of it, in the form of which the operation speaks.
pub(crate) fn write_each(
    call: &Call<'_>,
    kind: &'static Kind,
    wishes: Vec<(Wish, Value)>,
) -> Result<Vec<Bytes>, Refusal> {
    let project = project_of(call, kind);
    let mut whole: Option<Transaction> = None;
    let mut bodies = Vec::with_capacity(wishes.len());
    let mut changes = Vec::with_capacity(wishes.len());
    for (wish, sent) in wishes {
        match plan(call, kind, project, &wish, sent)? {
            Some((mut transaction, body)) => {
                changes.push((name_of(&wish), transaction.changes.take()));
                whole
                    .get_or_insert_with(Transaction::default)
                    .join(transaction);
                bodies.push(body);
            }
            None => bodies.extend(wish.stored.map(|stored| stored.body.clone())),
        }
    }
    match whole {
        Some(mut transaction) => {
            transaction.changes = Some(audit::of_each(changes));
            call.commit(transaction)?;
        }
        None => call.controller.store().note(call.event()),
    }
    Ok(bodies)
}

/// The name of an object that a handler writes.
fn name_of(wish: &Wish) -> Box<str> {
    let stored = wish.stored.as_ref().map(|object| &object.name);
    let name = stored.or(wish.named.as_ref());
    name.cloned().unwrap_or_default()
}

/// The transaction that writes an object, and the object as it is then stored; none where nothing changes.
fn plan(
    call: &Call<'_>,
    kind: &'static Kind,
    project: &str,
    wish: &Wish,
    sent: Value,
) -> Result<Option<(Transaction, Bytes)>, Refusal> {
    let caller = &call.caller;
    let organization = caller.organization().tenant_of(kind);
    let stored = wish.stored.as_ref();
    let before = stored.map(|object| object.value()).transpose()?;
    let as_shown = |refusal| match call.operation.view {
        Some(shape) => view::translate(shape, refusal),
        None => refusal,
    };
    let object = desired(call, kind, project, wish, before.as_deref(), sent).map_err(as_shown)?;
    // Before it is told which namespaces there are.
    namespace::check_new(call, kind, &object)?;
    references::check(call.state, kind, &organization.id, project, &object).map_err(as_shown)?;

    let kept = secrets::put(call, kind, &wish.key, &object);
    let mut secrets = kept.writes;
    if let (Some(Authority::Account), Some(stored)) = (kind.authority, stored)
        && !secrets.is_empty()
    {
        // Whoever came in with the old password goes.
        secrets.extend(session::end_all(call.state, &stored.id));
    }
    if let Some(before) = &before
        && **before == object
        && secrets.is_empty()
    {
        return Ok(None);
    }
    let name = value::text(&object, kind.name_at).unwrap_or_default();
    remove::check_built_in(kind, name)?;
    let place = Place {
        state: call.state,
        organization,
        project,
        key: wish.key.clone(),
        caller: caller.username(),
        id: wish.named.as_deref(),
    };
    let mut transaction = prepare(
        kind,
        &place,
        stored.map(|stored| &**stored),
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
    Ok(Some((transaction, body.unwrap_or_default())))
}

/// An object made under a parent names it; one that names another is refused.
fn tie(ties: &[(Path, Box<str>)], object: &mut Value) -> Result<(), Refusal> {
    let problems: Vec<Problem> = ties
        .iter()
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
    for (place, wanted) in ties {
        value::set(object, place, Value::from(&**wanted));
    }
    Ok(())
}

/// The object as it shall be stored: what the client sent, checked against the path and the stored object, with what
/// only the controller writes carried over.
fn desired(
    call: &Call<'_>,
    kind: &'static Kind,
    project: &str,
    wish: &Wish,
    before: Option<&Value>,
    sent: Value,
) -> Result<Value, Refusal> {
    let mut object = match call.operation.view {
        Some(shape) => view::write(shape, &sent, before),
        None => sent,
    };
    tie(&wish.ties, &mut object)?;
    if let Some(name) = &wish.named {
        value::set(&mut object, kind.name_at, Value::from(&**name));
    }
    check_identity(kind, project, wish.stored.as_deref(), &mut object)?;
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

pub(super) fn taken(kind: &Kind, name: &str) -> Refusal {
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

/// Whether what an operation shows of an object has no name of it.
fn has_no_name(operation: &Operation, kind: &'static Kind) -> bool {
    let shape = operation.view;
    shape.is_some_and(|shape| view::field_for(shape, kind.name_at).is_none())
}

/// The name that a body has for its object; empty where it has none.
pub(crate) fn name_in<'b>(operation: &Operation, kind: &'static Kind, body: &'b Value) -> &'b str {
    value::text(body, name_at(operation, kind)).unwrap_or_default()
}

/// What the object says of itself must be what the path says: its name, project, version and kind.
pub(super) fn check_identity(
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
