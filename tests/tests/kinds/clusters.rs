//! Clusters: they register, are provisioned, get ready or fail, are upgraded and labelled, and every version of the
//! API tells the same of them at each moment.

use rafay_tests::fixtures;
use serde_json::{Value, json};

use crate::world::{World, example, item, text};

/// What one moment looks like in each version.
struct Told {
    /// v3: outcome, provision state, reason, and the condition of readiness.
    v3: [String; 4],
    /// v1: the edge's status, health, provision status, comment; progress; the log's summary and failure.
    v1: [String; 7],
    /// v2: the same facts through two paths, and the summary of what runs.
    v2: [String; 3],
}

/// The conditions of a cluster: what each is about, whether it holds, and why.
fn told_by(cluster: &Value, [yes, no]: [&str; 2]) -> Vec<(String, Option<bool>, String)> {
    let conditions = cluster["status"]["conditions"].as_array().unwrap();
    let holds = |status: &Value| match status.as_str() {
        Some(word) if word == yes => Some(true),
        Some(word) if word == no => Some(false),
        _ => None,
    };
    conditions
        .iter()
        .map(|one| {
            (
                text(&one["type"]),
                holds(&one["status"]),
                text(&one["reason"]),
            )
        })
        .collect()
}

#[track_caller]
fn told(world: &World) -> Told {
    let v3 = world.get("Cluster", "edge-1");
    let id = text(&v3["metadata"]["id"]);
    let edge = world.read(&format!("/edge/v1/projects/{{}}/edges/{id}/"));
    let progress = world.read(&format!(
        "/edge/v1/projects/{{}}/edges/{id}/provision/progress"
    ));
    let log = world.read(&format!("/edge/v1/projects/{{}}/edges/{id}/provision/log/"));
    let v2 = world.read("/v2/infra/project/{}/cluster/edge-1");
    let scheduled = world.read("/v2/scheduler/project/{}/cluster/edge-1");
    let summary = world.read("/v2/scheduler/project/{}/cluster/edge-1/workloadsummary");
    assert_eq!(
        told_by(&v2, ["Success", "Failure"]),
        told_by(&v3, ["True", "False"]),
        "v2 tells the conditions of v3 in its own words"
    );
    let conditions = v3["status"]["conditions"].as_array().unwrap();
    let ready = conditions
        .iter()
        .find(|condition| condition["type"] == "ClusterReady");
    Told {
        v3: [
            text(&v3["status"]["commonStatus"]["conditionStatus"]),
            text(&v3["status"]["provisionStatus"]),
            text(&v3["status"]["commonStatus"]["reason"]),
            text(&ready.unwrap()["status"]),
        ],
        v1: [
            text(&edge["status"]),
            edge["health"].to_string(),
            text(&edge["provision"]["status"]),
            text(&edge["provision"]["comments"]),
            text(&progress["stateName"]),
            text(&log[0]["provisionSummary"]),
            text(&log[0]["provisionFailureSummary"]),
        ],
        v2: [
            text(&v2["status"]["commonStatus"]["conditionStatus"]),
            text(&scheduled["status"]["provisionStatus"]),
            text(&summary["workloads"][0]["publishStatus"]),
        ],
    }
}

#[track_caller]
fn assert_in_progress(world: &World, reason: &str) {
    let told = told(world);
    assert_eq!(
        told.v3,
        [
            "StatusSubmitted",
            "PROVISION_IN_PROGRESS",
            reason,
            "Unknown"
        ]
    );
    let (state, none) = ("PROVISION_IN_PROGRESS", "");
    assert_eq!(
        told.v1,
        ["NOT_READY", "0", state, reason, state, reason, none]
    );
    // What runs on the cluster waits for its turn, which comes last.
    let published = if reason == "the blueprint is being synced" {
        "InProgress"
    } else {
        "Pending"
    };
    assert_eq!(told.v2, ["StatusSubmitted", state, published]);
}

#[track_caller]
fn assert_ready(world: &World) {
    let told = told(world);
    let (state, reason) = ("PROVISION_COMPLETE", "the cluster is ready");
    assert_eq!(told.v3, ["StatusOK", state, reason, "True"]);
    assert_eq!(told.v1, ["READY", "1", state, reason, state, reason, ""]);
    assert_eq!(told.v2, ["StatusOK", state, "Success"]);
}

