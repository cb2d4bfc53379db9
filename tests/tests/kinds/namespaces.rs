//! Namespaces: brought to clusters and taken off them again.

use serde_json::{Value, json};

use crate::world::{World, example};

fn told(world: &World) -> (String, String) {
    world.condition("Namespace", "payments")
}

#[track_caller]
fn assert_told(world: &World, state: &str, reason: &str) {
    assert_eq!(told(world), (state.to_owned(), reason.to_owned()));
    let v2 = world.read("/v2/config/project/{}/namespace/payments");
    assert_eq!(v2["status"]["conditionStatus"], state);
    assert_eq!(v2["status"]["reason"], reason);
}

const READY: &str = "all clusters have the namespace";
const WITHDRAWN: &str = "no cluster has the namespace";

#[test]
fn a_namespace_is_published_and_unpublished() {
    let world = World::with(&["Namespace"]);
    assert_told(
        &world,
        "StatusSubmitted",
        "the namespace is being created on the clusters",
    );
    world.pass(10);
    assert_told(&world, "StatusOK", READY);
    world.act("Namespace", "payments", "unpublish", &Value::Null);
    assert_told(
        &world,
        "StatusSubmitted",
        "the namespace is being taken off the clusters",
    );
    world.pass(10);
    assert_told(&world, "StatusNotSet", WITHDRAWN);
    world.act("Namespace", "payments", "publish", &Value::Null);
    world.pass(10);
    assert_told(&world, "StatusOK", READY);
}

#[test]
fn the_last_word_counts_however_fast_they_follow_one_another() {
    let world = World::with(&["Namespace"]);
    world.pass(5);
    world.act("Namespace", "payments", "unpublish", &Value::Null);
    world.pass(9);
    assert_told(
        &world,
        "StatusSubmitted",
        "the namespace is being taken off the clusters",
    );
    world.pass(1);
    assert_told(&world, "StatusNotSet", WITHDRAWN);
    world.act("Namespace", "payments", "publish", &Value::Null);
    world.pass(5);
    world.act("Namespace", "payments", "unpublish", &Value::Null);
    world.pass(60);
    assert_told(&world, "StatusNotSet", WITHDRAWN);
}

#[test]
fn a_changed_quota_is_brought_to_the_clusters_and_a_new_label_is_not_news() {
    let world = World::with(&["Namespace"]);
    world.pass(10);
    let mut namespace = example("Namespace");
    namespace["metadata"]["labels"]["env"] = "staging".into();
    world.apply("Namespace", &namespace);
    assert_told(&world, "StatusOK", READY);
    namespace["spec"]["resourceQuotas"]["pods"] = json!("41");
    world.apply("Namespace", &namespace);
    assert_told(
        &world,
        "StatusSubmitted",
        "the namespace is being brought to the clusters",
    );
    world.pass(10);
    assert_told(&world, "StatusOK", READY);
}

#[test]
fn a_cluster_may_refuse_a_namespace() {
    let world = World::with(&["Namespace"]);
    world.fail("Namespace", "payments");
    world.pass(10);
    assert_told(
        &world,
        "StatusFailed",
        "a cluster could not create the namespace",
    );
    let path = world.path("/v2/config/project/{}/namespace/payments/publish");
    world.admin().ask("POST", &path).send().expect(200);
    world.pass(10);
    assert_told(&world, "StatusOK", READY);
}
