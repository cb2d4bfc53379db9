//! How long a key may live: the organization's setting, the account's own, and who is bound by neither.

use rafay_mock_server::Role;
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROFILE, USERS};
use serde_json::json;

use crate::{HOUR, entry, hours, make, set_organization, set_user, settings, user_settings};

#[test]
fn an_organizations_default_is_set_read_and_cleared_by_its_administrator() {
    let desk = Desk::new();
    let admin = desk.admin();
    let path = settings(&desk);
    let read = || admin.get(&path).send().expect(200).json();
    assert_eq!(read(), json!({"fallback_hour": 8_760}));
    set_organization(&desk, Some(24));
    assert_eq!(read(), json!({"fallback_hour": 8_760, "validity_hour": 24}));
    assert_eq!(
        hours(&desk, &make(&admin, &json!({})).expect(200)),
        Some(24)
    );
    set_organization(&desk, None);
    assert_eq!(
        hours(&desk, &make(&admin, &json!({})).expect(200)),
        Some(8_760)
    );
    // The number for nobody's word is the document's and not a client's.
    let answer = admin.put(&path, &json!({"fallback_hour": 1})).send();
    assert_eq!(answer.expect(200).json(), json!({"fallback_hour": 8_760}));
}

#[test]
fn everybody_may_know_the_organizations_default_and_only_who_writes_keys_sets_it() {
    let desk = Desk::new();
    let path = settings(&desk);
    for role in [Role::ProjectAdmin, Role::AdministratorReadOnly] {
        desk.role(role).get(&path).send().expect(200);
        desk.refuse(
            desk.role(role).put(&path, &json!({"validity_hour": 1})),
            403,
        );
    }
    let other = "/auth/v1/organizations/zzzzzzz/apikeysettings/";
    desk.refuse(desk.admin().get(other), 404);
    desk.refuse(desk.admin().put(other, &json!({"validity_hour": 1})), 404);
    desk.refuse(desk.nobody().get(&path), 401);
}

#[test]
fn settings_are_whole_hours_from_one_on() {
    let desk = Desk::new();
    let (id, _) = fixtures::account(&desk, "bound@example.com", &[]);
    for path in [settings(&desk), user_settings(&id)] {
        for bad in [
            "0",
            "-1",
            "1.5",
            "876001",
            "1e300",
            "99999999999999999999",
            "\"24\"",
        ] {
            let body = format!("{{\"validity_hour\": {bad}}}");
            let ask = desk
                .admin()
                .ask("PUT", &path)
                .body("application/json", body);
            let answer = desk.refuse(ask, 400);
            assert_eq!(answer.pointers(), ["/validity_hour"], "{bad}: {answer}");
        }
        for good in [1, 876_000] {
            let body = json!({"validity_hour": good});
            desk.admin().put(&path, &body).send().expect(200);
        }
    }
}

#[test]
fn a_user_gets_at_most_the_higher_of_both_settings() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "bound@example.com", &[]);
    let user = desk.caller(key);
    let path = fixtures::new_key(&id);
    for (organization, own, limit) in [
        (Some(24), None, 24),
        (None, Some(48), 48),
        (Some(24), Some(48), 48),
        (Some(48), Some(24), 48),
    ] {
        set_organization(&desk, organization);
        set_user(&desk, &id, own);
        let told = format!("{organization:?} {own:?}");
        for (body, wanted) in [
            (json!({}), limit),
            (json!({"validity_hour": limit}), limit),
            (json!({"validity_hour": 1}), 1),
        ] {
            let made = make(&user, &body).expect(200);
            assert_eq!(hours(&desk, &made), Some(wanted), "{told}");
        }
        for (body, pointer) in [
            (json!({"validity_hour": limit + 1}), "/validity_hour"),
            (json!({"validity_hour": 876_000}), "/validity_hour"),
            (json!({"never_expire": true}), "/never_expire"),
        ] {
            let answer = desk.refuse(user.post(&path, &body), 403);
            assert_eq!(answer.pointers(), [pointer], "{told}");
            assert!(
                answer.text().contains(&format!("{limit} hours")),
                "{answer}"
            );
            assert!(answer.text().contains("administrator"), "{answer}");
        }
    }
}

#[test]
fn without_settings_a_user_is_free() {
    let desk = Desk::new();
    let (_, key) = fixtures::account(&desk, "free@example.com", &[]);
    let user = desk.caller(key);
    for (body, wanted) in [
        (json!({}), Some(8_760)),
        (json!({"validity_hour": 876_000}), Some(876_000)),
        (json!({"never_expire": true}), None),
    ] {
        assert_eq!(hours(&desk, &make(&user, &body).expect(200)), wanted);
    }
}

