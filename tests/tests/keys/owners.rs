//! Keys and their owners: many of one account, made for others, revoked, gone with the account.

use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROFILE, PROJECTS};
use serde_json::{Value, json};

use crate::make;

#[test]
fn a_user_may_have_many_keys_in_the_order_they_were_made() {
    let desk = Desk::new();
    let (id, first) = fixtures::account(&desk, "many@example.com", &[]);
    let caller = desk.caller(first);
    let made: Vec<Value> = (0..50)
        .map(|number| {
            make(&caller, &json!({"name": format!("key {number}")}))
                .expect(200)
                .json()
        })
        .collect();
    let listed = caller.get(&fixtures::keys(&id)).send().expect(200).json();
    let names: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 51);
    let wanted: Vec<String> = (0..50).map(|number| format!("key {number}")).collect();
    assert_eq!(names[1..], wanted);
    for key in &made {
        desk.caller(key["key"].as_str().unwrap())
            .get(PROFILE)
            .send()
            .expect(200);
    }
    // Each is revoked on its own.
    caller
        .delete(&fixtures::key_path(made[7]["id"].as_str().unwrap()))
        .send()
        .expect(200);
    for (number, key) in made.iter().enumerate() {
        let status = desk
            .caller(key["key"].as_str().unwrap())
            .get(PROFILE)
            .send()
            .status();
        assert_eq!(status, if number == 7 { 401 } else { 200 }, "{number}");
    }
}

#[test]
fn a_deleted_key_is_dead_from_the_next_request() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "short@example.com", &[]);
    let caller = desk.caller(key);
    caller.get(PROFILE).send().expect(200);
    let listed = caller.get(&fixtures::keys(&id)).send().expect(200);
    // A key may revoke itself, and some clients send a body along.
    let path = fixtures::key_path(&listed.text_at("/0/id"));
    caller
        .ask("DELETE", &path)
        .body("application/json", "{}")
        .send()
        .expect(200);
    let answer = desk.refuse(caller.get(PROFILE), 401);
    assert_eq!(answer.code(), "KEY_REFUSED");
    desk.refuse(desk.admin().delete(&path), 404);
    assert_eq!(
        desk.admin()
            .get(&fixtures::keys(&id))
            .send()
            .expect(200)
            .json(),
        json!([])
    );
}

#[test]
fn keys_die_with_their_user_and_stay_dead_when_the_name_comes_back() {
    let desk = Desk::new();
    let name = "gone@example.com";
    let (id, key) = fixtures::account(&desk, name, &[("ADMIN", None)]);
    let second = make(&desk.caller(key.clone()), &json!({"never_expire": true})).expect(200);
    desk.admin()
        .delete(&fixtures::user_path(&id))
        .send()
        .expect(204);
    for key in [&key, &second.text_at("/key")] {
        desk.refuse(desk.caller(key.as_str()).get(PROJECTS), 401);
    }
    desk.refuse(desk.admin().get(&fixtures::keys(&id)), 404);
    desk.refuse(desk.admin().post(&fixtures::new_key(&id), &json!({})), 404);
    desk.refuse(
        desk.admin()
            .delete(&fixtures::key_path(&second.text_at("/id"))),
        404,
    );
    let (again, _) = fixtures::account(&desk, name, &[("ADMIN", None)]);
    assert_ne!(again, id);
    desk.refuse(desk.caller(key).get(PROJECTS), 401);
}

#[test]
fn a_key_made_by_an_administrator_acts_for_its_owner() {
    let desk = Desk::new();
    let (id, _) = fixtures::account(&desk, "served@example.com", &[]);
    let made = desk
        .admin()
        .post(&fixtures::new_key(&id), &json!({"validity_hour": 1}))
        .send()
        .expect(200);
    assert_eq!(made.text_at("/account_id"), id);
    let caller = desk.caller(made.text_at("/key"));
    assert_eq!(caller.id(), id);
    desk.refuse(caller.get(PROJECTS), 403);
    let listed = caller.get(&fixtures::keys(&id)).send().expect(200).json();
    assert_eq!(listed[1]["created_by"], "admin@example.com");
}
