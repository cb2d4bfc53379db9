//! Removing an object, with everything that points to it.

use std::ptr;
use std::sync::Arc;

use super::place::{object_in_path, project_of, tenant};
use super::{references, tenancy};
use crate::audit;
use crate::generated::kinds::TENANT;
use crate::generated::roles::Role;
use crate::identity;
use crate::pipeline::{Call, precondition};
use crate::refusal::{Reason, Refusal};
use crate::reply::{Content, Reply};
use crate::session;
use crate::store::{Expect, Key, Object, State, Stored, Transaction, Write};
use crate::table::{Authority, Kind};

/// Deletes the object that the path names, unless something refers to it.
pub(crate) fn delete(call: &Call<'_>, kind: &'static Kind) -> Result<Reply, Refusal> {
    let (key, object) = object_in_path(call, kind)?;
    precondition(&call.parts.headers, Some(object.revision), false)?;
    check_built_in(kind, &object.name)?;
    let organization = &tenant(call, kind).id;
    let project = project_of(call, kind);
    let mut transaction = removal(call.state, kind, organization, project, &key, &object)?;
    transaction.changes = Some(audit::removed(&*object.value()?));
    call.commit(transaction)?;
    Ok(Reply::new(Content::None).recorded())
}

/// Removes several objects of a kind for a handler, all or none.
pub(crate) fn remove_each(
    call: &Call<'_>,
    kind: &'static Kind,
    objects: Vec<(Key, Arc<Object>)>,
) -> Result<(), Refusal> {
    let organization = &tenant(call, kind).id;
    let project = project_of(call, kind);
    let mut whole = Transaction::default();
    let mut changes = Vec::with_capacity(objects.len());
    for (key, object) in objects {
        let gone = audit::removed(&*object.value()?);
        changes.push((object.name.clone(), Some(gone)));
        whole.join(removal(
            call.state,
            kind,
            organization,
            project,
            &key,
            &object,
        )?);
    }
    whole.changes = Some(audit::of_each(changes));
    call.commit(whole)?;
    Ok(())
}

/// Refuses to touch what the controller brings along: a role by the name of a built-in one.
pub(super) fn check_built_in(kind: &Kind, name: &str) -> Result<(), Refusal> {
    if kind.authority == Some(Authority::Role) && Role::from_name(name).is_some() {
        let message = format!(
            "{name} is a built-in role, which nobody changes or deletes; make one under another name"
        );
        return Err(Refusal::new(Reason::BuiltIn, message));
    }
    Ok(())
}

/// The transaction that removes an object and all that is stored for its sake.
pub(super) fn removal(
    state: &State,
    kind: &'static Kind,
    organization: &str,
    project: &str,
    key: &Key,
    object: &Object,
) -> Result<Transaction, Refusal> {
    let held = references::held_by(state, organization, kind, key)?;
    let body = object.value()?;
    let mut transaction = Transaction {
        expects: vec![
            Expect::Revision(key.clone(), Some(object.revision)),
            Expect::Exactly(Key::references_to(key), held.references),
        ],
        writes: vec![
            Write::Remove(key.clone()),
            Write::Remove(Key::id(organization, kind.name, &object.id)),
            Write::Remove(Key::fault(key)),
            Write::Count(Key::count(organization, kind.name, project), -1),
        ],
        identity: kind.decides_access(),
        ..Transaction::default()
    };
    for (waiting, stored) in state.under(&Key::all_waiting(key)) {
        if let Stored::Alias(due) = stored {
            transaction.writes.push(Write::Remove(due.clone()));
            transaction.writes.push(Write::Remove(waiting.clone()));
        }
    }
    let secrets = Key::secrets_of(key);
    for (hash, _) in state.under(&secrets) {
        transaction.writes.push(Write::Remove(hash.clone()));
    }
    for (kind, project, key, owned) in held.owned {
        transaction.join(removal(state, kind, organization, &project, &key, &owned)?);
    }
    let targets = references::targets(kind, organization, project, &body);
    references::update(&mut transaction, key, &targets, &[]);
    if ptr::eq(kind, TENANT) {
        transaction.join(tenancy::dissolution(state, &object.id));
    }
    if kind.authority == Some(Authority::Account) {
        let seen = state.identity_revision;
        transaction.expects.push(Expect::Identity(seen));
        let keys = identity::keys_of(state, &object.id);
        transaction
            .writes
            .extend(keys.into_iter().map(Write::Remove));
        transaction
            .writes
            .extend(session::end_all(state, &object.id));
    }
    Ok(transaction)
}
