//! Bodies that can be read and do not fit the document.

use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, USERS, V1_PROJECTS};
use rafay_tests::{Answer, Desk};
use serde_json::{Value, json};

/// A cluster with one place set to a value.
fn cluster_with(pointer: &str, value: Value) -> Value {
    let mut cluster = fixtures::cluster("c");
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let mut at = &mut cluster;
    for token in parent.split('/').skip(1) {
        at = &mut at[token];
    }
    at[name] = value;
    cluster
}

/// The refusal of a body by the clusters of the default project.
#[track_caller]
fn refused(desk: &Desk, body: &Value) -> Answer {
    let answer = desk.refuse(desk.admin().post(&fixtures::clusters(DEFAULT), body), 400);
    assert_eq!(answer.code(), "INVALID", "{answer}");
    answer
}

#[test]
fn a_value_of_the_wrong_type_is_named_by_its_place() {
    let desk = Desk::new();
    for (pointer, value) in [
        ("/metadata", json!("text")),
        ("/metadata/name", json!(7)),
        ("/metadata/labels", json!(["a"])),
        ("/metadata/labels/a", json!(1)),
        ("/metadata/annotations/a", json!({"b": "c"})),
        ("/spec", json!([])),
        ("/spec/type", json!(true)),
        ("/spec/blueprintConfig", json!("default")),
        ("/spec/blueprintConfig/version", json!(1)),
        ("/spec/proxyConfig/enabled", json!("true")),
        ("/spec/sharing/projects", json!({"name": "*"})),
        ("/spec/drift/enabled", json!(1)),
        ("/spec/systemComponentsPlacement/tolerations", json!("all")),
    ] {
        let answer = refused(&desk, &cluster_with(pointer, value));
        assert_eq!(answer.pointers(), [pointer], "{answer}");
    }
}

#[test]
fn a_place_in_a_list_is_named_with_its_index() {
    let desk = Desk::new();
    let tolerations =
        json!([{"key": "a"}, {"key": 1}, {"tolerationSeconds": "5"}, {"tolerationSeconds": 1.5}]);
    let answer = refused(
        &desk,
        &cluster_with("/spec/systemComponentsPlacement/tolerations", tolerations),
    );
    let at = "/spec/systemComponentsPlacement/tolerations";
    assert_eq!(
        answer.pointers(),
        [
            format!("{at}/1/key"),
            format!("{at}/2/tolerationSeconds"),
            format!("{at}/3/tolerationSeconds")
        ]
    );
}

#[test]
fn a_key_with_slashes_and_tildes_is_escaped_in_its_pointer() {
    let desk = Desk::new();
    let answer = refused(
        &desk,
        &cluster_with("/metadata/labels", json!({"a/b~c": 1})),
    );
    assert_eq!(answer.pointers(), ["/metadata/labels/a~1b~0c"]);
}

#[test]
fn all_problems_are_told_at_once_each_by_its_place() {
    let desk = Desk::new();
    let body = json!({
        "apiVersion": 3,
        "metadata": {"name": "-bad-", "labels": {"a": 1}, "description": false},
        "spec": {
            "drift": {"action": "Maybe"},
            "sharing": {"enabled": "no", "projects": [{"name": 1}]},
            "proxyConfig": {"enabled": "x"},
        },
    });
    let answer = refused(&desk, &body);
    assert_eq!(
        answer.pointers(),
        [
            "/apiVersion",
            "/metadata/description",
            "/metadata/labels/a",
            "/metadata/name",
            "/spec/drift/action",
            "/spec/drift/enabled",
            "/spec/proxyConfig/enabled",
            "/spec/sharing/enabled",
            "/spec/sharing/projects/0/name",
        ]
    );
    let v1 =
        json!({"account": {"username": 5, "first_name": 1}, "roles": [{"role": {"name": 1}}, {}]});
    let answer = desk.refuse(desk.admin().post(USERS, &v1), 400);
    assert_eq!(
        answer.pointers(),
        [
            "/account/first_name",
            "/account/username",
            "/roles/0/role/name",
            "/roles/1/role"
        ]
    );
    let details = answer.json()["details"].as_array().unwrap().clone();
    assert!(
        details
            .iter()
            .all(|detail| detail["error_code"] == "INVALID"),
        "{answer}"
    );
}

#[test]
fn what_contradicts_the_path_is_told_beside_what_breaks_the_document() {
    let desk = Desk::new();
    let mut cluster = cluster_with("/spec/type", json!(true));
    cluster["metadata"]["project"] = json!("elsewhere");
    cluster["kind"] = json!("Blueprint");
    let answer = refused(&desk, &cluster);
    let mut pointers = answer.pointers();
    pointers.sort_unstable();
    assert_eq!(
        pointers,
        ["/kind", "/metadata/project", "/spec/type"],
        "{answer}"
    );
}

#[test]
fn what_is_required_and_missing_is_named() {
    let desk = Desk::new();
    let answer = refused(&desk, &json!({}));
    assert_eq!(answer.pointers(), ["/metadata"]);
    let answer = refused(&desk, &json!({"metadata": {}}));
    assert_eq!(answer.pointers(), ["/metadata/name"]);
    // Null is the same as leaving it out.
    let answer = refused(&desk, &json!({"metadata": null}));
    assert_eq!(answer.pointers(), ["/metadata"]);
    let answer = desk.refuse(desk.admin().post(USERS, &json!({})), 400);
    assert_eq!(answer.pointers(), ["/account"]);
    let answer = desk.refuse(desk.admin().post(V1_PROJECTS, &json!({})), 400);
    assert_eq!(answer.pointers(), ["/name"]);
    let answer = desk.refuse(
        desk.admin()
            .post(PROJECTS, &json!({"metadata": {"name": "p"}})),
        400,
    );
    assert_eq!(answer.pointers(), ["/spec"]);
}

