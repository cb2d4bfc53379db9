//! API keys: which are refused and how, when they end, what is shown of them and when. Time passes on the moved
//! clock only.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod life;
mod owners;
mod refused;
mod shown;

use std::time::Duration;

use rafay_tests::fixtures;
use rafay_tests::{Answer, Caller};
use serde_json::Value;

const HOUR: Duration = Duration::from_hours(1);
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
