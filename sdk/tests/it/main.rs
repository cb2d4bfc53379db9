//! The SDK against a server that misbehaves on purpose. One binary: it links once.

#![expect(
    clippy::unwrap_used,
    reason = "a failed step of a test is a failed test"
)]

mod answers;
mod connections;
mod documents;
mod errors;
mod fidelity;
mod objects;
mod requests;
mod retries;
mod v2;

use std::time::Duration;

use rafay_sdk::{Client, ClientBuilder, Retry};
use wiremock::MockServer;

/// The key every test sends; looks like one, so that leaks are found by its parts.
const KEY: &str = "ra2.0a1b2c3d.deadbeef";

fn builder(endpoint: &str) -> ClientBuilder {
    let pause = Duration::from_millis(1);
    Client::builder()
        .endpoint(endpoint)
        .api_key(KEY)
        .retry(Retry::new(2).with_pauses(pause, Duration::from_secs(2)))
}

fn client(server: &MockServer) -> Client {
    builder(&server.uri()).build().unwrap()
}

/// A client that sends everything once.
fn impatient(server: &MockServer) -> Client {
    builder(&server.uri()).retry(Retry::off()).build().unwrap()
}