#[test]
fn an_administrators_word_overrides_both_settings_in_either_direction() {
    let desk = Desk::new();
    let (id, _) = fixtures::account(&desk, "bound@example.com", &[]);
    set_organization(&desk, Some(24));
    set_user(&desk, &id, Some(48));
    let admin = desk.admin();
    for owner in [&id, &admin.id()] {
        for (body, wanted) in [
            (json!({"validity_hour": 8_761}), Some(8_761)),
            (json!({"validity_hour": 1}), Some(1)),
            (json!({"never_expire": true}), None),
        ] {
            let made = admin
                .post(&fixtures::new_key(owner), &body)
                .send()
                .expect(200);
            assert_eq!(hours(&desk, &made), wanted);
        }
    }
    // Without a word the owner's settings count, not the administrator's.
    let made = admin
        .post(&fixtures::new_key(&id), &json!({}))
        .send()
        .expect(200);
    assert_eq!(hours(&desk, &made), Some(48));
    let made = make(&admin, &json!({})).expect(200);
    assert_eq!(hours(&desk, &made), Some(24));
}

#[test]
fn an_administrator_who_only_reads_is_bound_like_everybody() {
    let desk = Desk::new();
    set_organization(&desk, Some(24));
    let reader = desk.role(Role::AdministratorReadOnly);
    let path = fixtures::new_key(&reader.id());
    desk.refuse(reader.post(&path, &json!({"validity_hour": 25})), 403);
    make(&reader, &json!({"validity_hour": 24})).expect(200);
}

#[test]
fn an_exception_is_a_key_made_by_an_administrator_or_a_higher_setting() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "special@example.com", &[]);
    let user = desk.caller(key);
    set_organization(&desk, Some(24));
    let wish = json!({"validity_hour": 720});
    desk.refuse(user.post(&fixtures::new_key(&id), &wish), 403);
    // One way: the key is made for the user.
    let made = desk
        .admin()
        .post(&fixtures::new_key(&id), &wish)
        .send()
        .expect(200);
    assert_eq!(hours(&desk, &made), Some(720));
    // The other: the user's own setting is raised.
    set_user(&desk, &id, Some(720));
    assert_eq!(hours(&desk, &make(&user, &wish).expect(200)), Some(720));
}

#[test]
fn a_lower_setting_takes_nothing_from_keys_that_are_there() {
    let desk = Desk::new();
    let (id, key) = fixtures::account(&desk, "early@example.com", &[]);
    let user = desk.caller(key);
    set_organization(&desk, Some(720));
    let made = make(&user, &json!({})).expect(200);
    set_organization(&desk, Some(1));
    assert_eq!(hours(&desk, &make(&user, &json!({})).expect(200)), Some(1));
    let listed = entry(&user, &id, &made.text_at("/id"));
    assert_eq!(listed["expires_at"], made.json()["expires_at"]);
    desk.controller().clock().advance(719 * HOUR);
    desk.caller(made.text_at("/key"))
        .get(PROFILE)
        .send()
        .expect(200);
    desk.controller().clock().advance(HOUR);
    desk.refuse(desk.caller(made.text_at("/key")).get(PROFILE), 401);
}

#[test]
fn a_user_is_made_with_an_own_duration_and_sees_it() {
    let desk = Desk::new();
    set_organization(&desk, Some(24));
    let mut body = fixtures::user("timed@example.com", &[]);
    body["account"]["apikey_validity_hour"] = json!(72);
    let made = desk.admin().post(USERS, &body).send().expect(201);
    assert_eq!(made.json()["account"]["apikey_validity_hour"], 72);
    let id = made.text_at("/account/id");
    let key = desk
        .admin()
        .post(&fixtures::new_key(&id), &json!({}))
        .send()
        .expect(200);
    assert_eq!(hours(&desk, &key), Some(72));
    let user = desk.caller(key.text_at("/key"));
    let own = user.get(&user_settings(&id)).send().expect(200);
    assert_eq!(own.json()["validity_hour"], 72);
    desk.refuse(
        user.put(&user_settings(&id), &json!({"validity_hour": 720})),
        403,
    );
    // v3 has the same account.
    let path = "/apis/system.k8smgmt.io/v3/users/timed@example.com";
    let v3 = desk.admin().get(path).send().expect(200);
    assert_eq!(v3.json()["spec"]["apiKeyValidityHours"], 72);
    set_user(&desk, &id, None);
    assert_eq!(hours(&desk, &make(&user, &json!({})).expect(200)), Some(24));
    for bad in [json!(0), json!(-5), json!(0.5)] {
        body["account"]["username"] = json!("wrong@example.com");
        body["account"]["apikey_validity_hour"] = bad;
        let answer = desk.refuse(desk.admin().post(USERS, &body), 400);
        assert_eq!(answer.pointers(), ["/account/apikey_validity_hour"]);
    }
}
