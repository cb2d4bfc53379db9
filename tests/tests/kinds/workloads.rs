//! Workloads: published to the clusters that their placement means, with how they stand on each.

use serde_json::{Value, json};

use crate::world::{World, example, named, text};

/// Clusters of two sites, one of them not ready yet, and the workload on those that its labels mean.
fn fleet(placement: Value) -> World {
    let world = World::with(&["Repository", "Namespace", "Blueprint"]);
    for (name, site) in [("a", "berlin"), ("b", "berlin"), ("c", "bonn")] {
        let mut cluster = named("Cluster", name);
        cluster["metadata"]["labels"] = json!({"site": site});
        world.apply("Cluster", &cluster);
    }
    world.pass(1_000);
    let mut workload = example("Workload");
    workload["spec"]["placement"] = placement;
    world.apply("Workload", &workload);
    world
}

/// The clusters it is on with how it stands there, as v2 tells it.
#[track_caller]
fn clusters(world: &World) -> Vec<(String, String)> {
    let told = world.read("/v2/config/project/{}/workload/checkout/status");
    assert_eq!(
        told["conditionStatus"],
        world.at("Workload", "checkout", "/status/conditionStatus")
    );
    let clusters = told["clusters"].as_array().cloned().unwrap_or_default();
    clusters
        .iter()
        .map(|cluster| (text(&cluster["name"]), text(&cluster["status"])))
        .collect()
}

fn deployed(names: &[&str]) -> Vec<(String, String)> {
    names
        .iter()
        .map(|name| ((*name).to_owned(), "Deployed".to_owned()))
        .collect()
}

#[test]
fn it_goes_to_the_clusters_that_carry_its_labels_and_to_no_other() {
    let world = fleet(json!({"labels": [{"key": "site", "value": "berlin"}]}));
    assert_eq!(world.condition("Workload", "checkout").0, "StatusSubmitted");
    assert_eq!(clusters(&world), []);
    world.pass(30);
    assert_eq!(world.condition("Workload", "checkout").0, "StatusOK");
    assert_eq!(clusters(&world), deployed(&["a", "b"]));
}

#[test]
fn a_placement_means_clusters_by_name_by_selector_or_none() {
    for (placement, expected) in [
        (
            json!({"labels": [{"key": "rafay.dev/clusterName", "value": "c"}]}),
            &["c"] as &[&str],
        ),
        (json!({"selector": "rafay.dev/clusterName=a"}), &["a"]),
        (json!({"selector": "site!=berlin"}), &["c"]),
        (json!({"selector": "site in (berlin)"}), &[]),
        (
            json!({"labels": [{"key": "site", "value": "nowhere"}]}),
            &[],
        ),
        (
            json!({"labels": [{"key": "site", "value": "bonn"}, {"key": "tier", "value": "x"}]}),
            &[],
        ),
    ] {
        let world = fleet(placement.clone());
        world.pass(30);
        assert_eq!(clusters(&world), deployed(expected), "{placement}");
        let (state, reason) = world.condition("Workload", "checkout");
        if expected.is_empty() {
            assert_eq!(state, "StatusSubmitted", "{placement}");
            assert!(reason.contains("there is none"), "{reason}");
        } else {
            assert_eq!(state, "StatusOK", "{placement}");
        }
    }
}

#[test]
fn publishing_again_follows_the_labels_that_clusters_have_by_then() {
    let world = fleet(json!({"labels": [{"key": "site", "value": "bonn"}]}));
    world.pass(30);
    let mut moved = named("Cluster", "a");
    moved["metadata"]["labels"] = json!({"site": "bonn"});
    world.apply("Cluster", &moved);
    world.pass(100);
    assert_eq!(
        clusters(&world),
        deployed(&["c"]),
        "nothing was published since"
    );
    world.act("Workload", "checkout", "publish", &Value::Null);
    world.pass(30);
    assert_eq!(clusters(&world), deployed(&["a", "c"]));
}

