//! Paths, methods, parameters and preconditions.

use rafay_tests::fixtures::{self, DEFAULT, PROFILE, PROJECTS, USERS, V1_PROJECTS};
use rafay_tests::{Desk, operations};

#[test]
fn an_unknown_path_is_404_in_the_shape_of_the_version_it_looks_like() {
    let desk = Desk::new();
    for (path, shape) in [
        ("/", "external"),
        ("/nothing", "external"),
        ("/apis", "external"),
        ("/apis/system.k8smgmt.io/v3/nothing", "external"),
        ("/apis/system.k8smgmt.io/v4/projects", "external"),
        (
            "/apis/system.k8smgmt.io/v3/projects/a/status/more",
            "external",
        ),
        ("/apis/infra.k8smgmt.io/v3/projects//clusters", "external"),
        ("/auth/v1/nothing", "details"),
        ("/auth/v2/users/", "details"),
        ("/auth//v1/users/", "details"),
        ("//auth/v1/users/", "external"),
        ("/AUTH/V1/USERS/", "external"),
        ("/auth/v1/users/-/profile/x", "details"),
    ] {
        for caller in [desk.admin(), desk.nobody()] {
            let answer = desk.refuse(caller.get(path), 404);
            assert!(answer.json().get(shape).is_some(), "{answer}");
            assert_eq!(answer.code(), "NOT_FOUND");
        }
    }
}

#[test]
fn a_path_of_dots_leads_nowhere() {
    let desk = Desk::new();
    for path in [
        "/auth/v1/users/../projects/",
        "/apis/system.k8smgmt.io/v3/projects/..",
        "/auth/v1/users/%2e%2e/",
    ] {
        desk.refuse(desk.admin().get(path), 404);
    }
}

#[test]
fn a_method_the_path_has_not_is_405_with_those_it_has() {
    let desk = Desk::new();
    let paths: std::collections::BTreeSet<String> = operations()
        .map(|(_, operation)| operation.path.replace(['{', '}'], ""))
        .collect();
    for path in paths {
        for method in ["PATCH", "OPTIONS", "TRACE", "PURGE", "get"] {
            // What Allow must hold is the checker's business.
            let answer = desk.refuse(desk.admin().ask(method, &path), 405);
            assert_eq!(answer.code(), "METHOD_NOT_ALLOWED");
            assert!(answer.header("allow").is_some());
        }
    }
    desk.refuse(desk.nobody().ask("DELETE", PROJECTS), 405);
    desk.refuse(desk.admin().ask("POST", PROFILE), 405);
}

#[test]
fn head_is_a_get_and_writes_nothing() {
    let desk = Desk::new();
    desk.admin().ask("HEAD", PROJECTS).send().expect(200);
    desk.admin()
        .ask("HEAD", &fixtures::project_path(DEFAULT))
        .send()
        .expect(200);
    desk.refuse(desk.nobody().ask("HEAD", PROJECTS), 401);
}

#[test]
fn percent_signs_that_do_not_give_utf8_are_400() {
    let desk = Desk::new();
    for sequence in ["%FF", "a%C3", "%C0%AF", "%ED%A0%80", "%F5%80%80%80"] {
        for path in [
            fixtures::clusters(sequence),
            fixtures::project_path(sequence),
            fixtures::cluster_path(sequence),
            fixtures::user_path(sequence),
            fixtures::keys(sequence),
        ] {
            let answer = desk.refuse(desk.admin().get(&path), 400);
            assert_eq!(answer.code(), "BAD_REQUEST");
            assert_eq!(
                answer.pointers().len(),
                1,
                "it says which parameter: {answer}"
            );
        }
        let answer = desk.refuse(
            desk.admin().get(&format!("{V1_PROJECTS}?name={sequence}")),
            400,
        );
        assert_eq!(answer.pointers(), ["name"]);
    }
}

