//! What somebody with a role of namespaces sees, in every version.

use rafay_mock_server::Role;
use rafay_tests::Caller;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, V1_PROJECTS};
use serde_json::{Value, json};

use crate::world::{NAMESPACES, WORKLOADS, World, binding, workload};

/// The lists of workloads in every version.
const LISTS: [&str; 3] = [
    WORKLOADS,
    "/v2/config/project/{}/workload",
    "/config/v1/projects/{}/workloads/",
];

/// The lists of namespaces in every version.
const NAMESPACE_LISTS: [&str; 3] = [
    NAMESPACES,
    "/v2/config/project/{}/namespace",
    "/config/v1/projects/{}/namespaces/",
];

#[test]
fn lists_of_every_version_show_what_lies_in_ones_own_namespaces() {
    let world = World::new();
    for role in ["NAMESPACE_ADMIN", "NAMESPACE_READ_ONLY"] {
        let caller = world.bound(role, &["a", "c"]);
        for list in LISTS {
            assert_eq!(
                world.names(&caller, list),
                ["in-a", "in-c"],
                "{role} {list}"
            );
            let all = world.names(&world.admin(), list);
            assert_eq!(all, ["in-a", "in-b", "in-c", "in-none"], "{list}");
        }
        for list in NAMESPACE_LISTS {
            assert_eq!(world.names(&caller, list), ["a", "c"], "{role} {list}");
        }
    }
}

#[test]
fn a_page_counts_only_what_is_shown() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_READ_ONLY", &["a", "c"]);
    for name in ["extra-1", "extra-2"] {
        world.make(WORKLOADS, &workload(name, Some("c")));
    }
    let count = |path: &str, at: &str| {
        let page = caller.get(&world.path(path)).send().expect(200).json();
        page.pointer(at).cloned()
    };
    assert_eq!(count(WORKLOADS, "/metadata/count"), Some(json!(4)));
    assert_eq!(count(LISTS[1], "/metadata/count"), Some(json!(4)));
    assert_eq!(count(LISTS[2], "/count"), Some(json!(4)));
    assert_eq!(count(NAMESPACES, "/metadata/count"), Some(json!(2)));
    let page = |query: &str| world.names(&caller, &format!("{WORKLOADS}{query}"));
    assert_eq!(page("?limit=2"), ["extra-1", "extra-2"]);
    assert_eq!(page("?limit=2&offset=2"), ["in-a", "in-c"]);
    assert_eq!(page("?offset=4"), [""; 0]);
    // No filter and no order shows more.
    let v1 = |query: &str| world.names(&caller, &format!("{}{query}", LISTS[2]));
    assert_eq!(v1("?name=in-b"), [""; 0]);
    assert_eq!(v1("?q=in-"), ["in-a", "in-c"]);
    assert_eq!(v1("?order=DESC&limit=2"), ["in-c", "in-a"]);
    let spaces = |query: &str| world.names(&caller, &format!("{}{query}", NAMESPACE_LISTS[2]));
    assert_eq!(spaces("?name=b"), [""; 0]);
    assert_eq!(spaces("?name=a"), ["a"]);
}

/// What a caller is told when it looks for something by the end of a path; it must not be there.
#[track_caller]
fn not_found(world: &World, caller: &Caller<'_>, path: &str, name: &str) -> String {
    let refused = world
        .desk
        .refuse(caller.get(&world.path(&path.replace("NAME", name))), 404);
    assert_eq!(refused.code(), "NOT_FOUND");
    refused.message().replace(&format!("{name:?}"), "NAME")
}

#[test]
fn what_lies_in_the_namespace_of_others_is_not_found_like_what_is_not_there() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_ADMIN", &["a"]);
    let (workload, none) = (world.id(WORKLOADS, "in-b"), world.id(WORKLOADS, "in-none"));
    let space = world.id(NAMESPACES, "b");
    let cases = [
        (format!("{WORKLOADS}/NAME"), ["in-b", "in-none", "nowhere"]),
        (
            format!("{WORKLOADS}/NAME/status"),
            ["in-b", "in-none", "nowhere"],
        ),
        (
            format!("{WORKLOADS}/NAME/artifacts"),
            ["in-b", "in-none", "nowhere"],
        ),
        (
            format!("{}/NAME", LISTS[1]),
            ["in-b", &*workload, "nowhere"],
        ),
        (format!("{}NAME/", LISTS[2]), [&*workload, &none, "zzzzzzz"]),
        (format!("{NAMESPACES}/NAME"), ["b", "c", "nowhere"]),
        (
            format!("{}/NAME", NAMESPACE_LISTS[1]),
            ["b", &*space, "nowhere"],
        ),
        (
            format!("{}NAME/", NAMESPACE_LISTS[2]),
            [&*space, &space, "zzzzzzz"],
        ),
    ];
    for (path, names) in cases {
        let told = names.map(|name| not_found(&world, &caller, &path, name));
        assert!(told.iter().all(|one| *one == told[2]), "{path}: {told:?}");
    }
    // One's own is seen under the same paths.
    for path in [
        format!("{WORKLOADS}/in-a"),
        format!("{}/in-a", LISTS[1]),
        format!("{}{}/", LISTS[2], world.id(WORKLOADS, "in-a")),
        format!("{NAMESPACES}/a"),
        format!("{}/a", NAMESPACE_LISTS[1]),
        format!("{}{}/", NAMESPACE_LISTS[2], world.id(NAMESPACES, "a")),
    ] {
        caller.get(&world.path(&path)).send().expect(200);
    }
}

