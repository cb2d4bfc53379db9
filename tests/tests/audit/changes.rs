//! What a write changed is told by every write, be it by a standard verb or by code of its own; secrets by their
//! places alone.

use std::time::Duration;

use rafay_mock_server::{AuditRecord, Options, PasswordCost, Role};
use rafay_spec::Behavior;
use rafay_tests::fixtures::{self, PROJECTS, USERS};
use rafay_tests::{Desk, Target, World, operations};
use serde_json::{Value, json};

fn desk() -> Desk {
    let password_cost = PasswordCost {
        memory: 8,
        passes: 1,
    };
    Desk::with(Options {
        password_cost,
        ..Desk::options()
    })
}

fn last(desk: &Desk) -> AuditRecord {
    desk.controller().audit().pop().unwrap()
}

/// What the last call changed: places with what stood there and what stands there.
fn told(desk: &Desk) -> Value {
    serde_json::to_value(last(desk).changes()).unwrap()
}

/// What is told of a place.
fn at(told: &Value, pointer: &str) -> Value {
    let mut all = told.as_array().unwrap().iter();
    let found = all.find(|change| change["pointer"] == pointer);
    found
        .unwrap_or_else(|| panic!("{pointer} in {told}"))
        .clone()
}

#[test]
fn keys_tell_what_was_made_and_what_went() {
    let desk = desk();
    let admin = desk.admin();
    let own = admin.id();
    let made = admin
        .post(
            &fixtures::new_key(&own),
            &json!({"name": "ci", "validity_hour": 24}),
        )
        .send()
        .expect(200);
    let record = told(&desk);
    let shown = made.json();
    let access_id = made.text_at("/key");
    let access_id = access_id.rsplit_once('.').unwrap().0;
    for (place, value) in [
        ("/name", json!("ci")),
        ("/id", shown["id"].clone()),
        ("/account_id", json!(own)),
        ("/expires_at", shown["expires_at"].clone()),
        ("/never_expire", json!(false)),
        ("/key", json!(format!("{access_id}.***"))),
        ("/secret", json!("********")),
        ("/created_by", json!("admin@example.com")),
    ] {
        assert_eq!(
            at(&record, place),
            json!({"pointer": place, "after": value})
        );
    }
    assert!(!record.to_string().contains(&made.text_at("/secret")));

    admin
        .delete(&fixtures::key_path(&made.text_at("/id")))
        .send()
        .expect(200);
    let gone = told(&desk);
    assert_eq!(
        at(&gone, "/name"),
        json!({"pointer": "/name", "before": "ci"})
    );
    assert_eq!(
        at(&gone, "/secret"),
        json!({"pointer": "/secret", "before": "********"})
    );

    let file = admin
        .get("/auth/v1/cli/config/?validity_hour=5")
        .send()
        .expect(200);
    let record = told(&desk);
    assert_eq!(at(&record, "/name")["after"], "rctl config");
    assert_eq!(
        at(&record, "/expires_at")["after"],
        file.json()["expires_at"]
    );
    assert!(!record.to_string().contains(&file.text_at("/api_secret")));
}

#[test]
fn settings_of_keys_tell_the_hours_before_and_after() {
    let desk = desk();
    let admin = desk.admin();
    let organization = format!(
        "{}{}/apikeysettings/",
        fixtures::ORGANIZATIONS,
        desk.controller().organization_id()
    );
    let (user, _) = fixtures::account(&desk, "dana@example.com", &[]);
    let user = format!("{}apikeysettings/", fixtures::user_path(&user));
    for (path, place) in [
        (organization, "/validity_hour"),
        (user, "/spec/apiKeyValidityHours"),
    ] {
        for (body, wanted) in [
            (
                json!({"validity_hour": 48}),
                json!([{"pointer": place, "after": 48}]),
            ),
            (
                json!({"validity_hour": 24}),
                json!([{"pointer": place, "before": 48, "after": 24}]),
            ),
            (json!({"validity_hour": 24}), json!([])),
            (json!({}), json!([{"pointer": place, "before": 24}])),
        ] {
            admin.put(&path, &body).send().expect(200);
            assert_eq!(told(&desk), wanted, "{path} {body}");
        }
    }
}

