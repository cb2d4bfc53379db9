//! Bodies that cannot be read: content type, syntax, bombs, depth.

use std::time::{Duration, Instant};

use rafay_mock_server::Role;
use rafay_spec::{Operation, Permission};
use rafay_tests::fixtures::{self, DEFAULT, PROFILE, PROJECTS};
use rafay_tests::{Caller, Desk, Target, World, operations};

/// No body within the limit may keep the controller busy for so long, not even in a debug build.
const LONG: Duration = Duration::from_secs(10);

/// Who calls an operation: nobody, where no key is asked for.
fn caller<'d>(desk: &'d Desk, operation: &Operation) -> Caller<'d> {
    match operation.permission {
        Permission::Public => desk.nobody(),
        _ => desk.admin(),
    }
}

#[test]
fn a_content_type_that_is_missing_or_wrong_is_415_for_every_operation_with_a_body() {
    let desk = Desk::new();
    let world = World::make(&desk);
    for (document, operation) in operations().filter(|(_, operation)| operation.request.is_some()) {
        let sample = world.sample(document, operation, Target::Own, Role::Admin);
        let body = sample.body.unwrap().to_string();
        let ask = || caller(&desk, operation).ask(&operation.method, &sample.path);
        let answer = desk.refuse(ask().bytes(body.clone()), 415);
        assert_eq!(answer.code(), "UNSUPPORTED_MEDIA_TYPE", "{}", operation.id);
        for wrong in [
            "text/plain",
            "application/xml",
            "application/jsonx",
            "json",
            "",
            "application/merge-patch+json",
        ] {
            desk.refuse(ask().body(wrong, body.clone()), 415);
        }
        desk.refuse(
            ask()
                .header("Content-Type", b"\xff\xfe")
                .bytes(body.clone()),
            415,
        );
    }
}

#[test]
fn a_content_type_may_be_written_in_any_way() {
    let desk = Desk::new();
    let body = fixtures::project("typed").to_string();
    for good in [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        " application/json ;q=1",
        "application/yaml",
        "application/yaml; charset=UTF-8",
    ] {
        desk.admin()
            .ask("POST", PROJECTS)
            .body(good, body.clone())
            .send()
            .expect(200);
    }
}

#[test]
fn a_body_that_is_no_json_is_400() {
    let desk = Desk::new();
    let number = format!("{{\"metadata\": {}}}", "9".repeat(400));
    for bad in [
        "",
        " ",
        "{",
        "}",
        "{\"a\"}",
        "{'a': 1}",
        "{\"a\": 1,}",
        "[1,2",
        "nul",
        "{} {}",
        "{\"a\": NaN}",
        "{\"a\": 1e999}",
        "{\"a\": \"\u{1}\"}",
        "{\"a\": \"\\ud800\"}",
        "\u{feff}{}",
        number.as_str(),
    ] {
        let answer = desk.refuse(
            desk.admin()
                .ask("POST", PROJECTS)
                .body("application/json", bad.to_owned()),
            400,
        );
        assert!(
            ["BAD_BODY", "INVALID"].contains(&answer.code().as_str()),
            "{bad}: {answer}"
        );
        let users = desk
            .admin()
            .ask("POST", fixtures::USERS)
            .body("application/json", bad.to_owned());
        desk.refuse(users, 400);
    }
    for bad in [&b"{\"a\": \"\xff\"}"[..], b"\xff\xfe{\x00}\x00", b"\x00"] {
        let answer = desk.refuse(
            desk.admin()
                .ask("POST", PROJECTS)
                .body("application/json", bad.to_vec()),
            400,
        );
        assert_eq!(answer.code(), "BAD_BODY");
    }
}

#[test]
fn a_body_that_is_no_yaml_or_more_than_json_can_say_is_400() {
    let desk = Desk::new();
    for bad in [
        "",
        "a: [",
        "a: b: c",
        "\ta: 1",
        "a: *nowhere",
        "a: .inf",
        "a: !secret x",
        "? [a, b]\n: 1",
        "a: 1\na: 2",
        "--- {}\n--- {}",
        "&a [*a]",
        "a: &a\n  b: *a",
        "%YAML 9.9\n--- {}",
        "a: \"\\x",
        "{a: 1]",
    ] {
        let answer = desk.refuse(
            desk.admin()
                .ask("POST", PROJECTS)
                .body("application/yaml", bad.to_owned()),
            400,
        );
        assert!(
            ["BAD_BODY", "INVALID"].contains(&answer.code().as_str()),
            "{bad}: {answer}"
        );
    }
    let broken = desk
        .admin()
        .ask("POST", PROJECTS)
        .body("application/yaml", b"a: \xff".to_vec());
    assert_eq!(desk.refuse(broken, 400).code(), "BAD_BODY");
}

