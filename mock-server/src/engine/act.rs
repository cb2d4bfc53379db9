//! Actions: a flow of the kind's lifecycle that an operation starts on one object.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::lifecycle::Run;
use super::place::{object_in_path, project_of, tenant};
use super::{namespace, read, references, remove, view};
use crate::audit;
use crate::check::Problem;
use crate::pipeline::{Call, precondition};
use crate::refusal::{Reason, Refusal};
use crate::reply::{Content, Reply, to_bytes};
use crate::store::{Expect, Key, Object, Transaction, Write};
use crate::table::{Flow, Kind};
use crate::value;

/// Starts a flow on the object that the path names, and answers the object.
pub(crate) fn act(mut call: Call<'_>, kind: &'static Kind, flow: usize) -> Result<Reply, Refusal> {
    let (key, stored) = object_in_path(&call, kind)?;
    precondition(&call.parts.headers, Some(stored.revision), false)?;
    let before = stored.value()?;
    if let Some(flow) = kind
        .lifecycle
        .and_then(|lifecycle| lifecycle.flows.get(flow))
    {
        check_guard(kind, flow, &stored, &before)?;
    }
    let sent = Arc::new(std::mem::take(&mut call.body));
    let mut object = Value::clone(&before);
    if let Some(shape) = call.operation.merges
        && sent.is_object()
    {
        view::merge(shape, &sent, &mut object);
        check_merged(&call, kind, &stored.name, &before, &mut object)
            .map_err(|refusal| view::translate(shape, refusal))?;
    }
    let caller = call.caller.clone();
    let organization = caller.organization().tenant_of(kind);
    let project: Box<str> = project_of(&call, kind).into();
    let run = Run {
        state: call.state,
        organization,
        project: &project,
        kind,
        key: &key,
        id: &stored.id,
        caller: caller.username(),
        body: Some(&sent),
    };
    let mut transaction = Transaction {
        identity: kind.decides_access(),
        ..Transaction::default()
    };
    if run
        .start(&mut transaction, flow, &mut object, call.now)?
        .is_removed()
    {
        let removal = remove::removal(call.state, kind, &organization.id, &project, &key, &stored)?;
        transaction.join(removal);
        transaction.changes = Some(audit::removed(&before));
        call.commit(transaction)?;
        return Ok(Reply::new(Content::None).recorded());
    }
    let after = After {
        kind,
        key: &key,
        stored: &stored,
        before: &before,
        object,
    };
    let body = after.put(&call, &project, &mut transaction);
    let committed = call.commit(transaction)?;
    let unknown = std::mem::take(&mut call.unknown);
    if !call.operation.answers {
        return Ok(Reply {
            unknown,
            ..Reply::new(Content::None).recorded()
        });
    }
    let shown = read::shown(&call, &body)?;
    Ok(Reply {
        unknown,
        ..Reply::object(shown, committed.revision).recorded()
    })
}

/// An object that an action was taken on, to be stored again.
struct After<'a> {
    kind: &'static Kind,
    key: &'a Key,
    stored: &'a Object,
    before: &'a Value,
    object: Value,
}

impl After<'_> {
    /// Puts the object in a transaction, with what keeps its references right, and gives its bytes.
    fn put(mut self, call: &Call<'_>, project: &str, transaction: &mut Transaction) -> Bytes {
        let organization = &call.caller.organization().id;
        let now = call.now.to_string();
        transaction.changes = Some(audit::changes(Some(self.before), &self.object));
        value::set(&mut self.object, self.kind.modified_at, now.into());
        let old = references::targets(self.kind, organization, project, self.before);
        let new = references::targets(self.kind, organization, project, &self.object);
        references::update(transaction, self.key, &old, &new);
        let body = to_bytes(&self.object);
        transaction.expects.push(Expect::Revision(
            self.key.clone(),
            Some(self.stored.revision),
        ));
        transaction.writes.push(Write::Object(
            self.key.clone(),
            Object {
                revision: 0,
                id: self.stored.id.clone(),
                name: self.stored.name.clone(),
                body: body.clone(),
                value: None,
            },
        ));
        body
    }
}

/// Starts an action on an object for a handler that found it by itself, and gives the name of what the action made.
/// The action must leave the object there.
pub(crate) fn start(
    call: &Call<'_>,
    kind: &'static Kind,
    project: &str,
    (key, stored): (&Key, &Object),
    action: &str,
) -> Result<Option<Box<str>>, Refusal> {
    let flows = kind.lifecycle.map_or(&[][..], |lifecycle| lifecycle.flows);
    let Some(index) = flows.iter().position(|flow| flow.name == action) else {
        return Ok(None);
    };
    let before = stored.value()?;
    check_guard(kind, &flows[index], stored, &before)?;
    let run = Run {
        state: call.state,
        organization: call.caller.organization(),
        project,
        kind,
        key,
        id: &stored.id,
        caller: call.caller.username(),
        body: None,
    };
    let mut transaction = Transaction::default();
    let mut object = Value::clone(&before);
    run.start(&mut transaction, index, &mut object, call.now)?;
    let made = transaction.writes.iter().find_map(|write| match write {
        Write::Object(other, made) if other != key => Some(made.name.clone()),
        _ => None,
    });
    let after = After {
        kind,
        key,
        stored,
        before: &before,
        object,
    };
    after.put(call, project, &mut transaction);
    call.commit(transaction)?;
    Ok(made)
}

/// Refuses an action that the present state of the object does not allow.
fn check_guard(kind: &Kind, flow: &Flow, object: &Object, before: &Value) -> Result<(), Refusal> {
    let problems: Vec<Problem> = flow
        .when
        .iter()
        .filter_map(|(place, allowed)| {
            let found = value::get(before, place).unwrap_or(&Value::Null);
            let text = found.to_string();
            let fits = allowed.contains(&text.as_str());
            (!fits).then(|| Problem {
                pointer: value::pointer(place),
                detail: format!("is {text}; it must be one of {}", allowed.join(", ")),
            })
        })
        .collect();
    match problems.first() {
        None => Ok(()),
        Some(first) => {
            let message = format!(
                "{} {:?} cannot {} now: {} {}",
                kind.name, object.name, flow.name, first.pointer, first.detail
            );
            Err(Refusal::with(Reason::WrongState, message, problems))
        }
    }
}

/// What an action's body wrote into the object must fit the kind, like any other write.
fn check_merged(
    call: &Call<'_>,
    kind: &'static Kind,
    name: &str,
    before: &Value,
    object: &mut Value,
) -> Result<(), Refusal> {
    let mut checked = object.clone();
    let report = kind.schema.check(&mut checked);
    if let Some(first) = report.problems.first() {
        // The body fits its own schema, so it is what is stored that it does not go with.
        let message = format!(
            "{} {:?} as it is does not take this: {} {}",
            kind.name, name, first.pointer, first.detail
        );
        return Err(Refusal::with(Reason::WrongState, message, report.problems));
    }
    value::carry(kind, before, &mut checked);
    *object = checked;
    namespace::check_new(call, kind, object)?;
    references::check(
        call.state,
        kind,
        &tenant(call, kind).id,
        project_of(call, kind),
        object,
    )
}
