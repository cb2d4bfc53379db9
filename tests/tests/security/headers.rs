//! Headers that leave it open who calls: several keys, enormous ones, ones that hold more than a key. None lets
//! anybody in, and none is a reason to guess.

use rafay_mock_server::Role;
use rafay_tests::Desk;

use crate::{PATHS, forged};

const HEADERS: [&str; 2] = ["X-API-KEY", "X-RAFAY-API-KEYID"];

#[test]
fn two_keys_are_none_in_whatever_order_and_headers() {
    let desk = Desk::new();
    let admin = desk.admin().key().to_owned();
    let reader = desk.role(Role::ProjectReadOnly).key().to_owned();
    for path in PATHS {
        for (one, other) in [
            (&admin, &reader),
            (&reader, &admin),
            (&admin, &forged(&admin)),
            (&admin, &String::new()),
        ] {
            for (first, second) in [
                (HEADERS[0], HEADERS[1]),
                (HEADERS[1], HEADERS[0]),
                (HEADERS[0], HEADERS[0]),
                (HEADERS[1], HEADERS[1]),
            ] {
                let ask = desk
                    .nobody()
                    .get(path)
                    .header(first, one)
                    .header(second, other);
                ask.send().expect(401);
            }
        }
    }
}

#[test]
fn one_key_said_again_and_again_is_that_key() {
    let desk = Desk::new();
    let key = desk.admin().key().to_owned();
    let mut ask = desk.nobody().get(PATHS[0]);
    for number in 0..60 {
        ask = ask.header(HEADERS[number % 2], &key);
    }
    ask.send().expect(200);
}

#[test]
fn a_header_that_holds_more_or_less_than_a_key_is_refused_without_being_repeated() {
    let desk = Desk::new();
    let key = desk.admin().key().to_owned();
    let secret = key.rsplit('.').next().unwrap();
    for value in [
        format!("{key},{key}"),
        format!("{key}, {key}"),
        format!("{key};"),
        format!("\"{key}\""),
        format!("{key}\t"),
        format!("Bearer {key}"),
        key.to_uppercase(),
        key.replace("ra2.", ""),
        key.repeat(500),
        "x".repeat(60_000),
    ] {
        for header in HEADERS {
            let answer = desk.nobody().get(PATHS[0]).header(header, &value).send();
            assert_eq!(answer.status(), 401, "{value}");
            assert!(!answer.text().contains(secret), "{answer}");
        }
    }
    // Other places for credentials are not read at all.
    for (header, value) in [
        ("Authorization", format!("Bearer {key}")),
        ("X-API-KEY-ID", key.clone()),
        ("Cookie", format!("X-API-KEY={key}")),
    ] {
        desk.nobody()
            .get(PATHS[0])
            .header(header, &value)
            .send()
            .expect(401);
    }
    let query = format!("{}?X-API-KEY={key}", PATHS[0]);
    desk.nobody().get(&query).send().expect(401);
}

#[test]
fn the_hexadecimal_digits_of_a_key_are_told_apart_by_case() {
    let desk = Desk::new();
    let key = desk.admin().key().to_owned();
    let shouted = format!("ra2.{}", key.strip_prefix("ra2.").unwrap().to_uppercase());
    if shouted != key {
        desk.nobody()
            .get(PATHS[0])
            .header(HEADERS[0], &shouted)
            .send()
            .expect(401);
    }
}