#[test]
fn a_yaml_bomb_ends_in_400_while_it_is_small() {
    let desk = Desk::new();
    let mut laughs = "metadata:\n  annotations: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..20 {
        let below = vec![format!("*a{}", level - 1); 10].join(",");
        laughs += &format!("a{level}: &a{level} [{below}]\n");
    }
    let items = vec!["x"; 4_000].join(",");
    let copies = vec!["*a"; 4_000].join(",");
    let quadratic = format!("a: &a [{items}]\nb: [{copies}]\n");
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(100_000),
        vec!["*a"; 5_000].join(",")
    );
    for bomb in [laughs, quadratic, long] {
        let begun = Instant::now();
        let answer = desk.refuse(
            desk.admin()
                .ask("POST", PROJECTS)
                .body("application/yaml", bomb),
            400,
        );
        assert_eq!(answer.code(), "BAD_BODY");
        assert!(
            begun.elapsed().as_secs() < 10,
            "it must not take long to see it"
        );
        assert!(answer.text().len() < 2_000, "nor make a long answer");
    }
}

#[test]
fn a_body_of_great_depth_is_400() {
    let desk = Desk::new();
    for depth in [200, 2_000, 10_000, 50_000, 200_000] {
        let lists = "[".repeat(depth) + &"]".repeat(depth);
        let objects = "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
        let unclosed = "[".repeat(2 * depth);
        for text in [lists, objects, unclosed] {
            for form in ["application/json", "application/yaml"] {
                let begun = Instant::now();
                let answer = desk.refuse(
                    desk.admin().ask("POST", PROJECTS).body(form, text.clone()),
                    400,
                );
                assert_eq!(answer.code(), "BAD_BODY", "{depth} {form}");
                let taken = begun.elapsed();
                assert!(
                    taken < LONG,
                    "{taken:?} for {} bytes of depth {depth} as {form}",
                    text.len()
                );
            }
        }
    }
    let blocks: String = (0..2_000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    desk.refuse(
        desk.admin()
            .ask("POST", PROJECTS)
            .body("application/yaml", blocks),
        400,
    );
}

#[test]
fn a_body_that_is_no_object_is_400() {
    let desk = Desk::new();
    for bad in ["null", "[]", "\"text\"", "3", "true", "[{}]"] {
        for form in ["application/json", "application/yaml"] {
            let admin = desk.admin();
            let v3 = desk.refuse(
                admin
                    .ask("POST", &fixtures::clusters(DEFAULT))
                    .body(form, bad),
                400,
            );
            assert_eq!(v3.code(), "INVALID", "{bad}");
            let v1 = desk.refuse(admin.ask("POST", fixtures::USERS).body(form, bad), 400);
            assert_eq!(v1.code(), "INVALID", "{bad}");
            desk.refuse(
                admin
                    .ask("POST", &fixtures::new_key(&admin.id()))
                    .body(form, bad),
                400,
            );
        }
    }
}

#[test]
fn an_error_is_written_as_yaml_for_a_caller_that_asks_for_it() {
    let desk = Desk::new();
    for path in [PROJECTS, PROFILE] {
        let answer = desk.refuse(
            desk.nobody().get(path).header("Accept", "application/yaml"),
            401,
        );
        assert_eq!(answer.header("content-type"), Some("application/yaml"));
        assert_eq!(answer.code(), "KEY_MISSING");
    }
}

#[test]
fn a_body_where_none_is_asked_for_is_ignored() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .get(PROJECTS)
        .body("text/plain", "what is this")
        .send()
        .expect(200);
    admin
        .post(PROJECTS, &fixtures::project("p"))
        .send()
        .expect(200);
    admin
        .delete(&fixtures::project_path("p"))
        .body("application/json", "{")
        .send()
        .expect(200);
}
