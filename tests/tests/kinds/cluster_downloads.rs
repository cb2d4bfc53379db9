//! What a cluster is connected and reached with: bootstrap manifest, values file, installer command, kubeconfig.

use rafay_mock_server::Role;
use serde_json::{Value, json};

use crate::world::{World, decoded, documents, item, text};

#[track_caller]
fn download(world: &World, part: &str) -> String {
    let path = format!("{}/{part}", item("Cluster", "edge-1"));
    world
        .admin()
        .get(&path)
        .send()
        .expect(200)
        .text()
        .to_owned()
}

fn id(world: &World) -> String {
    text(&world.at("Cluster", "edge-1", "/metadata/id"))
}

#[track_caller]
fn assert_manifest(world: &World, yaml: &str) {
    let parts = documents(yaml);
    for part in &parts {
        assert!(
            part["apiVersion"].is_string() && part["kind"].is_string(),
            "{part}"
        );
        assert!(part["metadata"]["name"].is_string(), "{part}");
    }
    let config = parts
        .iter()
        .find(|part| part["kind"] == "ConfigMap")
        .unwrap();
    assert_eq!(
        config["data"],
        json!({"clusterId": id(world), "clusterName": "edge-1", "project": "defaultproject"})
    );
    let namespace = parts
        .iter()
        .find(|part| part["kind"] == "Namespace")
        .unwrap();
    assert_eq!(
        config["metadata"]["namespace"],
        namespace["metadata"]["name"]
    );
}

#[test]
fn the_bootstrap_manifest_is_kubernetes_yaml_that_names_the_cluster() {
    let world = World::with(&["Cluster"]);
    assert_manifest(&world, &download(&world, "bootstrap"));
    let v2 = world.read("/v2/scheduler/project/{}/cluster/edge-1/download");
    assert_manifest(&world, &decoded(&v2["data"]));
}

#[test]
fn the_kubeconfig_has_a_context_that_fits_together() {
    let world = World::with(&["Cluster"]);
    let config: Value = documents(&download(&world, "kubeconfig")).remove(0);
    assert_eq!(config["kind"], "Config");
    let context = &config["contexts"][0];
    assert_eq!(context["name"], config["current-context"]);
    assert_eq!(context["context"]["cluster"], config["clusters"][0]["name"]);
    assert_eq!(context["context"]["user"], config["users"][0]["name"]);
    let server = text(&config["clusters"][0]["cluster"]["server"]);
    assert!(server.starts_with("https://"), "{server}");
    // Once it is ready, the cluster's status names the same place.
    world.pass(120);
    let host = text(&world.at("Cluster", "edge-1", "/status/controPlane/endpoint/host"));
    assert_eq!(server, format!("https://{host}"));
}

#[test]
fn the_values_files_name_the_cluster() {
    let world = World::with(&["Cluster"]);
    let v3: Value = documents(&download(&world, "values")).remove(0);
    assert_eq!(v3["cluster"]["name"], "edge-1");
    assert_eq!(v3["cluster"]["id"], id(&world));
    let file = world.read("/v2/scheduler/project/{}/cluster/edge-1/download/valuesyaml");
    assert_eq!(file["name"], "values.yaml");
    let v2: Value = documents(&decoded(&file["data"])).remove(0);
    assert_eq!(v2["clusterName"], "edge-1");
    assert_eq!(v2["clusterId"], id(&world));
}

#[test]
fn the_installer_is_a_script_that_fetches_a_path_that_is_served() {
    let world = World::with(&["Cluster"]);
    let script = download(&world, "installer");
    assert!(script.starts_with("#!/bin/sh\n"), "{script}");
    let value = |name: &str| {
        let line = script
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}='")));
        line.unwrap().trim_end_matches('\'').to_owned()
    };
    let url = script
        .lines()
        .find(|line| line.contains("\"$CONSOLE/"))
        .unwrap();
    let path = url
        .trim()
        .trim_start_matches("\"$CONSOLE")
        .trim_end_matches("\" \\");
    let path = path
        .replace("$PROJECT", &value("PROJECT"))
        .replace("$CLUSTER", &value("CLUSTER"));
    world.admin().get(&path).send().expect(200);
}

#[test]
fn a_name_with_dots_and_capitals_still_makes_yaml() {
    let world = World::with(&["Cluster"]);
    for name in ["1.2", "0x1F", "null", "on", "A_b-c.d"] {
        let cluster = crate::world::named("Cluster", name);
        world.apply("Cluster", &cluster);
        for part in ["bootstrap", "kubeconfig", "values"] {
            let path = format!("{}/{part}", item("Cluster", name));
            let answer = world.admin().get(&path).send().expect(200);
            let all = documents(answer.text());
            let shown = json!(all).to_string();
            assert!(
                shown.contains(&format!("{name:?}")),
                "{name} is not a text in {part}: {shown}"
            );
        }
    }
}

#[test]
fn what_lets_a_cluster_register_is_not_for_readers() {
    let world = World::with(&["Cluster"]);
    let reader = world.role(Role::InfraReadOnly);
    for part in ["bootstrap", "kubeconfig", "values"] {
        let path = format!("{}/{part}", item("Cluster", "edge-1"));
        world.desk.refuse(reader.get(&path), 403);
        world.role(Role::ClusterAdmin).get(&path).send().expect(200);
    }
    let installer = format!("{}/installer", item("Cluster", "edge-1"));
    reader.get(&installer).send().expect(200);
    world
        .admin()
        .delete(&item("Cluster", "edge-1"))
        .send()
        .expect(200);
    world.desk.refuse(world.admin().get(&installer), 404);
}

#[test]
fn ones_own_kubeconfig_reaches_the_clusters_one_may_see() {
    let world = World::with(&["Cluster"]);
    let file = world
        .role(Role::InfraReadOnly)
        .get("/v2/sentry/kubeconfig/user")
        .send();
    let config: Value = documents(&decoded(&file.expect(200).json()["data"])).remove(0);
    assert_eq!(config["clusters"][0]["name"], "edge-1");
    assert_eq!(config["current-context"], "edge-1");
    assert_eq!(config["users"][0]["name"], "infra-read-only@example.com");
    let file = world
        .role(Role::EnvironmentAdmin)
        .get("/v2/sentry/kubeconfig/user")
        .send();
    let config: Value = documents(&decoded(&file.expect(200).json()["data"])).remove(0);
    assert_eq!(config["clusters"], json!([]));
    assert_eq!(config["contexts"], json!([]));
}

#[test]
fn the_conditions_and_the_debug_output_of_v2_name_the_machines() {
    let world = World::with(&["Cluster"]);
    let told = world.read("/v2/infra/project/{}/cluster/edge-1/conditionstatus");
    let actions = told["ConditionDebugActions"].as_array().unwrap();
    assert!(
        text(&actions[1]["output"]).contains("edge-1-cp-n-1"),
        "{told}"
    );
    let path = world.path("/v2/infra/project/{}/cluster/edge-1/debug");
    let body = json!({"command": "kubectl get workflows -A -o yaml"});
    let output = world
        .admin()
        .post(&path, &body)
        .send()
        .expect(200)
        .text_at("/output");
    let parsed: Value = documents(&output).remove(0);
    assert_eq!(parsed["items"][0]["metadata"]["name"], "edge-1-cp-n-1");
}
