//! Roles: those of one's own are sets of permissions, bound like the built-in ones.

use rafay_tests::fixtures::{self, PROJECTS};
use serde_json::json;

use crate::world::{World, bound, example, item, list};

#[test]
fn a_role_of_ones_own_allows_what_it_lists_and_nothing_else() {
    let world = World::with(&["Workload", "Role"]);
    let key = world.member("a@example.com", &[], &bound("deployer"));
    let caller = world.desk.caller(key);
    for kind in ["Cluster", "Blueprint", "Workload"] {
        caller.get(&list(kind)).send().expect(200);
    }
    let path = format!("{}/publish", item("Workload", "checkout"));
    caller.ask("POST", &path).send().expect(200);
    for kind in ["Namespace", "Pipeline", "Credentials"] {
        world.desk.refuse(caller.get(&list(kind)), 403);
    }
    world
        .desk
        .refuse(caller.post(&list("Cluster"), &fixtures::cluster("c")), 403);
}

#[test]
fn a_permission_taken_out_of_a_role_is_gone_at_the_next_request() {
    let world = World::with(&["Role"]);
    let key = world.member("a@example.com", &[], &bound("deployer"));
    let caller = world.desk.caller(key);
    caller.get(&list("Cluster")).send().expect(200);
    let mut role = example("Role");
    role["spec"]["permissions"] = json!(["project.read"]);
    world.apply("Role", &role);
    world.desk.refuse(caller.get(&list("Cluster")), 403);
    role["spec"]["permissions"] = json!(["project.read", "cluster.read", "cluster.write"]);
    world.apply("Role", &role);
    caller
        .post(&list("Cluster"), &fixtures::cluster("c"))
        .send()
        .expect(200);
}

#[test]
fn a_custom_role_adds_to_its_base_in_the_project_it_is_bound_in() {
    let world = World::with(&["CustomRole"]);
    world
        .admin()
        .post(PROJECTS, &fixtures::project("other"))
        .send()
        .expect(200);
    let key = world.member("a@example.com", &[], &bound("release-manager"));
    let caller = world.desk.caller(key);
    // From the base, which reads.
    caller.get(&list("Cluster")).send().expect(200);
    world
        .desk
        .refuse(caller.post(&list("Namespace"), &example("Namespace")), 403);
    // Of its own.
    let workload = json!({
        "apiVersion": "apps.k8smgmt.io/v3", "kind": "Workload", "metadata": {"name": "w"},
        "spec": {"namespace": "default", "artifact": {"type": "Yaml", "artifact": {"paths": []}}},
    });
    caller.post(&list("Workload"), &workload).send().expect(200);
    let elsewhere = list("Workload").replace("defaultproject", "other");
    world.desk.refuse(caller.get(&elsewhere), 403);
}

#[test]
fn a_role_reaches_members_through_their_group() {
    let world = World::with(&["Group"]);
    let key = world.member("a@example.com", &["platform-team"], &json!([]));
    let caller = world.desk.caller(key);
    let pipelines = list("Pipeline");
    // The group binds a role that is not made yet; it counts as soon as it is.
    world.desk.refuse(caller.get(&pipelines), 403);
    world.make("CustomRole");
    caller.get(&pipelines).send().expect(200);
    world
        .admin()
        .delete(&item("CustomRole", "release-manager"))
        .send()
        .expect(200);
    world.desk.refuse(caller.get(&pipelines), 403);
    caller.get(&list("Cluster")).send().expect(200);
}

#[test]
fn a_role_named_like_a_built_in_one_takes_nothing_over() {
    let world = World::empty();
    let mut role = example("Role");
    role["metadata"]["name"] = "PROJECT_READ_ONLY".into();
    role["spec"]["permissions"] = json!(["cluster.write"]);
    world.admin().post(&list("Role"), &role).send();
    let key = world.member("a@example.com", &[], &bound("PROJECT_READ_ONLY"));
    let caller = world.desk.caller(key);
    world
        .desk
        .refuse(caller.post(&list("Cluster"), &fixtures::cluster("c")), 403);
}

#[test]
fn who_may_not_write_roles_cannot_widen_his_own() {
    let world = World::with(&["Role"]);
    let key = world.member("a@example.com", &[], &bound("deployer"));
    let caller = world.desk.caller(key);
    let mut role = example("Role");
    role["spec"]["permissions"] = json!(["cluster.write", "user.write"]);
    world.desk.refuse(caller.post(&list("Role"), &role), 403);
    world.desk.refuse(caller.get(&list("Role")), 403);
}
