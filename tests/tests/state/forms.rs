//! JSON and YAML, both ways: the form of a body says nothing about its content.

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS, USERS, V1_PROJECTS};
use serde_json::{Value, json};

fn yaml(value: &Value) -> String {
    serde_norway::to_string(value).unwrap()
}

#[test]
fn a_yaml_body_makes_the_same_object_as_its_json() {
    let desk = Desk::new();
    let admin = desk.admin();
    for (collection, object) in [
        (PROJECTS.to_owned(), fixtures::project("form")),
        (fixtures::clusters(DEFAULT), fixtures::cluster("form")),
        (fixtures::blueprints(DEFAULT), fixtures::blueprint("form")),
    ] {
        let made = admin.post(&collection, &object).send().expect(200);
        let again = admin
            .ask("POST", &collection)
            .body("application/yaml", yaml(&object))
            .send()
            .expect(200);
        assert_eq!((again.etag(), again.json()), (made.etag(), made.json()));
        let path = format!("{collection}/form");
        let replaced = admin
            .ask("PUT", &path)
            .body("application/yaml", yaml(&object))
            .send()
            .expect(200);
        assert_eq!(replaced.etag(), made.etag());
    }
    let user = fixtures::user("yaml@example.com", &[("INFRA_ADMIN", Some(DEFAULT))]);
    admin
        .ask("POST", USERS)
        .body("application/yaml", yaml(&user))
        .send()
        .expect(201);
    admin
        .ask("POST", V1_PROJECTS)
        .body("application/yaml", "name: from-yaml")
        .send()
        .expect(201);
}

#[test]
fn an_answer_comes_in_the_form_that_is_asked_for() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(PROJECTS, &fixtures::project("form"))
        .send()
        .expect(200);
    for path in [
        PROJECTS.to_owned(),
        fixtures::project_path("form"),
        V1_PROJECTS.to_owned(),
        USERS.to_owned(),
    ] {
        let json = admin.get(&path).send().expect(200);
        assert_eq!(json.header("content-type"), Some("application/json"));
        for (accept, form) in [
            ("application/yaml", "application/yaml"),
            ("application/yaml, application/json", "application/yaml"),
            ("application/json, application/yaml", "application/json"),
            ("*/*", "application/json"),
            ("text/html, */*", "application/json"),
            ("nonsense", "application/json"),
            ("", "application/json"),
        ] {
            let answer = admin.get(&path).header("Accept", accept).send().expect(200);
            assert_eq!(answer.header("content-type"), Some(form), "{accept}");
            assert_eq!(answer.json(), json.json(), "{accept}");
        }
    }
    let answer = admin
        .get(&fixtures::project_path("form"))
        .header("Accept", b"\xff")
        .send()
        .expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn text_that_looks_like_something_else_stays_text() {
    let desk = Desk::new();
    let admin = desk.admin();
    let odd = [
        "yes",
        "no",
        "on",
        "null",
        "~",
        "1",
        "1.0",
        "0x10",
        "1e3",
        ".inf",
        "2026-01-01",
        "12:30:45",
        "",
        " ",
        "#",
        "a: b",
        "- a",
        "multi\nline\n",
        "tab\there",
        "ünïcode 🦀",
        "'",
        "\"",
        "\\",
        "<<",
        "=",
        "!tag",
        "&a",
        "*a",
        "%",
        "@",
        "`",
    ];
    let labels: Value = odd
        .iter()
        .enumerate()
        .map(|(index, text)| (format!("k{index}"), json!(text)))
        .collect();
    let mut project = fixtures::project("odd");
    project["metadata"]["labels"] = labels.clone();
    let made = admin.post(PROJECTS, &project).send().expect(200);
    assert_eq!(made.json()["metadata"]["labels"], labels);
    let read = admin
        .get(&fixtures::project_path("odd"))
        .header("Accept", "application/yaml")
        .send()
        .expect(200);
    assert_eq!(read.json(), made.json());
    let put = admin
        .ask("PUT", &fixtures::project_path("odd"))
        .body("application/yaml", read.text().to_owned());
    assert_eq!(
        put.send().expect(200).etag(),
        made.etag(),
        "what was read as YAML and sent back changes nothing"
    );
}

#[test]
fn numbers_that_the_document_does_not_know_are_kept_to_the_digit() {
    let desk = Desk::new();
    let admin = desk.admin();
    let numbers = json!([0, -1, i64::MAX, i64::MIN, u64::MAX, 0.1, 1.5, -2.5e-10]);
    let mut project = fixtures::project("numbers");
    project["numbers"] = numbers.clone();
    admin.post(PROJECTS, &project).send().expect(200);
    for accept in ["application/json", "application/yaml"] {
        let read = admin
            .get(&fixtures::project_path("numbers"))
            .header("Accept", accept)
            .send()
            .expect(200);
        assert_eq!(read.json()["numbers"], numbers, "{accept}");
    }
}
