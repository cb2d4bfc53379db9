//! Every operation as every role, judged by the rule that `roles.yaml` and the documents give; and what the rule
//! means for single callers.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use rafay_mock_server::Role;
use rafay_spec::{Permission, Scope};
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, USERS, V1_PROJECTS};
use rafay_tests::{
    Caller, Desk, Sample, Target, World, answered, is_hidden, may, operation, operations, spec,
};
use serde_json::{Value, json};

fn ask<'d>(caller: &Caller<'d>, method: &str, sample: &Sample) -> rafay_tests::Ask<'d> {
    let ask = caller.ask(method, &sample.path);
    match &sample.body {
        Some(body) => ask.json(body),
        None => ask,
    }
}

/// The roles that may not do everything.
fn without_all_rights() -> impl Iterator<Item = &'static Role> {
    let all = Role::ALL.iter();
    all.filter(|role| !role.is_of_partner() && **role != Role::Admin)
}

/// The role as the mock has it.
fn known(role: &rafay_spec::Role) -> Role {
    Role::from_name(&role.name).unwrap()
}

#[test]
fn every_operation_a_role_may_do_succeeds_in_its_reach() {
    let desk = Desk::new();
    let world = World::make(&desk);
    for role in &spec().roles.roles {
        let caller = desk.role(known(role));
        for (document, operation) in operations() {
            for &target in Target::of(role) {
                if may(role, operation, target).is_err() {
                    continue;
                }
                world.prepare(&desk, operation, target);
                let sample = world.sample(document, operation, target, known(role));
                let answer = ask(&caller, &operation.method, &sample).send();
                assert_eq!(
                    answer.status(),
                    answered(operation),
                    "{} {} {target:?} as {}: {answer}",
                    document.version,
                    operation.id,
                    role.name
                );
            }
        }
    }
}

#[test]
fn every_operation_a_role_may_not_do_is_refused_and_changes_nothing() {
    let desk = Desk::new();
    let world = World::make(&desk);
    let before = desk.controller().snapshot();
    for role in &spec().roles.roles {
        desk.controller().restore(&before);
        let caller = desk.role(known(role));
        let mut refused = 0;
        for (document, operation) in operations() {
            for &target in Target::of(role) {
                let Err(permission) = may(role, operation, target) else {
                    continue;
                };
                let sample = world.sample(document, operation, target, known(role));
                let answer = ask(&caller, &operation.method, &sample).send();
                let told = format!("{} {target:?} as {}: {answer}", operation.id, role.name);
                if is_hidden(role, operation, target) {
                    assert_eq!(answer.status(), 404, "{told}");
                    assert_eq!(answer.code(), "NOT_FOUND", "{told}");
                } else {
                    assert_eq!(answer.status(), 403, "{told}");
                    assert_eq!(answer.code(), "FORBIDDEN", "{told}");
                    assert!(answer.message().contains(permission), "{told}");
                }
                refused += 1;
            }
        }
        assert_eq!(refused == 0, role.scope == Scope::Partner, "{}", role.name);
        assert!(
            !desk.controller().snapshot().differs_from(&before),
            "{}",
            role.name
        );
        desk.controller().restore(&before);
    }
}

#[test]
fn no_operation_is_open_to_a_caller_without_a_key() {
    let desk = Desk::new();
    let world = World::make(&desk);
    let before = desk.controller().snapshot();
    for (document, operation) in operations() {
        let sample = world.sample(document, operation, Target::Own, Role::Admin);
        if operation.permission == Permission::Public {
            // What anybody may call asks for something else than a key, or for nothing.
            assert_eq!(
                answered(operation) / 100 == 2,
                operation.responses.iter().all(|one| one.status != "401")
            );
            continue;
        }
        let answer = ask(&desk.nobody(), &operation.method, &sample).send();
        assert_eq!(answer.status(), 401, "{}: {answer}", operation.id);
        assert_eq!(answer.code(), "KEY_MISSING", "{}: {answer}", operation.id);
    }
    assert!(!desk.controller().snapshot().differs_from(&before));
}

#[test]
fn a_trailing_slash_opens_nothing_and_closes_nothing() {
    let desk = Desk::new();
    let reader = desk.role(Role::ProjectReadOnly);
    let path = fixtures::clusters(DEFAULT);
    for path in [path.clone(), format!("{path}/")] {
        reader.get(&path).send().expect(200);
        desk.refuse(reader.post(&path, &fixtures::cluster("a")), 403);
        desk.admin()
            .post(&path, &fixtures::cluster("a"))
            .send()
            .expect(200);
    }
}

