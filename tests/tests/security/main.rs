//! What an attacker tries: guessing keys, confusing the controller about who calls, and finding secrets in what it
//! says. Time passes on the moved clock only.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod guessing;
mod headers;
mod leaks;
mod namesakes;
mod sessions;

use std::time::Duration;

use rafay_tests::Answer;

/// One path of each version.
const PATHS: [&str; 3] = [
    rafay_tests::fixtures::PROFILE,
    "/v2/config/project/4qkolkn/blueprint",
    rafay_tests::fixtures::PROJECTS,
];

const ATTACKER: [u8; 4] = [192, 0, 2, 66];
const OWNER: [u8; 4] = [198, 51, 100, 1];

/// The same key with another secret.
fn forged(key: &str) -> String {
    let (rest, secret) = key.rsplit_once('.').unwrap();
    let digit = if secret.starts_with('0') { '1' } else { '0' };
    format!("{rest}.{digit}{}", &secret[1..])
}

/// The time after which an answer lets somebody try again.
fn pause(answer: &Answer) -> Duration {
    let seconds = answer.header("retry-after").unwrap_or_default();
    Duration::from_secs(seconds.parse().unwrap())
}
