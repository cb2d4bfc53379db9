//! What somebody with a role of namespaces may make, change and move, in every version.

use rafay_tests::{Answer, Ask};
use serde_json::{Value, json};

use crate::world::{CUSTOM_ROLES, USERS, user};
use crate::world::{NAMESPACES, WORKLOADS, World, binding, custom_role, namespace, workload};

const V2: &str = "/v2/config/project/{}/workload";
const V1: &str = "/config/v1/projects/{}/workloads/";

fn v2(name: &str, namespace: Option<&str>) -> Value {
    let mut object = json!({"metadata": {"name": name}, "spec": {"version": "v1"}});
    if let Some(namespace) = namespace {
        object["spec"]["namespace"] = namespace.into();
    }
    object
}

fn v1(name: &str, namespace: Option<&str>) -> Value {
    let mut object = json!({"name": name});
    if let Some(namespace) = namespace {
        object["namespace"] = namespace.into();
    }
    object
}

#[test]
fn workloads_are_made_published_changed_and_deleted_in_ones_own_namespace() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_ADMIN", &["a"]);
    let gone = |path: &str| world.desk.refuse(caller.get(path), 404);

    let path = format!("{WORKLOADS}/three");
    let mut object = workload("three", Some("a"));
    caller.post(WORKLOADS, &object).send().expect(200);
    object["spec"]["version"] = "v2".into();
    caller.post(WORKLOADS, &object).send().expect(200);
    object["spec"]["version"] = "v3".into();
    caller.put(&path, &object).send().expect(200);
    for action in ["publish", "unpublish"] {
        let act = caller.ask("POST", &format!("{path}/{action}"));
        act.send().expect(200);
    }
    caller.delete(&path).send().expect(200);
    gone(&path);

    let list = world.path(V2);
    let path = format!("{list}/two");
    caller.post(&list, &v2("two", Some("a"))).send().expect(200);
    caller.put(&path, &v2("two", Some("a"))).send().expect(200);
    let publish = caller.post(&format!("{path}/publish"), &json!({}));
    publish.send().expect(200);
    caller.delete(&path).send().expect(200);
    gone(&path);

    let list = world.path(V1);
    let made = caller.post(&list, &v1("one", Some("a"))).send().expect(201);
    let path = format!("{list}{}/", made.text_at("/id"));
    caller.put(&path, &v1("one", Some("a"))).send().expect(200);
    let publish = caller.post(&format!("{path}publish/"), &json!({}));
    publish.send().expect(200);
    caller.delete(&path).send().expect(204);
    gone(&path);
}

#[test]
fn a_reader_of_a_namespace_changes_nothing_in_it() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_READ_ONLY", &["a"]);
    let path = format!("{WORKLOADS}/in-a");
    let object = workload("in-a", Some("a"));
    for refused in [
        caller.post(WORKLOADS, &object),
        caller.put(&path, &object),
        caller.delete(&path),
        caller.ask("POST", &format!("{path}/publish")),
        caller.post(&world.path(V2), &v2("two", Some("a"))),
        caller.post(&world.path(V1), &v1("one", Some("a"))),
    ] {
        let refused = world.desk.refuse(refused, 403);
        assert!(refused.message().contains("workload.write"), "{refused}");
    }
}

/// A refusal to put something into a namespace, without the name of it.
#[track_caller]
fn kept_out(world: &World, ask: Ask<'_>, pointer: &str, namespace: Option<&str>) -> String {
    let refused: Answer = world.desk.refuse(ask, 403);
    assert_eq!(refused.code(), "FORBIDDEN");
    let body = refused.json();
    assert_eq!(body["details"][0]["pointer"], pointer, "{body}");
    let told = refused.message();
    assert!(told.contains("workload.write"), "{told}");
    namespace.map_or(told.clone(), |name| {
        told.replace(&format!("{name:?}"), "NAME")
    })
}

#[test]
fn nothing_is_put_into_a_namespace_of_others() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_ADMIN", &["a"]);
    let (v2_list, v1_list) = (world.path(V2), world.path(V1));
    let mine = format!("{v1_list}{}/", world.id(WORKLOADS, "in-a"));
    // Whether there is a namespace of that name is not told.
    let told = ["b", "nowhere", "default"].map(|name| {
        let there = Some(name);
        [
            kept_out(
                &world,
                caller.post(WORKLOADS, &workload("new", there)),
                "/spec/namespace",
                there,
            ),
            kept_out(
                &world,
                caller.post(&v2_list, &v2("new", there)),
                "/spec/namespace",
                there,
            ),
            kept_out(
                &world,
                caller.post(&v1_list, &v1("new", there)),
                "/namespace",
                there,
            ),
            // Nor is what is one's own moved there.
            kept_out(
                &world,
                caller.post(WORKLOADS, &workload("in-a", there)),
                "/spec/namespace",
                there,
            ),
            kept_out(
                &world,
                caller.put(&format!("{WORKLOADS}/in-a"), &workload("in-a", there)),
                "/spec/namespace",
                there,
            ),
            kept_out(
                &world,
                caller.put(&format!("{v2_list}/in-a"), &v2("in-a", there)),
                "/spec/namespace",
                there,
            ),
            kept_out(
                &world,
                caller.put(&mine, &v1("in-a", there)),
                "/namespace",
                there,
            ),
        ]
    });
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
    // Neither out of all of them.
    kept_out(
        &world,
        caller.post(WORKLOADS, &workload("new", None)),
        "/spec/namespace",
        None,
    );
    kept_out(
        &world,
        caller.put(&mine, &v1("in-a", None)),
        "/namespace",
        None,
    );
}

