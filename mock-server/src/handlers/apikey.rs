//! API keys: listing, making and revoking them. A key is shown whole in the answer that makes it and never again;
//! what is kept is a hash of its secret.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::engine::not_found;
use crate::generated::kinds::ACCOUNT;
use crate::generated::roles::Permission;
use crate::identity::{Credential, KEY_ALIAS};
use crate::pipeline::{Call, forbidden};
use crate::refusal::{Reason, Refusal};
use crate::reply::{Content, Reply};
use crate::secret::{ApiKey, SecretHash, short_id};
use crate::store::{Expect, Key, Object, State, Stored, Transaction, Write};

/// Hours a key lives when its maker says nothing, as the document says.
const DEFAULT_HOURS: i64 = 8_760;

/// The keys of an account, without their secrets.
pub(crate) fn apikey_list(call: &Call<'_>) -> Result<Reply, Refusal> {
    let owner = owner(call)?;
    let keys: Value = call
        .state
        .under(&Key::credentials_of(&owner.id))
        .filter_map(|(_, stored)| match stored {
            Stored::Credential(credential) => Some(listed(credential, call.now)),
            _ => None,
        })
        .collect();
    Ok(Reply::json(&keys))
}

/// Makes a key for an account.
pub(crate) fn apikey_create(call: &Call<'_>) -> Result<Reply, Refusal> {
    let owner = owner(call)?;
    let expires_at = end(call)?;
    let key = ApiKey::generate();
    let credential = Credential {
        id: short_id().into(),
        access_id: key.id().into(),
        hash: SecretHash::of(key.secret()),
        name: call.body["name"].as_str().unwrap_or("dynamic").into(),
        organization: call.caller.organization().clone(),
        user_id: owner.id.as_ref().into(),
        username: owner.name.as_ref().into(),
        created_by: call.caller.username().as_ref().into(),
        created_at: call.now,
        expires_at,
    };
    let mut shown = facts(&credential);
    shown.insert("key".to_owned(), key.expose().into());
    shown.insert("secret".to_owned(), key.secret().into());
    call.commit(store_key(call.state, credential))?;
    Ok(Reply {
        unknown: call.unknown.clone(),
        ..Reply::json(&Value::Object(shown)).recorded()
    })
}

/// Revokes a key: one's own, or anybody's with the permission for it.
pub(crate) fn apikey_delete(call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.parameters.get("keyId");
    let organization = &call.caller.organization().id;
    let alias = Key::id(organization, KEY_ALIAS, id);
    let found = call
        .state
        .alias(&alias)
        .and_then(|key| Some((key, call.state.credential(key)?)));
    let own = found.is_some_and(|(_, credential)| &*credential.user_id == call.caller.user_id());
    if !own && !call.caller.may_everywhere(Permission::ApikeyWrite) {
        // Whether somebody else has a key of this id is nobody's business without the permission.
        return Err(forbidden(
            Permission::ApikeyWrite,
            "the organization for a key that is not one's own",
        ));
    }
    let Some((key, credential)) = found else {
        return Err(Refusal::new(
            Reason::NotFound,
            format!("API key {id:?} not found: it does not exist or is revoked already"),
        ));
    };
    let listing = call
        .state
        .under(&Key::credentials_of(&credential.user_id))
        .find(|(_, stored)| matches!(stored, Stored::Credential(listed) if listed.id == credential.id))
        .map(|(listed, _)| Write::Remove(listed.clone()));
    let transaction = Transaction {
        expects: vec![Expect::Present(key.clone())],
        writes: [Write::Remove(key.clone()), Write::Remove(alias.clone())]
            .into_iter()
            .chain(listing)
            .collect(),
        identity: true,
        ..Transaction::default()
    };
    call.commit(transaction)?;
    Ok(Reply::new(Content::None).recorded())
}

/// The account the path names.
fn owner(call: &Call<'_>) -> Result<Arc<Object>, Refusal> {
    let id = call.parameters.get("accountId");
    let alias = Key::id(&call.caller.organization().id, ACCOUNT.name, id);
    call.state
        .alias(&alias)
        .and_then(|key| call.state.object(key))
        .cloned()
        .ok_or_else(|| not_found(ACCOUNT, id, ""))
}

/// When the key that is asked for ends; none for never.
fn end(call: &Call<'_>) -> Result<Option<Timestamp>, Refusal> {
    if call.body["never_expire"] == json!(true) {
        return Ok(None);
    }
    let hours = call.body["validity_hour"].as_i64().unwrap_or(DEFAULT_HOURS);
    if hours < 1 {
        return Err(Refusal::at(
            Reason::Invalid,
            "/validity_hour",
            "is less than 1; a key lives an hour at least, or without an end with never_expire",
        ));
    }
    call.now
        .checked_add(SignedDuration::from_hours(hours))
        .map(Some)
        .map_err(|_| {
            Refusal::at(
                Reason::Invalid,
                "/validity_hour",
                "ends after the year 9999; ask for less",
            )
        })
}

/// The transaction that stores a key: under its access key id, in the list of its owner, and by its short id.
pub(crate) fn store_key(state: &State, credential: Credential) -> Transaction {
    let key = Key::credential(&credential.access_id);
    let alias = Key::id(&credential.organization.id, KEY_ALIAS, &credential.id);
    let listing = Key::credential_of(&credential.user_id, state.revision, &credential.id);
    let owner = Key::id(
        &credential.organization.id,
        ACCOUNT.name,
        &credential.user_id,
    );
    let stored = Stored::Credential(Arc::new(credential));
    Transaction {
        expects: vec![
            Expect::Absent(key.clone()),
            Expect::Absent(alias.clone()),
            Expect::Present(owner),
        ],
        writes: vec![
            Write::Put(alias, Stored::Alias(key.clone())),
            Write::Put(listing, stored.clone()),
            Write::Put(key, stored),
        ],
        identity: true,
        ..Transaction::default()
    }
}

/// A key as a list shows it.
fn listed(credential: &Credential, now: Timestamp) -> Value {
    let mut shown = facts(credential);
    shown.insert(
        "key".to_owned(),
        format!("ra2.{}", credential.access_id).into(),
    );
    shown.insert("created_by".to_owned(), (*credential.created_by).into());
    if let Some(end) = credential.expires_at {
        let hours = end.duration_since(credential.created_at).as_hours();
        shown.insert("validity_hour".to_owned(), hours.into());
    }
    let expired = credential.expires_at.is_some_and(|end| end <= now);
    shown.insert(
        "status".to_owned(),
        if expired { "expired" } else { "active" }.into(),
    );
    Value::Object(shown)
}

/// What both forms of a key tell.
fn facts(credential: &Credential) -> Map<String, Value> {
    let mut facts = Map::new();
    let mut add = |name: &str, value: Value| facts.insert(name.to_owned(), value);
    add("id", (*credential.id).into());
    add("name", (*credential.name).into());
    add("account_id", (*credential.user_id).into());
    add("never_expire", credential.expires_at.is_none().into());
    add("created_at", credential.created_at.to_string().into());
    if let Some(end) = credential.expires_at {
        add("expires_at", end.to_string().into());
    }
    facts
}
