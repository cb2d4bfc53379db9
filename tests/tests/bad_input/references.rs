//! Bodies that name what is not there, that contradict the path, or that change what is fixed.

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, USERS, V1_PROJECTS};
use serde_json::json;

#[test]
fn a_name_in_the_body_that_differs_from_the_path_is_refused() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"))
        .send()
        .expect(200);
    admin
        .post(&fixtures::blueprints(DEFAULT), &fixtures::blueprint("b"))
        .send()
        .expect(200);
    for (path, body) in [
        (fixtures::cluster_path("c"), fixtures::cluster("d")),
        (fixtures::blueprint_path("b"), fixtures::blueprint("d")),
        (fixtures::project_path(DEFAULT), fixtures::project("d")),
    ] {
        let answer = desk.refuse(admin.put(&path, &body), 400);
        assert_eq!(answer.pointers(), ["/metadata/name"], "{answer}");
    }
}

#[test]
fn a_v1_name_that_changes_is_refused_by_its_place_in_the_v1_body() {
    let desk = Desk::new();
    let id = desk
        .admin()
        .post(V1_PROJECTS, &json!({"name": "old"}))
        .send()
        .expect(201)
        .text_at("/id");
    let answer = desk.refuse(
        desk.admin()
            .put(&format!("{V1_PROJECTS}{id}/"), &json!({"name": "new"})),
        400,
    );
    assert_eq!(answer.pointers(), ["/name"], "{answer}");
}

#[test]
fn a_project_in_the_body_that_differs_from_the_path_is_refused() {
    let desk = Desk::new();
    desk.admin()
        .post(PROJECTS, &fixtures::project("other"))
        .send()
        .expect(200);
    let mut cluster = fixtures::cluster("c");
    cluster["metadata"]["project"] = json!("other");
    let answer = desk.refuse(
        desk.admin().post(&fixtures::clusters(DEFAULT), &cluster),
        400,
    );
    assert_eq!(answer.pointers(), ["/metadata/project"]);
    desk.admin()
        .post(&fixtures::clusters("other"), &cluster)
        .send()
        .expect(200);
}

#[test]
fn a_kind_or_version_that_is_another_is_refused() {
    let desk = Desk::new();
    let mut body = fixtures::cluster("c");
    body["kind"] = json!("Project");
    body["apiVersion"] = json!("infra.k8smgmt.io/v9");
    let answer = desk.refuse(desk.admin().post(&fixtures::clusters(DEFAULT), &body), 400);
    assert_eq!(answer.pointers(), ["/apiVersion", "/kind"]);
}

#[test]
fn what_is_fixed_cannot_change() {
    let desk = Desk::new();
    let (id, _) = fixtures::account(&desk, "fixed@example.com", &[]);
    let answer = desk.refuse(
        desk.admin().put(
            &fixtures::user_path(&id),
            &fixtures::user("new@example.com", &[]),
        ),
        400,
    );
    assert_eq!(answer.pointers(), ["/account/username"]);
}

#[test]
fn a_taken_name_is_409() {
    let desk = Desk::new();
    fixtures::account(&desk, "taken@example.com", &[]);
    let answer = desk.refuse(
        desk.admin()
            .post(USERS, &fixtures::user("taken@example.com", &[])),
        409,
    );
    assert_eq!(answer.code(), "ALREADY_EXISTS");
    let answer = desk.refuse(
        desk.admin().post(V1_PROJECTS, &json!({"name": DEFAULT})),
        409,
    );
    assert_eq!(answer.code(), "ALREADY_EXISTS");
}

#[test]
fn what_is_named_must_be_there() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(PROJECTS, &fixtures::project("other"))
        .send()
        .expect(200);
    admin
        .post(
            &fixtures::blueprints("other"),
            &fixtures::blueprint("elsewhere"),
        )
        .send()
        .expect(200);
    let clusters = fixtures::clusters(DEFAULT);
    for name in ["nowhere", "elsewhere", "Default"] {
        let answer = desk.refuse(admin.post(&clusters, &fixtures::cluster_on("c", name)), 400);
        assert_eq!(answer.code(), "UNKNOWN_REFERENCE");
        assert_eq!(answer.pointers(), ["/spec/blueprintConfig/name"]);
        assert!(answer.message().contains(name), "{answer}");
    }
    let mut blueprint = fixtures::blueprint("b");
    blueprint["spec"]["base"]["name"] = json!("nowhere");
    blueprint["spec"]["sharing"] =
        json!({"enabled": true, "projects": [{"name": "other"}, {"name": "gone"}]});
    let answer = desk.refuse(admin.post(&fixtures::blueprints(DEFAULT), &blueprint), 400);
    assert_eq!(
        answer.pointers(),
        ["/spec/base/name", "/spec/sharing/projects/1/name"]
    );
    let user = fixtures::user(
        "u@example.com",
        &[
            ("INFRA_ADMIN", Some("other")),
            ("INFRA_ADMIN", Some("gone")),
        ],
    );
    let answer = desk.refuse(admin.post(USERS, &user), 400);
    assert_eq!(answer.pointers(), ["/roles/1/project/name"]);
    assert_eq!(answer.code(), "UNKNOWN_REFERENCE");
}

#[test]
fn names_that_need_no_object_are_taken() {
    let desk = Desk::new();
    let mut cluster = fixtures::cluster("c");
    cluster["spec"]["sharing"] = json!({"enabled": true, "projects": [{"name": "*"}]});
    for blueprint in ["default", "minimal", "v2-stripped"] {
        cluster["spec"]["blueprintConfig"]["name"] = json!(blueprint);
        desk.admin()
            .post(&fixtures::clusters(DEFAULT), &cluster)
            .send()
            .expect(200);
    }
}

#[test]
fn an_object_in_a_project_that_is_not_there_is_404() {
    let desk = Desk::new();
    let admin = desk.admin();
    let answer = desk.refuse(
        admin.post(&fixtures::clusters("nowhere"), &fixtures::cluster("c")),
        404,
    );
    assert!(answer.message().contains("nowhere"), "{answer}");
    desk.refuse(admin.get(&fixtures::clusters("nowhere")), 404);
    desk.refuse(
        admin.get(&format!("{}/c", fixtures::clusters("nowhere"))),
        404,
    );
}

#[test]
fn a_replace_makes_nothing() {
    let desk = Desk::new();
    let admin = desk.admin();
    desk.refuse(
        admin.put(&fixtures::cluster_path("c"), &fixtures::cluster("c")),
        404,
    );
    desk.refuse(
        admin.put(&fixtures::project_path("p"), &fixtures::project("p")),
        404,
    );
    desk.refuse(
        admin.put(
            &fixtures::user_path("zzzzzzz"),
            &fixtures::user("u@example.com", &[]),
        ),
        404,
    );
    desk.refuse(
        admin.put(&format!("{V1_PROJECTS}zzzzzzz/"), &json!({"name": "p"})),
        404,
    );
}