#[test]
fn nothing_is_taken_from_a_namespace_of_others() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_ADMIN", &["a"]);
    let path = format!("{WORKLOADS}/in-b");
    let v1_path = world.path(&format!("{V1}{}/", world.id(WORKLOADS, "in-b")));
    let v2_path = world.path(&format!("{V2}/in-b"));
    for hidden in [
        caller.put(&path, &workload("in-b", Some("a"))),
        caller.delete(&path),
        caller.ask("POST", &format!("{path}/publish")),
        caller.put(&v2_path, &v2("in-b", Some("a"))),
        caller.delete(&v2_path),
        caller.put(&v1_path, &v1("in-b", Some("a"))),
        caller.delete(&v1_path),
    ] {
        world.desk.refuse(hidden, 404);
    }
    // A name is one in the whole project, so much is told.
    let refused = world
        .desk
        .refuse(caller.post(WORKLOADS, &workload("in-b", Some("a"))), 403);
    assert!(!refused.message().contains("\"b\""), "{refused}");
    let taken = caller.post(&world.path(V2), &v2("in-b", Some("a")));
    world.desk.refuse(taken, 409);
    let taken = caller.post(&world.path(V1), &v1("in-b", Some("a")));
    world.desk.refuse(taken, 409);
}

#[test]
fn between_ones_own_namespaces_a_workload_moves_where_both_roles_let_it() {
    let world = World::new();
    let roles = json!([
        binding("NAMESPACE_ADMIN", &["a", "b"]),
        binding("NAMESPACE_READ_ONLY", &["c"]),
    ]);
    let caller = world.caller("mover@example.com", &[], &roles);
    assert_eq!(world.names(&caller, WORKLOADS), ["in-a", "in-b", "in-c"]);
    let moved = caller.post(WORKLOADS, &workload("in-a", Some("b")));
    moved.send().expect(200);
    let path = world.path(&format!("{V1}{}/", world.id(WORKLOADS, "in-a")));
    caller.put(&path, &v1("in-a", Some("a"))).send().expect(200);
    // Into the one that it may only read, and out of it.
    let refused = world
        .desk
        .refuse(caller.post(WORKLOADS, &workload("in-a", Some("c"))), 403);
    assert_eq!(refused.json()["details"][0]["pointer"], "/spec/namespace");
    let refused = world
        .desk
        .refuse(caller.post(WORKLOADS, &workload("in-c", Some("a"))), 403);
    assert!(refused.message().contains("\"c\""), "{refused}");
}

#[test]
fn a_namespace_itself_is_changed_by_those_alone_who_may_write_it_there() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_ADMIN", &["a"]);
    let path = format!("{NAMESPACES}/a");
    for refused in [
        caller.post(NAMESPACES, &namespace("a")),
        caller.post(NAMESPACES, &namespace("mine")),
        caller.put(&path, &namespace("a")),
        caller.delete(&path),
        caller.ask("POST", &format!("{path}/publish")),
    ] {
        let refused = world.desk.refuse(refused, 403);
        assert!(refused.message().contains("namespace.write"), "{refused}");
    }
    let keeper = custom_role(
        "keeper",
        "NAMESPACE_ADMIN",
        &["namespace.write", "project.write"],
    );
    world.make(CUSTOM_ROLES, &keeper);
    let roles = json!([binding("keeper", &["a"])]);
    let keeper = world.caller("keeper@example.com", &[], &roles);
    let mut changed = namespace("a");
    changed["metadata"]["description"] = "kept well".into();
    keeper.post(NAMESPACES, &changed).send().expect(200);
    keeper.put(&path, &changed).send().expect(200);
    let publish = keeper.ask("POST", &format!("{path}/publish"));
    publish.send().expect(200);
    // Another one is none of its business, nor is the project.
    world
        .desk
        .refuse(keeper.put(&format!("{NAMESPACES}/b"), &namespace("b")), 404);
    let refused = world
        .desk
        .refuse(keeper.post(NAMESPACES, &namespace("mine")), 403);
    assert_eq!(refused.json()["details"][0]["pointer"], "/metadata/name");
    let project = rafay_tests::fixtures::project_path("defaultproject");
    world.desk.refuse(keeper.delete(&project), 403);
    // Its own one is held by the binding, as long as that is there, and by what lies in it.
    world
        .admin()
        .delete(&format!("{WORKLOADS}/in-a"))
        .send()
        .expect(200);
    world.desk.refuse(keeper.delete(&path), 409);
    world.make(USERS, &user("keeper@example.com", &[], &json!([])));
    world.desk.refuse(keeper.delete(&path), 403);
}
