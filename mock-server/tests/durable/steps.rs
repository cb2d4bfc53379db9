//! Steps that fall due while the process is killed: each is taken once.
//!
//! The child is this test itself, told by an environment variable to be the one that is killed: a clock that a test
//! moves is in no other program.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use http::Method;
use rafay_mock_server::{Controller, Role};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::state::{open, send};

const DIRECTORY: &str = "RAFAY_MOCK_KILLED_IN";
const GITOPS: &str = "/apis/gitops.k8smgmt.io/v3/projects/defaultproject";

#[test]
fn a_step_is_taken_once_however_often_it_is_killed() {
    if let Some(directory) = env::var_os(DIRECTORY) {
        be_killed(&open(directory.as_ref()));
    }
    let directory = tempdir().unwrap();
    let first = open(directory.path());
    let admin = first.key_for(Role::Admin).expose().to_owned();
    make_what_runs_every_minute(&first, &admin);
    drop(first);
    for round in 0..10 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["steps::a_step_is_taken_once", "--nocapture"])
            .env(DIRECTORY, directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let minutes = lines
            .map_while(Result::ok)
            .filter(|line| line.contains("a minute"));
        assert_eq!(minutes.take(3 + round % 4).count(), 3 + round % 4);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let last = open(directory.path());
    let answer = send(
        &last,
        &admin,
        Method::GET,
        &format!("{GITOPS}/pipelineruns?limit=1000"),
        "",
    );
    let runs: Value = serde_json::from_slice(answer.body()).unwrap();
    let mut by_minute: BTreeMap<String, usize> = BTreeMap::new();
    for run in runs["items"].as_array().unwrap() {
        let created = run["metadata"]["createdAt"].as_str().unwrap();
        *by_minute.entry(created.to_owned()).or_default() += 1;
    }
    assert!(by_minute.len() >= 30, "{by_minute:?}");
    assert!(
        by_minute.values().all(|number| *number == 1),
        "{by_minute:?}"
    );
    // None was left out either: they follow one another by the minute.
    let times: Vec<jiff::Timestamp> = by_minute.keys().map(|time| time.parse().unwrap()).collect();
    for pair in times.windows(2) {
        assert_eq!(pair[1].duration_since(pair[0]).as_secs(), 60, "{pair:?}");
    }
    drop(last);
    assert!(
        Controller::verify_audit(directory.path(), None)
            .unwrap()
            .is_intact()
    );
}

/// A trigger that starts a pipeline every minute.
fn make_what_runs_every_minute(controller: &Controller, key: &str) {
    let object = |kind: &str, name: &str, spec: Value| {
        json!({
            "apiVersion": "gitops.k8smgmt.io/v3", "kind": kind, "metadata": {"name": name}, "spec": spec,
        })
    };
    let stages = json!({"stages": [{
        "name": "ask", "type": "Approval", "config": {"type": "Email", "approvers": []},
    }]});
    let every_minute = json!({
        "pipelineRef": "p", "triggerType": "Periodic",
        "triggerConfig": {"periodic": {"periodicity": "1m", "cronExpression": "* * * * *"}},
    });
    for (plural, object) in [
        ("pipelines", object("Pipeline", "p", stages)),
        ("triggers", object("Trigger", "t", every_minute)),
    ] {
        let path = format!("{GITOPS}/{plural}");
        let answer = send(controller, key, Method::POST, &path, &object.to_string());
        assert!(answer.status().is_success(), "{:?}", answer.body());
    }
}

/// Moves the clock and says so, until it is killed.
fn be_killed(controller: &Controller) -> ! {
    loop {
        controller.clock().advance(Duration::from_mins(1));
        let key = controller.key_for(Role::Admin);
        send(controller, key.expose(), Method::GET, "/", "");
        println!("a minute");
    }
}
