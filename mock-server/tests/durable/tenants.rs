//! What belongs to partners, organizations and accounts is there after a restart.

use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use rafay_mock_server::{Controller, Role};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::state::{PROJECTS, open, send};

const LOGIN: &str = r#"{"username": "ada@acme.example", "password": "not-a-real-secret"}"#;

fn answered(response: &Response<bytes::Bytes>) -> Value {
    assert!(response.status().is_success(), "{response:?}");
    serde_json::from_slice(response.body()).unwrap()
}

fn key(controller: &Controller, role: Role) -> String {
    controller.key_for(role).expose().to_owned()
}

fn with_cookie(controller: &Controller, cookie: &str) -> StatusCode {
    let request = Request::get(PROJECTS).header("Cookie", cookie);
    controller
        .handle(request.body(bytes::Bytes::new()).unwrap())
        .status()
}

#[test]
fn partners_organizations_sessions_settings_and_mails_outlive_the_process() {
    let directory = tempdir().unwrap();
    let first = open(directory.path());
    let partner = key(&first, Role::PartnerAdmin);
    let admin = key(&first, Role::Admin);
    let own = first.organization_id();

    let body = json!({
        "username": "ada@acme.example", "organization_name": "acme", "password": "not-a-real-secret",
    });
    let made = send(
        &first,
        &partner,
        Method::POST,
        "/auth/v1/signup/organization/",
        &body.to_string(),
    );
    let acme = answered(&made)["organization_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let settings = format!("/auth/v1/organizations/{own}/apikeysettings/");
    let body = r#"{"validity_hour": 48}"#;
    answered(&send(&first, &admin, Method::PUT, &settings, body));
    let login = send(&first, &admin, Method::POST, "/auth/v1/login/", LOGIN);
    let cookie = login.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(with_cookie(&first, &cookie), StatusCode::OK);
    // A key of two days, of whose end a mail tells a day before.
    let profile = answered(&send(
        &first,
        &admin,
        Method::GET,
        "/auth/v1/users/-/profile",
        "",
    ));
    let keys = format!(
        "/auth/v1/users/{}/apikey/",
        profile["account"]["id"].as_str().unwrap()
    );
    answered(&send(
        &first,
        &admin,
        Method::POST,
        &keys,
        r#"{"name": "short", "validity_hour": 30}"#,
    ));
    first.clock().advance(Duration::from_hours(7));
    answered(&send(&first, &admin, Method::GET, PROJECTS, ""));
    let mails = first.outbox();
    assert_eq!(mails.len(), 1, "{mails:?}");
    drop(first);

    let again = open(directory.path());
    assert_eq!(again.organization_id(), own);
    assert_eq!(again.outbox(), mails);
    for known in [&partner, &admin, &key(&again, Role::PartnerAdmin)] {
        assert_eq!(
            send(&again, known, Method::GET, PROJECTS, "").status(),
            StatusCode::OK
        );
    }
    assert_eq!(
        answered(&send(&again, &admin, Method::GET, &settings, ""))["validity_hour"],
        48
    );
    assert_eq!(with_cookie(&again, &cookie), StatusCode::OK);
    assert!(
        send(&again, &admin, Method::POST, "/auth/v1/login/", LOGIN)
            .status()
            .is_success()
    );
    let all = answered(&send(
        &again,
        &partner,
        Method::GET,
        "/auth/v1/organizations/",
        "",
    ));
    let names: Vec<_> = all["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["acme", "example"]);

    // What goes is gone after the next restart, too.
    let path = format!("/auth/v1/organizations/{acme}/");
    assert_eq!(
        send(&again, &partner, Method::DELETE, &path, "").status(),
        StatusCode::NO_CONTENT
    );
    drop(again);
    let last = open(directory.path());
    assert_eq!(with_cookie(&last, &cookie), StatusCode::UNAUTHORIZED);
    assert_eq!(
        send(&last, &partner, Method::GET, &path, "").status(),
        StatusCode::NOT_FOUND
    );
}