#[track_caller]
fn assert_failed(world: &World) {
    let told = told(world);
    let (state, reason) = ("PROVISION_FAILED", "the cluster could not be brought up");
    assert_eq!(told.v3, ["StatusFailed", state, reason, "False"]);
    let (v1_state, summary) = (
        "INFRA_CREATION_FAILED",
        "the cluster could not be provisioned",
    );
    assert_eq!(
        told.v1,
        [
            "PROVISION_FAILED",
            "0",
            v1_state,
            reason,
            state,
            reason,
            summary
        ]
    );
    assert_eq!(told.v2, ["StatusFailed", state, "Failed"]);
}

#[test]
fn a_cluster_registers_and_gets_ready_and_every_version_says_so_at_each_moment() {
    let world = World::with(&["Cluster"]);
    let reasons = [
        (0, "the cluster has registered and is being brought up"),
        (10, "the cluster is approved"),
        (60, "the cluster has checked in"),
        (75, "the nodes are known"),
        (90, "the blueprint is being synced"),
    ];
    let mut passed = 0;
    for (at, reason) in reasons {
        world.pass(at - passed);
        passed = at;
        assert_in_progress(&world, reason);
    }
    world.pass(29);
    assert_in_progress(&world, "the blueprint is being synced");
    world.pass(1);
    assert_ready(&world);
    assert_eq!(
        world.at("Cluster", "edge-1", "/status/blueprint"),
        json!({"name": "standard", "version": "v1"})
    );
}

#[test]
fn a_cluster_that_fails_says_so_in_every_version_and_can_be_provisioned_again() {
    let world = World::with(&["Cluster"]);
    world.fail("Cluster", "edge-1");
    world.pass(120);
    assert_failed(&world);
    world.pass(10_000);
    assert_failed(&world);
    world.act("Cluster", "edge-1", "provision", &Value::Null);
    assert_in_progress(&world, "provisioning has been started");
    world.pass(120);
    assert_ready(&world);
}

#[test]
fn every_version_provisions() {
    let world = World::with(&["Cluster"]);
    let id = text(&world.at("Cluster", "edge-1", "/metadata/id"));
    let asks = [
        (
            "PUT",
            world.path(&format!("/edge/v1/projects/{{}}/edges/{id}/provision/")),
        ),
        (
            "POST",
            world.path("/v2/infra/project/{}/cluster/edge-1/provisioncluster"),
        ),
        ("POST", format!("{}/provision", item("Cluster", "edge-1"))),
    ];
    for (method, path) in asks {
        world.pass(1_000);
        assert_ready(&world);
        world.admin().ask(method, &path).send().expect(200);
        assert_in_progress(&world, "provisioning has been started");
    }
}

#[test]
fn a_cluster_provisioned_after_it_failed_has_a_control_plane() {
    let world = World::with(&["Cluster"]);
    world.fail("Cluster", "edge-1");
    world.pass(120);
    world.act("Cluster", "edge-1", "provision", &Value::Null);
    world.pass(120);
    let version = world.at("Cluster", "edge-1", "/status/controPlane/kubeVersion");
    assert_eq!(version, "1.29.4");
}

#[test]
fn provisioning_anew_while_the_cluster_comes_up_starts_the_story_from_its_beginning() {
    let world = World::with(&["Cluster"]);
    world.pass(100);
    world.act("Cluster", "edge-1", "provision", &Value::Null);
    world.pass(20);
    assert_in_progress(&world, "provisioning has been started");
    world.pass(100);
    assert_ready(&world);
}

#[test]
fn an_upgrade_takes_its_time_and_gives_the_cluster_another_version() {
    let world = World::with(&["Cluster"]);
    world.pass(120);
    let version = "/status/controPlane/kubeVersion";
    assert_eq!(world.at("Cluster", "edge-1", version), "1.29.4");
    world.act(
        "Cluster",
        "edge-1",
        "upgrade",
        &json!({"kubernetesVersion": "1.30.2"}),
    );
    let status = world.at("Cluster", "edge-1", "/status");
    assert_eq!(status["upgrade"]["state"], "InProgress");
    assert_eq!(status["upgrade"]["targetVersion"], "1.30.2");
    assert_eq!(status["commonStatus"]["conditionStatus"], "StatusSubmitted");
    assert_eq!(status["controPlane"]["kubeVersion"], "1.29.4");
    world.pass(599);
    assert_eq!(world.at("Cluster", "edge-1", version), "1.29.4");
    world.pass(1);
    let status = world.at("Cluster", "edge-1", "/status");
    assert_eq!(status["upgrade"]["state"], "Succeeded");
    assert_eq!(status["controPlane"]["kubeVersion"], "1.30.2");
    assert_ready(&world);
}

