//! How a role comes to count in namespaces: what a binding may name, and what it holds.

use rafay_tests::fixtures::{self, DEFAULT, PROJECTS};
use serde_json::{Value, json};

use crate::world::{GROUPS, NAMESPACES, USERS, WORKLOADS, World, binding, group, namespace, user};

/// The first place that a refusal names.
fn place(body: &Value) -> &str {
    let places = ["/details/0/pointer", "/details/1/pointer"];
    let found = places.iter().find_map(|at| body.pointer(at));
    found.and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn a_binding_names_namespaces_that_there_are() {
    let world = World::new();
    let admin = world.admin();
    let roles = json!([
        {"role": {"name": "PROJECT_READ_ONLY"}, "project": {"name": DEFAULT}},
        binding("NAMESPACE_ADMIN", &["a", "nowhere"]),
    ]);
    let id = world
        .make(GROUPS, &group("team", &json!([])))
        .text_at("/metadata/id");
    let asks = [
        (
            admin.post(USERS, &user("x@example.com", &[], &roles)),
            "/spec/roles/1/namespaces/1",
        ),
        (
            admin.post(GROUPS, &group("others", &roles)),
            "/spec/roles/1/namespaces/1",
        ),
        (
            admin.post(
                fixtures::USERS,
                &json!({"account": {"username": "x@example.com"}, "roles": roles}),
            ),
            "/roles/1/namespaces/1",
        ),
        (
            admin.post(
                "/auth/v1/groups/",
                &json!({"name": "others", "roles": roles}),
            ),
            "/roles/1/namespaces/1",
        ),
        (
            admin.put(
                &format!("/auth/v1/groups/{id}/roles/"),
                &json!({"roles": roles}),
            ),
            "/roles/1/namespaces/1",
        ),
    ];
    for (ask, at) in asks {
        let refused = world.desk.refuse(ask, 400);
        assert_eq!(refused.code(), "UNKNOWN_REFERENCE", "{refused}");
        assert_eq!(place(&refused.json()), at, "{refused}");
        assert!(refused.message().contains("nowhere"), "{refused}");
        assert!(refused.message().contains(DEFAULT), "{refused}");
    }
}

#[test]
fn a_binding_names_namespaces_of_its_own_project() {
    let world = World::new();
    world.make(PROJECTS, &fixtures::project("other"));
    let admin = world.admin();
    let mut roles = json!([binding("NAMESPACE_ADMIN", &["a"])]);
    let bind = |roles: &Value| admin.post(USERS, &user("x@example.com", &[], roles));
    roles[0]["project"] = json!({"name": "other"});
    let refused = world.desk.refuse(bind(&roles), 400);
    assert!(
        refused.message().contains("in project \"other\""),
        "{refused}"
    );
    roles[0]["project"] = Value::Null;
    let refused = world.desk.refuse(bind(&roles), 400);
    assert_eq!(place(&refused.json()), "/spec/roles/0/namespaces/0");
    assert!(
        refused.message().contains("outside of a project"),
        "{refused}"
    );
    // The namespace of that name in the other project is another one.
    let there = NAMESPACES.replace(DEFAULT, "other");
    world.make(&there, &namespace("a"));
    roles[0]["project"] = json!({"name": "other"});
    bind(&roles).send().expect(200);
    let caller = world.bound("NAMESPACE_READ_ONLY", &["a"]);
    caller.get(&format!("{NAMESPACES}/a")).send().expect(200);
    world.desk.refuse(caller.get(&there), 403);
    // And the one is not held by who is bound to the other.
    for path in [WORKLOADS, USERS] {
        let name = if path == USERS {
            "bound-namespace-read-only@example.com"
        } else {
            "in-a"
        };
        world
            .admin()
            .delete(&format!("{path}/{name}"))
            .send()
            .expect(200);
    }
    world
        .admin()
        .delete(&format!("{NAMESPACES}/a"))
        .send()
        .expect(200);
    world
        .desk
        .refuse(world.admin().delete(&format!("{there}/a")), 409);
}

#[test]
fn a_namespace_stays_while_a_binding_names_it() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_ADMIN", &["a", "b"]);
    let roles = json!([binding("NAMESPACE_READ_ONLY", &["a"])]);
    world.make(GROUPS, &group("team", &roles));
    let login = "bound-namespace-admin@example.com";
    let path = format!("{NAMESPACES}/a");
    let delete = || world.admin().delete(&path);
    let refused = world.desk.refuse(delete(), 409);
    assert_eq!(refused.code(), "IN_USE");
    for holder in [login, "team", "in-a"] {
        assert!(refused.message().contains(holder), "{refused}");
    }
    caller
        .delete(&format!("{WORKLOADS}/in-a"))
        .send()
        .expect(200);
    world.make(
        USERS,
        &user(login, &[], &json!([binding("NAMESPACE_ADMIN", &["b"])])),
    );
    let refused = world.desk.refuse(delete(), 409);
    assert!(!refused.message().contains(login), "{refused}");
    world.make(GROUPS, &group("team", &json!([])));
    delete().send().expect(200);
    // It is gone for who had it, like everything that is not there.
    world.desk.refuse(caller.get(&path), 404);
    assert_eq!(world.names(&caller, WORKLOADS), ["in-b"]);
    let again = user(login, &[], &json!([binding("NAMESPACE_ADMIN", &["a"])]));
    world.desk.refuse(world.admin().post(USERS, &again), 400);
    // Who was bound to it is not bound to the next of that name.
    world.make(NAMESPACES, &namespace("a"));
    world.desk.refuse(caller.get(&path), 404);
    // Whoever goes lets go of it.
    world
        .desk
        .refuse(world.admin().delete(&format!("{NAMESPACES}/b")), 409);
    world
        .admin()
        .delete(&format!("{WORKLOADS}/in-b"))
        .send()
        .expect(200);
    world
        .admin()
        .delete(&format!("{USERS}/{login}"))
        .send()
        .expect(200);
    world
        .admin()
        .delete(&format!("{NAMESPACES}/b"))
        .send()
        .expect(200);
}

