//! Pod identities: service accounts of a cluster get roles in the cloud, and clients wait until they have them.

use rafay_mock_server::Role;
use serde_json::{Value, json};

use crate::world::{World, item, named, text};

struct Edge {
    world: World,
    path: String,
}

impl Edge {
    /// A cluster whose service accounts have no roles yet.
    fn new() -> Self {
        let world = World::with(&["Cluster"]);
        let id = text(&world.at("Cluster", "edge-1", "/metadata/id"));
        let path = world.path(&format!("/edge/v1/projects/{{}}/edges/{id}/podidentity"));
        Self { world, path }
    }

    fn send(&self, method: &str, body: &Value) -> rafay_tests::Ask<'_> {
        let path = format!("{}?user_agent=terraform", self.path);
        self.world.admin().ask(method, &path).json(body)
    }

    fn status(&self, account: &str) -> String {
        let path = format!("{}/payments/{account}", self.path);
        let told = self.world.admin().get(&path).send().expect(200).json();
        assert_eq!(told.as_array().unwrap().len(), 1);
        text(&told[0]["status"])
    }
}

fn entry(account: &str, role: &str) -> Value {
    json!({
        "namespace": "payments", "serviceAccountName": account, "createServiceAccount": true, "roleARN": role,
    })
}

#[test]
fn a_role_is_pending_in_progress_and_there_at_first_and_after_each_change() {
    let edge = Edge::new();
    let one = json!([entry("cart", "arn:aws:iam::1:role/a")]);
    let made = edge.send("POST", &one).send().expect(200).json();
    assert_eq!(made[0]["status"], "POD_IDENTITY_CREATION_PENDING");
    assert_eq!(made[0]["roleARN"], "arn:aws:iam::1:role/a");
    edge.world.pass(5);
    assert_eq!(edge.status("cart"), "POD_IDENTITY_CREATION_IN_PROGRESS");
    edge.world.pass(15);
    assert_eq!(edge.status("cart"), "POD_IDENTITY_CREATION_COMPLETE");

    let other = json!([entry("cart", "arn:aws:iam::1:role/b")]);
    edge.send("PUT", &other).send().expect(200);
    assert_eq!(edge.status("cart"), "POD_IDENTITY_UPDATION_PENDING");
    edge.world.pass(5);
    assert_eq!(edge.status("cart"), "POD_IDENTITY_UPDATION_IN_PROGRESS");
    let name = edge.world.names("PodIdentity").remove(0);
    edge.world.fail("PodIdentity", &name);
    edge.world.pass(15);
    assert_eq!(edge.status("cart"), "POD_IDENTITY_UPDATION_FAILED");
    let path = format!("{}/payments/cart", edge.path);
    let told = edge.world.admin().get(&path).send().json();
    assert!(text(&told[0]["comments"]).contains("cannot"), "{told}");
    // The same again changes nothing.
    edge.send("PUT", &other).send().expect(200);
    assert_eq!(edge.status("cart"), "POD_IDENTITY_UPDATION_FAILED");
}

#[test]
fn a_list_is_done_whole_or_not_at_all() {
    let edge = Edge::new();
    let world = &edge.world;
    let two = json!([entry("a", "r"), entry("b", "r")]);
    edge.send("POST", &two).send().expect(200);
    assert_eq!(world.names("PodIdentity").len(), 2);
    let one_new = json!([entry("c", "r"), entry("b", "other")]);
    let refused = world.desk.refuse(edge.send("POST", &one_new), 409);
    assert!(refused.text().contains("/1"), "{refused}");
    for method in ["PUT", "DELETE"] {
        let refused = world.desk.refuse(edge.send(method, &one_new), 404);
        assert!(refused.text().contains("/0"), "{refused}");
        assert!(refused.text().contains("not found"), "{refused}");
    }
    let twice = json!([entry("c", "r"), entry("c", "r")]);
    world.desk.refuse(edge.send("POST", &twice), 400);
    // Whether the account is made stays as it was said.
    let mut kept = entry("b", "r");
    kept["createServiceAccount"] = false.into();
    let refused = world.desk.refuse(edge.send("PUT", &json!([kept])), 400);
    assert!(refused.text().contains("createServiceAccount"), "{refused}");
    assert_eq!(world.names("PodIdentity").len(), 2);
    edge.send("DELETE", &two).send().expect(204);
    assert_eq!(world.names("PodIdentity"), [""; 0]);
}

#[test]
fn v3_shows_the_same_and_a_cluster_takes_its_own_with_it() {
    let edge = Edge::new();
    let world = &edge.world;
    let second = named("Cluster", "edge-2");
    world.apply("Cluster", &second);
    // One made in v3 is found in v1 by what it is about; that of another cluster is not.
    let mut there = named("PodIdentity", "anything");
    there["spec"]["serviceAccountName"] = "cart".into();
    world.apply("PodIdentity", &there);
    let mut elsewhere = named("PodIdentity", "elsewhere");
    elsewhere["spec"]["cluster"] = "edge-2".into();
    elsewhere["spec"]["serviceAccountName"] = "checkout".into();
    world.apply("PodIdentity", &elsewhere);
    assert_eq!(edge.status("cart"), "POD_IDENTITY_CREATION_PENDING");
    let one = json!([entry("cart", "r")]);
    world.desk.refuse(edge.send("POST", &one), 409);
    let absent = format!("{}/payments/checkout", edge.path);
    world.desk.refuse(world.admin().get(&absent), 404);
    let listed = world.admin().get(&edge.path).send().expect(200).json();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");

    edge.send("PUT", &one).send().expect(200);
    let kept = world.get("PodIdentity", "anything");
    assert_eq!(kept["spec"]["roleARN"], "r");
    let path = format!("{}/payments/cart", edge.path);
    world
        .desk
        .refuse(world.role(Role::InfraReadOnly).delete(&path), 403);
    world.admin().delete(&path).send().expect(204);
    world.desk.refuse(world.admin().get(&path), 404);

    edge.send("POST", &one).send().expect(200);
    let cluster = item("Cluster", "edge-1");
    world.admin().delete(&cluster).send().expect(200);
    assert_eq!(world.names("PodIdentity"), ["elsewhere"]);
    world.desk.refuse(edge.send("POST", &one), 404);
    world.desk.refuse(world.admin().get(&edge.path), 404);
}
