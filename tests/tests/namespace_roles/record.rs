//! Which role is on record for what somebody did in a namespace.

use rafay_tests::fixtures::{self, DEFAULT};
use serde_json::json;

use crate::world::{GROUPS, NAMESPACES, WORKLOADS, World, binding, group, workload};

/// The role of the last record, and whether the call went well.
fn last(world: &World) -> (Option<String>, bool) {
    let record = world.desk.controller().audit().pop().unwrap();
    (record.role().map(str::to_owned), record.succeeded())
}

#[test]
fn a_record_names_the_role_that_counts_in_the_namespace() {
    let world = World::new();
    world.make(
        GROUPS,
        &group("team", &json!([binding("NAMESPACE_READ_ONLY", &["b"])])),
    );
    let roles = json!([binding("NAMESPACE_ADMIN", &["a"])]);
    let caller = world.caller("x@example.com", &["team"], &roles);
    let (admin, reader) = (
        (Some("NAMESPACE_ADMIN".to_owned()), true),
        (Some("NAMESPACE_READ_ONLY".to_owned()), true),
    );
    for (path, expected) in [
        (format!("{WORKLOADS}/in-a"), &admin),
        (format!("{WORKLOADS}/in-b"), &reader),
        (format!("{NAMESPACES}/a"), &admin),
        (format!("{NAMESPACES}/b"), &reader),
        // The first of those that let it see any.
        (WORKLOADS.to_owned(), &admin),
        (NAMESPACES.to_owned(), &admin),
        (fixtures::project_path(DEFAULT), &admin),
        (fixtures::PROJECTS.to_owned(), &admin),
    ] {
        caller.get(&path).send().expect(200);
        assert_eq!(last(&world), *expected, "{path}");
    }
    let write = caller.post(WORKLOADS, &workload("in-a", Some("a")));
    write.send().expect(200);
    assert_eq!(last(&world), admin);
    caller
        .delete(&format!("{WORKLOADS}/in-a"))
        .send()
        .expect(200);
    assert_eq!(last(&world), admin);
}

#[test]
fn a_role_that_counts_elsewhere_is_not_on_record() {
    let world = World::new();
    let caller = world.bound("NAMESPACE_ADMIN", &["a"]);
    for (refused, status) in [
        (caller.get(&format!("{WORKLOADS}/in-b")), 404),
        (caller.get(&format!("{WORKLOADS}/nowhere")), 404),
        (caller.post(WORKLOADS, &workload("new", Some("b"))), 403),
        (caller.post(WORKLOADS, &workload("in-b", Some("a"))), 403),
        (caller.delete(&format!("{NAMESPACES}/a")), 403),
        (caller.get(&fixtures::clusters(DEFAULT)), 403),
    ] {
        world.desk.refuse(refused, status);
        assert_eq!(last(&world), (None, false));
    }
}

#[test]
fn a_role_of_the_whole_project_comes_before_those_of_namespaces() {
    let world = World::new();
    let roles = json!([
        binding("NAMESPACE_ADMIN", &["a"]),
        {"role": {"name": "PROJECT_READ_ONLY"}, "project": {"name": DEFAULT}},
    ]);
    let caller = world.caller("x@example.com", &[], &roles);
    caller.get(&format!("{WORKLOADS}/in-a")).send().expect(200);
    let reading = Some("PROJECT_READ_ONLY".to_owned());
    assert_eq!(last(&world), (reading, true));
    let write = caller.post(WORKLOADS, &workload("in-a", Some("a")));
    write.send().expect(200);
    let writing = Some("NAMESPACE_ADMIN".to_owned());
    assert_eq!(last(&world), (writing, true));
}