#[test]
fn a_role_of_namespaces_without_any_allows_nothing() {
    let world = World::new();
    for (number, role) in [
        binding("NAMESPACE_ADMIN", &[]),
        json!({"role": {"name": "NAMESPACE_ADMIN"}, "project": {"name": DEFAULT}}),
        json!({"role": {"name": "NAMESPACE_ADMIN"}}),
    ]
    .into_iter()
    .enumerate()
    {
        let caller = world.caller(&format!("n{number}@example.com"), &[], &json!([role]));
        for path in [WORKLOADS, NAMESPACES, PROJECTS] {
            world.desk.refuse(caller.get(path), 403);
        }
    }
}

#[test]
fn v1_and_v3_show_and_bind_the_same() {
    let world = World::new();
    let roles = json!([binding("NAMESPACE_ADMIN", &["a"])]);
    let body = json!({"account": {"username": "x@example.com"}, "roles": roles});
    let made = world
        .admin()
        .post(fixtures::USERS, &body)
        .send()
        .expect(201);
    assert_eq!(made.json()["roles"][0]["namespaces"], json!(["a"]));
    let id = made.text_at("/account/id");
    let shown = world.admin().get(&format!("{USERS}/x@example.com")).send();
    assert_eq!(shown.expect(200).json()["spec"]["roles"], roles);
    let key = json!({"name": "test", "never_expire": true});
    let key = world.admin().post(&fixtures::new_key(&id), &key).send();
    let caller = world.desk.caller(key.expect(200).text_at("/key"));
    assert_eq!(world.names(&caller, WORKLOADS), ["in-a"]);
    let profile = caller.get(fixtures::PROFILE).send().expect(200).json();
    assert_eq!(profile["roles"][0]["namespaces"], json!(["a"]));
}