#[test]
fn an_upgrade_that_fails_leaves_the_version_as_it_was() {
    let world = World::with(&["Cluster"]);
    world.pass(120);
    world.act(
        "Cluster",
        "edge-1",
        "upgrade",
        &json!({"kubernetesVersion": "1.30.2"}),
    );
    world.fail("Cluster", "edge-1");
    world.pass(600);
    let status = world.at("Cluster", "edge-1", "/status");
    assert_eq!(status["upgrade"]["state"], "Failed");
    assert_eq!(
        status["commonStatus"]["reason"],
        "a node could not be upgraded"
    );
    assert_eq!(status["controPlane"]["kubeVersion"], "1.29.4");
}

#[test]
fn a_cluster_that_is_not_provisioned_cannot_be_upgraded() {
    let world = World::with(&["Cluster"]);
    let refused = |action: &str, body: &Value, state: &str| {
        let path = format!("{}/{action}", item("Cluster", "edge-1"));
        let told = world
            .desk
            .refuse(world.admin().post(&path, body), 409)
            .message();
        assert!(told.contains(&format!("cannot {action} now")), "{told}");
        assert!(told.contains(state), "{told}");
    };
    let version = json!({"kubernetesVersion": "1.30.2"});
    let blueprint = json!({"name": "minimal", "version": "1.19.0"});
    refused("upgrade", &version, "PROVISION_IN_PROGRESS");
    refused("upgradeblueprint", &blueprint, "PROVISION_IN_PROGRESS");
    world.fail("Cluster", "edge-1");
    world.pass(120);
    refused("upgrade", &version, "PROVISION_FAILED");
    refused("upgradeblueprint", &blueprint, "PROVISION_FAILED");
    world.act("Cluster", "edge-1", "provision", &Value::Null);
    world.pass(120);
    world.act("Cluster", "edge-1", "upgradeblueprint", &blueprint);
    world.act("Cluster", "edge-1", "upgrade", &version);
}

#[test]
fn another_blueprint_is_synced_and_must_exist() {
    let world = World::with(&["Cluster"]);
    world.pass(120);
    let missing = json!({"name": "nowhere"});
    let refused = world.try_act("Cluster", "edge-1", "upgradeblueprint", &missing);
    assert!(refused.status() >= 400, "{refused}");
    assert!(refused.message().contains("nowhere"), "{refused}");
    let body = json!({"name": "minimal", "version": "1.19.0"});
    let started = world.act("Cluster", "edge-1", "upgradeblueprint", &body);
    assert_eq!(started.json()["status"], "StatusSubmitted");
    assert_eq!(
        world.at("Cluster", "edge-1", "/status/blueprint/name"),
        "standard"
    );
    world.pass(120);
    assert_eq!(
        world.at("Cluster", "edge-1", "/status/blueprint"),
        json!({"name": "minimal", "version": "1.19.0"})
    );
    assert_ready(&world);
    let edges = world.read("/edge/v1/projects/{}/edges/");
    assert_eq!(edges["results"][0]["cluster_blueprint"], "minimal");
}

#[test]
fn labels_set_through_v1_are_those_of_v3() {
    let world = World::with(&["Cluster"]);
    let id = text(&world.at("Cluster", "edge-1", "/metadata/id"));
    let labels = json!({"site": "bonn", "rafay.dev/tier": "lab"});
    let path = world.path(&format!("/edge/v1/projects/{{}}/edges/{id}/labels/"));
    let edge = world.admin().put(&path, &labels).send().expect(200).json();
    assert_eq!(edge["labels"], labels);
    assert_eq!(world.at("Cluster", "edge-1", "/metadata/labels"), labels);
    // Labelling is nothing that holds a cluster up.
    world.pass(120);
    assert_ready(&world);
    assert_eq!(world.at("Cluster", "edge-1", "/metadata/labels"), labels);
}

