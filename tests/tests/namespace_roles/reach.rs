//! What roles of namespaces add up to: with other roles, through groups, from custom roles, and once they are taken away.

use rafay_tests::fixtures::{self, DEFAULT};
use serde_json::{Value, json};

use crate::world::{
    CUSTOM_ROLES, GROUPS, NAMESPACES, USERS, WORKLOADS, World, binding, custom_role, group, user,
    workload,
};

const EVERYTHING: [&str; 4] = ["in-a", "in-b", "in-c", "in-none"];

fn in_project(role: &str) -> Value {
    json!({"role": {"name": role}, "project": {"name": DEFAULT}})
}

#[test]
fn a_project_admin_beside_a_namespace_admin_is_not_confined() {
    let world = World::new();
    let roles = json!([
        binding("NAMESPACE_ADMIN", &["a"]),
        in_project("PROJECT_ADMIN")
    ]);
    let both = world.caller("both@example.com", &[], &roles);
    assert_eq!(world.names(&both, WORKLOADS), EVERYTHING);
    assert_eq!(world.names(&both, NAMESPACES), ["a", "b", "c"]);
    both.post(WORKLOADS, &workload("in-b", Some("c")))
        .send()
        .expect(200);
    both.delete(&format!("{WORKLOADS}/in-none"))
        .send()
        .expect(200);
    // What neither of them may, both of them may not.
    world
        .desk
        .refuse(both.delete(&format!("{NAMESPACES}/a")), 403);
}

#[test]
fn roles_of_a_user_and_of_groups_add_up() {
    let world = World::new();
    world.make(
        GROUPS,
        &group("admins", &json!([binding("NAMESPACE_ADMIN", &["b"])])),
    );
    world.make(
        GROUPS,
        &group(
            "readers",
            &json!([binding("NAMESPACE_READ_ONLY", &["b", "c"])]),
        ),
    );
    let roles = json!([binding("NAMESPACE_READ_ONLY", &["a"])]);
    let caller = world.caller("x@example.com", &["admins", "readers"], &roles);
    assert_eq!(world.names(&caller, WORKLOADS), ["in-a", "in-b", "in-c"]);
    let publish = |name: &str| caller.ask("POST", &format!("{WORKLOADS}/{name}/publish"));
    publish("in-b").send().expect(200);
    for reading in ["in-a", "in-c"] {
        world.desk.refuse(publish(reading), 403);
    }
}

#[test]
fn membership_counts_from_the_next_request_and_as_long_as_it_lasts() {
    let world = World::new();
    world.make(
        GROUPS,
        &group("team", &json!([binding("NAMESPACE_ADMIN", &["a"])])),
    );
    let caller = world.caller("x@example.com", &[], &json!([]));
    let path = format!("{WORKLOADS}/in-a");
    world.desk.refuse(caller.get(&path), 403);
    let join = |groups: &[&str]| world.make(USERS, &user("x@example.com", groups, &json!([])));
    join(&["team"]);
    caller.get(&path).send().expect(200);
    // The group's namespaces change under its members.
    world.make(
        GROUPS,
        &group("team", &json!([binding("NAMESPACE_ADMIN", &["b"])])),
    );
    world.desk.refuse(caller.get(&path), 404);
    caller
        .delete(&format!("{WORKLOADS}/in-b"))
        .send()
        .expect(200);
    join(&[]);
    world.desk.refuse(caller.get(&path), 403);
}

#[test]
fn what_is_taken_away_is_gone_with_the_next_request_of_the_same_key() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_ADMIN", &["a", "b"]);
    let login = "bound-namespace-admin@example.com";
    let become_ = |roles: Value| world.make(USERS, &user(login, &[], &roles));
    let write =
        |name: &str, namespace: &str| caller.post(WORKLOADS, &workload(name, Some(namespace)));
    write("in-b", "b").send().expect(200);
    become_(json!([binding("NAMESPACE_ADMIN", &["a"])]));
    world
        .desk
        .refuse(caller.get(&format!("{WORKLOADS}/in-b")), 404);
    world.desk.refuse(write("new", "b"), 403);
    write("in-a", "a").send().expect(200);
    become_(json!([binding("NAMESPACE_READ_ONLY", &["a"])]));
    world.desk.refuse(write("in-a", "a"), 403);
    caller.get(&format!("{WORKLOADS}/in-a")).send().expect(200);
    become_(json!([]));
    for path in [WORKLOADS, NAMESPACES, fixtures::PROJECTS] {
        world.desk.refuse(caller.get(path), 403);
    }
}

