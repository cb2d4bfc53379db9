//! Removing an object, with everything that points to it.

use super::{object_in_path, project_of, references};
use crate::generated::kinds::USER;
use crate::pipeline::{Call, event, precondition};
use crate::refusal::{Reason, Refusal};
use crate::reply::{Content, Reply};
use crate::store::{Expect, Key, Stored, Transaction, Write};
use crate::table::Kind;

/// Deletes the object that the path names, unless something refers to it.
pub(crate) fn delete(call: &Call<'_>, kind: &'static Kind) -> Result<Reply, Refusal> {
    let (key, object) = object_in_path(call, kind)?;
    precondition(&call.parts.headers, Some(object.revision), false)?;
    references::check_unused(call.state, &key)?;

    let organization = &call.caller.organization().id;
    let project = project_of(call, kind);
    let body = object.value()?;
    let is_account = kind.name == USER.name;
    let mut transaction = Transaction {
        expects: vec![
            Expect::Revision(key.clone(), Some(object.revision)),
            Expect::Nothing(Key::references_to(&key)),
        ],
        writes: vec![
            Write::Remove(key.clone()),
            Write::Remove(Key::id(organization, kind.name, &object.id)),
            Write::Remove(Key::fault(&key)),
            Write::Count(Key::count(organization, kind.name, project), -1),
        ],
        event: Some(event(
            call.parts,
            Some(call.operation),
            call.operation.version.name,
            Some(call.caller.actor.clone()),
            call.now,
            call.operation.success,
            None,
        )),
        identity: is_account,
    };
    let targets = references::targets(kind, organization, project, &body);
    references::update(&mut transaction, &key, &targets, &[]);
    if is_account {
        // The keys of an account go with it.
        for (listed, stored) in call.state.under(&Key::credentials_of(&object.id)) {
            if let Stored::Credential(credential) = stored {
                transaction
                    .writes
                    .push(Write::Remove(Key::credential(&credential.access_id)));
                transaction.writes.push(Write::Remove(Key::id(
                    organization,
                    crate::handlers::KEY_ALIAS,
                    &credential.id,
                )));
            }
            transaction.writes.push(Write::Remove(listed.clone()));
        }
    }
    call.controller
        .commit(transaction)
        .map_err(|_| contended())?;
    Ok(Reply::new(Content::None).recorded())
}

pub(super) fn contended() -> Refusal {
    Refusal::new(
        Reason::Contended,
        "others keep writing to the same objects; try again",
    )
}