#[test]
fn a_cluster_made_through_v1_is_the_cluster_of_v2_and_v3() {
    let world = World::with(&["Blueprint"]);
    let edge = json!({
        "name": "edge-1", "cluster_type": "imported", "cluster_blueprint": "standard",
        "cluster_blueprint_version": "v1", "metro": {"name": "berlin"},
    });
    let path = world.path("/edge/v1/projects/{}/edges/");
    let made = world.admin().post(&path, &edge).send().expect(201).json();
    assert_eq!(made["metro"]["name"], "berlin");
    assert_in_progress(&world, "the cluster has registered and is being brought up");
    world.pass(120);
    assert_ready(&world);
    let id = text(&made["id"]);
    let path = world.path(&format!("/edge/v1/projects/{{}}/edges/{id}/"));
    assert!(world.admin().delete(&path).send().status() < 300);
    let gone = world.admin().get(&fixtures::cluster_path("edge-1"));
    world.desk.refuse(gone, 404);
}

#[test]
fn a_changed_cluster_keeps_its_status() {
    let world = World::with(&["Cluster"]);
    world.pass(120);
    let before = world.at("Cluster", "edge-1", "/status");
    let mut changed = example("Cluster");
    changed["metadata"]["description"] = "moved to another rack".into();
    changed["status"] = json!({"provisionStatus": "PROVISION_FAILED"});
    world.apply("Cluster", &changed);
    assert_eq!(world.at("Cluster", "edge-1", "/status"), before);
}

/// The conditions of the cluster by their first letters, as v1 and v2 tell them; the two agree but for one word.
#[track_caller]
fn phases(world: &World) -> String {
    let id = text(&world.at("Cluster", "edge-1", "/metadata/id"));
    let v1 = world.read(&format!("/edge/v1/projects/{{}}/edges/{id}/"));
    let v2 = world.read("/v2/infra/project/{}/cluster/edge-1");
    let letters = |cluster: &Value, failed: &str| {
        let conditions = cluster["status"]["conditions"].as_array().unwrap().iter();
        let letter = |condition: &Value| match text(&condition["status"]).as_str() {
            "Success" => 'S',
            "InProgress" => 'I',
            "Pending" => 'P',
            last if last == failed => 'F',
            other => panic!("{other} is no word of this version: {condition}"),
        };
        conditions.map(letter).collect::<String>()
    };
    let told = letters(&v1["cluster"], "Failed");
    assert_eq!(told, letters(&v2, "Failure"));
    told
}

#[test]
fn v1_and_v2_tell_what_is_under_way_from_what_waits_for_its_turn() {
    let world = World::with(&["Cluster"]);
    let mut passed = 0;
    let mut at = |seconds: u64| {
        world.pass(seconds - passed);
        passed = seconds;
        phases(&world)
    };
    // Registered, approved, checked in, nodes, blueprint, namespaces, ready.
    for (seconds, told) in [
        (0, "SPPPPPP"),
        (9, "SPPPPPP"),
        (10, "SSIPPPP"),
        (60, "SSSIPPP"),
        (75, "SSSSPIP"),
        (90, "SSSSISP"),
        (119, "SSSSISP"),
        (120, "SSSSSSS"),
    ] {
        assert_eq!(at(seconds), told, "after {seconds} s");
    }
    // Another version of the blueprint is synced at once, and anew after a failure.
    let change = |version: &str| {
        let mut cluster = world.get("Cluster", "edge-1");
        cluster["spec"]["blueprintConfig"]["version"] = version.into();
        world.apply("Cluster", &cluster);
    };
    change("v8");
    assert_eq!(phases(&world), "SSSSISP");
    world.fail("Cluster", "edge-1");
    world.pass(120);
    assert_eq!(phases(&world), "SSSSFSF");
    let summary = "/v2/scheduler/project/{}/cluster/edge-1/workloadsummary";
    let told = |member: &str| text(&world.read(summary)["workloads"][0]["conditions"][0][member]);
    assert_eq!(
        (told("status").as_str(), told("reason").as_str()),
        ("Failed", "an addon of the blueprint could not be installed")
    );
    change("v9");
    assert_eq!(told("status"), "InProgress");
    world.pass(120);
    assert_eq!(phases(&world), "SSSSSSS");
    // Provisioning again begins with the check-in.
    world.act("Cluster", "edge-1", "provision", &Value::Null);
    assert_eq!(phases(&world), "SSIPPPP");
    assert_eq!(told("status"), "Pending");
    world.pass(120);
    assert_eq!(phases(&world), "SSSSSSS");
}
