//! Fields that the document does not know: v3 keeps them and warns, v1 leaves out what its view has no place for,
//! and a strict controller refuses them.

use rafay_mock_server::Options;
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, USERS, V1_PROJECTS};
use serde_json::{Value, json};

fn odd_cluster() -> Value {
    let mut cluster = fixtures::cluster("odd");
    cluster["extra"] = json!({"deep": [1, 2.5, null, "x"]});
    cluster["metadata"]["colour"] = json!("red");
    cluster["spec"]["config"]["unheardOf"] = json!(true);
    cluster["spec"]["a/b"] = json!(1);
    cluster
}

#[test]
fn v3_keeps_them_and_names_them_in_a_warning() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = admin
        .post(&fixtures::clusters(DEFAULT), &odd_cluster())
        .send()
        .expect(200);
    let warning = made.header("warning").unwrap().to_owned();
    assert!(
        warning.starts_with("299 - \"") && warning.ends_with('"'),
        "{warning}"
    );
    for pointer in [
        "/extra",
        "/metadata/colour",
        "/spec/config/unheardOf",
        "/spec/a~1b",
    ] {
        assert!(warning.contains(pointer), "{pointer} is not in {warning}");
    }
    let read = admin.get(&fixtures::cluster_path("odd")).send().expect(200);
    assert!(read.header("warning").is_none());
    let read = read.json();
    assert_eq!(read["extra"], json!({"deep": [1, 2.5, null, "x"]}));
    assert_eq!(read["metadata"]["colour"], "red");
    assert_eq!(read["spec"]["config"]["unheardOf"], true);
    assert_eq!(read["spec"]["a/b"], 1);
    // Sent back as it was read, nothing is lost and nothing changes.
    let again = admin
        .put(&fixtures::cluster_path("odd"), &read)
        .send()
        .expect(200);
    assert_eq!(again.json(), read);
}

#[test]
fn a_body_without_them_gets_no_warning() {
    let desk = Desk::new();
    let made = desk
        .admin()
        .post(PROJECTS, &fixtures::project("plain"))
        .send()
        .expect(200);
    assert!(made.header("warning").is_none());
}

#[test]
fn a_warning_is_plain_text_whatever_the_field_is_called() {
    let desk = Desk::new();
    let mut project = fixtures::project("odd");
    for name in ["new\r\nline", "qu\"ote", "back\\slash", "ü", "\u{0}"] {
        project["spec"][name] = json!(1);
    }
    let many: serde_json::Map<String, Value> = (0..500)
        .map(|number| (format!("f{number}"), json!(1)))
        .collect();
    project["many"] = Value::Object(many.clone());
    project["metadata"].as_object_mut().unwrap().extend(many);
    let made = desk.admin().post(PROJECTS, &project).send().expect(200);
    let warning = made.header("warning").unwrap();
    assert!(warning.len() < 2_000 && warning.is_ascii(), "{warning}");
    assert_eq!(warning.matches('"').count(), 2, "{warning}");
}

#[test]
fn v1_names_them_and_leaves_out_what_the_view_has_no_place_for() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = admin
        .post(V1_PROJECTS, &json!({"name": "odd", "colour": "red"}))
        .send()
        .expect(201);
    assert!(made.header("warning").unwrap().contains("/colour"));
    assert!(made.json().get("colour").is_none());
    let read = admin.get(&fixtures::project_path("odd")).send().expect(200);
    assert!(!read.text().contains("red"), "{read}");
    let mut user = fixtures::user("odd@example.com", &[]);
    user["account"]["shoe_size"] = json!(43);
    let made = admin.post(USERS, &user).send().expect(201);
    assert!(
        made.header("warning")
            .unwrap()
            .contains("/account/shoe_size")
    );
}

#[test]
fn every_operation_with_a_body_may_warn() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = admin
        .post(
            &fixtures::new_key(&admin.id()),
            &json!({"name": "k", "colour": "red"}),
        )
        .send()
        .expect(200);
    assert!(
        made.header("warning")
            .is_some_and(|warning| warning.contains("/colour"))
    );
}

#[test]
fn a_strict_controller_refuses_them_all_by_their_places() {
    let desk = Desk::with(Options {
        strict_fields: true,
        ..Desk::options()
    });
    let admin = desk.admin();
    let answer = desk.refuse(
        admin.post(&fixtures::clusters(DEFAULT), &odd_cluster()),
        400,
    );
    assert_eq!(
        answer.pointers(),
        [
            "/extra",
            "/metadata/colour",
            "/spec/a~1b",
            "/spec/config/unheardOf"
        ]
    );
    let answer = desk.refuse(
        admin.post(V1_PROJECTS, &json!({"name": "p", "colour": "red"})),
        400,
    );
    assert_eq!(answer.pointers(), ["/colour"]);
    let answer = desk.refuse(
        admin.post(&fixtures::new_key(&admin.id()), &json!({"hours": 1})),
        400,
    );
    assert_eq!(answer.pointers(), ["/hours"]);
    // Free maps are no places for unknown fields.
    let mut cluster = fixtures::cluster("fine");
    cluster["metadata"]["labels"]["anything"] = json!("goes");
    admin
        .post(&fixtures::clusters(DEFAULT), &cluster)
        .send()
        .expect(200);
}
