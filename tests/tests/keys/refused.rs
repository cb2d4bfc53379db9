//! Keys that are refused: missing, malformed, unknown, wrong, deleted; on every version and in either header.

use rafay_mock_server::Role;
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROFILE, PROJECTS, V1_PROJECTS};
use serde_json::json;

use crate::{HEADERS, HOUR, forged, make};

#[test]
fn a_bad_key_is_refused_on_every_version_with_either_header() {
    let desk = Desk::new();
    let admin = desk.admin();
    let good = admin.key().to_owned();
    let (id, secret) = good.strip_prefix("ra2.").unwrap().split_once('.').unwrap();
    let deleted = make(&admin, &json!({"name": "deleted"})).expect(200);
    admin
        .delete(&fixtures::key_path(&deleted.text_at("/id")))
        .send()
        .expect(200);
    let deleted = deleted.text_at("/key");
    let unknown = format!("ra2.{}.{secret}", "0".repeat(40));
    let cases = [
        ("KEY_MALFORMED", String::new()),
        ("KEY_MALFORMED", "nonsense".to_owned()),
        ("KEY_MALFORMED", format!("ra2.{id}")),
        ("KEY_MALFORMED", format!("ra2.{id}.")),
        ("KEY_MALFORMED", format!("ra2..{secret}")),
        ("KEY_MALFORMED", format!("ra1.{id}.{secret}")),
        ("KEY_MALFORMED", format!("{id}.{secret}")),
        ("KEY_MALFORMED", format!("Bearer {good}")),
        ("KEY_MALFORMED", format!("{good}.x")),
        ("KEY_MALFORMED", format!("{good}0")),
        ("KEY_MALFORMED", format!("ra2.{id}.{}", "g".repeat(64))),
        ("KEY_MALFORMED", "x".repeat(20_000)),
        ("KEY_REFUSED", unknown),
        ("KEY_REFUSED", forged(&good)),
        ("KEY_REFUSED", deleted),
    ];
    for (code, key) in &cases {
        for path in [PROJECTS, PROFILE] {
            for header in HEADERS {
                let answer = desk.refuse(desk.nobody().get(path).header(header, key), 401);
                assert_eq!(answer.code(), *code, "{key}");
                assert!(!answer.text().contains(secret), "{answer}");
            }
        }
    }
}

#[test]
fn a_header_that_is_no_text_is_no_key() {
    let desk = Desk::new();
    for header in HEADERS {
        let answer = desk.refuse(
            desk.nobody().get(PROJECTS).header(header, b"ra2.\xff\xfe"),
            401,
        );
        assert_eq!(answer.code(), "KEY_MALFORMED");
    }
}

#[test]
fn either_header_works_on_every_version_and_both_with_the_same_key() {
    let desk = Desk::new();
    let key = desk.admin().key().to_owned();
    for path in [PROJECTS, PROFILE] {
        for header in HEADERS {
            desk.nobody()
                .get(path)
                .header(header, &key)
                .send()
                .expect(200);
        }
        desk.nobody()
            .get(path)
            .header(HEADERS[0], &key)
            .header(HEADERS[1], &key)
            .send()
            .expect(200);
        let other = desk.role(Role::ProjectAdmin).key().to_owned();
        desk.nobody()
            .get(path)
            .header(HEADERS[0], &key)
            .header(HEADERS[1], &other)
            .send()
            .expect(401);
        desk.nobody()
            .get(path)
            .header(HEADERS[0], &key)
            .header(HEADERS[0], &other)
            .send()
            .expect(401);
    }
}

#[test]
fn only_the_owner_of_the_secret_hears_that_and_when_the_key_expired() {
    let desk = Desk::new();
    let made = make(&desk.admin(), &json!({"name": "short", "validity_hour": 1})).expect(200);
    let (key, end) = (made.text_at("/key"), made.text_at("/expires_at"));
    let project = desk.admin().get(V1_PROJECTS).send().expect(200);
    let project = project.text_at("/results/0/id");
    desk.controller().clock().advance(HOUR);
    let v2 = format!("/v2/config/project/{project}/workload");
    for path in [PROJECTS, PROFILE, &v2] {
        let expired = desk.refuse(desk.caller(key.clone()).get(path), 401);
        assert_eq!(expired.code(), "KEY_EXPIRED");
        assert!(
            expired.message().contains("expired") && expired.message().contains(&end),
            "{expired}"
        );
        let wrong = desk.refuse(desk.caller(forged(&key)).get(path), 401);
        let unknown = format!("ra2.{}.{}", "0".repeat(40), "0".repeat(64));
        let unknown = desk.refuse(desk.caller(unknown).get(path), 401);
        assert_eq!(
            wrong.json(),
            unknown.json(),
            "a wrong secret looks like a key that never was"
        );
        assert!(!wrong.text().contains(&end), "{wrong}");
    }
}

#[test]
fn a_key_of_one_controller_is_nothing_to_another() {
    let (one, two) = (Desk::new(), Desk::new());
    let stranger = two.admin().key().to_owned();
    assert_ne!(one.admin().key(), stranger);
    let answer = one.refuse(one.caller(stranger).get(PROJECTS), 401);
    assert_eq!(answer.code(), "KEY_REFUSED");
}