#[test]
fn odd_names_in_a_path_name_nothing() {
    let desk = Desk::new();
    let odd = [
        "%00",
        "a%00b",
        "defaultproject%00",
        "%00defaultproject",
        "%2F",
        "a%2Fb",
        "..%2F..",
        "%2e%2e",
        "%",
        "%zz",
        "a%2",
        "%25",
        "%20",
        "%0d%0a",
        "%F0%9F%A6%80",
        "*",
        "-",
        "'%20OR%201=1",
        &"x".repeat(5_000),
        &"%41".repeat(2_000),
    ];
    let admin = desk.admin();
    for name in odd {
        for path in [
            fixtures::project_path(name),
            fixtures::clusters(name),
            fixtures::cluster_path(name),
            fixtures::blueprint_path(name),
            format!("{}/bootstrap", fixtures::cluster_path(name)),
            fixtures::user_path(name),
            fixtures::keys(name),
            format!("{V1_PROJECTS}{name}/"),
        ] {
            let answer = desk.refuse(admin.get(&path), 404);
            assert_eq!(answer.code(), "NOT_FOUND");
        }
        for path in [
            fixtures::project_path(name),
            fixtures::user_path(name),
            fixtures::key_path(name),
        ] {
            desk.refuse(admin.delete(&path), 404);
        }
        desk.refuse(
            admin.post(&fixtures::clusters(name), &fixtures::cluster("c")),
            404,
        );
    }
}

#[test]
fn a_query_that_does_not_fit_is_400_and_names_every_parameter() {
    let desk = Desk::new();
    let admin = desk.admin();
    let lists = [
        PROJECTS.to_owned(),
        fixtures::clusters(DEFAULT),
        V1_PROJECTS.to_owned(),
        USERS.to_owned(),
    ];
    for path in &lists {
        for (query, named) in [
            ("limit=0", vec!["limit"]),
            ("limit=-1", vec!["limit"]),
            ("limit=1001", vec!["limit"]),
            ("limit=ten", vec!["limit"]),
            ("limit=", vec!["limit"]),
            ("limit", vec!["limit"]),
            ("limit=1.5", vec!["limit"]),
            ("limit=1e2", vec!["limit"]),
            ("limit=0x10", vec!["limit"]),
            ("limit=%20", vec!["limit"]),
            ("limit=99999999999999999999", vec!["limit"]),
            ("limit=%FF", vec!["limit"]),
            ("offset=-1", vec!["offset"]),
            ("offset=9223372036854775808", vec!["offset"]),
            ("offset=null", vec!["offset"]),
            ("offset=-5&limit=0", vec!["limit", "offset"]),
        ] {
            let answer = desk.refuse(admin.get(&format!("{path}?{query}")), 400);
            assert_eq!(answer.pointers(), named, "{query}");
            assert_eq!(answer.code(), "BAD_REQUEST");
        }
        // The bounds themselves are fine, and so are parameters that nobody declared.
        for query in [
            "limit=1",
            "limit=1000",
            "offset=0",
            "offset=9223372036854775807",
            "x=y",
            "&&",
            "=",
            "a=%FF",
        ] {
            admin.get(&format!("{path}?{query}")).send().expect(200);
        }
    }
}

#[test]
fn a_precondition_that_makes_no_sense_is_412() {
    let desk = Desk::new();
    let admin = desk.admin();
    let path = fixtures::project_path(DEFAULT);
    let body = fixtures::project(DEFAULT);
    for tag in [
        "",
        "nonsense",
        "\"\"",
        "\"x\"",
        "1",
        "\"99999999999999999999999\"",
        "\"1",
        ",",
        "\"-1\"",
    ] {
        let answer = desk.refuse(admin.put(&path, &body).header("If-Match", tag), 412);
        assert_eq!(answer.code(), "PRECONDITION_FAILED", "{tag}");
        desk.refuse(admin.delete(&path).header("If-Match", tag), 412);
    }
    desk.refuse(admin.put(&path, &body).header("If-Match", b"\"\xff\""), 412);
}
