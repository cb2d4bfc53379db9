//! API keys: listing, making and revoking them. A key is shown whole in the answer that makes it and never again;
//! what is kept is a hash of its secret.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::engine::{Position, not_found, wrap_page};
use crate::generated::kinds::ACCOUNT;
use crate::generated::roles::Permission;
use crate::identity::{self, Credential, KEY_ALIAS, Organization};
use crate::keys::{self, Asked, Policy};
use crate::pipeline::{Call, forbidden};
use crate::refusal::{Reason, Refusal};
use crate::reply::{Content, Reply};
use crate::secret::{ApiKey, short_id};
use crate::store::{Key, Object, Stored};
use crate::table::Page;

/// The keys of an account, without their secrets.
pub(crate) fn apikey_list(call: &Call<'_>) -> Result<Reply, Refusal> {
    let owner = owner(call, call.parameters.get("accountId"))?;
    let keys: Value = call
        .state
        .under(&Key::credentials_of(&owner.id))
        .filter_map(|(_, stored)| match stored {
            Stored::Credential(credential) => Some(listed(call, credential)),
            _ => None,
        })
        .collect();
    Ok(Reply::json(&keys))
}

/// Keys that a page of the organization's holds when the caller does not say.
const PAGE: usize = 100;

/// A page of the keys of all accounts.
#[expect(clippy::unnecessary_wraps, reason = "it has the form of every handler")]
pub(crate) fn apikey_list_all(call: &Call<'_>) -> Result<Reply, Refusal> {
    let status = call.query.named("status");
    let user = call.query.named("user");
    let organization = &call.caller.organization().id;
    let all = Key::all_credentials();
    let mut found: Vec<&Credential> = call
        .state
        .under(&all)
        .filter_map(|(_, stored)| match stored {
            Stored::Credential(credential) => Some(&**credential),
            _ => None,
        })
        .filter(|credential| {
            credential.organization.id == *organization
                && status.is_none_or(|wanted| status_of(credential, call.now) == wanted)
                && user.is_none_or(|user| {
                    *credential.user_id == *user || *credential.username == *user
                })
        })
        .collect();
    found.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    let at = Position {
        total: found.len(),
        limit: call.query.number(Page::Limit).unwrap_or(PAGE),
        offset: call.query.number(Page::Offset).unwrap_or(0),
        path: call.parts.uri.path(),
    };
    let page = found.into_iter().skip(at.offset).take(at.limit);
    let results: Vec<Value> = page.map(|credential| listed(call, credential)).collect();
    Ok(Reply::json(&wrap_page(&results, &at)))
}

/// Makes a key for an account.
pub(crate) fn apikey_create(call: &Call<'_>) -> Result<Reply, Refusal> {
    let owner = owner(call, call.parameters.get("accountId"))?;
    let asked = Asked {
        never: call.body["never_expire"] == json!(true),
        hours: call.body["validity_hour"].as_i64(),
    };
    let name = call.body["name"].as_str().unwrap_or("dynamic");
    let (key, credential) = make(call, &owner, name, asked)?;
    let mut shown = keys::facts(&credential);
    shown.insert("key".to_owned(), key.expose().into());
    shown.insert("secret".to_owned(), key.secret().into());
    call.commit(keys::store(call.state, credential))?;
    Ok(Reply {
        unknown: call.unknown.clone(),
        ..Reply::json(&Value::Object(shown)).recorded()
    })
}

