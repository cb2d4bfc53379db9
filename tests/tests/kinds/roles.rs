//! Roles: those of one's own are sets of permissions, bound like the built-in ones.

use rafay_mock_server::Role;
use rafay_tests::fixtures::{self, PROJECTS};
use rafay_tests::spec;
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
fn a_role_reaches_members_through_their_group_and_stays_while_it_is_bound() {
    let world = World::with(&["Group"]);
    let key = world.member("a@example.com", &["platform-team"], &json!([]));
    let caller = world.desk.caller(key);
    let pipelines = list("Pipeline");
    caller.get(&pipelines).send().expect(200);
    let role = item("CustomRole", "release-manager");
    let refused = world.desk.refuse(world.admin().delete(&role), 409);
    let told = refused.message();
    assert!(told.contains("Group \"platform-team\""), "{told}");
    let mut group = example("Group");
    group["spec"]["roles"] = bound("INFRA_ADMIN");
    world.apply("Group", &group);
    world.admin().delete(&role).send().expect(200);
    world.desk.refuse(caller.get(&pipelines), 403);
    caller.get(&list("Cluster")).send().expect(200);
}

#[test]
fn a_role_that_nobody_has_is_refused_where_it_is_bound() {
    let world = World::with(&["Role", "CustomRole"]);
    let user = |role: &str| {
        json!({
            "apiVersion": "system.k8smgmt.io/v3", "kind": "User", "metadata": {"name": "a@example.com"},
            "spec": {"roles": bound("INFRA_ADMIN").as_array().unwrap().iter().chain(bound(role).as_array().unwrap()).collect::<Vec<_>>()},
        })
    };
    for role in ["PROJECT_ADMN", "DATA_SCIENTIST", "deployers"] {
        let refused = world
            .desk
            .refuse(world.admin().post(&list("User"), &user(role)), 400);
        assert_eq!(refused.code(), "UNKNOWN_REFERENCE");
        assert_eq!(refused.pointers(), ["/spec/roles/1/role/name"], "{refused}");
        let group = json!({
            "apiVersion": "system.k8smgmt.io/v3", "kind": "Group", "metadata": {"name": "g"},
            "spec": {"roles": bound(role)},
        });
        world
            .desk
            .refuse(world.admin().post(&list("Group"), &group), 400);
    }
    for role in ["PROJECT_ADMIN", "deployer", "release-manager"] {
        world.apply("User", &user(role));
    }
    // Bound are the built-in role and the custom one; the role that is bound no more may go.
    let delete = |kind: &str, name: &str| world.admin().delete(&item(kind, name));
    delete("Role", "deployer").send().expect(200);
    world
        .desk
        .refuse(delete("CustomRole", "release-manager"), 409);
    world
        .admin()
        .delete(&item("User", "a@example.com"))
        .send()
        .expect(200);
    delete("CustomRole", "release-manager").send().expect(200);
}

/// The built-in roles that accounts of organizations may have.
fn of_organizations() -> impl Iterator<Item = &'static Role> {
    Role::ALL.iter().filter(|role| !role.is_of_partner())
}

#[test]
fn built_in_roles_are_listed_and_nobody_changes_them() {
    let world = World::with(&["Role"]);
    let names = world.names("Role");
    for role in of_organizations() {
        assert!(names.iter().any(|name| name == role.as_str()), "{role:?}");
    }
    assert_eq!(
        names.len(),
        of_organizations().count() + 1,
        "and the organization's own"
    );
    let permissions = world.at("Role", "FINOPS_ADMIN", "/spec/permissions");
    assert!(
        permissions
            .as_array()
            .unwrap()
            .contains(&json!("costprofile.read"))
    );

    let page = world.read("/auth/v1/roles/?limit=1000&name=PROJECT_ADMIN");
    let shown = &page["results"][0];
    assert_eq!(
        (&shown["name"], &shown["is_global"], &shown["scope"]),
        (&json!("PROJECT_ADMIN"), &json!(true), &json!("PROJECT"))
    );
    let id = shown["id"].as_str().unwrap();
    let found = world.read(&format!("/auth/v1/roles/{id}/"));
    assert_eq!(found["name"], "PROJECT_ADMIN");

    let admin = world.admin();
    let path = item("Role", "PROJECT_ADMIN");
    let mut role = world.get("Role", "PROJECT_ADMIN");
    admin.post(&list("Role"), &role).send().expect(200);
    role["spec"]["permissions"] = json!(["user.write"]);
    for ask in [
        admin.post(&list("Role"), &role),
        admin.put(&path, &role),
        admin.delete(&path),
    ] {
        let refused = world.desk.refuse(ask, 409);
        assert_eq!(refused.code(), "BUILT_IN");
    }
    assert_eq!(world.names("Role"), names);
}

#[test]
fn what_a_custom_role_may_start_from_is_what_there_is() {
    let documents = &spec().documents;
    let v3 = documents.iter().find(|document| document.version == "v3");
    let base = "/components/schemas/CustomRoleSpec/properties/baseRole/enum";
    let offered = v3.unwrap().json.pointer(base).unwrap();
    let known: Vec<&str> = of_organizations().map(|role| role.as_str()).collect();
    assert_eq!(*offered, json!(known));
}

#[test]
fn a_role_named_like_a_built_in_one_is_refused() {
    let world = World::empty();
    for kind in ["Role", "CustomRole"] {
        let mut role = example(kind);
        role["metadata"]["name"] = "PROJECT_READ_ONLY".into();
        role["spec"]["permissions"] = json!(["cluster.write"]);
        let refused = world
            .desk
            .refuse(world.admin().post(&list(kind), &role), 409);
        assert_eq!(refused.code(), "BUILT_IN");
    }
    let key = world.member("a@example.com", &[], &bound("PROJECT_READ_ONLY"));
    let caller = world.desk.caller(key);
    world
        .desk
        .refuse(caller.post(&list("Cluster"), &fixtures::cluster("c")), 403);
}

#[test]
fn an_auditor_sees_who_may_do_what_and_no_cluster() {
    let world = World::empty();
    let auditor = world.role(Role::AuditorAdmin);
    for kind in ["User", "Group", "Role", "CustomRole"] {
        auditor.get(&list(kind)).send().expect(200);
    }
    world.desk.refuse(auditor.get(&list("Cluster")), 403);
    world
        .desk
        .refuse(auditor.post(&list("Role"), &example("Role")), 403);
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
