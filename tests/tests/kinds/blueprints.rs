//! Blueprints: published, each time with a snapshot of what they hold.

use serde_json::{Value, json};

use crate::world::{World, example, item};

fn snapshots(world: &World) -> Vec<Value> {
    let path = "/v2/config/project/{}/blueprint/standard/snapshot";
    let listed = world.read(path);
    let items = listed["items"].as_array().or(listed.as_array());
    items.unwrap().clone()
}

#[test]
fn each_publishing_writes_a_snapshot_of_what_the_blueprint_holds() {
    let world = World::with(&["Blueprint"]);
    let first = world.act(
        "Blueprint",
        "standard",
        "publish",
        &json!({"snapshotDisplayName": "spring"}),
    );
    assert_eq!(
        first.json()["metadata"]["labels"]["rafay.dev/published"],
        "true"
    );
    assert_eq!(
        first.json()["metadata"]["labels"]["team"],
        "platform",
        "other labels stay"
    );

    let mut second = example("Blueprint");
    second["spec"]["version"] = "v2".into();
    second["spec"]["customAddons"] = json!([]);
    world.apply("Blueprint", &second);
    world.pass(60);
    world.act(
        "Blueprint",
        "standard",
        "publish",
        &json!({"snapshotDisplayName": "summer"}),
    );

    let mut told: Vec<[Value; 3]> = world
        .names("BlueprintSnapshot")
        .iter()
        .map(|name| {
            let spec = world.at("BlueprintSnapshot", name, "/spec");
            ["displayName", "version", "components"].map(|field| spec[field].clone())
        })
        .collect();
    told.sort_by_key(|[name, ..]| name.to_string());
    let addons = example("Blueprint")["spec"]["customAddons"].clone();
    assert_eq!(
        told,
        [
            [json!("spring"), json!("v1"), addons],
            [json!("summer"), json!("v2"), json!([])]
        ]
    );
    let listed = snapshots(&world);
    let mut names = listed
        .iter()
        .map(|snapshot| snapshot["metadata"]["displayName"].as_str().unwrap())
        .collect::<Vec<_>>();
    names.sort_unstable();
    assert_eq!(names, ["spring", "summer"]);
}

#[test]
fn v2_publishes_and_shows_what_is_published() {
    let world = World::with(&["Blueprint"]);
    let path = world.path("/v2/config/project/{}/blueprint/standard/publish");
    world
        .admin()
        .post(&path, &json!({"snapshotDisplayName": "v1"}))
        .send()
        .expect(200);
    assert_eq!(world.names("BlueprintSnapshot").len(), 1);
    let published = world.read("/v2/config/project/{}/blueprint/standard/published");
    assert_eq!(published["spec"]["version"], "v1");
    assert_eq!(published["spec"]["components"][0]["name"], "ingress");
}

#[test]
fn snapshots_of_others_are_not_listed_and_they_go_with_their_blueprint() {
    let world = World::with(&["Blueprint"]);
    let mut other = example("Blueprint");
    other["metadata"]["name"] = "other".into();
    world.apply("Blueprint", &other);
    world.act("Blueprint", "standard", "publish", &Value::Null);
    world.act("Blueprint", "other", "publish", &Value::Null);
    assert_eq!(snapshots(&world).len(), 1);
    assert_eq!(world.names("BlueprintSnapshot").len(), 2);
    world
        .admin()
        .delete(&item("Blueprint", "standard"))
        .send()
        .expect(200);
    let left = world.names("BlueprintSnapshot");
    assert_eq!(left.len(), 1);
    assert!(left[0].starts_with("other-"), "{left:?}");
}

#[test]
fn a_blueprint_under_a_cluster_stays() {
    let world = World::with(&["Cluster"]);
    let refused = world
        .desk
        .refuse(world.admin().delete(&item("Blueprint", "standard")), 409);
    let told = refused.message();
    assert!(
        told.contains("Cluster \"edge-1\" of project \"defaultproject\""),
        "{told}"
    );
}

#[test]
fn components_of_v2_are_addons_of_the_blueprint() {
    let world = World::with(&["Addon"]);
    let path = world.path("/v2/config/project/{}/blueprint");
    let made = |components: &Value| {
        let body = json!({"metadata": {"name": "old"}, "spec": {"customComponents": components}});
        world.admin().post(&path, &body)
    };
    // What is named must be there.
    let refused = world.desk.refuse(made(&json!([{"name": "nothing"}])), 400);
    assert_eq!(refused.code(), "UNKNOWN_REFERENCE");
    let pointer = "/spec/customComponents/0/name";
    assert!(refused.text().contains(pointer), "{refused}");
    made(&json!([{"name": "ingress"}])).send().expect(200);
    // And it stays as long as it is named.
    let addon = item("Addon", "ingress");
    world.desk.refuse(world.admin().delete(&addon), 409);
    let place = "/spec/customComponents/0/name";
    assert_eq!(world.at("Blueprint", "old", place), "ingress");
    // It comes into what is published, where clients look for it.
    let publish = format!("{path}/old/publish");
    let named = json!({"snapshotDisplayName": "v1"});
    world.admin().post(&publish, &named).send().expect(200);
    let listed = world.read("/v2/config/project/{}/blueprint/old/snapshot");
    let snapshot = &listed["items"][0];
    assert_eq!(snapshot["metadata"]["displayName"], "v1");
    assert_eq!(snapshot["spec"]["components"], json!([{"name": "ingress"}]));
    let published = world.read("/v2/config/project/{}/blueprint/old/published");
    let components = &published["spec"]["customComponents"];
    assert_eq!(*components, json!([{"name": "ingress"}]));
}

#[test]
fn what_is_asked_of_any_project_is_refused_with_the_advice_to_name_one() {
    let world = World::empty();
    let path =
        "/v2/config/project/-/blueprint/default/published?metadata.requestMeta.globalScope=true";
    let refused = world.desk.refuse(world.admin().get(path), 404);
    for word in ["not found", "any", "send the project"] {
        assert!(refused.text().contains(word), "{word}: {refused}");
    }
}
