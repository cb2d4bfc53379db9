//! Mails about keys that are about to end, and the removal of those that long have.

use rafay_mock_server::{Delivery, Mail};
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROFILE};
use serde_json::json;

use crate::{DAY, HOUR, make};

/// The name of a key that lives so many hours.
const NAME: &str = "nightly build";

/// An account with a key of so many hours, and the key.
fn with_key(desk: &Desk, hours: u64) -> (String, String, serde_json::Value) {
    let (id, key) = fixtures::account(desk, "owner@example.com", &[]);
    let body = json!({"name": NAME, "validity_hour": hours});
    let made = make(&desk.caller(&*key), &body).expect(200).json();
    (id, key, made)
}

fn subjects(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.subject.as_str()).collect()
}

#[test]
fn the_owner_is_told_seven_days_and_one_day_before_the_end_once_each() {
    let desk = Desk::new();
    let (_, _, made) = with_key(&desk, 30 * 24);
    let clock = desk.controller().clock();
    let mut arrived = Vec::new();
    for day in 0..=40_u32 {
        if day > 0 {
            clock.advance(DAY);
        }
        // However often somebody looks.
        for _ in 0..3 {
            desk.nobody().get(PROFILE).send();
            arrived.resize(desk.controller().outbox().len(), day);
        }
    }
    assert_eq!(arrived, [23, 29]);
    let mails = desk.controller().outbox();
    let wanted = [
        "The API key nightly build expires in 7 days",
        "The API key nightly build expires in 24 hours",
    ];
    assert_eq!(subjects(&mails), wanted);
    let secret = made["secret"].as_str().unwrap();
    for mail in &mails {
        assert_eq!(mail.to, "owner@example.com");
        assert_eq!(mail.delivery, Delivery::Waiting);
        let told = format!("{mail} {mail:?}");
        for word in [
            NAME,
            made["id"].as_str().unwrap(),
            made["expires_at"].as_str().unwrap(),
            made["key"].as_str().unwrap().rsplit_once('.').unwrap().0,
        ] {
            assert!(told.contains(word), "{word} in {told}");
        }
        assert!(!told.contains(secret), "{told}");
    }
}

#[test]
fn a_mail_comes_only_where_it_is_ahead_of_the_keys_making() {
    for (hours, mails) in [
        (1, 0),
        (24, 0),
        (25, 1),
        (72, 1),
        (168, 1),
        (169, 2),
        (8_760, 2),
    ] {
        let desk = Desk::new();
        with_key(&desk, hours);
        for _ in 0..hours {
            desk.controller().clock().advance(HOUR);
            desk.controller().outbox();
        }
        let found = desk.controller().outbox();
        assert_eq!(found.len(), mails, "{hours}: {found:?}");
    }
}

#[test]
fn a_key_without_an_end_is_no_reason_to_write() {
    let desk = Desk::new();
    fixtures::account(&desk, "owner@example.com", &[]);
    for _ in 0..100 {
        desk.controller().clock().advance(365 * DAY);
        assert!(desk.controller().outbox().is_empty());
    }
}

#[test]
fn a_jump_of_the_clock_sends_only_what_is_still_true() {
    for (days, wanted) in [
        (22, vec![]),
        (23, vec!["The API key nightly build expires in 7 days"]),
        (27, vec!["The API key nightly build expires in 3 days"]),
        (29, vec!["The API key nightly build expires in 24 hours"]),
        (30, vec![]),
        (500, vec![]),
    ] {
        let desk = Desk::new();
        with_key(&desk, 30 * 24);
        desk.controller().clock().advance(days * DAY);
        let mails = desk.controller().outbox();
        assert_eq!(subjects(&mails), wanted, "after {days} days");
    }
    let desk = Desk::new();
    with_key(&desk, 30 * 24);
    desk.controller().clock().advance(29 * DAY + 20 * HOUR);
    let late = desk.controller().outbox();
    assert_eq!(
        subjects(&late),
        ["The API key nightly build expires in 4 hours"]
    );
}

#[test]
fn a_clock_that_goes_back_and_forth_sends_nothing_twice() {
    let desk = Desk::new();
    with_key(&desk, 30 * 24);
    let clock = desk.controller().clock();
    let start = clock.now();
    for _ in 0..3 {
        clock.set(start);
        for _ in 0..31 {
            clock.advance(DAY);
            desk.controller().outbox();
        }
    }
    assert_eq!(desk.controller().outbox().len(), 2);
}

