//! What is shown of a key, and when: whole once, then its id alone, its secret nowhere.

use rafay_mock_server::Role;
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROJECTS};
use serde_json::json;

use crate::{HOUR, make};

#[test]
fn a_key_is_shown_whole_once_and_then_by_its_id_alone() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = make(&admin, &json!({"name": "shown", "validity_hour": 2}))
        .expect(200)
        .json();
    let (key, secret) = (
        made["key"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert_eq!(secret.len(), 64);
    let listed = admin.get(&fixtures::keys(&admin.id())).send().expect(200);
    assert!(!listed.text().contains(secret));
    let listed = listed.json();
    let entry = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["id"] == made["id"])
        .unwrap();
    assert_eq!(
        entry["key"].as_str().unwrap(),
        key.strip_suffix(&format!(".{secret}")).unwrap()
    );
    assert_eq!(entry["key"].as_str().unwrap().len(), "ra2.".len() + 40);
    assert_eq!(entry["status"], "active");
    assert_eq!(entry["validity_hour"], 2);
    assert_eq!(entry["expires_at"], made["expires_at"]);
    assert_eq!(entry["created_by"], "admin@example.com");
    assert!(entry.get("secret").is_none());
    desk.controller().clock().advance(2 * HOUR);
    let listed = admin
        .get(&fixtures::keys(&admin.id()))
        .send()
        .expect(200)
        .json();
    let entry = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["id"] == made["id"])
        .unwrap();
    assert_eq!(entry["status"], "expired");
}

#[test]
fn a_secret_is_in_no_audit_record_and_in_no_debug_text() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = make(&admin, &json!({"name": "quiet", "validity_hour": 1}))
        .expect(200)
        .json();
    let (key, secret) = (
        made["key"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    let caller = desk.caller(key);
    caller.get(PROJECTS).send().expect(200);
    caller.get("/nowhere").send().expect(404);
    caller
        .get(&format!("{PROJECTS}?key={key}"))
        .send()
        .expect(200);
    caller
        .post(PROJECTS, &json!({"key": key}))
        .send()
        .expect(400);
    desk.controller().clock().advance(HOUR);
    caller.get(PROJECTS).send().expect(401);
    let ready = desk.controller().key_for(Role::Admin);
    let ready_secret = ready.expose().rsplit_once('.').unwrap().1;
    let texts = [
        format!("{:?}", desk.controller()),
        format!("{:#?}", desk.controller().audit()),
        format!("{ready:?}"),
    ];
    for text in texts {
        assert!(
            !text.contains(secret) && !text.contains(ready_secret),
            "{text}"
        );
    }
    for record in desk.controller().audit() {
        let told = [
            record.target(),
            record.reason().unwrap_or(""),
            record.operation(),
        ];
        assert!(told.iter().all(|text| !text.contains(secret)), "{record:?}");
        assert!(
            record
                .actor()
                .is_none_or(|actor| !actor.key_id.contains(secret)),
            "{record:?}"
        );
    }
}
