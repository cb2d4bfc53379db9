//! Guessing the secrets of keys: so many wrong ones, and nothing more is tried for a while; for whoever guesses, and
//! for nobody else.

use std::time::Duration;

use rafay_tests::Desk;

use crate::{ATTACKER, OWNER, PATHS, forged, pause};

/// Wrong secrets for one key from one address, after which no more are tried.
const FOR_ONE_KEY: usize = 10;
/// The same for all keys together.
const FROM_ONE_ADDRESS: usize = 60;
/// Wrong secrets for one key from all addresses together.
const FROM_EVERYWHERE: usize = 100;
const WINDOW: Duration = Duration::from_mins(1);

fn address(number: usize) -> [u8; 4] {
    let [.., high, low] = number.to_be_bytes();
    [10, 0, high, low]
}

fn unknown(number: usize) -> String {
    format!("ra2.{number:040}.{}", "0".repeat(64))
}

#[test]
fn guessing_one_key_ends_with_429_on_every_version_and_its_owner_is_not_concerned() {
    for path in PATHS {
        let desk = Desk::new();
        let key = desk.admin().key().to_owned();
        for _ in 0..FOR_ONE_KEY {
            let guess = desk.caller(forged(&key)).get(path).from(ATTACKER);
            assert_eq!(desk.refuse(guess, 401).code(), "KEY_REFUSED");
        }
        for guess in [forged(&key), key.clone()] {
            let ask = desk.nobody().get(path).header("X-API-KEY", guess);
            let answer = ask.from(ATTACKER).send().expect(429);
            assert_eq!(answer.code(), "TOO_MANY_TRIES");
            assert_eq!(pause(&answer), WINDOW);
        }
        let other = desk.role(rafay_mock_server::Role::ProjectAdmin);
        assert_ne!(
            other.get(path).from(ATTACKER).send().status(),
            429,
            "another key"
        );
        assert_ne!(desk.admin().get(path).from(OWNER).send().status(), 429);
        desk.controller()
            .clock()
            .advance(WINDOW.saturating_sub(Duration::from_secs(1)));
        assert_eq!(desk.admin().get(path).from(ATTACKER).send().status(), 429);
        desk.controller().clock().advance(Duration::from_secs(1));
        assert_ne!(desk.admin().get(path).from(ATTACKER).send().status(), 429);
    }
}

#[test]
fn guessing_many_keys_ends_too_and_right_keys_beside_it_are_heard() {
    let desk = Desk::new();
    let guess = |number| {
        let guess = desk.caller(unknown(number)).get(PATHS[2]).from(ATTACKER);
        guess.send()
    };
    for number in 0..FROM_ONE_ADDRESS {
        guess(number).expect(401);
    }
    for number in [FROM_ONE_ADDRESS, FROM_ONE_ADDRESS, 0] {
        assert!(pause(&guess(number).expect(429)) <= WINDOW);
    }
    // Whoever shares the address, as everybody on one machine does, calls on with a key that nobody guessed at.
    let right = || desk.admin().get(PATHS[2]).from(ATTACKER).send();
    right().expect(200);
    let forged = desk.caller(forged(desk.admin().key()));
    forged.get(PATHS[2]).from(ATTACKER).send().expect(429);
    let answer = right().expect(429);
    desk.controller().clock().advance(pause(&answer));
    right().expect(200);
    guess(0).expect(401);
}

#[test]
fn guessing_from_everywhere_ends_and_the_right_secret_is_let_in_from_any_other_address() {
    let desk = Desk::new();
    let key = desk.admin().key().to_owned();
    let guess = |number| {
        let guess = desk
            .caller(forged(&key))
            .get(PATHS[2])
            .from(address(number));
        guess.send().status()
    };
    for number in 0..FROM_EVERYWHERE {
        assert_eq!(guess(number), 401);
    }
    // One guess an address is all that is left.
    assert_eq!([guess(0), guess(1000), guess(1000)], [429, 401, 429]);
    desk.admin().get(PATHS[2]).from(OWNER).send().expect(200);
    desk.admin()
        .get(PATHS[2])
        .from(address(0))
        .send()
        .expect(429);
}

#[test]
fn a_key_that_is_not_there_is_slowed_alike() {
    let desk = Desk::new();
    let there = forged(desk.admin().key());
    for key in [there, unknown(7)] {
        let statuses: Vec<u16> = (0..=FOR_ONE_KEY)
            .map(|_| {
                desk.caller(key.clone())
                    .get(PATHS[0])
                    .from(ATTACKER)
                    .send()
                    .status()
            })
            .collect();
        let expected: Vec<u16> = std::iter::repeat_n(401, FOR_ONE_KEY).chain([429]).collect();
        assert_eq!(statuses, expected, "{key}");
    }
}

#[test]
fn what_is_no_key_or_comes_over_no_connection_is_no_guess() {
    let desk = Desk::new();
    let key = desk.admin().key().to_owned();
    for _ in 0..2 * FROM_ONE_ADDRESS {
        desk.caller("nonsense")
            .get(PATHS[0])
            .from(ATTACKER)
            .send()
            .expect(401);
        desk.nobody()
            .get(PATHS[0])
            .from(ATTACKER)
            .send()
            .expect(401);
        desk.caller(forged(&key)).get(PATHS[0]).send().expect(401);
    }
    desk.admin().get(PATHS[0]).from(ATTACKER).send().expect(200);
}

#[test]
fn a_reset_forgets_who_guessed() {
    let desk = Desk::new();
    let key = desk.admin().key().to_owned();
    for _ in 0..=FOR_ONE_KEY {
        desk.caller(forged(&key))
            .get(PATHS[0])
            .from(ATTACKER)
            .send();
    }
    desk.admin().get(PATHS[0]).from(ATTACKER).send().expect(429);
    desk.controller().reset();
    desk.admin().get(PATHS[0]).from(ATTACKER).send().expect(200);
}

#[test]
fn the_secrets_of_webhooks_are_slowed_like_those_of_keys() {
    let desk = Desk::new();
    let path = "/apis/gitops.k8smgmt.io/v3/webhooks/none/defaultproject/none";
    let call = |from| {
        let ask = desk
            .nobody()
            .post(path, &serde_json::json!({"ref": "refs/heads/main"}));
        ask.header("X-Webhook-Token", "a guess")
            .from(from)
            .send()
            .status()
    };
    for _ in 0..FOR_ONE_KEY {
        assert_eq!(call(ATTACKER), 401);
    }
    assert_eq!([call(ATTACKER), call(OWNER)], [429, 401]);
}
