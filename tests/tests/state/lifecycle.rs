//! The lifecycle of a cluster on the moved clock: each step when the document says, once, and the way of failure.

use std::time::Duration;

use rafay_spec::model::After;
use rafay_tests::fixtures::{self, DEFAULT};
use rafay_tests::{Answer, Desk, spec};
use serde_json::Value;

fn made(name: &str) -> Desk {
    let desk = Desk::new();
    desk.admin()
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster(name))
        .send()
        .expect(200);
    desk
}

#[track_caller]
fn read(desk: &Desk, name: &str) -> Answer {
    desk.admin()
        .get(&format!("{}/status", fixtures::cluster_path(name)))
        .send()
        .expect(200)
}

/// The milestones, all of which a cluster has from the start.
const MILESTONES: [&str; 7] = [
    "ClusterRegisterSucceeded",
    "ClusterApproveSucceeded",
    "ClusterCheckInSucceeded",
    "ClusterNodeSyncSucceeded",
    "ClusterBlueprintSyncSucceeded",
    "ClusterNamespaceSyncSucceeded",
    "ClusterReady",
];

/// Provision state, outcome and what the milestones are.
#[track_caller]
fn told(desk: &Desk, name: &str) -> (String, String, Vec<String>) {
    let answer = read(desk, name);
    let body = answer.json();
    let conditions = body["status"]["conditions"].as_array().unwrap();
    let all = |word: &str| -> Vec<String> {
        let texts = conditions.iter().map(|condition| &condition[word]);
        texts
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(all("type"), MILESTONES);
    (
        answer.text_at("/status/provisionStatus"),
        answer.text_at("/status/commonStatus/conditionStatus"),
        all("status"),
    )
}

fn advance(desk: &Desk, seconds: u64) {
    desk.controller()
        .clock()
        .advance(Duration::from_secs(seconds));
}

type Milestones = [&'static str; 7];

const BEGUN: Milestones = [
    "True", "Unknown", "Unknown", "Unknown", "Unknown", "Unknown", "Unknown",
];
const APPROVED: Milestones = [
    "True", "True", "Unknown", "Unknown", "Unknown", "Unknown", "Unknown",
];
const CHECKED_IN: Milestones = [
    "True", "True", "True", "Unknown", "Unknown", "Unknown", "Unknown",
];
const SYNCED: Milestones = ["True", "True", "True", "True", "Unknown", "True", "Unknown"];
const READY: Milestones = ["True"; 7];
const FAILED: Milestones = ["True", "True", "True", "True", "False", "True", "False"];

#[track_caller]
fn assert_told(desk: &Desk, name: &str, state: &str, outcome: &str, milestones: &[&str]) {
    let (got_state, got_outcome, got_milestones) = told(desk, name);
    assert_eq!((got_state.as_str(), got_outcome.as_str()), (state, outcome));
    assert_eq!(got_milestones, milestones);
}

#[test]
fn a_cluster_gets_ready_as_the_clock_passes_and_not_before() {
    let desk = made("c");
    assert_told(
        &desk,
        "c",
        "PROVISION_IN_PROGRESS",
        "StatusSubmitted",
        &BEGUN,
    );
    advance(&desk, 59);
    assert_told(
        &desk,
        "c",
        "PROVISION_IN_PROGRESS",
        "StatusSubmitted",
        &APPROVED,
    );
    advance(&desk, 1);
    assert_told(
        &desk,
        "c",
        "PROVISION_IN_PROGRESS",
        "StatusSubmitted",
        &CHECKED_IN,
    );
    advance(&desk, 59);
    assert_told(
        &desk,
        "c",
        "PROVISION_IN_PROGRESS",
        "StatusSubmitted",
        &SYNCED,
    );
    advance(&desk, 1);
    assert_told(&desk, "c", "PROVISION_COMPLETE", "StatusOK", &READY);
    advance(&desk, 10_000_000);
    assert_told(&desk, "c", "PROVISION_COMPLETE", "StatusOK", &READY);
}

#[test]
fn the_steps_are_those_of_the_document() {
    let kind = spec()
        .documents
        .iter()
        .flat_map(|document| &document.kinds)
        .find(|kind| kind.name == "Cluster");
    let lifecycle = kind.unwrap().lifecycle.as_ref().unwrap();
    let desk = made("c");
    let mut passed = 0;
    for step in &lifecycle.create.steps {
        let After::Seconds(after) = step.after else {
            panic!("{} comes at a time of the object's own", step.name);
        };
        advance(&desk, after - passed);
        passed = after;
        let body = read(&desk, "c").json();
        for (pointer, value) in &step.set {
            if !value.to_string().contains('$') {
                assert_eq!(
                    body.pointer(pointer),
                    Some(value),
                    "{} {pointer}",
                    step.name
                );
            }
        }
    }
}

#[test]
fn a_step_carries_its_own_time_even_when_the_clock_jumps() {
    let desk = made("c");
    let start = desk.controller().clock().now();
    advance(&desk, 100_000);
    let body = read(&desk, "c").json();
    let ready = body["status"]["conditions"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    let at = ready
        .pointer("/lastUpdated/value/values")
        .and_then(Value::as_str)
        .unwrap();
    assert_eq!(at, (start + Duration::from_mins(2)).to_string());
    assert_eq!(
        body["metadata"]["modifiedAt"],
        start.to_string(),
        "no client wrote"
    );
}

#[test]
fn a_step_is_a_new_revision_and_reading_is_not() {
    let desk = made("c");
    let first = read(&desk, "c").etag();
    assert_eq!(read(&desk, "c").etag(), first);
    advance(&desk, 60);
    let second = read(&desk, "c").etag();
    assert_ne!(second, first);
    let path = fixtures::cluster_path("c");
    desk.admin()
        .get(&path)
        .header("If-None-Match", &first)
        .send()
        .expect(200);
    desk.admin()
        .get(&path)
        .header("If-None-Match", &second)
        .send()
        .expect(304);
}

#[test]
fn a_list_shows_the_steps_too() {
    let desk = made("c");
    advance(&desk, 120);
    let list = desk
        .admin()
        .get(&fixtures::clusters(DEFAULT))
        .send()
        .expect(200)
        .json();
    assert_eq!(
        list["items"][0]["status"]["provisionStatus"],
        "PROVISION_COMPLETE"
    );
}

#[test]
fn a_change_neither_starts_it_again_nor_stops_it() {
    let desk = made("c");
    advance(&desk, 60);
    let mut cluster = fixtures::cluster("c");
    cluster["metadata"]["description"] = "changed".into();
    desk.admin()
        .put(&fixtures::cluster_path("c"), &cluster)
        .send()
        .expect(200);
    assert_told(
        &desk,
        "c",
        "PROVISION_IN_PROGRESS",
        "StatusSubmitted",
        &CHECKED_IN,
    );
    advance(&desk, 60);
    assert_told(&desk, "c", "PROVISION_COMPLETE", "StatusOK", &READY);
    assert_eq!(
        read(&desk, "c").json()["metadata"]["description"],
        "changed"
    );
}

#[test]
fn a_new_cluster_under_an_old_name_has_a_life_of_its_own() {
    let desk = made("c");
    advance(&desk, 50);
    desk.admin()
        .delete(&fixtures::cluster_path("c"))
        .send()
        .expect(200);
    desk.admin()
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"))
        .send()
        .expect(200);
    advance(&desk, 59);
    assert_told(
        &desk,
        "c",
        "PROVISION_IN_PROGRESS",
        "StatusSubmitted",
        &APPROVED,
    );
    advance(&desk, 1);
    assert_told(
        &desk,
        "c",
        "PROVISION_IN_PROGRESS",
        "StatusSubmitted",
        &CHECKED_IN,
    );
}

#[test]
fn a_deleted_cluster_stays_deleted() {
    let desk = made("c");
    desk.admin()
        .delete(&fixtures::cluster_path("c"))
        .send()
        .expect(200);
    advance(&desk, 1_000);
    desk.refuse(desk.admin().get(&fixtures::cluster_path("c")), 404);
}

#[test]
fn a_cluster_that_is_to_fail_fails_at_the_step_the_document_names() {
    let desk = made("c");
    desk.admin()
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("well"))
        .send()
        .expect(200);
    assert!(desk.controller().fail_lifecycle("Cluster", DEFAULT, "c"));
    advance(&desk, 60);
    assert_told(
        &desk,
        "c",
        "PROVISION_IN_PROGRESS",
        "StatusSubmitted",
        &CHECKED_IN,
    );
    advance(&desk, 60);
    assert_told(&desk, "c", "PROVISION_FAILED", "StatusFailed", &FAILED);
    assert_told(&desk, "well", "PROVISION_COMPLETE", "StatusOK", &READY);
    advance(&desk, 10_000);
    assert_told(&desk, "c", "PROVISION_FAILED", "StatusFailed", &FAILED);
}

#[test]
fn what_is_not_there_cannot_be_made_to_fail() {
    let desk = made("c");
    for (kind, project, name) in [
        ("Cluster", DEFAULT, "nowhere"),
        ("Cluster", "nowhere", "c"),
        ("Cluster", "", "c"),
        ("Nothing", DEFAULT, "c"),
        ("cluster", DEFAULT, "c"),
    ] {
        assert!(
            !desk.controller().fail_lifecycle(kind, project, name),
            "{kind} {project} {name}"
        );
    }
}

#[test]
fn a_fault_dies_with_its_cluster() {
    let desk = made("c");
    assert!(desk.controller().fail_lifecycle("Cluster", DEFAULT, "c"));
    desk.admin()
        .delete(&fixtures::cluster_path("c"))
        .send()
        .expect(200);
    desk.admin()
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"))
        .send()
        .expect(200);
    advance(&desk, 120);
    assert_told(&desk, "c", "PROVISION_COMPLETE", "StatusOK", &READY);
}

#[test]
fn many_clusters_get_ready_in_one_jump() {
    let desk = Desk::new();
    for number in 0..300 {
        let cluster = fixtures::cluster(&format!("c{number}"));
        desk.admin()
            .post(&fixtures::clusters(DEFAULT), &cluster)
            .send()
            .expect(200);
    }
    advance(&desk, 120);
    let list = desk
        .admin()
        .get(&format!("{}?limit=1000", fixtures::clusters(DEFAULT)))
        .send()
        .expect(200)
        .json();
    let ready = |item: &Value| item["status"]["provisionStatus"] == "PROVISION_COMPLETE";
    assert_eq!(
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| ready(item))
            .count(),
        300
    );
}
