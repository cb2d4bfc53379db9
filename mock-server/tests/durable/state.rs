//! What is there after a restart, and what a test can still do with it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use rafay_mock_server::{AuditRecord, Clock, Controller, Options, Role};
use serde_json::{Value, json};
use tempfile::tempdir;

pub(crate) const PROJECTS: &str = "/apis/system.k8smgmt.io/v3/projects";
const GATEWAYS: &str = "/apis/infra.k8smgmt.io/v3/projects/defaultproject/gateways";

pub(crate) fn open(directory: &Path) -> Arc<Controller> {
    let options = Options {
        clock: Clock::frozen_at("2026-01-01T00:00:00Z".parse().unwrap()),
        audit_capacity: 1_000_000,
        ..Options::default()
    };
    Controller::open(options, directory).unwrap()
}

pub(crate) fn send(
    controller: &Controller,
    key: &str,
    method: Method,
    path: &str,
    body: &str,
) -> Response<Bytes> {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("X-API-KEY", key);
    let request = request.header("Content-Type", "application/json");
    controller.handle(
        request
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap(),
    )
}

fn get(controller: &Controller, key: &str, path: &str) -> Response<Bytes> {
    send(controller, key, Method::GET, path, "")
}

fn json(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

pub(crate) fn project(name: &str) -> String {
    json!({
        "apiVersion": "system.k8smgmt.io/v3", "kind": "Project",
        "metadata": {"name": name, "description": format!("about {name}")}, "spec": {},
    })
    .to_string()
}

fn gateway(name: &str) -> String {
    json!({
        "apiVersion": "infra.k8smgmt.io/v3", "kind": "Gateway",
        "metadata": {"name": name}, "spec": {"gatewayType": "eksaBareMetal"},
    })
    .to_string()
}

fn put(controller: &Controller, key: &str, path: &str, body: &str) {
    assert_eq!(
        send(controller, key, Method::POST, path, body).status(),
        StatusCode::OK
    );
}

/// An answer without the times at which keys were last used: they are stored once a minute at the most.
fn without_uses(answer: &Response<Bytes>) -> Value {
    let mut shown = json(answer);
    for key in shown.as_array_mut().into_iter().flatten() {
        if let Some(key) = key.as_object_mut() {
            key.remove("last_used_at");
        }
    }
    shown
}

#[test]
fn a_restart_finds_everything_as_it_was() {
    let directory = tempdir().unwrap();
    let first = open(directory.path());
    assert!(first.is_new());
    let admin = first.key_for(Role::Admin).expose().to_owned();
    put(&first, &admin, PROJECTS, &project("p"));
    for name in ["well", "ill"] {
        put(&first, &admin, GATEWAYS, &gateway(name));
    }
    assert!(first.fail_lifecycle("Gateway", "defaultproject", "ill"));
    let me = json(&get(&first, &admin, "/auth/v1/users/-/profile"));
    let keys = format!(
        "/auth/v1/users/{}/apikey/",
        me["account"]["id"].as_str().or(me["id"].as_str()).unwrap()
    );
    let mut made = Vec::new();
    for hours in [1, 2] {
        let body = json!({"name": "made", "validity_hour": hours}).to_string();
        let answer = send(&first, &admin, Method::POST, &keys, &body);
        assert!(answer.status().is_success(), "{answer:?}");
        made.push(json(&answer)["key"].as_str().unwrap().to_owned());
    }
    let paths = [
        format!("{PROJECTS}/p"),
        PROJECTS.to_owned(),
        format!("{GATEWAYS}/well"),
        keys.replace("/apikey/", "/apikeys/"),
    ];
    let before: Vec<_> = paths.iter().map(|path| get(&first, &admin, path)).collect();
    let records = first.audit();
    first.clock().advance(Duration::from_secs(20));
    put(&first, &admin, PROJECTS, &project("later"));
    let organization = records[0].organization().to_owned();
    drop(first);

    let again = open(directory.path());
    assert!(!again.is_new());
    assert_eq!(again.clock().now().to_string(), "2026-01-01T00:00:20Z");
    for (path, before) in paths
        .iter()
        .zip(&before)
        .filter(|(path, _)| *path != PROJECTS)
    {
        let after = get(&again, &admin, path);
        assert_eq!(without_uses(&after), without_uses(before), "{path}");
        assert_eq!(
            after.headers().get("etag"),
            before.headers().get("etag"),
            "{path}"
        );
    }
    assert_eq!(json(&get(&again, &admin, PROJECTS))["metadata"]["count"], 3);
    assert_eq!(get(&again, &made[0], PROJECTS).status(), StatusCode::OK);

    // What was waiting still comes, and fails where it was to fail.
    again.clock().advance(Duration::from_secs(15));
    let state = |name: &str| get(&again, &admin, &format!("{GATEWAYS}/{name}"));
    let text = |name: &str| String::from_utf8_lossy(state(name).body()).into_owned();
    assert!(
        text("ill").contains("did not connect in time"),
        "{}",
        text("ill")
    );
    assert!(
        !text("well").contains("did not connect in time"),
        "{}",
        text("well")
    );
    assert_ne!(state("well").body(), before[2].body());

    // Keys end by the same clock.
    again.clock().advance(Duration::from_hours(1));
    assert_eq!(
        get(&again, &made[0], PROJECTS).status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(get(&again, &made[1], PROJECTS).status(), StatusCode::OK);

    // One chain, from the first process to the last.
    let later = again.audit();
    assert!(
        later
            .iter()
            .all(|record| record.organization() == organization)
    );
    assert_eq!(
        later[records.len() - 1].hash(),
        records.last().unwrap().hash()
    );
    assert_chain(&later);
    drop(again);
    assert!(
        Controller::verify_audit(directory.path(), None)
            .unwrap()
            .is_intact()
    );
}

pub(crate) fn assert_chain(records: &[AuditRecord]) {
    assert!(records.iter().all(AuditRecord::is_intact));
    for pair in records.windows(2) {
        assert_eq!(pair[1].before(), pair[0].hash());
        assert_eq!(pair[1].number(), pair[0].number() + 1);
    }
}

#[test]
fn a_key_is_not_known_again_but_another_can_be_made() {
    let directory = tempdir().unwrap();
    let first = open(directory.path());
    let key = first.key_for(Role::ProjectAdmin);
    drop(first);
    let again = open(directory.path());
    let another = again.key_for(Role::ProjectAdmin);
    assert_ne!(another, key);
    assert_eq!(again.key_for(Role::ProjectAdmin), another);
    let path = format!("{PROJECTS}/defaultproject");
    for key in [&key, &another] {
        assert_eq!(get(&again, key.expose(), &path).status(), StatusCode::OK);
    }
    drop(again);
    let third = open(directory.path());
    assert_eq!(
        get(&third, another.expose(), &path).status(),
        StatusCode::OK
    );
}

#[test]
fn no_secret_is_in_the_file() {
    let directory = tempdir().unwrap();
    let first = open(directory.path());
    let key = first.key_for(Role::Admin);
    let secret = key.expose().rsplit('.').next().unwrap().to_owned();
    put(&first, key.expose(), PROJECTS, &project("p"));
    drop(first);
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        let has = |text: &str| {
            content
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        assert!(has(key.id()) && !has(&secret));
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = tempdir().unwrap();
    let directory = parent.path().join("data");
    drop(open(&directory));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    for file in std::fs::read_dir(&directory).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}

#[test]
fn a_moment_can_be_gone_back_to_and_the_trail_goes_on() {
    let directory = tempdir().unwrap();
    let first = open(directory.path());
    let admin = first.key_for(Role::Admin).expose().to_owned();
    put(&first, &admin, PROJECTS, &project("kept"));
    put(&first, &admin, PROJECTS, &project("changed"));
    let path = format!("{PROJECTS}/changed");
    let before = get(&first, &admin, &path);
    let moment = first.snapshot();
    put(&first, &admin, PROJECTS, &project("dropped"));
    let changed = project("changed").replace("about", "against");
    put(&first, &admin, PROJECTS, &changed);
    first.clock().advance(Duration::from_mins(1));
    let records = first.audit().len();

    assert!(first.restore(&moment));
    assert!(first.audit().len() >= records);
    let expect = |controller: &Controller| {
        assert_eq!(get(controller, &admin, &path).body(), before.body());
        for (name, status) in [("kept", StatusCode::OK), ("dropped", StatusCode::NOT_FOUND)] {
            let path = format!("{PROJECTS}/{name}");
            assert_eq!(get(controller, &admin, &path).status(), status, "{name}");
        }
    };
    expect(&first);
    drop(first);
    let again = open(directory.path());
    expect(&again);
    // The beginning of this process is what the last one left.
    put(&again, &admin, PROJECTS, &project("new"));
    assert!(again.reset());
    expect(&again);
    assert_chain(&again.audit());
    let path = format!("{PROJECTS}/new");
    assert_eq!(get(&again, &admin, &path).status(), StatusCode::NOT_FOUND);
}
