//! Convert to Managed: an imported cluster becomes one that the controller manages, through states.

use serde_json::json;

use crate::world::{World, example, item, named, text};

fn state(world: &World) -> String {
    text(&world.at("ClusterConversion", "convert-edge-1", "/status/state"))
}

#[test]
fn a_conversion_passes_its_states_and_makes_the_cluster_managed() {
    let world = World::with(&["Cluster"]);
    world.pass(120);
    world.make("ClusterConversion");
    for (seconds, expected) in [
        (0, "Pending"),
        (15, "In Progress"),
        (45, "Evaluating"),
        (59, "Evaluating"),
    ] {
        world.pass(seconds);
        assert_eq!(state(&world), expected);
        assert_eq!(world.at("Cluster", "edge-1", "/spec/type"), "imported");
    }
    world.pass(1);
    assert_eq!(state(&world), "Success");
    assert_eq!(world.at("Cluster", "edge-1", "/spec/type"), "eks");
    let edges = world.read("/edge/v1/projects/{}/edges/");
    assert_eq!(edges["results"][0]["cluster_type"], "eks", "v1 sees it too");
}

#[test]
fn v2_starts_a_conversion_under_its_cluster() {
    let world = World::with(&["Cluster", "Credentials"]);
    let mut body = example("ClusterConversion");
    body["spec"].as_object_mut().unwrap().remove("cluster");
    body["metadata"].as_object_mut().unwrap().remove("project");
    let path = world.path("/v2/infra/project/{}/cluster/edge-1/converttomanaged");
    let made = world.admin().post(&path, &body).send();
    assert!(made.status() < 300, "{made}");
    let listed = world.read("/v2/infra/project/{}/cluster/edge-1/converttomanaged");
    let items = listed
        .as_array()
        .unwrap_or_else(|| listed["items"].as_array().unwrap());
    assert_eq!(items[0]["status"]["state"], "Pending");
    world.pass(120);
    assert_eq!(world.at("Cluster", "edge-1", "/spec/type"), "eks");
    let shown = world.read("/v2/infra/project/{}/conversion/convert-edge-1");
    assert_eq!(shown["status"]["state"], "Success");
}

#[test]
fn a_conversion_that_fails_leaves_the_cluster_imported() {
    let world = World::with(&["ClusterConversion"]);
    world.fail("ClusterConversion", "convert-edge-1");
    world.pass(1_000);
    assert_eq!(state(&world), "Failed");
    assert_eq!(
        world.at("ClusterConversion", "convert-edge-1", "/status/reason"),
        "the settings read do not match the cluster"
    );
    assert_eq!(world.at("Cluster", "edge-1", "/spec/type"), "imported");
}

#[test]
fn a_conversion_of_what_is_not_there_is_refused() {
    let world = World::with(&["Credentials"]);
    let refused = world.desk.refuse(
        world.admin().post(
            &crate::world::list("ClusterConversion"),
            &example("ClusterConversion"),
        ),
        400,
    );
    assert!(
        refused
            .message()
            .contains("the Cluster \"edge-1\", which does not exist"),
        "{refused}"
    );
    assert_eq!(refused.pointers(), ["/spec/cluster"]);
}

#[test]
fn conversions_go_with_their_cluster() {
    let world = World::with(&["ClusterConversion"]);
    world.apply("Cluster", &named("Cluster", "other"));
    world
        .admin()
        .delete(&item("Cluster", "edge-1"))
        .send()
        .expect(200);
    assert_eq!(world.names("ClusterConversion"), [""; 0]);
    world.pass(1_000);
    assert_eq!(world.names("Cluster"), ["other"]);
    assert_eq!(
        world.at("Cluster", "other", "/spec/type"),
        json!("imported")
    );
}
