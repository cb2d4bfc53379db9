//! What is in use cannot be deleted, and the refusal says by what.

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, USERS};
use serde_json::json;

#[test]
fn a_blueprint_under_clusters_and_blueprints_stays_and_the_refusal_lists_them() {
    let desk = Desk::new();
    let admin = desk.admin();
    let (clusters, blueprints) = (fixtures::clusters(DEFAULT), fixtures::blueprints(DEFAULT));
    admin
        .post(&blueprints, &fixtures::blueprint("base"))
        .send()
        .expect(200);
    let mut child = fixtures::blueprint("child");
    child["spec"]["base"]["name"] = json!("base");
    admin.post(&blueprints, &child).send().expect(200);
    for name in ["one", "two"] {
        admin
            .post(&clusters, &fixtures::cluster_on(name, "base"))
            .send()
            .expect(200);
    }
    let answer = desk.refuse(admin.delete(&fixtures::blueprint_path("base")), 409);
    assert_eq!(answer.code(), "IN_USE");
    for holder in [
        "Cluster \"one\"",
        "Cluster \"two\"",
        "Blueprint \"child\"",
        DEFAULT,
    ] {
        assert!(
            answer.message().contains(holder),
            "{holder} is not in {answer}"
        );
    }
    // Each way to let go of it: delete, apply without, replace by another.
    admin
        .delete(&fixtures::cluster_path("one"))
        .send()
        .expect(200);
    admin
        .post(&clusters, &json!({"metadata": {"name": "two"}}))
        .send()
        .expect(200);
    let answer = desk.refuse(admin.delete(&fixtures::blueprint_path("base")), 409);
    assert!(!answer.message().contains("Cluster"), "{answer}");
    admin
        .put(
            &fixtures::blueprint_path("child"),
            &fixtures::blueprint("child"),
        )
        .send()
        .expect(200);
    admin
        .delete(&fixtures::blueprint_path("base"))
        .send()
        .expect(200);
}

#[test]
fn a_project_that_holds_something_stays_and_the_refusal_lists_it() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(PROJECTS, &fixtures::project("home"))
        .send()
        .expect(200);
    admin
        .post(&fixtures::clusters("home"), &fixtures::cluster("c"))
        .send()
        .expect(200);
    admin
        .post(&fixtures::blueprints("home"), &fixtures::blueprint("b"))
        .send()
        .expect(200);
    let mut shared = fixtures::blueprint("shared");
    shared["spec"]["sharing"] = json!({"enabled": true, "projects": [{"name": "home"}]});
    admin
        .post(&fixtures::blueprints(DEFAULT), &shared)
        .send()
        .expect(200);
    let (user, _) = fixtures::account(&desk, "bound@example.com", &[("INFRA_ADMIN", Some("home"))]);
    let path = fixtures::project_path("home");
    let answer = desk.refuse(admin.delete(&path), 409);
    for holder in [
        "Cluster \"c\"",
        "Blueprint \"b\"",
        "Blueprint \"shared\"",
        "User \"bound@example.com\"",
    ] {
        assert!(
            answer.message().contains(holder),
            "{holder} is not in {answer}"
        );
    }
    admin
        .delete(&format!("{}/c", fixtures::clusters("home")))
        .send()
        .expect(200);
    admin
        .delete(&format!("{}/b", fixtures::blueprints("home")))
        .send()
        .expect(200);
    desk.refuse(admin.delete(&path), 409);
    admin
        .put(
            &fixtures::user_path(&user),
            &fixtures::user("bound@example.com", &[]),
        )
        .send()
        .expect(200);
    let answer = desk.refuse(admin.delete(&path), 409);
    assert!(
        answer.message().contains("shared") && !answer.message().contains("User"),
        "{answer}"
    );
    admin
        .delete(&fixtures::blueprint_path("shared"))
        .send()
        .expect(200);
    admin.delete(&path).send().expect(200);
}

#[test]
fn a_user_who_goes_lets_go_of_its_projects() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(PROJECTS, &fixtures::project("home"))
        .send()
        .expect(200);
    let (user, _) = fixtures::account(&desk, "bound@example.com", &[("INFRA_ADMIN", Some("home"))]);
    desk.refuse(admin.delete(&fixtures::project_path("home")), 409);
    admin.delete(&fixtures::user_path(&user)).send().expect(204);
    admin
        .delete(&fixtures::project_path("home"))
        .send()
        .expect(200);
}

#[test]
fn many_holders_make_a_short_answer() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(&fixtures::blueprints(DEFAULT), &fixtures::blueprint("b"))
        .send()
        .expect(200);
    for number in 0..60 {
        let cluster = fixtures::cluster_on(&format!("c{number:02}"), "b");
        admin
            .post(&fixtures::clusters(DEFAULT), &cluster)
            .send()
            .expect(200);
    }
    let answer = desk.refuse(admin.delete(&fixtures::blueprint_path("b")), 409);
    assert!(
        answer.message().contains("40 more") && answer.text().len() < 2_000,
        "{answer}"
    );
}

#[test]
fn a_blueprint_may_name_itself_and_still_be_deleted() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(&fixtures::blueprints(DEFAULT), &fixtures::blueprint("own"))
        .send()
        .expect(200);
    let mut own = fixtures::blueprint("own");
    own["spec"]["base"]["name"] = json!("own");
    let answer = admin.post(&fixtures::blueprints(DEFAULT), &own).send();
    assert!([200, 400].contains(&answer.status()), "{answer}");
    admin
        .delete(&fixtures::blueprint_path("own"))
        .send()
        .expect(200);
}

#[test]
fn a_binding_names_its_project_as_it_was_sent() {
    let desk = Desk::new();
    let user = fixtures::user(
        "u@example.com",
        &[("INFRA_ADMIN", Some(DEFAULT)), ("ADMIN", None)],
    );
    let made = desk.admin().post(USERS, &user).send().expect(201).json();
    assert_eq!(made["roles"], user["roles"]);
    // A null project is a role of the whole organization, as the real controller sends it.
    let mut user = fixtures::user("v@example.com", &[]);
    user["roles"] = json!([{"role": {"name": "ADMIN"}, "project": null}]);
    desk.admin().post(USERS, &user).send().expect(201);
}
