//! What is to be seen of keys: by their owner, and across all users by an administrator.

use std::time::Duration;

use rafay_mock_server::Role;
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROFILE};
use serde_json::{Value, json};

use crate::{DAY, HOUR, entry, make};

const ALL: &str = "/auth/v1/apikeys/";

#[test]
fn a_key_tells_its_owner_maker_end_time_left_and_state() {
    let desk = Desk::new();
    let (id, _) = fixtures::account(&desk, "seen@example.com", &[]);
    let body = json!({"name": "ci", "validity_hour": 240});
    let admin = desk.admin();
    let made = admin
        .post(&fixtures::new_key(&id), &body)
        .send()
        .expect(200);
    let key = made.text_at("/id");
    let clock = desk.controller().clock();
    let shown = entry(&admin, &id, &key);
    for (name, wanted) in [
        ("name", json!("ci")),
        ("id", json!(key)),
        ("account_id", json!(id)),
        ("username", json!("seen@example.com")),
        ("created_by", json!("admin@example.com")),
        ("created_at", json!(clock.now().to_string())),
        ("expires_at", made.json()["expires_at"].clone()),
        ("validity_hour", json!(240)),
        ("hours_left", json!(240)),
        ("status", json!("active")),
    ] {
        assert_eq!(shown[name], wanted, "{name}");
    }
    let state = || {
        let shown = entry(&admin, &id, &key);
        (
            shown["status"].clone(),
            shown["hours_left"].as_i64().unwrap(),
        )
    };
    clock.advance((3 * DAY).saturating_sub(Duration::from_millis(1)));
    assert_eq!(state(), (json!("active"), 7 * 24 + 1));
    clock.advance(Duration::from_millis(1));
    assert_eq!(state(), (json!("expiring"), 7 * 24));
    clock.advance((7 * DAY).saturating_sub(Duration::from_millis(1)));
    assert_eq!(state(), (json!("expiring"), 1));
    clock.advance(Duration::from_millis(1));
    assert_eq!(state(), (json!("expired"), 0));
}

#[test]
fn the_last_use_is_told_and_is_not_lost_when_accounts_change() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "used@example.com", &[]);
    let admin = desk.admin();
    let spare = admin
        .post(&fixtures::new_key(&id), &json!({}))
        .send()
        .expect(200);
    let spare = spare.text_at("/id");
    let listed = || admin.get(&fixtures::keys(&id)).send().expect(200).json();
    assert!(listed()[0].get("last_used_at").is_none());
    let clock = desk.controller().clock();
    let mut used = Value::Null;
    for _ in 0..3 {
        clock.advance(HOUR);
        desk.caller(&*key).get(PROFILE).send().expect(200);
        used = json!(clock.now().to_string());
        // Whoever is known is forgotten when an account is made.
        fixtures::account(
            &desk,
            &format!("{}@example.com", clock.now().as_second()),
            &[],
        );
        assert_eq!(listed()[0]["last_used_at"], used);
    }
    // A request that is refused for its role is a use, one with a wrong secret is none.
    clock.advance(HOUR);
    let forged = crate::forged(&key);
    desk.caller(forged).get(PROFILE).send().expect(401);
    assert_eq!(listed()[0]["last_used_at"], used);
    desk.caller(&*key).get(ALL).send().expect(403);
    assert_eq!(listed()[0]["last_used_at"], clock.now().to_string());
    assert!(entry(&admin, &id, &spare).get("last_used_at").is_none());
}

#[test]
fn reading_writes_nothing_and_a_moment_knows_the_last_use() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "reader@example.com", &[]);
    let caller = desk.caller(key);
    let listed = || {
        let listed = desk
            .admin()
            .get(&fixtures::keys(&id))
            .send()
            .expect(200)
            .json();
        listed[0].get("last_used_at").cloned()
    };
    let unused = desk.controller().snapshot();
    caller.get(PROFILE).send().expect(200);
    let used = desk.controller().snapshot();
    for _ in 0..1_000 {
        caller.get(PROFILE).send().expect(200);
    }
    assert!(!desk.controller().snapshot().differs_from(&used));
    let time = listed();
    assert!(time.is_some());
    desk.controller().restore(&unused);
    assert_eq!(listed(), None);
    desk.controller().restore(&used);
    assert_eq!(listed(), time);
}

#[test]
fn an_administrator_sees_the_keys_of_all_users_by_state_and_user_and_page() {
    let desk = Desk::new();
    let admin = desk.admin();
    let (id, key) = fixtures::account(&desk, "many@example.com", &[]);
    let user = desk.caller(key);
    desk.controller().clock().advance(HOUR);
    for (name, hours) in [("short", 1), ("soon", 8 * 24), ("long", 8_760)] {
        make(&user, &json!({"name": name, "validity_hour": hours})).expect(200);
    }
    desk.controller().clock().advance(2 * DAY);
    let names = |query: &str| -> Vec<String> {
        let page = admin
            .get(&format!("{ALL}?{query}"))
            .send()
            .expect(200)
            .json();
        let results = page["results"].as_array().unwrap();
        results
            .iter()
            .map(|key| key["name"].as_str().unwrap().to_owned())
            .collect()
    };
    for user in ["many@example.com", &*id] {
        assert_eq!(names(&format!("user={user}&status=expired")), ["short"]);
        assert_eq!(names(&format!("user={user}&status=expiring")), ["soon"]);
        assert_eq!(
            names(&format!("user={user}&status=active")),
            ["test", "long"]
        );
    }
    assert_eq!(names("status=expired"), ["short"]);
    let whole = admin.get(ALL).send().expect(200).json();
    let count = whole["count"].as_u64().unwrap();
    // The partner's own accounts are none of the organization's.
    let ready_made = Role::ALL.iter().filter(|role| !role.is_of_partner());
    assert_eq!(count, ready_made.count() as u64 + 4);
    assert!(!serde_json::to_string(&whole).unwrap().contains("secret"));
    let mut paged = Vec::new();
    let mut path = format!("{ALL}?limit=5");
    loop {
        let page = admin.get(&path).send().expect(200).json();
        paged.extend(page["results"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(json!(paged), whole["results"]);
    desk.refuse(admin.get(&format!("{ALL}?status=gone")), 400);
    desk.refuse(user.get(ALL), 403);
    desk.role(Role::AdministratorReadOnly)
        .get(ALL)
        .send()
        .expect(200);
}