/// A new key of an account, to be stored: by the rules for how long it lives and who may have one.
pub(super) fn make(
    call: &Call<'_>,
    owner: &Object,
    name: &str,
    asked: Asked,
) -> Result<(ApiKey, Credential), Refusal> {
    let organization = home_of(call, &owner.id);
    let account = identity::account(call.state, organization, &owner.id);
    if account.is_some_and(|account| !account.takes_keys()) {
        return Err(Refusal::new(
            Reason::WrongState,
            format!(
                "{} is an account for the web console alone and gets no API keys; an administrator can take \
                 console_only back",
                owner.name
            ),
        ));
    }
    let free = call.caller.may_everywhere(Permission::ApikeyWrite);
    let policy = Policy::of(call.state, &organization.id, owner);
    let expires_at = policy.end(asked, free, call.now)?;
    let key = ApiKey::generate();
    let credential = Credential {
        id: short_id().into(),
        access_id: key.id().into(),
        hash: key.hash(),
        token: key.token_hash(),
        name: name.into(),
        organization: organization.clone(),
        user_id: owner.id.as_ref().into(),
        username: owner.name.as_ref().into(),
        created_by: call.caller.username().as_ref().into(),
        created_at: call.now,
        expires_at,
    };
    Ok((key, credential))
}

/// Revokes a key: one's own, or anybody's with the permission for it.
pub(crate) fn apikey_delete(call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.parameters.get("keyId");
    let organization = &call.caller.organization().id;
    let found = call
        .state
        .alias(&Key::id(organization, KEY_ALIAS, id))
        .and_then(|key| call.state.credential(key));
    let own = found.is_some_and(|credential| &*credential.user_id == call.caller.user_id());
    if !own && !call.caller.may_everywhere(Permission::ApikeyWrite) {
        // Whether somebody else has a key of this id is nobody's business without the permission.
        return Err(forbidden(
            Permission::ApikeyWrite,
            "the organization for a key that is not one's own",
        ));
    }
    let Some(credential) = found else {
        return Err(Refusal::new(
            Reason::NotFound,
            format!("API key {id:?} not found: it does not exist or is revoked already"),
        ));
    };
    call.commit(keys::removal(call.state, credential))?;
    Ok(Reply::new(Content::None).recorded())
}

/// The organization of an account: for one's own the one it belongs to, wherever the call works.
fn home_of<'c>(call: &'c Call<'_>, id: &str) -> &'c Arc<Organization> {
    if id == call.caller.user_id() {
        call.caller.belongs_to()
    } else {
        call.caller.organization()
    }
}

/// The account with an id.
pub(super) fn owner(call: &Call<'_>, id: &str) -> Result<Arc<Object>, Refusal> {
    let alias = Key::id(&home_of(call, id).id, ACCOUNT.name, id);
    call.state
        .alias(&alias)
        .and_then(|key| call.state.object(key))
        .cloned()
        .ok_or_else(|| not_found(ACCOUNT, id, ""))
}

/// Whether a key works, works not for long, or no more.
fn status_of(credential: &Credential, now: Timestamp) -> &'static str {
    if credential.expires_at.is_some_and(|end| end <= now) {
        "expired"
    } else if keys::expiring_since(credential).is_some_and(|since| since <= now) {
        "expiring"
    } else {
        "active"
    }
}

/// A key as a list shows it.
fn listed(call: &Call<'_>, credential: &Credential) -> Value {
    let mut shown = keys::facts(credential);
    let mut add = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    add("key", format!("ra2.{}", credential.access_id).into());
    add("username", (*credential.username).into());
    add("created_by", (*credential.created_by).into());
    if let Some(end) = credential.expires_at {
        let hours = end.duration_since(credential.created_at).as_hours();
        add("validity_hour", hours.into());
        let left = end.duration_since(call.now).as_millis().max(0);
        let hours = i64::try_from(left).unwrap_or(i64::MAX).div_euclid(HOUR);
        let begun = i64::from(left.rem_euclid(HOUR.into()) > 0);
        add("hours_left", (hours + begun).into());
    }
    let uses = call.controller.callers().uses();
    if let Some(last) = uses.last(call.state, &credential.access_id) {
        add("last_used_at", last.to_string().into());
    }
    add("status", status_of(credential, call.now).into());
    Value::Object(shown)
}

/// Milliseconds.
const HOUR: i64 = 3_600_000;
