//! Organizations as tenants: what a new one begins with, and what goes when one goes.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::lifecycle::Run;
use super::write::make;
use crate::generated::kinds::{ACCOUNT, CONTAINER, TENANT};
use crate::identity::Organization;
use crate::refusal::Refusal;
use crate::store::{Expect, Key, State, Stored, Transaction, Write};
use crate::table::Kind;
use crate::value;

/// Name of the project every organization begins with, as on the real controller.
pub(crate) const DEFAULT_PROJECT: &str = "defaultproject";

/// An organization of a partner.
pub(crate) fn organization(id: &str, name: &str, partner: &Arc<Organization>) -> Arc<Organization> {
    Arc::new(Organization {
        id: id.into(),
        name: name.into(),
        partner: Some(partner.clone()),
    })
}

/// What a new organization begins with: its default project.
pub(super) fn foundation(
    state: &State,
    founded: &Arc<Organization>,
    caller: &Arc<str>,
    now: Timestamp,
) -> Result<Transaction, Refusal> {
    let project = json!({
        "metadata": {"name": DEFAULT_PROJECT, "description": "The project every organization begins with."},
        "spec": {"default": true},
    });
    made(state, founded, CONTAINER, project, caller, now)
}

/// A new organization with its first account.
pub(crate) struct Founded {
    /// The organization.
    pub(crate) organization: Arc<Organization>,
    /// Id of the account.
    pub(crate) account: Box<str>,
    /// What makes them.
    pub(crate) transaction: Transaction,
}

/// Makes an organization of a partner, and an account in it.
pub(crate) fn found(
    state: &State,
    partner: &Arc<Organization>,
    tenant: Value,
    account: Value,
    caller: &Arc<str>,
    now: Timestamp,
) -> Result<Founded, Refusal> {
    let mut transaction = made(state, partner, TENANT, tenant, caller, now)?;
    let (id, name) = identity_of(&transaction, TENANT);
    let organization = organization(&id, &name, partner);
    let part = made(state, &organization, ACCOUNT, account, caller, now)?;
    let (account, _) = identity_of(&part, ACCOUNT);
    transaction.join(part);
    Ok(Founded {
        organization,
        account,
        transaction,
    })
}

fn made(
    state: &State,
    organization: &Arc<Organization>,
    kind: &'static Kind,
    object: Value,
    caller: &Arc<str>,
    now: Timestamp,
) -> Result<Transaction, Refusal> {
    let name = value::text(&object, kind.name_at).unwrap_or_default();
    let key = Key::object(&organization.id, kind.name, "", name);
    let run = Run {
        state,
        organization,
        project: "",
        kind,
        key: &key,
        id: "",
        caller,
        body: None,
    };
    make(&run, kind, object, now)
}

/// Id and name of the first object of a kind without project that a transaction writes.
fn identity_of(transaction: &Transaction, kind: &Kind) -> (Box<str>, Box<str>) {
    let found = transaction.writes.iter().find_map(|write| match write {
        Write::Object(key, object) if key.is_of(kind.name) => {
            Some((object.id.clone(), object.name.clone()))
        }
        _ => None,
    });
    found.unwrap_or_default()
}

/// Removes everything that belongs to an organization: objects, accounts, keys, and what waits for its time.
pub(super) fn dissolution(state: &State, organization: &str) -> Transaction {
    let mut gone: Vec<Key> = Vec::new();
    for prefix in Key::all_of(organization) {
        gone.extend(state.under(&prefix).map(|(key, _)| key.clone()));
    }
    for (key, stored) in state.under(&Key::all_due()) {
        if matches!(stored, Stored::Due(due) if *due.organization.id == *organization) {
            gone.push(key.clone());
        }
    }
    for (key, stored) in state.under(&Key::all_credentials()) {
        let Stored::Credential(credential) = stored else {
            continue;
        };
        if *credential.organization.id == *organization {
            gone.push(key.clone());
            let listed = Key::credentials_of(&credential.user_id);
            gone.extend(state.under(&listed).map(|(key, _)| key.clone()));
        }
    }
    Transaction {
        // Whatever is written meanwhile might belong to it.
        expects: vec![Expect::Unchanged(state.revision)],
        writes: gone.into_iter().map(Write::Remove).collect(),
        identity: true,
        ..Transaction::default()
    }
}
