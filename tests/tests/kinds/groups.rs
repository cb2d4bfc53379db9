//! Groups: whoever belongs to one may do what it may.

use rafay_tests::fixtures;
use serde_json::{Value, json};

use crate::world::{World, bound, item, list, text};

fn group(name: &str, roles: &Value) -> Value {
    json!({
        "apiVersion": "system.k8smgmt.io/v3", "kind": "Group",
        "metadata": {"name": name}, "spec": {"type": "LOCAL", "roles": roles},
    })
}

fn id(world: &World, kind: &str, name: &str) -> String {
    text(&world.at(kind, name, "/metadata/id"))
}

#[test]
fn membership_gives_what_the_group_may_at_the_next_request() {
    let world = World::empty();
    world.apply("Group", &group("ops", &bound("INFRA_ADMIN")));
    world.apply("Group", &group("watchers", &bound("INFRA_READ_ONLY")));
    let key = world.member("a@example.com", &[], &json!([]));
    let caller = world.desk.caller(key);
    world.desk.refuse(caller.get(&list("Cluster")), 403);

    let path = format!(
        "/auth/v1/users/{}/groups/",
        id(&world, "User", "a@example.com")
    );
    let join = |groups: Value| {
        let answer = world
            .admin()
            .put(&path, &json!({"groups": groups}))
            .send()
            .expect(200);
        assert_eq!(answer.json()["groups"], groups);
    };
    join(json!(["watchers"]));
    caller.get(&list("Cluster")).send().expect(200);
    world
        .desk
        .refuse(caller.post(&list("Cluster"), &fixtures::cluster("c")), 403);
    join(json!(["watchers", "ops"]));
    caller
        .post(&list("Cluster"), &fixtures::cluster("c"))
        .send()
        .expect(200);
    join(json!([]));
    world.desk.refuse(caller.get(&list("Cluster")), 403);
}

#[test]
fn what_a_group_may_changes_for_all_its_members_at_once() {
    let world = World::empty();
    world.apply("Group", &group("ops", &bound("INFRA_ADMIN")));
    let keys =
        ["a@example.com", "b@example.com"].map(|login| world.member(login, &["ops"], &json!([])));
    let path = format!("/auth/v1/groups/{}/roles/", id(&world, "Group", "ops"));
    for key in &keys {
        world
            .desk
            .caller(key.clone())
            .get(&list("Cluster"))
            .send()
            .expect(200);
    }
    let none = json!({"roles": []});
    world.admin().put(&path, &none).send().expect(200);
    for key in &keys {
        world
            .desk
            .refuse(world.desk.caller(key.clone()).get(&list("Cluster")), 403);
    }
    world.apply("Group", &group("ops", &bound("CLUSTER_ADMIN")));
    for (key, name) in keys.iter().zip(["a", "b"]) {
        let caller = world.desk.caller(key.clone());
        caller
            .post(&list("Cluster"), &fixtures::cluster(name))
            .send()
            .expect(200);
    }
}

#[test]
fn a_group_of_the_organization_reaches_every_project() {
    let world = World::empty();
    world.apply(
        "Group",
        &group(
            "auditors",
            &json!([{"role": {"name": "ADMINISTRATOR_READ_ONLY"}}]),
        ),
    );
    let key = world.member("a@example.com", &["auditors"], &json!([]));
    let caller = world.desk.caller(key);
    caller.get(&list("User")).send().expect(200);
    caller.get(&list("Cluster")).send().expect(200);
    world
        .desk
        .refuse(caller.post(&list("Cluster"), &fixtures::cluster("c")), 403);
}

#[test]
fn a_group_with_members_stays() {
    let world = World::empty();
    world.apply("Group", &group("ops", &bound("INFRA_ADMIN")));
    world.member("a@example.com", &["ops"], &json!([]));
    let path = format!("/auth/v1/groups/{}/", id(&world, "Group", "ops"));
    let refused = world.desk.refuse(world.admin().delete(&path), 409);
    assert!(
        refused.message().contains("User \"a@example.com\""),
        "{refused}"
    );
    world
        .admin()
        .delete(&item("User", "a@example.com"))
        .send()
        .expect(200);
    world
        .admin()
        .delete(&item("Group", "ops"))
        .send()
        .expect(200);
}

#[test]
fn users_are_added_and_removed_at_the_group_too() {
    let world = World::empty();
    world.apply("Group", &group("ops", &bound("INFRA_ADMIN")));
    world.apply("Group", &group("watchers", &bound("INFRA_READ_ONLY")));
    let key = world.member("a@example.com", &["watchers"], &json!([]));
    world.member("b@example.com", &[], &json!([]));
    let caller = world.desk.caller(key);
    let make = || caller.post(&list("Cluster"), &fixtures::cluster("c"));
    world.desk.refuse(make(), 403);

    let path = format!("/auth/v1/groups/{}/", id(&world, "Group", "ops"));
    let change = |action: &str, users: &Value| {
        let path = format!("{path}{action}/");
        world.admin().post(&path, &json!({"users": users}))
    };
    let both = json!(["a@example.com", "b@example.com"]);
    let told = change("adduser", &both).send().expect(200).json();
    assert_eq!((&told["name"], &told["users"]), (&json!("ops"), &both));
    assert_eq!(told["id"], id(&world, "Group", "ops"));
    // It is the one state: the accounts tell of it, what they were in stays, and it counts at the next request.
    let groups = |user: &str| world.at("User", user, "/spec/groups");
    assert_eq!(groups("a@example.com"), json!(["watchers", "ops"]));
    let own = format!(
        "/auth/v1/users/{}/groups/",
        id(&world, "User", "b@example.com")
    );
    assert_eq!(world.read(&own)["groups"], json!(["ops"]));
    make().send().expect(200);
    // Who is in it already is not in it twice, and nothing is written.
    let before = world.get("User", "a@example.com");
    change("adduser", &json!(["a@example.com"]))
        .send()
        .expect(200);
    assert_eq!(world.get("User", "a@example.com"), before);

    // All or none: one that is not there keeps the others out.
    let some = json!(["b@example.com", "nobody@example.com"]);
    for action in ["adduser", "removeuser"] {
        let refused = world.desk.refuse(change(action, &some), 400);
        assert!(refused.text().contains("does not exist"), "{refused}");
        assert!(refused.text().contains("/users/1"), "{refused}");
    }
    assert_eq!(world.read(&format!("{path}users/"))["users"], both);
    let told = change("removeuser", &json!(["a@example.com"])).send();
    assert_eq!(told.expect(200).json()["users"], json!(["b@example.com"]));
    assert_eq!(groups("a@example.com"), json!(["watchers"]));
    world.desk.refuse(make(), 403);

    // A group with somebody in it is held by the account, and one that is gone takes nobody.
    let gone = format!("/auth/v1/groups/{}/", id(&world, "Group", "watchers"));
    world.desk.refuse(world.admin().delete(&gone), 409);
    change("removeuser", &both).send().expect(200);
    assert_eq!(world.read(&format!("{path}users/"))["users"], json!([]));
    world.admin().delete(&path).send().expect(204);
    world.desk.refuse(change("adduser", &both), 404);
    // Membership is a right over accounts, which who may only see them has not.
    let path = format!("{gone}adduser/");
    let reader = world.role(rafay_mock_server::Role::AdministratorReadOnly);
    world
        .desk
        .refuse(reader.post(&path, &json!({"users": both})), 403);
    reader.get(&format!("{gone}users/")).send().expect(200);
}
