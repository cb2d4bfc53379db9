//! Who belongs to a group, told and changed at the group. It is the accounts that name their groups, so it is accounts
//! that are written, all of them in one transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::check::Problem;
use crate::engine::{Wish, object_of_id, write_each};
use crate::generated::kinds::{ACCOUNT, GROUP};
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::store::{Key, Object};
use crate::value;

/// Where an account names its groups.
const GROUPS: &[&str] = &["spec", "groups"];

/// Everybody in a group.
pub(crate) fn group_users(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (key, group) = object_of_id(call, &GROUP, "id")?;
    Ok(Reply::json(&told(group, &members(call, key))))
}

/// Puts accounts into a group.
pub(crate) fn group_users_add(call: &Call<'_>) -> Result<Reply, Refusal> {
    change(call, |groups, group| {
        if !groups.iter().any(|known| known == group) {
            groups.push(group.into());
        }
    })
}

/// Takes accounts out of a group.
pub(crate) fn group_users_remove(call: &Call<'_>) -> Result<Reply, Refusal> {
    change(call, |groups, group| groups.retain(|known| known != group))
}

/// Changes the groups of every account that the body names, and answers who is in the group then.
fn change(call: &Call<'_>, edit: impl Fn(&mut Vec<Value>, &str)) -> Result<Reply, Refusal> {
    let (key, group) = object_of_id(call, &GROUP, "id")?;
    let mut users = members(call, key);
    let mut wishes = Vec::new();
    for (name, key, account) in accounts(call)? {
        let mut sent = Value::clone(&*account.value()?);
        let mut groups = match value::get(&sent, GROUPS) {
            Some(Value::Array(groups)) => groups.clone(),
            _ => Vec::new(),
        };
        edit(&mut groups, &group.name);
        if groups.iter().any(|known| *known == *group.name) {
            users.insert(name);
        } else {
            users.remove(&name);
        }
        value::set(&mut sent, GROUPS, groups.into());
        wishes.push((Wish::change(key, account), sent));
    }
    write_each(call, ACCOUNT, wishes)?;
    Ok(Reply::json(&told(group, &users)).recorded())
}

/// The accounts that the body names, each once; refused where one of them does not exist.
fn accounts(call: &Call<'_>) -> Result<Vec<(String, Key, Arc<Object>)>, Refusal> {
    let organization = &call.caller.organization().id;
    let (mut found, mut problems, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let names = call.body["users"].as_array().into_iter().flatten();
    for (index, name) in names.filter_map(Value::as_str).enumerate() {
        let key = Key::object(organization, ACCOUNT.name, "", name);
        match call.state.object(&key) {
            Some(account) if seen.insert(name) => {
                found.push((name.to_owned(), key, account.clone()));
            }
            Some(_) => {}
            None => problems.push(Problem {
                pointer: format!("/users/{index}"),
                detail: format!(
                    "names the {} {name:?}, which does not exist; create it first or name another",
                    ACCOUNT.name
                ),
            }),
        }
    }
    let Some(first) = problems.first() else {
        return Ok(found);
    };
    let message = format!(
        "the body names who is not there: {} {}",
        first.pointer, first.detail
    );
    Err(Refusal::with(Reason::UnknownReference, message, problems))
}

/// The login names of those who name the group.
fn members(call: &Call<'_>, group: &Key) -> BTreeSet<String> {
    let references = Key::references_to(group);
    let naming = call.state.under(&references);
    let naming = naming.filter_map(|(key, _)| key.referrer());
    naming
        .filter(|(kind, _, _)| kind == ACCOUNT.name)
        .map(|(_, _, name)| name)
        .collect()
}

fn told(group: &Object, users: &BTreeSet<String>) -> Value {
    json!({"id": *group.id, "name": *group.name, "users": users})
}