#[test]
fn a_value_outside_its_enumeration_is_refused_with_the_values_there_are() {
    let desk = Desk::new();
    let answer = refused(
        &desk,
        &cluster_with("/spec/drift", json!({"enabled": true, "action": "deny"})),
    );
    assert_eq!(answer.pointers(), ["/spec/drift/action"]);
    assert!(
        answer.message().contains("Notify") && answer.message().contains("Deny"),
        "{answer}"
    );
    let mut user = fixtures::user("u@example.com", &[]);
    user["account"]["user_type"] = json!("ROBOT");
    let answer = desk.refuse(desk.admin().post(USERS, &user), 400);
    assert_eq!(answer.pointers(), ["/account/user_type"]);
    assert!(answer.message().contains("PROGRAMMATIC"), "{answer}");
}

#[test]
fn a_choice_of_forms_takes_exactly_one() {
    let desk = Desk::new();
    for none_or_many in [
        json!({}),
        json!({"nothing": 1}),
        json!({"raw": "AA==", "kubernetesProvider": "EKS"}),
        json!({"raw": "AA==", "spec": {}, "kubernetesProvider": "EKS"}),
        json!("text"),
        json!([]),
        json!(7),
    ] {
        let answer = refused(&desk, &cluster_with("/spec/config", none_or_many.clone()));
        let pointers = answer.pointers();
        assert_eq!(pointers[0], "/spec/config", "{none_or_many}: {answer}");
        assert!(
            pointers
                .iter()
                .all(|pointer| pointer.starts_with("/spec/config")),
            "{answer}"
        );
    }
    for one in [
        json!({"raw": "AA=="}),
        json!({"kubernetesProvider": "OTHER", "location": "here"}),
        json!({"spec": {}}),
        json!(null),
    ] {
        let body = cluster_with("/spec/config", one);
        desk.admin()
            .post(&fixtures::clusters(DEFAULT), &body)
            .send()
            .expect(200);
    }
}

#[test]
fn a_form_that_is_meant_but_wrong_inside_is_told_by_a_place_in_it() {
    let desk = Desk::new();
    for (config, place) in [
        (json!({"raw": "not base64!"}), "/spec/config/raw"),
        (
            json!({"kubernetesProvider": "NOSUCH"}),
            "/spec/config/kubernetesProvider",
        ),
        (
            json!({"kubernetesProvider": "EKS", "provisionEnvironment": "MOON"}),
            "/spec/config/provisionEnvironment",
        ),
    ] {
        let answer = refused(&desk, &cluster_with("/spec/config", config));
        let pointers = answer.pointers();
        assert!(
            pointers
                .iter()
                .all(|pointer| pointer.starts_with("/spec/config")),
            "{answer}"
        );
        assert!(pointers.contains(&place.to_owned()), "{answer}");
    }
}

#[test]
fn a_name_that_cannot_stand_in_a_path_is_refused() {
    let desk = Desk::new();
    let long = "x".repeat(254);
    for name in [
        "", "a/b", "a\0b", "\0", " a", "a b", "-a", "a-", "a\n", "ä", "%2F", "a%00", "..", ".",
        "日本", &long,
    ] {
        let answer = refused(&desk, &fixtures::cluster(name));
        assert_eq!(answer.pointers(), ["/metadata/name"], "{name:?}");
        let answer = desk.refuse(desk.admin().post(PROJECTS, &fixtures::project(name)), 400);
        assert_eq!(answer.pointers(), ["/metadata/name"], "{name:?}");
        let answer = desk.refuse(desk.admin().post(V1_PROJECTS, &json!({"name": name})), 400);
        assert_eq!(answer.pointers(), ["/name"], "{name:?}");
    }
    for name in ["", "a/b", "a b", "a\tb", &"x".repeat(254)] {
        let answer = desk.refuse(desk.admin().post(USERS, &fixtures::user(name, &[])), 400);
        assert_eq!(answer.pointers(), ["/account/username"], "{name:?}");
    }
    for name in ["a", "A1", "a.b-c_d", &"x".repeat(253)] {
        desk.admin()
            .post(&fixtures::clusters(DEFAULT), &fixtures::cluster(name))
            .send()
            .expect(200);
        desk.admin()
            .get(&fixtures::cluster_path(name))
            .send()
            .expect(200);
    }
}

#[test]
fn a_user_name_with_a_zero_byte_is_refused() {
    let desk = Desk::new();
    for name in ["a\0b", "\0", "a\0"] {
        let answer = desk.refuse(desk.admin().post(USERS, &fixtures::user(name, &[])), 400);
        assert_eq!(answer.pointers(), ["/account/username"], "{name:?}");
    }
}

#[test]
fn a_secret_in_a_refused_body_is_not_repeated() {
    let desk = Desk::new();
    let secret = "hunter2-hunter2";
    let list = json!([secret]);
    let refusals = [
        refused(
            &desk,
            &cluster_with("/spec/proxyConfig", json!({"proxyAuth": list})),
        ),
        refused(
            &desk,
            &cluster_with(
                "/spec/proxyConfig",
                json!({"enabled": 1, "proxyAuth": secret}),
            ),
        ),
        desk.refuse(
            desk.admin().post(
                USERS,
                &json!({"account": {"username": "u", "password": list}}),
            ),
            400,
        ),
        desk.refuse(
            desk.admin().post(
                USERS,
                &json!({"account": {"username": 1, "password": secret}}),
            ),
            400,
        ),
    ];
    for answer in refusals {
        assert!(!answer.text().contains("hunter2"), "{answer}");
    }
    let records = format!("{:?}", desk.controller().audit());
    assert!(!records.contains("hunter2"));
}
