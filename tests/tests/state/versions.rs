//! One project in two versions: whatever is made, changed or deleted in one is so in the other.

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROJECTS, V1_PROJECTS};
use serde_json::{Value, json};

fn v1_path(id: &str) -> String {
    format!("{V1_PROJECTS}{id}/")
}

/// What v1 must show of a project that v3 shows so.
fn seen_by_v1(v3: &Value, organization: &Value) -> Value {
    let metadata = &v3["metadata"];
    let mut view = json!({
        "id": metadata["id"],
        "name": metadata["name"],
        "description": metadata["description"],
        "default": v3["spec"]["default"],
        "organization_id": organization,
        "created_at": metadata["createdAt"],
        "modified_at": metadata["modifiedAt"],
    });
    view.as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    view
}

#[test]
fn a_project_made_in_v1_is_seen_by_name_in_v3() {
    let desk = Desk::new();
    let admin = desk.admin();
    let v1 = admin
        .post(V1_PROJECTS, &json!({"name": "one", "description": "text"}))
        .send()
        .expect(201);
    let v3 = admin.get(&fixtures::project_path("one")).send().expect(200);
    assert_eq!(
        seen_by_v1(&v3.json(), &v1.json()["organization_id"]),
        v1.json()
    );
    assert_eq!(v3.etag(), v1.etag(), "one object, one revision");
    assert_eq!(v3.json()["kind"], "Project");
    let listed = admin.get(PROJECTS).send().expect(200).json();
    assert!(listed["items"].as_array().unwrap().contains(&v3.json()));
}

#[test]
fn a_project_made_in_v3_is_seen_by_id_in_v1() {
    let desk = Desk::new();
    let admin = desk.admin();
    let v3 = admin
        .post(PROJECTS, &fixtures::project("three"))
        .send()
        .expect(200);
    let v1 = admin
        .get(&v1_path(&v3.text_at("/metadata/id")))
        .send()
        .expect(200);
    assert_eq!(
        seen_by_v1(&v3.json(), &v1.json()["organization_id"]),
        v1.json()
    );
    assert_eq!(v3.etag(), v1.etag());
    let listed = admin.get(V1_PROJECTS).send().expect(200).json();
    assert!(listed["results"].as_array().unwrap().contains(&v1.json()));
    let found = admin
        .get(&format!("{V1_PROJECTS}?name=three"))
        .send()
        .expect(200)
        .json();
    let one = json!({"count": 1, "next": null, "previous": null, "results": [v1.json()]});
    assert_eq!(found, one);
}

#[test]
fn a_change_in_v1_keeps_what_v1_does_not_show() {
    let desk = Desk::new();
    let admin = desk.admin();
    let mut project = fixtures::project("kept");
    project["metadata"]["labels"] = json!({"a": "b"});
    project["unheardOf"] = json!(1);
    let made = admin.post(PROJECTS, &project).send().expect(200);
    let path = v1_path(&made.text_at("/metadata/id"));
    let v1 = admin
        .put(&path, &json!({"name": "kept", "description": "by v1"}))
        .send()
        .expect(200);
    let v3 = admin
        .get(&fixtures::project_path("kept"))
        .send()
        .expect(200);
    let mut wanted = made.json();
    wanted["metadata"]["description"] = json!("by v1");
    assert_eq!(v3.json(), wanted);
    assert_ne!(v3.etag(), made.etag());
    assert_eq!(v3.etag(), v1.etag());
    // What v1 shows and the client leaves out is taken away.
    admin
        .put(&path, &json!({"name": "kept"}))
        .send()
        .expect(200);
    let v3 = admin
        .get(&fixtures::project_path("kept"))
        .send()
        .expect(200)
        .json();
    assert!(v3["metadata"].get("description").is_none(), "{v3}");
    assert_eq!(v3["metadata"]["labels"], json!({"a": "b"}));
}

#[test]
fn a_change_in_v3_shows_in_v1() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = admin
        .post(V1_PROJECTS, &json!({"name": "shown"}))
        .send()
        .expect(201);
    let mut project = fixtures::project("shown");
    project["metadata"]["description"] = json!("by v3");
    project["spec"]["default"] = json!(false);
    admin
        .put(&fixtures::project_path("shown"), &project)
        .send()
        .expect(200);
    let v1 = admin
        .get(&v1_path(&made.text_at("/id")))
        .send()
        .expect(200)
        .json();
    assert_eq!(v1["description"], "by v3");
    assert_eq!(v1["default"], false);
}

#[test]
fn a_project_deleted_in_one_is_gone_from_the_other() {
    let desk = Desk::new();
    let admin = desk.admin();
    let id = |name: &str| {
        admin
            .get(&fixtures::project_path(name))
            .send()
            .expect(200)
            .text_at("/metadata/id")
    };
    for name in ["a", "b"] {
        admin
            .post(PROJECTS, &fixtures::project(name))
            .send()
            .expect(200);
    }
    let (a, b) = (id("a"), id("b"));
    admin.delete(&v1_path(&a)).send().expect(204);
    desk.refuse(admin.get(&fixtures::project_path("a")), 404);
    admin
        .delete(&fixtures::project_path("b"))
        .send()
        .expect(200);
    desk.refuse(admin.get(&v1_path(&b)), 404);
    let listed = admin.get(V1_PROJECTS).send().expect(200).json();
    assert_eq!(listed["count"], 1);
}

#[test]
fn a_name_taken_in_one_is_taken_in_the_other() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(PROJECTS, &fixtures::project("taken"))
        .send()
        .expect(200);
    desk.refuse(admin.post(V1_PROJECTS, &json!({"name": "taken"})), 409);
}

#[test]
fn a_project_made_in_v1_holds_clusters_in_v3_and_cannot_go_under_them() {
    let desk = Desk::new();
    let admin = desk.admin();
    let id = admin
        .post(V1_PROJECTS, &json!({"name": "home"}))
        .send()
        .expect(201)
        .text_at("/id");
    admin
        .post(&fixtures::clusters("home"), &fixtures::cluster("c"))
        .send()
        .expect(200);
    let answer = desk.refuse(admin.delete(&v1_path(&id)), 409);
    assert_eq!(answer.code(), "IN_USE");
    assert!(answer.message().contains("\"c\""), "{answer}");
}

#[test]
fn an_entity_tag_of_one_version_guards_a_write_in_the_other() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = admin
        .post(V1_PROJECTS, &json!({"name": "p"}))
        .send()
        .expect(201);
    let (tag, id) = (made.etag(), made.text_at("/id"));
    let write = || {
        admin
            .put(&fixtures::project_path("p"), &fixtures::project("p"))
            .header("If-Match", &tag)
    };
    write().send().expect(200);
    desk.refuse(write(), 412);
    desk.refuse(admin.delete(&v1_path(&id)).header("If-Match", &tag), 412);
}