#[test]
fn nobody_hears_of_a_key_that_was_revoked_or_went_with_its_account() {
    let desk = Desk::new();
    let (id, _, made) = with_key(&desk, 30 * 24);
    let path = fixtures::key_path(made["id"].as_str().unwrap());
    desk.admin().delete(&path).send().expect(200);
    desk.controller().clock().advance(25 * DAY);
    assert!(desk.controller().outbox().is_empty());
    let body = json!({"validity_hour": 30 * 24});
    desk.admin()
        .post(&fixtures::new_key(&id), &body)
        .send()
        .expect(200);
    desk.admin()
        .delete(&fixtures::user_path(&id))
        .send()
        .expect(204);
    desk.controller().clock().advance(29 * DAY);
    assert!(desk.controller().outbox().is_empty());
}

#[test]
fn a_name_with_line_breaks_adds_no_line_to_a_mail() {
    let desk = Desk::new();
    let body = json!({"name": "x\r\nBcc: all@example.com", "validity_hour": 48});
    make(&desk.admin(), &body).expect(200);
    desk.controller().clock().advance(DAY);
    let mails = desk.controller().outbox();
    assert!(!mails[0].subject.contains(['\r', '\n']), "{mails:?}");
    assert!(!mails[0].body.contains("\nBcc"), "{mails:?}");
}

#[test]
fn an_outbox_goes_back_with_its_moment() {
    let desk = Desk::new();
    with_key(&desk, 48);
    let before = desk.controller().snapshot();
    for _ in 0..2 {
        desk.controller().clock().advance(DAY);
        assert_eq!(desk.controller().outbox().len(), 1);
        desk.controller().restore(&before);
        assert!(desk.controller().outbox().is_empty());
    }
}

#[test]
fn a_key_that_ended_more_than_ninety_days_ago_is_deleted_once_by_the_system_on_record() {
    let desk = Desk::new();
    let (id, _, made) = with_key(&desk, 1);
    let path = fixtures::key_path(made["id"].as_str().unwrap());
    let listed = || {
        let keys = desk.admin().get(&fixtures::keys(&id)).send().expect(200);
        keys.json().as_array().unwrap().len()
    };
    let removals = || {
        let all = desk.controller().audit();
        let mut removals = all.into_iter().filter(|record| record.target() == path);
        let first = removals.next();
        assert_eq!(removals.count(), 0, "one removal, one record");
        first
    };
    let clock = desk.controller().clock();
    clock.advance(HOUR + 90 * DAY);
    assert_eq!(listed(), 2, "not for over 90 days yet");
    assert!(removals().is_none());
    clock.advance(std::time::Duration::from_millis(1));
    assert_eq!(listed(), 1);
    let record = removals().unwrap();
    assert_eq!(record.actor().unwrap().username.as_ref(), "(system)");
    assert_eq!(
        (record.operation(), record.status()),
        ("apikeys_delete", 200)
    );
    assert_eq!(record.time(), clock.now());
    assert!(record.is_intact());
    // It is gone like any revoked key: nobody can tell the two apart.
    let answer = desk
        .caller(made["key"].as_str().unwrap())
        .get(PROFILE)
        .send();
    assert_eq!(answer.expect(401).code(), "KEY_REFUSED");
    desk.admin().delete(&path).send().expect(404);
    clock.advance(1_000 * DAY);
    desk.controller().outbox();
    let all = desk.controller().audit();
    let by_system = all.iter().filter(|record| {
        record
            .actor()
            .is_some_and(|actor| &*actor.username == "(system)")
    });
    assert_eq!(by_system.count(), 1);
}

#[test]
fn a_jump_over_everything_leaves_no_mail_and_one_removal() {
    let desk = Desk::new();
    let (id, _, _) = with_key(&desk, 30 * 24);
    desk.controller().clock().advance(1_000 * DAY);
    assert!(desk.controller().outbox().is_empty());
    let keys = desk.admin().get(&fixtures::keys(&id)).send().expect(200);
    assert_eq!(keys.json().as_array().unwrap().len(), 1);
}