#[test]
fn passwords_and_sessions_tell_that_they_changed_and_not_to_what() {
    let desk = desk();
    let admin = desk.admin();
    let (first, second) = ("correct horse battery", "another staple of words");
    let user = |password: &str| json!({"account": {"username": "dana@example.com", "user_type": "CONSOLE", "password": password}});
    let made = admin.post(USERS, &user(first)).send().expect(201);
    let password = "/spec/password";
    assert_eq!(
        at(&told(&desk), password),
        json!({"pointer": password, "after": "********"})
    );
    let path = fixtures::user_path(&made.text_at("/account/id"));
    admin.put(&path, &user(second)).send().expect(200);
    let changed = json!([{"pointer": password, "before": "********", "after": "********"}]);
    assert_eq!(told(&desk), changed);
    for same in [second, "********"] {
        admin.put(&path, &user(same)).send().expect(200);
        assert_eq!(told(&desk), json!([]), "{same}");
    }

    let login = json!({"username": "dana@example.com", "password": second});
    let session = desk
        .nobody()
        .post("/auth/v1/login/", &login)
        .send()
        .expect(200);
    let begun = told(&desk);
    for place in ["/id", "/username", "/organization", "/expires_at"] {
        let value = session.json().pointer(place).unwrap().clone();
        assert_eq!(at(&begun, place), json!({"pointer": place, "after": value}));
    }
    let cookies: Vec<&str> = session
        .headers("set-cookie")
        .map(|cookie| cookie.split(';').next().unwrap())
        .collect();
    let csrf = cookies[1].split_once('=').unwrap().1;
    desk.nobody()
        .ask("POST", "/auth/v1/logout/")
        .header("Cookie", cookies.join("; "))
        .header("X-CSRFToken", csrf)
        .send()
        .expect(204);
    let ended = told(&desk);
    assert_eq!(
        at(&ended, "/id"),
        json!({"pointer": "/id", "before": session.json()["id"]})
    );
    let trail: String = desk
        .controller()
        .audit()
        .iter()
        .map(|record| serde_json::to_string(&record.changes()).unwrap())
        .collect();
    for secret in [first, second, csrf, cookies[0].split_once('=').unwrap().1] {
        assert!(!trail.contains(secret), "{secret}");
    }
}

#[test]
fn a_new_organization_tells_of_itself_and_of_its_first_account() {
    let desk = desk();
    let body = json!({
        "username": "ada@acme.example", "organization_name": "acme", "first_name": "Ada", "password": "not-a-real-one",
    });
    desk.caller(desk.controller().key_for(Role::PartnerAdmin).expose())
        .post("/auth/v1/signup/organization/", &body)
        .send()
        .expect(201);
    let records = desk.controller().audit();
    let mut made = records
        .iter()
        .filter(|record| record.operation() == "organizations_create");
    let made = serde_json::to_value(made.next().unwrap().changes()).unwrap();
    for (place, value) in [
        ("/organization/metadata/name", json!("acme")),
        ("/organization/spec/approved", json!(true)),
        ("/account/metadata/name", json!("ada@acme.example")),
        ("/account/spec/roles/0/role/name", json!("ADMIN")),
        ("/account/spec/password", json!("********")),
    ] {
        assert_eq!(at(&made, place), json!({"pointer": place, "after": value}));
    }
    assert!(!made.to_string().contains("lastName"));
}

#[test]
fn a_deletion_tells_what_went() {
    let desk = desk();
    let admin = desk.admin();
    admin
        .post(PROJECTS, &fixtures::project("p"))
        .send()
        .expect(200);
    admin
        .delete(&fixtures::project_path("p"))
        .send()
        .expect(200);
    let gone = told(&desk);
    assert_eq!(
        at(&gone, "/metadata/name"),
        json!({"pointer": "/metadata/name", "before": "p"})
    );
    assert_eq!(at(&gone, "/spec/clusterResourceQuota/pods")["before"], "50");
}

/// Of every operation that writes, be it new tomorrow, the record says what changed. An action may leave the object that
/// it is taken on as it is: to activate what is active, to run a pipeline.
#[test]
fn no_write_of_any_operation_is_silent_about_what_it_changed() {
    let desk = desk();
    let world = World::make(&desk);
    let admin = desk.operator();
    let (mut told, mut silent) = (0, Vec::new());
    for (document, operation) in operations() {
        world.prepare(&desk, operation, Target::Own);
        let sample = world.sample(document, operation, Target::Own, Role::PartnerAdmin);
        desk.controller().clock().advance(Duration::from_millis(1));
        // What that has made due is done by now.
        desk.nobody().get("/").send();
        let before = desk.controller().snapshot();
        let ask = admin.ask(&operation.method, &sample.path);
        let answer = match &sample.body {
            Some(body) => ask.json(body).send(),
            None => ask.send(),
        };
        let wrote = desk.controller().snapshot().differs_from(&before);
        if answer.status() >= 400 || !wrote {
            continue;
        }
        let is_action = matches!(operation.behavior, Behavior::Action { .. });
        if !last(&desk).changes().is_empty() {
            told += 1;
        } else if !is_action {
            silent.push(format!("{} {}", document.version, operation.id));
        }
    }
    assert!(told > 200, "{told}");
    assert!(silent.is_empty(), "{silent:#?}");
}