#[test]
fn who_sees_it_by_another_role_is_told_that_it_is_forbidden() {
    let world = World::new();
    let roles = json!([
        {"role": {"name": "PROJECT_READ_ONLY"}, "project": {"name": DEFAULT}},
        binding("NAMESPACE_ADMIN", &["a"]),
    ]);
    let caller = world.caller("both@example.com", &[], &roles);
    assert_eq!(
        world.names(&caller, WORKLOADS),
        ["in-a", "in-b", "in-c", "in-none"]
    );
    for (name, place) in [("in-b", "the namespace \"b\""), ("in-none", "the project")] {
        let path = format!("{WORKLOADS}/{name}");
        caller.get(&path).send().expect(200);
        let refused = world.desk.refuse(caller.delete(&path), 403);
        assert!(refused.message().contains("workload.write"), "{refused}");
        assert!(refused.message().contains(place), "{refused}");
    }
    caller
        .delete(&format!("{WORKLOADS}/in-a"))
        .send()
        .expect(200);
    // What neither role lets it see, nobody can tell from what is not there.
    let other = world.bound("NAMESPACE_ADMIN", &["a"]);
    world
        .desk
        .refuse(other.delete(&format!("{WORKLOADS}/in-b")), 404);
}

#[test]
fn the_project_around_a_namespace_is_seen_and_nothing_else() {
    let world = World::new();
    world.make(PROJECTS, &fixtures::project("other"));
    let caller = world.bound("NAMESPACE_ADMIN", &["a"]);
    assert_eq!(world.names(&caller, PROJECTS), [DEFAULT]);
    assert_eq!(world.names(&caller, V1_PROJECTS), [DEFAULT]);
    let path = fixtures::project_path(DEFAULT);
    let project = caller.get(&path).send().expect(200).json();
    caller.get(&format!("{path}/status")).send().expect(200);
    caller
        .get(&world.path(&format!("{V1_PROJECTS}{{}}/")))
        .send()
        .expect(200);
    for refused in [
        caller.get(&fixtures::project_path("other")),
        caller.put(&path, &project),
        caller.delete(&path),
        caller.post(PROJECTS, &fixtures::project("mine")),
        caller.get(&fixtures::clusters(DEFAULT)),
        caller.get(&fixtures::blueprints(DEFAULT)),
        caller.get("/apis/integrations.k8smgmt.io/v3/projects/defaultproject/repositories"),
        caller.get("/apis/system.k8smgmt.io/v3/users"),
        caller.get(&WORKLOADS.replace(DEFAULT, "other")),
        caller.get(&WORKLOADS.replace(DEFAULT, "nowhere")),
    ] {
        world.desk.refuse(refused, 403);
    }
    // Both kinds of binding show their projects, each once.
    let roles = json!([
        {"role": {"name": "INFRA_READ_ONLY"}, "project": {"name": "other"}},
        binding("NAMESPACE_ADMIN", &["a"]),
        binding("NAMESPACE_READ_ONLY", &["b"]),
    ]);
    let caller = world.caller("more@example.com", &[], &roles);
    assert_eq!(world.names(&caller, PROJECTS), [DEFAULT, "other"]);
}

#[test]
fn the_ready_made_callers_work_in_the_namespace_that_every_cluster_has() {
    let world = World::new();
    let admin = world.desk.role(Role::NamespaceAdmin);
    let made = admin.post(WORKLOADS, &workload("mine", Some("default")));
    made.send().expect(200);
    for role in [Role::NamespaceAdmin, Role::NamespaceReadOnly] {
        let caller = world.desk.role(role);
        assert_eq!(world.names(&caller, WORKLOADS), ["mine"]);
        assert_eq!(world.names(&caller, NAMESPACES), [""; 0]);
    }
    let roles: Value = world
        .admin()
        .get("/auth/v1/roles/?limit=1000&name=NAMESPACE_ADMIN")
        .send()
        .expect(200)
        .json();
    assert_eq!(roles["results"][0]["scope"], "NAMESPACE");
}
