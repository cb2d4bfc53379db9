//! The benchmark's load generator against the mock: it counts every answer once, and nothing but successes.

#[path = "../src/bench/histogram.rs"]
mod histogram;
#[path = "../src/bench/load.rs"]
mod load;
#[path = "../src/bench/reply.rs"]
mod reply;
#[path = "../src/bench/script.rs"]
mod script;

use std::error::Error;
use std::time::Duration;

use load::{Limits, LoadError, ask, drive};
use rafay_mock_server::{MockController, Role};
use script::Script;

const CONNECTIONS: usize = 8;
const OBJECTS: usize = 5;

/// A mock with objects, and the key to it.
async fn seeded() -> Result<(MockController, String), Box<dyn Error>> {
    let mock = MockController::start().await?;
    let key = mock.key_for(Role::Admin).expose().to_owned();
    for number in 0..OBJECTS {
        let request = script::application(&key, &script::seeded(number), "00000000");
        ask(mock.address(), request.as_bytes()).await?;
    }
    Ok((mock, key))
}

/// What the mock has on record beside the seeding.
fn answered(mock: &MockController) -> u64 {
    let records = mock.audit();
    assert!(
        records
            .iter()
            .all(|record| (200..300).contains(&record.status()))
    );
    (records.len() - OBJECTS) as u64
}

fn limits(duration: Duration, each: u64) -> Limits {
    Limits { duration, each }
}

#[tokio::test]
async fn every_answer_is_counted_and_is_a_success() {
    let (mock, key) = seeded().await.unwrap();
    let scripts: Vec<_> = (0..CONNECTIONS)
        .map(|connection| match connection % 3 {
            0 => Script::get(&key, OBJECTS, connection),
            1 => Script::list(&key, 0),
            _ => Script::apply(&key, connection),
        })
        .collect();
    let measured = drive(
        mock.address(),
        &scripts,
        limits(Duration::from_millis(200), 1000),
    )
    .await
    .unwrap();
    let count = measured.latency.count();
    assert!(count >= CONNECTIONS as u64, "{count}");
    assert_eq!(count, answered(&mock));
    let (half, most) = (
        measured.latency.percentile(50),
        measured.latency.percentile(100),
    );
    assert!(Duration::ZERO < half && half <= most && most <= measured.elapsed);
}

#[tokio::test]
async fn a_bound_on_the_count_is_kept() {
    let (mock, key) = seeded().await.unwrap();
    let scripts: Vec<_> = (0..CONNECTIONS)
        .map(|connection| Script::apply(&key, connection))
        .collect();
    let measured = drive(mock.address(), &scripts, limits(Duration::from_mins(1), 3))
        .await
        .unwrap();
    assert_eq!(measured.latency.count(), 3 * CONNECTIONS as u64);
    assert_eq!(answered(&mock), 3 * CONNECTIONS as u64);
}

#[tokio::test]
async fn every_apply_changes_the_object() {
    let (mock, key) = seeded().await.unwrap();
    let mut script = Script::apply(&key, 0);
    let mut tags = Vec::new();
    for _ in 0..3 {
        let answer = ask(mock.address(), script.next()).await.unwrap();
        assert_eq!(answer.header("warning"), None, "a field is unknown");
        assert!(answer.body.starts_with(b"{"));
        tags.push(answer.header("etag").unwrap().to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
}

#[tokio::test]
async fn an_error_answer_ends_the_load() {
    let (mock, key) = seeded().await.unwrap();
    let limits = limits(Duration::from_mins(1), u64::MAX);
    let wrong_key = format!("ra2.{}.{}", "0".repeat(40), "0".repeat(64));
    let good = Script::list(&key, 0);
    for bad in [
        Script::list(&wrong_key, 0),
        // Without objects every name but one is unknown, and then that one as well.
        Script::get(&key, 1000, 0),
    ] {
        let error = drive(mock.address(), &[good.clone(), bad], limits)
            .await
            .unwrap_err();
        assert!(matches!(error, LoadError::Refused { .. }), "{error}");
        assert!(!error.to_string().contains(key.as_str()), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_gone_ends_the_load() {
    let (mock, key) = seeded().await.unwrap();
    let address = mock.address();
    drop(mock);
    let error = drive(
        address,
        &[Script::list(&key, 0)],
        limits(Duration::from_mins(1), 1),
    )
    .await
    .unwrap_err();
    assert!(matches!(error, LoadError::Connect { .. }), "{error}");
}
