//! Accounts that come in one way only: with keys, or at the console.

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROFILE, USERS};
use serde_json::json;

use crate::user_settings;

#[test]
fn an_account_for_programs_has_keys_like_any_other() {
    let desk = Desk::new();
    let mut body = fixtures::user("robot@example.com", &[]);
    body["account"]["user_type"] = json!("PROGRAMMATIC");
    let made = desk.admin().post(USERS, &body).send().expect(201);
    let id = made.text_at("/account/id");
    let key = desk
        .admin()
        .post(&fixtures::new_key(&id), &json!({}))
        .send()
        .expect(200);
    let profile = desk
        .caller(key.text_at("/key"))
        .get(PROFILE)
        .send()
        .expect(200);
    assert_eq!(profile.text_at("/account/user_type"), "PROGRAMMATIC");
}

#[test]
fn an_account_for_the_console_alone_gets_no_key() {
    let desk = Desk::new();
    let mut body = fixtures::user("person@example.com", &[]);
    body["account"]["console_only"] = json!(true);
    let made = desk.admin().post(USERS, &body).send().expect(201);
    let id = made.text_at("/account/id");
    let answer = desk.refuse(desk.admin().post(&fixtures::new_key(&id), &json!({})), 409);
    assert!(answer.message().contains("console alone"), "{answer}");
    let config = format!("{}cli/config/", fixtures::user_path(&id));
    desk.refuse(desk.admin().get(&config), 409);
    let keys = desk.admin().get(&fixtures::keys(&id)).send().expect(200);
    assert_eq!(keys.json(), json!([]));
}

#[test]
fn keys_of_an_account_that_becomes_console_only_are_refused_until_it_is_not() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "person@example.com", &[]);
    let user = desk.caller(key);
    let set = |console_only: bool| {
        let body = json!({"console_only": console_only});
        desk.admin()
            .put(&user_settings(&id), &body)
            .send()
            .expect(200);
    };
    user.get(PROFILE).send().expect(200);
    set(true);
    let answer = user.get(PROFILE).send().expect(403);
    assert!(answer.message().contains("console alone"), "{answer}");
    set(false);
    user.get(PROFILE).send().expect(200);
}

#[test]
fn no_key_comes_with_a_new_account() {
    let desk = Desk::new();
    let body = fixtures::user("new@example.com", &[("ADMIN", None)]);
    let made = desk.admin().post(USERS, &body).send().expect(201);
    assert!(!made.text().contains("ra2."), "{made}");
    let keys = fixtures::keys(&made.text_at("/account/id"));
    assert_eq!(desk.admin().get(&keys).send().expect(200).json(), json!([]));
}
