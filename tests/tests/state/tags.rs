//! Entity tags: which write is meant for which revision, and when nothing is new.

use std::time::Duration;

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, USERS, V1_PROJECTS};
use serde_json::json;

/// The project with another description.
fn described(text: &str) -> serde_json::Value {
    let mut project = fixtures::project("p");
    project["metadata"]["description"] = json!(text);
    project
}

#[test]
fn a_write_for_an_older_revision_is_412() {
    let desk = Desk::new();
    let admin = desk.admin();
    let path = fixtures::project_path("p");
    let first = admin
        .post(PROJECTS, &described("1"))
        .send()
        .expect(200)
        .etag();
    let second = admin
        .put(&path, &described("2"))
        .header("If-Match", &first)
        .send()
        .expect(200)
        .etag();
    assert_ne!(first, second);
    desk.refuse(
        admin.put(&path, &described("3")).header("If-Match", &first),
        412,
    );
    desk.refuse(
        admin
            .post(PROJECTS, &described("3"))
            .header("If-Match", &first),
        412,
    );
    desk.refuse(admin.delete(&path).header("If-Match", &first), 412);
    let several = format!("{first}, {second}");
    let third = admin
        .put(&path, &described("3"))
        .header("If-Match", &several)
        .send()
        .expect(200)
        .etag();
    admin
        .put(&path, &described("4"))
        .header("If-Match", "*")
        .send()
        .expect(200);
    desk.refuse(admin.delete(&path).header("If-Match", &third), 412);
    let last = admin.get(&path).send().expect(200).etag();
    admin
        .delete(&path)
        .header("If-Match", &last)
        .send()
        .expect(200);
}

#[test]
fn a_condition_on_what_is_not_there_is_412_or_404() {
    let desk = Desk::new();
    let admin = desk.admin();
    desk.refuse(
        admin
            .post(PROJECTS, &described("1"))
            .header("If-Match", "*"),
        412,
    );
    desk.refuse(
        admin
            .put(&fixtures::project_path("p"), &described("1"))
            .header("If-Match", "*"),
        404,
    );
    desk.refuse(
        admin
            .delete(&fixtures::project_path("p"))
            .header("If-Match", "*"),
        404,
    );
}

#[test]
fn an_apply_can_be_meant_for_creation_only() {
    let desk = Desk::new();
    let admin = desk.admin();
    for (collection, object) in [
        (PROJECTS.to_owned(), described("1")),
        (fixtures::clusters(DEFAULT), fixtures::cluster("p")),
        (fixtures::blueprints(DEFAULT), fixtures::blueprint("p")),
    ] {
        let create = || {
            admin
                .post(&collection, &object)
                .header("If-None-Match", "*")
        };
        create().send().expect(200);
        desk.refuse(create(), 412);
        admin.delete(&format!("{collection}/p")).send().expect(200);
        create().send().expect(200);
    }
}

#[test]
fn a_reader_who_holds_the_revision_gets_304_without_a_body() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin.post(PROJECTS, &described("1")).send().expect(200);
    admin
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"))
        .send()
        .expect(200);
    admin
        .post(&fixtures::blueprints(DEFAULT), &fixtures::blueprint("b"))
        .send()
        .expect(200);
    let id = admin
        .get(&fixtures::project_path("p"))
        .send()
        .expect(200)
        .text_at("/metadata/id");
    for path in [
        fixtures::project_path("p"),
        format!("{}/status", fixtures::project_path("p")),
        fixtures::cluster_path("c"),
        format!("{}/status", fixtures::cluster_path("c")),
        fixtures::blueprint_path("b"),
        format!("{V1_PROJECTS}{id}/"),
        fixtures::user_path(&admin.id()),
    ] {
        let tag = admin.get(&path).send().expect(200).etag();
        for held in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"0\", {tag}"),
            "*".to_owned(),
        ] {
            let answer = admin
                .get(&path)
                .header("If-None-Match", &held)
                .send()
                .expect(304);
            assert!(answer.text().is_empty());
            assert_eq!(answer.etag(), tag, "{path}");
        }
        admin
            .get(&path)
            .header("If-None-Match", "\"0\"")
            .send()
            .expect(200);
        admin
            .get(&path)
            .header("If-None-Match", "nonsense")
            .send()
            .expect(200);
    }
}

#[test]
fn an_identical_write_is_no_new_revision() {
    let desk = Desk::new();
    let admin = desk.admin();
    let path = fixtures::cluster_path("c");
    let made = admin
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"))
        .send()
        .expect(200);
    // Before the first step of its lifecycle, which is a new revision.
    desk.controller().clock().advance(Duration::from_secs(9));
    let same = [
        admin
            .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"))
            .send()
            .expect(200),
        admin.put(&path, &fixtures::cluster("c")).send().expect(200),
        admin.put(&path, &made.json()).send().expect(200),
        admin
            .put(&path, &made.json())
            .header("If-Match", made.etag())
            .send()
            .expect(200),
    ];
    for answer in same {
        assert_eq!((answer.etag(), answer.json()), (made.etag(), made.json()));
    }
    // The same fields in another order are the same.
    let turned = r#"{"spec":{"config":{"provisionEnvironment":"CLOUD","kubernetesProvider":"EKS"},
        "blueprintConfig":{"version":"v1","name":"default"},"type":"imported"},
        "metadata":{"labels":{"tier":"test"},"name":"c"}}"#;
    let answer = admin
        .ask("POST", &fixtures::clusters(DEFAULT))
        .body("application/json", turned)
        .send()
        .expect(200);
    assert_eq!(answer.etag(), made.etag());

    let user = fixtures::user("u@example.com", &[("INFRA_ADMIN", Some(DEFAULT))]);
    let made = admin.post(USERS, &user).send().expect(201);
    let again = admin
        .put(&fixtures::user_path(&made.text_at("/account/id")), &user)
        .send()
        .expect(200);
    assert_eq!((again.etag(), again.json()), (made.etag(), made.json()));
    let made = admin
        .post(V1_PROJECTS, &json!({"name": "v", "description": "d"}))
        .send()
        .expect(201);
    let path = format!("{V1_PROJECTS}{}/", made.text_at("/id"));
    let again = admin
        .put(&path, &json!({"name": "v", "description": "d"}))
        .send()
        .expect(200);
    assert_eq!((again.etag(), again.json()), (made.etag(), made.json()));
}
