//! How long a key lives, on the moved clock, and what may be asked for.

use std::time::Duration;

use rafay_mock_server::{Clock, Options};
use rafay_tests::fixtures::{self, PROFILE, PROJECTS};
use rafay_tests::{Answer, Desk};
use serde_json::{Value, json};

use crate::{HOUR, make};

#[test]
fn a_key_ends_exactly_at_its_time_on_the_moved_clock() {
    let desk = Desk::new();
    let made = make(&desk.admin(), &json!({"name": "short", "validity_hour": 1})).expect(200);
    let (key, end) = (made.text_at("/key"), made.text_at("/expires_at"));
    let clock = desk.controller().clock();
    let status = |path: &str| desk.caller(key.clone()).get(path).send().status();
    clock.advance(Duration::from_millis(60 * 60 * 1000 - 1));
    assert_eq!([status(PROJECTS), status(PROFILE)], [200, 200]);
    clock.advance(Duration::from_millis(1));
    assert_eq!([status(PROJECTS), status(PROFILE)], [401, 401]);
    assert_eq!(clock.now().to_string(), end);
    clock.advance(100 * 8_760 * HOUR);
    assert_eq!(status(PROJECTS), 401);
}

#[test]
fn a_life_of_so_many_hours_is_what_one_asks_for_within_bounds() {
    let desk = Desk::new();
    let admin = desk.admin();
    let now = || desk.controller().clock().now();
    let hours = |made: &Answer| {
        let end: Value = made.json()["expires_at"].clone();
        end.as_str().map(|end| {
            let clock = Clock::frozen_at(end.parse().unwrap());
            (clock.now().as_second() - now().as_second()) / 3600
        })
    };
    for (body, wanted) in [
        (json!({}), Some(8_760)),
        (json!({"name": "dynamic"}), Some(8_760)),
        (json!({"validity_hour": 1}), Some(1)),
        (json!({"validity_hour": 876_000}), Some(876_000)),
        (json!({"never_expire": false, "validity_hour": 5}), Some(5)),
        (json!({"never_expire": true}), None),
        (json!({"never_expire": true, "validity_hour": 0}), None),
        (json!({"never_expire": true, "validity_hour": 7}), None),
    ] {
        let made = make(&admin, &body).expect(200);
        assert_eq!(hours(&made), wanted, "{body}");
        assert_eq!(made.json()["never_expire"], wanted.is_none(), "{body}");
        desk.caller(made.text_at("/key"))
            .get(PROFILE)
            .send()
            .expect(200);
    }
}

#[test]
fn a_life_that_makes_no_sense_is_refused_by_its_place() {
    let desk = Desk::new();
    let admin = desk.admin();
    let path = fixtures::new_key(&admin.id());
    for hours in [
        "0",
        "-1",
        "1.5",
        "0.999",
        "876001",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999999",
        "1e300",
        "\"24\"",
        "true",
        "[]",
        "{}",
    ] {
        let body = format!("{{\"name\": \"x\", \"validity_hour\": {hours}}}");
        let answer = desk.refuse(admin.ask("POST", &path).body("application/json", body), 400);
        assert_eq!(answer.pointers(), ["/validity_hour"], "{hours}: {answer}");
    }
    let answer = desk.refuse(
        admin.post(&path, &json!({"never_expire": "yes", "name": 5})),
        400,
    );
    assert_eq!(answer.pointers(), ["/name", "/never_expire"]);
}

#[test]
fn a_life_beyond_the_end_of_time_is_refused() {
    let clock = Clock::frozen_at("9950-01-01T00:00:00Z".parse().unwrap());
    let desk = Desk::with(Options {
        clock,
        ..Desk::options()
    });
    let admin = desk.admin();
    let path = fixtures::new_key(&admin.id());
    let answer = desk.refuse(admin.post(&path, &json!({"validity_hour": 876_000})), 400);
    assert_eq!(answer.pointers(), ["/validity_hour"]);
    admin
        .post(&path, &json!({"validity_hour": 24}))
        .send()
        .expect(200);
}