#[test]
fn unpublished_it_runs_nowhere() {
    let world = fleet(json!({"labels": [{"key": "site", "value": "berlin"}]}));
    world.pass(30);
    world.act("Workload", "checkout", "unpublish", &Value::Null);
    assert_eq!(
        clusters(&world),
        deployed(&["a", "b"]),
        "the clusters are still at it"
    );
    world.pass(15);
    assert_eq!(clusters(&world), []);
    let (state, reason) = world.condition("Workload", "checkout");
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("StatusNotSet", "the workload runs nowhere")
    );
    let id = text(&world.at("Workload", "checkout", "/metadata/id"));
    let v1 = world.path(&format!("/config/v1/projects/{{}}/workloads/{id}/publish/"));
    world.admin().post(&v1, &json!({})).send().expect(200);
    world.pass(30);
    assert_eq!(clusters(&world), deployed(&["a", "b"]));
}

#[test]
fn unpublishing_one_that_is_on_its_way_stops_it() {
    let world = fleet(json!({"labels": [{"key": "site", "value": "berlin"}]}));
    world.pass(20);
    world.act("Workload", "checkout", "unpublish", &Value::Null);
    world.pass(15);
    assert_eq!(world.condition("Workload", "checkout").0, "StatusNotSet");
    world.pass(1_000);
    assert_eq!(world.condition("Workload", "checkout").0, "StatusNotSet");
    assert_eq!(clusters(&world), []);
}

#[test]
fn a_cluster_that_is_not_ready_has_it_pending() {
    let world = fleet(json!({"labels": [{"key": "site", "value": "berlin"}]}));
    let mut late = named("Cluster", "late");
    late["metadata"]["labels"] = json!({"site": "berlin"});
    world.apply("Cluster", &late);
    world.pass(30);
    let mut expected = deployed(&["a", "b"]);
    expected.push(("late".to_owned(), "Pending".to_owned()));
    assert_eq!(clusters(&world), expected);
    let (state, reason) = world.condition("Workload", "checkout");
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("StatusSubmitted", "waiting for 1 of 3 clusters to be ready")
    );
    // It goes there by itself once the cluster is ready.
    world.pass(90);
    assert_eq!(clusters(&world), deployed(&["a", "b", "late"]));
    let (state, reason) = world.condition("Workload", "checkout");
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("StatusOK", "deployed to all clusters")
    );
}

#[test]
fn a_workload_that_no_cluster_fits_waits_for_the_first_that_does() {
    let world = fleet(json!({"labels": [{"key": "site", "value": "oslo"}]}));
    world.pass(1_000);
    assert_eq!(world.condition("Workload", "checkout").0, "StatusSubmitted");
    let mut other = named("Cluster", "elsewhere");
    other["metadata"]["labels"] = json!({"site": "paris"});
    world.apply("Cluster", &other);
    world.pass(200);
    assert_eq!(world.condition("Workload", "checkout").0, "StatusSubmitted");
    let mut first = named("Cluster", "first");
    first["metadata"]["labels"] = json!({"site": "oslo"});
    world.apply("Cluster", &first);
    world.pass(119);
    assert_eq!(clusters(&world), []);
    world.pass(1);
    assert_eq!(clusters(&world), deployed(&["first"]));
    assert_eq!(world.condition("Workload", "checkout").0, "StatusOK");
}

#[test]
fn one_that_was_withdrawn_waits_for_no_cluster() {
    let world = fleet(json!({"labels": [{"key": "site", "value": "oslo"}]}));
    world.pass(100);
    world.act("Workload", "checkout", "unpublish", &Value::Null);
    world.pass(100);
    let mut first = named("Cluster", "first");
    first["metadata"]["labels"] = json!({"site": "oslo"});
    world.apply("Cluster", &first);
    world.pass(1_000);
    assert_eq!(clusters(&world), []);
    assert_eq!(world.condition("Workload", "checkout").0, "StatusNotSet");
}

#[test]
fn a_workload_that_a_cluster_refuses_says_so() {
    let world = fleet(json!({"labels": [{"key": "site", "value": "berlin"}]}));
    world.fail("Workload", "checkout");
    world.pass(30);
    let (state, reason) = world.condition("Workload", "checkout");
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("StatusFailed", "a cluster refused the workload")
    );
    let failed = ["a", "b"].map(|name| (name.to_owned(), "Failed".to_owned()));
    assert_eq!(clusters(&world), failed);
    world.act("Workload", "checkout", "publish", &Value::Null);
    world.pass(30);
    assert_eq!(clusters(&world), deployed(&["a", "b"]));
}
