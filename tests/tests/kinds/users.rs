//! Users: what an account may do is what its bindings say at the next request, and no longer.

use rafay_tests::fixtures::{self, PROJECTS};
use serde_json::{Value, json};

use crate::world::{World, bound, example, item, list, named};

fn user(roles: &Value) -> Value {
    json!({
        "apiVersion": "system.k8smgmt.io/v3", "kind": "User", "metadata": {"name": "a@example.com"},
        "spec": {"userType": "CONSOLE", "roles": roles},
    })
}

#[test]
fn a_binding_counts_in_its_project_and_in_no_other() {
    let world = World::empty();
    world
        .admin()
        .post(PROJECTS, &fixtures::project("other"))
        .send()
        .expect(200);
    let key = world.member("a@example.com", &[], &bound("INFRA_ADMIN"));
    let caller = world.desk.caller(key);
    caller
        .post(&list("Cluster"), &fixtures::cluster("c"))
        .send()
        .expect(200);
    world
        .desk
        .refuse(caller.get(&fixtures::clusters("other")), 403);
    world.desk.refuse(caller.get(&list("User")), 403);
}

#[test]
fn a_revoked_binding_is_gone_at_the_next_request() {
    let world = World::empty();
    let key = world.member("a@example.com", &[], &bound("INFRA_ADMIN"));
    let caller = world.desk.caller(key);
    caller.get(&list("Cluster")).send().expect(200);
    world.apply("User", &user(&bound("INFRA_READ_ONLY")));
    caller.get(&list("Cluster")).send().expect(200);
    world
        .desk
        .refuse(caller.post(&list("Cluster"), &fixtures::cluster("c")), 403);
    world.apply("User", &user(&json!([])));
    world.desk.refuse(caller.get(&list("Cluster")), 403);
    world.apply("User", &user(&bound("INFRA_ADMIN")));
    caller
        .post(&list("Cluster"), &fixtures::cluster("c"))
        .send()
        .expect(200);
    world
        .admin()
        .delete(&item("User", "a@example.com"))
        .send()
        .expect(200);
    world.desk.refuse(caller.get(&list("Cluster")), 401);
}

#[test]
fn a_user_of_v3_is_the_user_of_v1() {
    let world = World::with(&["User"]);
    let users = world.admin().get(fixtures::USERS).send().expect(200).json();
    let users = users["users"].as_array().unwrap();
    let user = users
        .iter()
        .find(|user| user["account"]["username"] == "dev@example.com")
        .unwrap();
    assert_eq!(user["account"]["first_name"], "Dana");
    assert_eq!(user["roles"][0]["role"]["name"], "PROJECT_READ_ONLY");
    assert_eq!(user["roles"][0]["project"]["name"], "defaultproject");
    let v3 = world
        .admin()
        .get(&item("User", "dev@example.com"))
        .send()
        .expect(200);
    assert!(!v3.text().contains("not-a-real-secret"), "{v3}");
    world.pass(300);
    assert_eq!(
        world.at("User", "dev@example.com", "/status/emailVerified"),
        true
    );
}

#[test]
fn a_binding_names_a_project_that_exists_and_holds_it() {
    let world = World::empty();
    let roles = json!([{"role": {"name": "INFRA_ADMIN"}, "project": {"name": "nowhere"}}]);
    let refused = world
        .desk
        .refuse(world.admin().post(&list("User"), &user(&roles)), 400);
    assert_eq!(refused.pointers(), ["/spec/roles/0/project/name"]);
    world
        .admin()
        .post(PROJECTS, &fixtures::project("held"))
        .send()
        .expect(200);
    world.apply(
        "User",
        &user(&json!([{"role": {"name": "INFRA_ADMIN"}, "project": {"name": "held"}}])),
    );
    let refused = world
        .desk
        .refuse(world.admin().delete(&fixtures::project_path("held")), 409);
    assert!(
        refused.message().contains("User \"a@example.com\""),
        "{refused}"
    );
}

#[test]
fn keys_of_a_deleted_user_are_worth_nothing_even_for_a_new_one_of_that_name() {
    let world = World::empty();
    let key = world.member("a@example.com", &[], &bound("INFRA_ADMIN"));
    world
        .admin()
        .delete(&item("User", "a@example.com"))
        .send()
        .expect(200);
    world.apply("User", &user(&bound("INFRA_ADMIN")));
    world
        .desk
        .refuse(world.desk.caller(key).get(&list("Cluster")), 401);
}

#[test]
fn a_group_that_is_not_there_cannot_be_joined() {
    let world = World::with(&["CustomRole", "Namespace"]);
    let refused = world.admin().post(&list("User"), &example("User"));
    let refused = world.desk.refuse(refused, 400);
    assert_eq!(refused.pointers(), ["/spec/groups/0"]);
    world.make("Group");
    world.apply("User", &named("User", "b@example.com"));
}
