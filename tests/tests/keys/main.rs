//! API keys: which are refused and how, when they end, what is shown of them and when. Time passes on the moved
//! clock only.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod life;
mod machines;
mod notices;
mod organization;
mod owners;
mod policy;
mod rctl;
mod refused;
mod shown;
mod visible;
mod whole_life;

use std::time::Duration;

use rafay_tests::fixtures::{self, PROFILE};
use rafay_tests::{Answer, Caller, Desk};
use serde_json::{Value, json};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const HEADERS: [&str; 2] = ["X-API-KEY", "x-rafay-api-keyid"];

/// Makes a key for the caller's own account.
#[track_caller]
fn make(caller: &Caller<'_>, body: &Value) -> Answer {
    caller.post(&fixtures::new_key(&caller.id()), body).send()
}

/// The same key with another secret.
fn forged(key: &str) -> String {
    let (rest, secret) = key.rsplit_once('.').unwrap();
    let digit = if secret.starts_with('0') { '1' } else { '0' };
    format!("{rest}.{digit}{}", &secret[1..])
}

/// The path of the organization's settings for keys.
fn settings(desk: &Desk) -> String {
    let profile = desk.admin().get(PROFILE).send().expect(200);
    let id = profile.text_at("/organization/id");
    format!("/auth/v1/organizations/{id}/apikeysettings/")
}

/// Sets the organization's hours, or clears them.
#[track_caller]
fn set_organization(desk: &Desk, hours: Option<i64>) {
    let body = hours.map_or(json!({}), |hours| json!({"validity_hour": hours}));
    let admin = desk.admin();
    let answer = admin.put(&settings(desk), &body).send().expect(200);
    assert_eq!(
        answer.json().get("validity_hour").and_then(Value::as_i64),
        hours
    );
}

/// The path of an account's settings for keys.
fn user_settings(id: &str) -> String {
    format!("{}apikeysettings/", fixtures::user_path(id))
}

/// Sets an account's hours, or clears them.
#[track_caller]
fn set_user(desk: &Desk, id: &str, hours: Option<i64>) {
    let body = hours.map_or(json!({}), |hours| json!({"validity_hour": hours}));
    let admin = desk.admin();
    admin.put(&user_settings(id), &body).send().expect(200);
}

/// Hours that a new key lives; none for one without an end.
#[track_caller]
fn hours(desk: &Desk, made: &Answer) -> Option<i64> {
    let end: jiff::Timestamp = made.json().get("expires_at")?.as_str()?.parse().unwrap();
    let now = desk.controller().clock().now();
    Some(end.duration_since(now).as_hours())
}

/// An entry of a list of keys, by the key's id.
#[track_caller]
fn entry(caller: &Caller<'_>, owner: &str, id: &str) -> Value {
    let listed = caller.get(&fixtures::keys(owner)).send().expect(200).json();
    let mut entries = listed.as_array().unwrap().iter();
    entries.find(|entry| entry["id"] == id).unwrap().clone()
}
