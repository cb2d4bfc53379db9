//! Organizations as tenants: what a new one begins with, and what goes when one goes.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::fill::Words;
use super::lifecycle::Run;
use super::prepare::{begin, make};
use crate::audit;
use crate::generated::kinds::{ACCOUNT, CONTAINER, KINDS, TENANT};
use crate::generated::roles::{Permission, Role};
use crate::identity::Organization;
use crate::keys;
use crate::refusal::Refusal;
use crate::store::{Expect, Key, State, Stored, Transaction, Write};
use crate::table::{Initial, InitialOf, Kind};
use crate::value;

/// Name of the project every organization begins with; empty where the documents say none.
pub(crate) fn default_project() -> String {
    let initial = CONTAINER.initial.as_ref();
    let body: Option<Value> = initial.and_then(|initial| serde_json::from_str(initial.body).ok());
    let name = body
        .as_ref()
        .and_then(|body| value::text(body, CONTAINER.name_at));
    name.unwrap_or_default().to_owned()
}

/// An organization of a partner.
pub(crate) fn organization(id: &str, name: &str, partner: &Arc<Organization>) -> Arc<Organization> {
    Arc::new(Organization {
        id: id.into(),
        name: name.into(),
        partner: Some(partner.clone()),
    })
}

/// What a new organization begins with: of every kind what the documents say, its default project among it. A partner
/// begins with what they say of kinds of the partner, and has the roles that mean something in it.
pub(crate) fn foundation(
    state: &State,
    founded: &Arc<Organization>,
    caller: &Arc<str>,
    now: Timestamp,
) -> Result<Transaction, Refusal> {
    let mut transaction = Transaction::default();
    let is_partner = founded.partner.is_none();
    for kind in KINDS {
        let Some(initial) = &kind.initial else {
            continue;
        };
        let mut add = |object: &Value, id: Option<&str>| -> Result<(), Refusal> {
            let objects = match told(initial, founded, object, &Value::Null, now) {
                Some(Value::Array(several)) => several,
                one => one.into_iter().collect(),
            };
            for object in objects {
                transaction.join(begin(state, founded, kind, object, id, caller, now)?);
            }
            Ok(())
        };
        match initial.of {
            // A partner goes by one id, as an object and as what its organizations belong to.
            None if kind.of_partner && is_partner => add(&Value::Null, Some(&founded.id))?,
            None if kind.of_partner == is_partner => add(&Value::Null, None)?,
            Some(InitialOf::Roles) => {
                for role in Role::ALL
                    .iter()
                    .filter(|role| role.is_of_partner() == is_partner)
                {
                    add(&facts(*role), None)?;
                }
            }
            None | Some(InitialOf::Organization | InitialOf::Founder) => {}
        }
    }
    Ok(transaction)
}

/// The object that an organization is to its partner.
pub(crate) fn initial_organization(
    partner: &Arc<Organization>,
    name: &str,
    now: Timestamp,
) -> Value {
    let named = organization("", name, partner);
    let initial = TENANT.initial.as_ref();
    initial
        .and_then(|initial| told(initial, &named, &Value::Null, &Value::Null, now))
        .unwrap_or_else(|| json!({"metadata": {"name": name}, "spec": {}}))
}

/// The first account of a new organization, by the request that makes both.
fn founder(organization: &Arc<Organization>, request: &Value, now: Timestamp) -> Value {
    let initial = ACCOUNT.initial.as_ref();
    let initial = initial.filter(|initial| initial.of == Some(InitialOf::Founder));
    initial
        .and_then(|initial| told(initial, organization, &Value::Null, request, now))
        .unwrap_or_default()
}

fn told(
    initial: &Initial,
    founded: &Arc<Organization>,
    object: &Value,
    body: &Value,
    now: Timestamp,
) -> Option<Value> {
    let words = Words {
        now,
        id: "",
        caller: "the controller",
        object,
        body,
        project: "",
        organization: founded,
    };
    words.json(initial.body)
}

/// What the words of a document may take from a built-in role.
fn facts(role: Role) -> Value {
    let held = role.permissions();
    let permissions = Permission::ALL.iter().filter(|one| held.has(**one));
    let scope = if role.is_of_partner() {
        "PARTNER"
    } else if role.is_of_organization() {
        "ORGANIZATION"
    } else if role.is_of_namespace() {
        "NAMESPACE"
    } else {
        "PROJECT"
    };
    json!({
        "name": role.as_str(), "description": role.description(), "scope": scope,
        "permissions": permissions.map(|one| one.as_str()).collect::<Vec<_>>(),
    })
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

/// Makes an organization of a partner, and its first account by the request that asks for both.
pub(crate) fn found(
    state: &State,
    partner: &Arc<Organization>,
    tenant: Value,
    request: &Value,
    caller: &Arc<str>,
    now: Timestamp,
) -> Result<Founded, Refusal> {
    let told = tenant.clone();
    let mut transaction = made(state, partner, TENANT, tenant, caller, now)?;
    let (id, name) = identity_of(&transaction, TENANT);
    let organization = organization(&id, &name, partner);
    let account = founder(&organization, request, now);
    let told = json!({"organization": told, "account": account.clone()});
    transaction.changes = Some(audit::changes(None, &told));
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
            gone.extend(keys::entries_of(credential));
            let listed = Key::credentials_of(&credential.user_id);
            gone.extend(state.under(&listed).map(|(key, _)| key.clone()));
        }
    }
    gone.push(Key::key_settings(organization));
    for (key, stored) in state.under(&Key::all_sessions()) {
        let Stored::Session(session) = stored else {
            continue;
        };
        if *session.organization.id == *organization {
            gone.push(key.clone());
            let listed = Key::sessions_of(&session.user_id);
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