/// The names of the projects a caller sees, in v3 and in v1.
fn seen(caller: &Caller<'_>, query: &str) -> [Vec<String>; 2] {
    let names = |list: &Value, at: &str| {
        list.as_array()
            .unwrap()
            .iter()
            .map(|project| project.pointer(at).unwrap().as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let v3 = caller
        .get(&format!("{PROJECTS}{query}"))
        .send()
        .expect(200)
        .json();
    let v1 = caller
        .get(&format!("{V1_PROJECTS}{query}"))
        .send()
        .expect(200)
        .json();
    let shown = [
        names(&v3["items"], "/metadata/name"),
        names(&v1["results"], "/name"),
    ];
    if query.is_empty() {
        assert_eq!(v3["metadata"]["count"], shown[0].len());
        assert_eq!(v1["count"], shown[1].len());
    }
    shown
}

#[test]
fn a_project_role_lists_its_own_projects_and_no_others() {
    let desk = Desk::new();
    for name in ["alpha", "beta", "gamma"] {
        desk.admin()
            .post(PROJECTS, &fixtures::project(name))
            .send()
            .expect(200);
    }
    assert_eq!(
        seen(&desk.admin(), "")[0],
        ["alpha", "beta", DEFAULT, "gamma"]
    );
    for role in [
        Role::ProjectAdmin,
        Role::ProjectReadOnly,
        Role::InfraAdmin,
        Role::InfraReadOnly,
    ] {
        assert_eq!(
            seen(&desk.role(role), ""),
            [[DEFAULT], [DEFAULT]],
            "{role:?}"
        );
    }
    let bindings = [
        ("PROJECT_READ_ONLY", Some("gamma")),
        ("INFRA_ADMIN", Some("alpha")),
    ];
    let (_, key) = fixtures::account(&desk, "two@example.com", &bindings);
    let two = desk.caller(key);
    assert_eq!(seen(&two, ""), [["alpha", "gamma"], ["alpha", "gamma"]]);
    assert_eq!(seen(&two, "?limit=1&offset=1"), [["gamma"], ["gamma"]]);
    assert_eq!(seen(&two, "?offset=2"), [[""; 0], [""; 0]]);
}

#[test]
fn a_filter_does_not_show_a_project_the_caller_may_not_see() {
    let desk = Desk::new();
    desk.admin()
        .post(PROJECTS, &fixtures::project("hidden"))
        .send()
        .expect(200);
    let reader = desk.role(Role::ProjectReadOnly);
    for query in ["?name=hidden", "?q=hid", "?q=HID"] {
        let hidden = reader
            .get(&format!("{V1_PROJECTS}{query}"))
            .send()
            .expect(200)
            .json();
        let none = json!({"count": 0, "next": null, "previous": null, "results": []});
        assert_eq!(hidden, none, "{query}");
        let shown = desk
            .admin()
            .get(&format!("{V1_PROJECTS}{query}"))
            .send()
            .expect(200)
            .json();
        assert_eq!(shown["count"], 1, "{query}");
    }
}

#[test]
fn a_project_role_cannot_tell_a_foreign_project_from_one_that_is_not_there() {
    let desk = Desk::new();
    let made = desk
        .admin()
        .post(V1_PROJECTS, &json!({"name": "foreign"}))
        .send()
        .expect(201);
    let reader = desk.role(Role::InfraAdmin);
    let refused = |path: String| desk.refuse(reader.get(&path), 403).message();
    let v3 = [
        refused(format!("{PROJECTS}/foreign")),
        refused(format!("{PROJECTS}/nowhere")),
    ];
    assert_eq!(v3[0].replace("foreign", "nowhere"), v3[1]);
    let id = made.text_at("/id");
    let v1 = [
        refused(format!("{V1_PROJECTS}{id}/")),
        refused(format!("{V1_PROJECTS}zzzzzzz/")),
    ];
    assert_eq!(v1[0].replace(&id, "zzzzzzz"), v1[1]);
    refused(fixtures::clusters("foreign"));
    refused(fixtures::clusters("nowhere"));
    desk.refuse(desk.admin().get(&format!("{PROJECTS}/nowhere")), 404);
}

#[test]
fn names_of_projects_count_as_they_are_written() {
    let desk = Desk::new();
    let reader = desk.role(Role::ProjectReadOnly);
    for other in [
        "DefaultProject",
        "defaultproject2",
        "defaultprojec",
        "defaultproject%20",
        "%64efaultprojec",
    ] {
        desk.refuse(reader.get(&fixtures::clusters(other)), 403);
    }
    // The same name, spelled with percent signs.
    reader
        .get(&fixtures::clusters("%64efaultproject"))
        .send()
        .expect(200);
}

#[test]
fn a_role_change_counts_from_the_next_request() {
    let desk = Desk::new();
    let name = "changing@example.com";
    let (id, key) = fixtures::account(&desk, name, &[]);
    let caller = desk.caller(key);
    let write = || caller.post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"));
    let become_ = |bindings: &[(&str, Option<&str>)]| {
        desk.admin()
            .put(&fixtures::user_path(&id), &fixtures::user(name, bindings))
            .send()
            .expect(200);
    };
    desk.refuse(write(), 403);
    become_(&[("INFRA_ADMIN", Some(DEFAULT))]);
    write().send().expect(200);
    become_(&[("INFRA_READ_ONLY", Some(DEFAULT))]);
    desk.refuse(write(), 403);
    caller.get(&fixtures::cluster_path("c")).send().expect(200);
    become_(&[("ADMIN", None)]);
    caller.get(USERS).send().expect(200);
    become_(&[]);
    desk.refuse(caller.get(&fixtures::cluster_path("c")), 403);
}

#[test]
fn roles_add_up_each_in_its_own_place() {
    let desk = Desk::new();
    desk.admin()
        .post(PROJECTS, &fixtures::project("second"))
        .send()
        .expect(200);
    let bindings = [
        ("PROJECT_READ_ONLY", Some(DEFAULT)),
        ("INFRA_READ_ONLY", Some(DEFAULT)),
        ("INFRA_ADMIN", Some("second")),
    ];
    let (_, key) = fixtures::account(&desk, "many@example.com", &bindings);
    let caller = desk.caller(key);
    caller
        .get(&fixtures::blueprints(DEFAULT))
        .send()
        .expect(200);
    desk.refuse(
        caller.post(&fixtures::blueprints(DEFAULT), &fixtures::blueprint("b")),
        403,
    );
    caller
        .post(&fixtures::blueprints("second"), &fixtures::blueprint("b"))
        .send()
        .expect(200);
}

#[test]
fn an_account_without_roles_may_see_itself_and_nothing_else() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "plain@example.com", &[]);
    let caller = desk.caller(key);
    caller.get(fixtures::PROFILE).send().expect(200);
    caller.get(&fixtures::user_path(&id)).send().expect(200);
    caller.get(&fixtures::keys(&id)).send().expect(200);
    for path in [PROJECTS, V1_PROJECTS, USERS, &fixtures::clusters(DEFAULT)] {
        desk.refuse(caller.get(path), 403);
    }
    desk.refuse(
        caller.put(
            &fixtures::user_path(&id),
            &fixtures::user("plain@example.com", &[("ADMIN", None)]),
        ),
        403,
    );
}

