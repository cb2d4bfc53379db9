//! The checker itself: every way in which an answer can fail its document is told. A checker that lets things pass
//! would make the other tests worthless.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use http::{HeaderMap, HeaderName, HeaderValue};
use rafay_tests::fixtures::{self, PROJECTS};
use rafay_tests::{Checker, Desk, Exchange};
use serde_json::{Value, json};

const ITEM: &str = "/apis/system.k8smgmt.io/v3/projects/p";
const JSON: (&str, &str) = ("content-type", "application/json");
const TAG: (&str, &str) = ("etag", "\"1\"");

fn check(
    method: &str,
    path: &str,
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<(), String> {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            (
                name.parse::<HeaderName>().unwrap(),
                HeaderValue::from_str(value).unwrap(),
            )
        })
        .collect();
    let exchange = Exchange {
        method,
        path,
        status,
        headers: &headers,
        body: body.as_bytes(),
    };
    Checker::shared().check(&exchange).map(drop)
}

/// A project as the controller gives it.
fn project() -> Value {
    let desk = Desk::new();
    desk.admin()
        .post(PROJECTS, &fixtures::project("p"))
        .send()
        .expect(200)
        .json()
}

#[test]
fn a_right_answer_passes() {
    let project = project().to_string();
    check("GET", ITEM, 200, &[JSON, TAG], &project).unwrap();
    check(
        "GET",
        &format!("{ITEM}/"),
        200,
        &[JSON, TAG, ("date", "now")],
        &project,
    )
    .unwrap();
    check(
        "GET",
        ITEM,
        200,
        &[("content-type", "application/json; charset=utf-8"), TAG],
        &project,
    )
    .unwrap();
    check(
        "GET",
        ITEM,
        200,
        &[("content-type", "application/yaml"), TAG],
        &project,
    )
    .unwrap();
    check("DELETE", ITEM, 200, &[], "").unwrap();
    check(
        "GET",
        ITEM,
        404,
        &[JSON],
        r#"{"code": 404, "external": "no"}"#,
    )
    .unwrap();
    check(
        "GET",
        "/nowhere",
        404,
        &[JSON],
        r#"{"code": 404, "external": "no"}"#,
    )
    .unwrap();
    let allow = ("allow", "GET, PUT, DELETE");
    check(
        "PATCH",
        ITEM,
        405,
        &[JSON, allow],
        r#"{"code": 405, "external": "no"}"#,
    )
    .unwrap();
}

#[test]
fn a_wrong_answer_is_told() {
    let good = project().to_string();
    let with = |pointer: &str, value: Value| {
        let mut project = project();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        project.pointer_mut(parent).unwrap()[name] = value;
        project.to_string()
    };
    let error = r#"{"code": 404, "external": "no"}"#;
    for (told, result) in [
        (
            "status is not declared",
            check("GET", ITEM, 202, &[JSON, TAG], &good),
        ),
        (
            "status is not declared",
            check("GET", ITEM, 409, &[JSON], error),
        ),
        ("etag is missing", check("GET", ITEM, 200, &[JSON], &good)),
        (
            "x-powered-by is not declared",
            check("GET", ITEM, 200, &[JSON, TAG, ("x-powered-by", "x")], &good),
        ),
        ("no content type", check("GET", ITEM, 200, &[TAG], &good)),
        (
            "text/html is not declared",
            check(
                "GET",
                ITEM,
                200,
                &[("content-type", "text/html"), TAG],
                &good,
            ),
        ),
        (
            "not application/json",
            check("GET", ITEM, 200, &[JSON, TAG], "a: 1"),
        ),
        ("does not fit", check("GET", ITEM, 200, &[JSON, TAG], "{}")),
        (
            "/metadata/name",
            check(
                "GET",
                ITEM,
                200,
                &[JSON, TAG],
                &with("/metadata/name", json!(1)),
            ),
        ),
        (
            "/metadata/createdAt",
            check(
                "GET",
                ITEM,
                200,
                &[JSON, TAG],
                &with("/metadata/createdAt", json!("now")),
            ),
        ),
        (
            "/spec/default",
            check(
                "GET",
                ITEM,
                200,
                &[JSON, TAG],
                &with("/spec/default", json!(null)),
            ),
        ),
        ("declares no content", check("DELETE", ITEM, 200, &[], "{}")),
        (
            "declares no content",
            check("DELETE", ITEM, 200, &[JSON], ""),
        ),
        (
            "does not fit",
            check("GET", ITEM, 404, &[JSON], r#"{"details": []}"#),
        ),
        ("must be 404", check("GET", "/nowhere", 200, &[JSON], "{}")),
        (
            "does not fit",
            check("GET", "/auth/v1/nowhere", 404, &[JSON], error),
        ),
        ("must be 405", check("PATCH", ITEM, 404, &[JSON], error)),
        (
            "Allow is",
            check("PATCH", ITEM, 405, &[JSON, ("allow", "GET")], error),
        ),
        ("Allow is", check("PATCH", ITEM, 405, &[JSON], error)),
    ] {
        let problem = result.expect_err(told);
        assert!(problem.contains(told), "{told} is not in {problem}");
    }
}

#[test]
fn a_secret_in_an_answer_is_told() {
    let desk = Desk::new();
    let made = desk
        .admin()
        .post(fixtures::USERS, &fixtures::user("u@example.com", &[]))
        .send()
        .expect(201);
    let mut user = made.json();
    let path = fixtures::user_path(&made.text_at("/account/id"));
    check("GET", &path, 200, &[JSON, TAG], &user.to_string()).unwrap();
    user["account"]["password"] = json!("hunter2");
    let problem = check("GET", &path, 200, &[JSON, TAG], &user.to_string()).unwrap_err();
    assert!(problem.contains("/account/password"), "{problem}");
}
