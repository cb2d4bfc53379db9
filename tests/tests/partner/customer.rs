//! Organizations that the partner makes, each with a key of its administrator.

use rafay_mock_server::Role;
use rafay_tests::{Answer, Caller, Desk, fixtures};
use serde_json::{Value, json};

pub(crate) const SIGNUP: &str = "/auth/v1/signup/";

/// An organization that was made, with its administrator's key.
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) key: String,
}

/// The partner's own caller, in no organization of its customers.
pub(crate) fn partner(desk: &Desk) -> Caller<'_> {
    desk.caller(desk.controller().key_for(Role::PartnerAdmin).expose())
}

pub(crate) fn request(name: &str) -> Value {
    json!({
        "username": format!("ada@{name}.example"), "organization_name": name,
        "first_name": "Ada", "last_name": "Moreau", "password": "not-a-real-secret",
    })
}

/// Has the partner make an organization and a key for its administrator, as a script does with the real one.
pub(crate) fn customer(desk: &Desk, name: &str) -> Customer {
    let made = partner(desk)
        .post(&format!("{SIGNUP}organization/"), &request(name))
        .send()
        .expect(201);
    with_key(desk, &made)
}

pub(crate) fn with_key(desk: &Desk, made: &Answer) -> Customer {
    let (id, account) = (
        made.text_at("/organization_id"),
        made.text_at("/account_id"),
    );
    let body = json!({"name": "dynamic", "never_expire": true, "validity_hour": 0});
    let inside = partner(desk).inside(&id);
    let key = inside
        .post(&fixtures::new_key(&account), &body)
        .send()
        .expect(200);
    let key = key.text_at("/key");
    Customer { id, account, key }
}