#[test]
fn a_project_role_that_is_bound_to_no_project_allows_nothing() {
    let desk = Desk::new();
    let (_, key) = fixtures::account(&desk, "loose@example.com", &[("INFRA_ADMIN", None)]);
    desk.refuse(
        desk.caller(key.clone()).get(&fixtures::clusters(DEFAULT)),
        403,
    );
    desk.refuse(desk.caller(key).get(PROJECTS), 403);
}

#[test]
fn nobody_gives_himself_a_role_without_the_right_to_write_accounts() {
    let desk = Desk::new();
    for role in without_all_rights() {
        let caller = desk.role(*role);
        let profile = caller.get(fixtures::PROFILE).send().expect(200).json();
        let mut wanted = profile.clone();
        wanted["roles"] = json!([{"role": {"name": "ADMIN"}}]);
        let path = fixtures::user_path(profile["account"]["id"].as_str().unwrap());
        desk.refuse(caller.put(&path, &wanted), 403);
        desk.refuse(caller.delete(&path), 403);
    }
}

#[test]
fn keys_of_others_take_the_permission_for_them() {
    let desk = Desk::new();
    let (owner, _) = fixtures::account(
        &desk,
        "owner@example.com",
        &[("INFRA_ADMIN", Some(DEFAULT))],
    );
    let made = desk
        .admin()
        .post(&fixtures::new_key(&owner), &json!({"name": "one"}))
        .send()
        .expect(200);
    let key = fixtures::key_path(&made.text_at("/id"));
    for role in without_all_rights() {
        let caller = desk.role(*role);
        let read = caller.get(&fixtures::keys(&owner));
        if *role == Role::AdministratorReadOnly {
            read.send().expect(200);
        } else {
            assert!(desk.refuse(read, 403).message().contains("apikey.read"));
        }
        let body = json!({"name": "mine now"});
        assert!(
            desk.refuse(caller.post(&fixtures::new_key(&owner), &body), 403)
                .message()
                .contains("apikey.write")
        );
        // Whether there is such a key is not told.
        let there = desk.refuse(caller.delete(&key), 403).message();
        assert_eq!(
            there,
            desk.refuse(caller.delete(&fixtures::key_path("zzzzzzz")), 403)
                .message()
        );
    }
    desk.admin().delete(&key).send().expect(200);
    desk.refuse(desk.admin().delete(&key), 404);
}

#[test]
fn authorization_comes_before_validation_and_before_existence() {
    let desk = Desk::new();
    let reader = desk.role(Role::ProjectReadOnly);
    let apply = operation("v3", "clusters_apply");
    let path = fixtures::clusters(DEFAULT);
    desk.refuse(
        reader.ask(&apply.method, &path).body("text/plain", "what"),
        403,
    );
    desk.refuse(
        reader
            .ask(&apply.method, &path)
            .body("application/json", "{"),
        403,
    );
    desk.refuse(reader.delete(&fixtures::cluster_path("not-there")), 403);
}
