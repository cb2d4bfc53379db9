//! How long the keys of an organization live when nobody says how long.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::audit;
use crate::keys::{self, KeySettings};
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::store::{Key, Stored, Transaction, Write};

/// The settings that count now.
#[expect(clippy::unnecessary_wraps, reason = "it has the form of every handler")]
pub(crate) fn apikey_settings_get(call: &Call<'_>) -> Result<Reply, Refusal> {
    // The path says in which organization the call works, so it is the caller's here.
    let organization = &call.caller.organization().id;
    let settings = keys::setting_of(call.state, organization);
    Ok(Reply::json(&shown(&settings)))
}

/// Sets them, or clears what is left out.
pub(crate) fn apikey_settings_replace(call: &Call<'_>) -> Result<Reply, Refusal> {
    let organization = &call.caller.organization().id;
    let settings = KeySettings {
        hours: call.body["validity_hour"].as_i64(),
    };
    let before = shown(&keys::setting_of(call.state, organization));
    let shown = shown(&settings);
    let key = Key::key_settings(organization);
    call.commit(Transaction {
        writes: vec![Write::Put(key, Stored::KeySettings(Arc::new(settings)))],
        changes: Some(audit::changes(Some(&before), &shown)),
        ..Transaction::default()
    })?;
    Ok(Reply {
        unknown: call.unknown.clone(),
        ..Reply::json(&shown).recorded()
    })
}

fn shown(settings: &KeySettings) -> Value {
    let mut shown = json!({"fallback_hour": keys::fallback_hours()});
    if let Some(hours) = settings.hours {
        shown["validity_hour"] = hours.into();
    }
    shown
}