#[test]
fn whatever_the_role_it_ends_at_the_namespaces_that_its_binding_names() {
    let world = World::new();
    for role in ["ADMIN", "PROJECT_ADMIN", "WORKSPACE_ADMIN"] {
        let caller = world.bound(role, &["a"]);
        assert_eq!(world.names(&caller, WORKLOADS), ["in-a"], "{role}");
        let write = caller.post(WORKLOADS, &workload("in-a", Some("a")));
        write.send().expect(200);
        for refused in [
            caller.get(USERS),
            caller.get(&fixtures::clusters(DEFAULT)),
            caller.post(WORKLOADS, &workload("new", Some("b"))),
            caller.get("/apis/system.k8smgmt.io/v3/auditlogs"),
        ] {
            assert!(matches!(refused.send().status(), 403), "{role}");
        }
    }
}

#[test]
fn a_custom_role_goes_by_its_base_and_by_the_namespaces_of_its_binding() {
    let world = World::new();
    let deployer = custom_role("deployer", "NAMESPACE_READ_ONLY", &["workload.write"]);
    world.make(CUSTOM_ROLES, &deployer);
    let reviewer = custom_role("reviewer", "PROJECT_READ_ONLY", &[]);
    world.make(CUSTOM_ROLES, &reviewer);

    let deployer = world.caller("d@example.com", &[], &json!([binding("deployer", &["a"])]));
    let write = deployer.post(WORKLOADS, &workload("in-a", Some("a")));
    write.send().expect(200);
    world
        .desk
        .refuse(deployer.get(&format!("{WORKLOADS}/in-b")), 404);
    let loose = world.caller("l@example.com", &[], &json!([in_project("deployer")]));
    world.desk.refuse(loose.get(WORKLOADS), 403);

    let reviewer = world.caller("r@example.com", &[], &json!([binding("reviewer", &["b"])]));
    assert_eq!(world.names(&reviewer, WORKLOADS), ["in-b"]);
    world
        .desk
        .refuse(reviewer.get(&fixtures::clusters(DEFAULT)), 403);
    let whole = world.caller("w@example.com", &[], &json!([in_project("reviewer")]));
    assert_eq!(world.names(&whole, WORKLOADS), EVERYTHING);

    // What the role is made of counts from the next request, too.
    let less = custom_role("deployer", "NAMESPACE_READ_ONLY", &[]);
    world.make(CUSTOM_ROLES, &less);
    let write = deployer.post(WORKLOADS, &workload("in-a", Some("a")));
    world.desk.refuse(write, 403);
}

#[test]
fn custom_roles_that_v1_binds_to_a_group_count_for_its_members() {
    let world = World::new();
    let deployer = custom_role("deployer", "NAMESPACE_READ_ONLY", &["workload.write"]);
    world.make(CUSTOM_ROLES, &deployer);
    let made = world.make(GROUPS, &group("team", &json!([])));
    let path = format!("/auth/v1/groups/{}/roles/", made.text_at("/metadata/id"));
    let caller = world.caller("x@example.com", &["team"], &json!([]));
    let bind = |name: &str, namespace: &str| {
        let binding = json!({
            "customRole": {"name": name}, "project": {"name": DEFAULT}, "namespaces": [namespace],
        });
        world
            .admin()
            .put(&path, &json!({"custom_roles": [binding]}))
    };
    for (name, namespace, at) in [
        ("nobody", "a", "/custom_roles/0/customRole/name"),
        ("PROJECT_ADMIN", "a", "/custom_roles/0/customRole/name"),
        ("deployer", "nowhere", "/custom_roles/0/namespaces/0"),
    ] {
        let refused = world.desk.refuse(bind(name, namespace), 400);
        assert_eq!(refused.pointers(), [at], "{refused}");
    }
    world.desk.refuse(caller.get(WORKLOADS), 403);
    bind("deployer", "a").send().expect(200);
    assert_eq!(world.names(&caller, WORKLOADS), ["in-a"]);
    let write = || caller.post(WORKLOADS, &workload("in-a", Some("a")));
    write().send().expect(200);
    let shown = world
        .admin()
        .get(&format!("{GROUPS}/team"))
        .send()
        .expect(200);
    assert_eq!(
        shown.text_at("/spec/customRoles/0/customRole/name"),
        "deployer"
    );
    // Both are held by the binding, and it goes with the list that has it.
    let role = format!("{CUSTOM_ROLES}/deployer");
    world.desk.refuse(world.admin().delete(&role), 409);
    world
        .admin()
        .put(&path, &json!({"roles": []}))
        .send()
        .expect(200);
    world.desk.refuse(write(), 403);
    world.admin().delete(&role).send().expect(200);
}
