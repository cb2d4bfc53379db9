//! Addons: payload and values are uploaded, versions are published.

use serde_json::{Value, json};

use crate::world::{World, example, item, text};

const DATA: &str = "cmVwbGljYUNvdW50OiA0Cg==";

fn published(world: &World) -> Value {
    let labels = world.at("Addon", "ingress", "/metadata/labels");
    labels["rafay.dev/published"].clone()
}

#[test]
fn values_are_uploaded_and_published_as_a_version() {
    let world = World::with(&["Addon"]);
    let values = json!({"valuesPaths": [{"name": "values.yaml", "data": DATA}]});
    world.act("Addon", "ingress", "uploadvalues", &values);
    assert_eq!(
        published(&world),
        "false",
        "what is uploaded is not published yet"
    );
    world.act("Addon", "ingress", "publish", &json!({"version": "v2"}));
    assert_eq!(published(&world), "true");
    let versions = world.names("AddonVersion");
    assert_eq!(versions.len(), 1);
    let version = world.get("AddonVersion", &versions[0]);
    assert_eq!(version["spec"]["addon"], "ingress");
    assert_eq!(version["spec"]["version"], "v2");
    let artifact = &version["spec"]["artifact"]["artifact"];
    assert_eq!(artifact["valuesPaths"][0]["data"], DATA);
    assert_eq!(
        artifact["chartName"], "nginx-ingress-controller",
        "the rest of the artifact stays"
    );
}

#[test]
fn a_payload_of_yaml_takes_the_place_of_a_chart() {
    let world = World::with(&["Addon"]);
    let payload =
        json!({"type": "Yaml", "artifact": {"paths": [{"name": "all.yaml", "data": DATA}]}});
    world.act("Addon", "ingress", "uploadpayload", &payload);
    let artifact = world.at("Addon", "ingress", "/spec/artifact");
    assert_eq!(artifact["type"], "Yaml");
    assert_eq!(artifact["artifact"]["paths"][0]["name"], "all.yaml");
    // Values belong to charts.
    let values = json!({"valuesPaths": [{"name": "values.yaml", "data": DATA}]});
    let path = format!("{}/uploadvalues", item("Addon", "ingress"));
    world.desk.refuse(world.admin().post(&path, &values), 409);
}

#[test]
fn every_publishing_is_a_version_and_versions_go_with_their_addon() {
    let world = World::with(&["Addon"]);
    for version in ["v1", "v2", "v3"] {
        world.act("Addon", "ingress", "publish", &json!({"version": version}));
    }
    let names = world.names("AddonVersion");
    let mut versions: Vec<String> = names
        .iter()
        .map(|name| text(&world.at("AddonVersion", name, "/spec/version")))
        .collect();
    versions.sort();
    assert_eq!(versions, ["v1", "v2", "v3"]);
    world
        .admin()
        .delete(&item("Addon", "ingress"))
        .send()
        .expect(200);
    assert_eq!(world.names("AddonVersion"), [""; 0]);
}

#[test]
fn v1_uploads_and_publishes_the_same_addon() {
    let world = World::with(&["Addon"]);
    let id = text(&world.at("Addon", "ingress", "/metadata/id"));
    let path = |part: &str| {
        world.path(&format!(
            "/config/v1/projects/{{}}/systemworkloads/{id}/{part}"
        ))
    };
    let values = json!({"values": [{"name": "values.yaml", "data": DATA}]});
    world
        .admin()
        .post(&path("upload/values/"), &values)
        .send()
        .expect(200);
    let stored = world.at(
        "Addon",
        "ingress",
        "/spec/artifact/artifact/valuesPaths/0/data",
    );
    assert_eq!(stored, DATA);
    world
        .admin()
        .post(&path("publish/"), &json!({"version": "v7"}))
        .send()
        .expect(200);
    let versions = world.names("AddonVersion");
    assert_eq!(
        world.at("AddonVersion", &versions[0], "/spec/version"),
        "v7"
    );
    assert_eq!(world.at("Addon", "ingress", "/spec/version"), "v7");
}

#[test]
fn v1_refuses_files_that_do_not_go_with_the_addon() {
    let world = World::with(&["Addon"]);
    let collection = world.path("/config/v1/projects/{}/systemworkloads/");
    let bare = json!({"name": "bare", "type": "NativeHelm", "namespace": "web"});
    let made = world.admin().post(&collection, &bare).send().expect(201);
    let id = text(&made.json()["id"]);
    let before = world.at("Addon", "bare", "/spec");

    // There is no chart yet that values could be for: nothing is wrong with the body.
    let values = json!({"values": [{"name": "values.yaml", "data": DATA}]});
    let upload = format!("{collection}{id}/upload/");
    let refused = world.desk.refuse(
        world.admin().post(&format!("{upload}values/"), &values),
        409,
    );
    assert!(
        refused.message().contains("/spec/artifact/artifact"),
        "{refused}"
    );

    for payload in [json!({}), json!({"chartPath": {"name": "a"}, "paths": []})] {
        let refused = world.desk.refuse(
            world.admin().post(&upload, &json!({"payload": payload})),
            400,
        );
        assert!(refused.message().contains("/payload"), "{refused}");
    }
    assert_eq!(world.at("Addon", "bare", "/spec"), before);
}

#[test]
fn an_addon_of_a_blueprint_stays() {
    let world = World::with(&["Blueprint"]);
    let refused = world
        .desk
        .refuse(world.admin().delete(&item("Addon", "ingress")), 409);
    assert!(
        refused.message().contains("Blueprint \"standard\""),
        "{refused}"
    );
    let mut without = example("Blueprint");
    without["spec"]["customAddons"] = json!([]);
    world.apply("Blueprint", &without);
    world
        .admin()
        .delete(&item("Addon", "ingress"))
        .send()
        .expect(200);
}
