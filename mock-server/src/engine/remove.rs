//! Removing an object, with everything that points to it.

use super::{object_in_path, project_of, references};
use crate::identity;
use crate::pipeline::{Call, precondition};
use crate::refusal::Refusal;
use crate::reply::{Content, Reply};
use crate::store::{Expect, Key, Transaction, Write};
use crate::table::Kind;

/// Deletes the object that the path names, unless something refers to it.
pub(crate) fn delete(call: &Call<'_>, kind: &'static Kind) -> Result<Reply, Refusal> {
    let (key, object) = object_in_path(call, kind)?;
    precondition(&call.parts.headers, Some(object.revision), false)?;
    references::check_unused(call.state, &key)?;

    let organization = &call.caller.organization().id;
    let project = project_of(call, kind);
    let body = object.value()?;
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
        identity: identity::is_account(kind),
        ..Transaction::default()
    };
    let targets = references::targets(kind, organization, project, &body);
    references::update(&mut transaction, &key, &targets, &[]);
    if identity::is_account(kind) {
        let seen = call.state.identity_revision;
        transaction.expects.push(Expect::Identity(seen));
        let keys = identity::keys_of(call.state, organization, &object.id);
        transaction
            .writes
            .extend(keys.into_iter().map(Write::Remove));
    }
    call.commit(transaction)?;
    Ok(Reply::new(Content::None).recorded())
}
