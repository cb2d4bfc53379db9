//! References across kinds: what is named must be there, and what is needed stays, with words that help.

use serde_json::{Value, json};

use crate::world::{World, example, item, list};

#[test]
fn a_workload_for_a_missing_namespace_names_it_and_says_what_to_do() {
    let world = World::with(&["Repository"]);
    let ask = || world.admin().post(&list("Workload"), &example("Workload"));
    let refused = world.desk.refuse(ask(), 400);
    let told = refused.message();
    for part in [
        "/spec/namespace",
        "Namespace \"payments\"",
        "defaultproject",
        "create it first or name another",
    ] {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
    assert_eq!(refused.pointers(), ["/spec/namespace"]);
    world.make("Namespace");
    ask().send().expect(200);
}

#[test]
fn every_missing_name_is_told_at_once() {
    let world = World::empty();
    let refused = world.desk.refuse(
        world.admin().post(&list("Pipeline"), &example("Pipeline")),
        400,
    );
    assert_eq!(
        refused.pointers(),
        [
            "/spec/stages/1/config/action/secretGroups/0",
            "/spec/stages/1/config/agents/0/name",
            "/spec/stages/1/config/provisioner",
            "/spec/stages/2/config/workload",
            "/spec/triggers/0/config/repo/repository",
        ]
    );
}

#[test]
fn v2_names_the_place_as_its_own_body_has_it() {
    let world = World::with(&["Repository"]);
    let mut workload = example("Workload");
    workload["apiVersion"] = "config.rafay.dev/v2".into();
    workload["metadata"]
        .as_object_mut()
        .unwrap()
        .remove("project");
    let path = world.path("/v2/config/project/{}/workload");
    let refused = world.desk.refuse(world.admin().post(&path, &workload), 400);
    assert!(refused.message().contains("/spec/namespace"), "{refused}");
}

#[test]
fn a_delete_that_would_orphan_something_lists_who_holds_it() {
    let world = World::with(&["Trigger", "BackupAgent", "Catalog"]);
    let cases: [(&str, &str, &[&str]); 7] = [
        (
            "Repository",
            "charts",
            &[
                "Catalog \"bitnami\"",
                "InfraProvisioner \"network\"",
                "Pipeline \"release\"",
                "Trigger \"nightly\"",
                "Workload \"checkout\"",
            ],
        ),
        ("Namespace", "payments", &["Workload \"checkout\""]),
        ("Workload", "checkout", &["Pipeline \"release\""]),
        ("InfraProvisioner", "network", &["Pipeline \"release\""]),
        (
            "SecretGroup",
            "terraform-secrets",
            &["InfraProvisioner \"network\"", "Pipeline \"release\""],
        ),
        (
            "Cluster",
            "edge-1",
            &["Agent \"builder\"", "BackupAgent \"backup-agent\""],
        ),
        ("Credentials", "aws-main", &["BackupAgent \"backup-agent\""]),
    ];
    for (kind, name, holders) in cases {
        let refused = world
            .desk
            .refuse(world.admin().delete(&item(kind, name)), 409);
        let told = refused.message();
        for holder in holders {
            let holder = format!("{holder} of project \"defaultproject\"");
            assert!(
                told.contains(&holder),
                "{kind} {name}: {holder} is missing: {told}"
            );
        }
        assert!(told.contains("first"), "{told}");
    }
}

#[test]
fn v1_and_v2_refuse_what_v3_refuses() {
    let world = World::with(&["Workload"]);
    let id = world.at("Namespace", "payments", "/metadata/id");
    let v1 = world.path(&format!(
        "/config/v1/projects/{{}}/namespaces/{}/",
        id.as_str().unwrap()
    ));
    let v2 = world.path("/v2/config/project/{}/namespace/payments");
    for path in [v1, v2] {
        let refused = world.desk.refuse(world.admin().delete(&path), 409);
        assert!(
            refused.message().contains("Workload \"checkout\""),
            "{refused}"
        );
    }
}

#[test]
fn a_reference_that_is_written_anew_lets_the_old_one_go() {
    let world = World::with(&["Workload"]);
    let mut workload = example("Workload");
    workload["spec"]["namespace"] = "default".into();
    world.apply("Workload", &workload);
    world
        .admin()
        .delete(&item("Namespace", "payments"))
        .send()
        .expect(200);
    assert_eq!(world.names("Namespace"), [""; 0]);
}

#[test]
fn a_cycle_of_holders_can_be_taken_apart_from_its_end() {
    let world = World::with(&[
        "Trigger",
        "BackupAgent",
        "Restore",
        "ClusterConversion",
        "Catalog",
    ]);
    let order = [
        ("Trigger", "nightly"),
        ("Pipeline", "release"),
        ("Workload", "checkout"),
        ("Agent", "builder"),
        ("BackupAgent", "backup-agent"),
        ("BackupPolicy", "daily"),
        ("BackupLocation", "backup-bucket"),
        ("Cluster", "edge-1"),
        ("Blueprint", "standard"),
        ("Addon", "ingress"),
        ("Namespace", "payments"),
        ("InfraProvisioner", "network"),
        ("SecretGroup", "terraform-secrets"),
        ("Catalog", "bitnami"),
        ("Repository", "charts"),
        ("Credentials", "aws-main"),
    ];
    for (kind, name) in order {
        world.admin().delete(&item(kind, name)).send().expect(200);
    }
    for (kind, _) in order {
        let page = world.admin().get(&list(kind)).send().expect(200).json();
        assert_eq!(page["items"], json!([]), "{kind}");
        assert_eq!(page["metadata"]["count"], Value::from(0), "{kind}");
    }
}
