//! Roles in the cloud for service accounts of a cluster, as clients send them: lists, of which every entry is found by
//! its namespace and its service account. All of a list is done or none of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::check::Problem;
use crate::engine::{Wish, find, object_of_id, remove_each, shown_each, write_each};
use crate::generated::kinds::{CLUSTER, POD_IDENTITY};
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::reply::{Content, Reply};
use crate::schema::Path;
use crate::store::{Key, Object};

/// The places that tell one identity from the others, in the kind.
const CLUSTER_AT: Path = &["spec", "cluster"];
const NAMESPACE_AT: Path = &["spec", "namespace"];
const ACCOUNT_AT: Path = &["spec", "serviceAccountName"];

/// An entry of the list that was sent, and what is stored of it.
struct Entry {
    sent: Value,
    found: Option<(Key, Arc<Object>)>,
}

/// Gives service accounts roles that have none yet.
pub(crate) fn pod_identities_create(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (_, cluster) = object_of_id(call, &CLUSTER, "edgeId")?;
    let entries = entries(call, &cluster.name)?;
    let taken = problems(&entries, |entry| entry.found.is_some());
    refuse(
        Reason::AlreadyExists,
        taken,
        "has a role already; replace or delete that",
    )?;
    let ties = || vec![(CLUSTER_AT, cluster.name.clone())];
    let wishes = entries
        .into_iter()
        .map(|entry| (Wish::unnamed(call, &POD_IDENTITY, ties()), entry.sent));
    answer(call, wishes.collect())
}

/// Changes the roles of service accounts that have one.
pub(crate) fn pod_identities_replace(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wishes = known(call)?.into_iter();
    let wishes = wishes.map(|(sent, key, object)| (Wish::change(key, object), sent));
    answer(call, wishes.collect())
}

/// Takes the roles of service accounts away.
pub(crate) fn pod_identities_delete(call: &Call<'_>) -> Result<Reply, Refusal> {
    let gone = known(call)?.into_iter();
    let gone = gone.map(|(_, key, object)| (key, object));
    remove_each(call, &POD_IDENTITY, gone.collect())?;
    Ok(Reply::new(Content::None).recorded())
}

fn answer(call: &Call<'_>, wishes: Vec<(Wish, Value)>) -> Result<Reply, Refusal> {
    let bodies = write_each(call, &POD_IDENTITY, wishes)?;
    Ok(Reply {
        unknown: call.unknown.clone(),
        ..Reply::new(Content::Json(shown_each(call, &bodies)?)).recorded()
    })
}

/// The entries that were sent with what is stored of each; refused where there is nothing of one.
fn known(call: &Call<'_>) -> Result<Vec<(Value, Key, Arc<Object>)>, Refusal> {
    let (_, cluster) = object_of_id(call, &CLUSTER, "edgeId")?;
    let entries = entries(call, &cluster.name)?;
    let unknown = problems(&entries, |entry| entry.found.is_none());
    refuse(
        Reason::NotFound,
        unknown,
        "has no role: its pod identity is not found; create it first",
    )?;
    let known = entries
        .into_iter()
        .filter_map(|Entry { sent, found }| found.map(|(key, object)| (sent, key, object)));
    Ok(known.collect())
}

fn entries(call: &Call<'_>, cluster: &str) -> Result<Vec<Entry>, Refusal> {
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    let mut entries = Vec::new();
    for (index, sent) in call.body.as_array().into_iter().flatten().enumerate() {
        let text = |name: &str| sent[name].as_str().unwrap_or_default();
        let (namespace, account) = (text("namespace"), text("serviceAccountName"));
        if !seen.insert((namespace, account)) {
            twice.push(index);
        }
        let places = [
            (CLUSTER_AT, cluster),
            (NAMESPACE_AT, namespace),
            (ACCOUNT_AT, account),
        ];
        let found = find(call, &POD_IDENTITY, &places);
        let sent = sent.clone();
        entries.push(Entry { sent, found });
    }
    refuse(Reason::Invalid, twice, "comes twice; send it once")?;
    Ok(entries)
}

/// The indices of the entries of which something holds.
fn problems(entries: &[Entry], holds: impl Fn(&Entry) -> bool) -> Vec<usize> {
    let indices = entries.iter().enumerate();
    indices
        .filter(|(_, entry)| holds(entry))
        .map(|(index, _)| index)
        .collect()
}

/// Refuses a list for some of its entries.
fn refuse(reason: Reason, indices: Vec<usize>, detail: &str) -> Result<(), Refusal> {
    let problems: Vec<Problem> = indices
        .into_iter()
        .map(|index| Problem {
            pointer: format!("/{index}"),
            detail: detail.to_owned(),
        })
        .collect();
    match problems.first() {
        None => Ok(()),
        Some(first) => {
            let message = format!("the service account at {} {detail}", first.pointer);
            Err(Refusal::with(reason, message, problems))
        }
    }
}
