//! An organization from its sign-up to its end, on the moved clock: whom it lets in, what they may, how long their keys
//! live, who hears of that, and what the trail tells of it all when nothing else is left.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rafay_mock_server::{Clock, Options, PasswordCost, Role};
use rafay_tests::fixtures::{self, DEFAULT, ORGANIZATIONS, PARTNERS, PROFILE, USERS};
use rafay_tests::{Answer, Caller, Desk};
use serde_json::{Value, json};

use crate::DAY;

const GROUPS: &str = "/apis/system.k8smgmt.io/v3/groups";
const AUDIT: &str = "/apis/system.k8smgmt.io/v3/auditlogs";
const PASSWORD: &str = "not-a-real-secret";

/// A controller at the start of a year, whose partner approves who signs up.
fn desk() -> Desk {
    let desk = Desk::with(Options {
        clock: Clock::frozen_at("2026-01-01T00:00:00Z".parse().unwrap()),
        password_cost: PasswordCost {
            memory: 8,
            passes: 1,
        },
        ..Desk::options()
    });
    let mut own = partner(&desk).get(PARTNERS).send().expect(200).json()["items"][0].clone();
    own["spec"]["settings"]["fields"] =
        json!({"signup_enabled": true, "ORGANIZATION_APPROVAL": true});
    partner(&desk).post(PARTNERS, &own).send().expect(200);
    desk
}

fn partner(desk: &Desk) -> Caller<'_> {
    desk.caller(desk.controller().key_for(Role::PartnerAdmin).expose())
}

/// Lets days pass as they pass: something looks every day.
fn pass(desk: &Desk, days: u32) {
    for _ in 0..days {
        desk.controller().clock().advance(DAY);
        desk.controller().outbox();
    }
}

/// Signs acme up and gives its id and the id of its first account.
fn sign_up(desk: &Desk) -> (String, String) {
    let token = partner(desk).get(PARTNERS).send().expect(200);
    let token = STANDARD.encode(token.text_at("/items/0/metadata/id"));
    let body = json!({
        "username": "ada@acme.example", "organization_name": "acme", "first_name": "Ada", "last_name": "Moreau",
        "password": PASSWORD, "repeatPassword": PASSWORD,
    });
    let made = desk
        .nobody()
        .post(&format!("/auth/v1/signup/{token}/"), &body);
    let made = made.send().expect(200);
    (
        made.text_at("/organization_id"),
        made.text_at("/account_id"),
    )
}

/// A new key of an account, made by somebody: its parts as they are shown this once.
#[track_caller]
fn key(by: &Caller<'_>, account: &str, body: &Value) -> Value {
    by.post(&fixtures::new_key(account), body)
        .send()
        .expect(200)
        .json()
}

fn with<'d>(desk: &'d Desk, key: &Value) -> Caller<'d> {
    desk.caller(key["key"].as_str().unwrap())
}

fn login(desk: &Desk) -> Answer {
    let body = json!({"username": "ada@acme.example", "password": PASSWORD});
    desk.nobody().post("/auth/v1/login/", &body).send()
}

/// A new account with role bindings, made by an administrator.
#[track_caller]
fn account(by: &Caller<'_>, name: &str, bindings: &[(&str, Option<&str>)]) -> String {
    let made = by.post(USERS, &fixtures::user(name, bindings)).send();
    made.expect(201).text_at("/account/id")
}

#[expect(
    clippy::too_many_lines,
    reason = "a life is told from its beginning to its end"
)]
#[test]
fn a_hundred_and_twenty_days_of_an_organization() {
    let desk = desk();
    let act = |id: &str, action: &str| {
        let path = format!("{ORGANIZATIONS}{id}/{action}/");
        partner(&desk).ask("POST", &path).send().expect(200);
    };
    let mails = || -> Vec<(String, String)> {
        let all = desk.controller().outbox().into_iter();
        all.map(|mail| (mail.to, mail.subject)).collect()
    };
    let clusters = fixtures::clusters(DEFAULT);

    // Day 0: acme signs up and is let in when the partner approves it. The partner makes its administrator a key.
    let (acme, ada) = sign_up(&desk);
    assert!(login(&desk).expect(401).message().contains("not approved"));
    act(&acme, "approve");
    login(&desk).expect(200);
    let inside = partner(&desk).inside(&acme);
    let ada_key = key(
        &inside,
        &ada,
        &json!({"name": "dynamic", "never_expire": true}),
    );
    let ada_calls = with(&desk, &ada_key);

    // Keys live thirty days. Dana belongs to the operators, the robot may read.
    let settings = format!("{ORGANIZATIONS}{acme}/apikeysettings/");
    ada_calls
        .put(&settings, &json!({"validity_hour": 30 * 24}))
        .send()
        .expect(200);
    let operators = json!({
        "apiVersion": "system.k8smgmt.io/v3", "kind": "Group", "metadata": {"name": "operators"},
        "spec": {"type": "LOCAL", "roles": [{"role": {"name": "INFRA_ADMIN"}, "project": {"name": DEFAULT}}]},
    });
    ada_calls.post(GROUPS, &operators).send().expect(200);
    let dana = account(&ada_calls, "dana@acme.example", &[]);
    let robot = account(
        &ada_calls,
        "robot@acme.example",
        &[("INFRA_READ_ONLY", Some(DEFAULT))],
    );
    let memberships = format!("{}groups/", fixtures::user_path(&dana));
    let join = |groups: &Value| {
        ada_calls
            .put(&memberships, &json!({"groups": groups}))
            .send()
            .expect(200);
    };
    let starter = key(
        &ada_calls,
        &dana,
        &json!({"name": "starter", "validity_hour": 2 * 24}),
    );
    let laptop = key(&with(&desk, &starter), &dana, &json!({"name": "laptop"}));
    let nightly = key(
        &ada_calls,
        &robot,
        &json!({"name": "nightly", "validity_hour": 60 * 24}),
    );
    let (dana_calls, robot_calls) = (with(&desk, &laptop), with(&desk, &nightly));
    desk.refuse(dana_calls.get(&clusters), 403);
    join(&json!(["operators"]));
    dana_calls
        .post(&clusters, &fixtures::cluster("edge"))
        .send()
        .expect(200);
    desk.refuse(robot_calls.post(&clusters, &fixtures::cluster("late")), 403);

    // Day 5: the starter is over, as a mail said the day before. The robot is to write, and may at once.
    pass(&desk, 5);
    let expired = with(&desk, &starter).get(PROFILE).send().expect(401);
    assert_eq!(expired.code(), "KEY_EXPIRED");
    let mail = |to: &str, subject: &str| (format!("{to}@acme.example"), subject.to_owned());
    let mut heard = vec![mail("dana", "The API key starter expires in 24 hours")];
    assert_eq!(mails(), heard);
    let writes = fixtures::user("robot@acme.example", &[("INFRA_ADMIN", Some(DEFAULT))]);
    ada_calls
        .put(&fixtures::user_path(&robot), &writes)
        .send()
        .expect(200);
    robot_calls
        .post(&clusters, &fixtures::cluster("late"))
        .send()
        .expect(200);

    // Day 12: Dana moves to another team, and asks for more than the settings allow; Ada makes an exception.
    pass(&desk, 7);
    join(&json!([]));
    desk.refuse(dana_calls.get(&clusters), 403);
    let wish = json!({"name": "project", "validity_hour": 45 * 24});
    desk.refuse(dana_calls.post(&fixtures::new_key(&dana), &wish), 403);
    let project = key(&ada_calls, &dana, &wish);

    // Day 20: the partner shuts acme out. Whoever has a right key hears why; nobody else hears anything.
    pass(&desk, 8);
    act(&acme, "deactivate");
    for caller in [&ada_calls, &dana_calls, &robot_calls] {
        let refused = caller.get(PROFILE).send().expect(401);
        assert_eq!(refused.code(), "ORGANIZATION_INACTIVE");
        assert!(refused.message().contains("deactivated"), "{refused}");
    }
    assert_eq!(login(&desk).expect(401).code(), "ORGANIZATION_INACTIVE");
    assert!(inside.get(&clusters).send().expect(200).json()["metadata"]["count"] == 2);

    // Day 35: time did not stand still for its keys. Back in, the laptop's is over and the others work.
    pass(&desk, 15);
    act(&acme, "activate");
    heard.push(mail("dana", "The API key laptop expires in 7 days"));
    heard.push(mail("dana", "The API key laptop expires in 24 hours"));
    assert_eq!(mails(), heard);
    assert_eq!(
        dana_calls.get(PROFILE).send().expect(401).code(),
        "KEY_EXPIRED"
    );
    for caller in [&ada_calls, &robot_calls, &with(&desk, &project)] {
        caller.get(PROFILE).send().expect(200);
    }

    // Day 40: the partner adds an auditor, with a key; the auditor reads the trail and nothing else.
    pass(&desk, 5);
    let adduser = format!("{ORGANIZATIONS}{acme}/adduser/");
    let auditor = json!({"account": {"username": "kim@acme.example"}, "roles": [{"role": {"name": "AUDITOR_ADMIN"}}]});
    let kim = inside
        .post(&adduser, &auditor)
        .send()
        .expect(201)
        .text_at("/account/id");
    let kim_key = key(
        &inside,
        &kim,
        &json!({"name": "dynamic", "never_expire": true}),
    );
    let kim_calls = with(&desk, &kim_key);
    desk.refuse(kim_calls.get(&clusters), 403);
    kim_calls.get(AUDIT).send().expect(200);

    // Day 50: the nightly key is lost. It is revoked, so nobody hears of its end, and another takes its place.
    pass(&desk, 10);
    let gone = fixtures::key_path(nightly["id"].as_str().unwrap());
    ada_calls.delete(&gone).send().expect(200);
    assert_eq!(
        robot_calls.get(PROFILE).send().expect(401).code(),
        "KEY_REFUSED"
    );
    let nightly = key(
        &ada_calls,
        &robot,
        &json!({"name": "nightly 2", "never_expire": true}),
    );
    with(&desk, &nightly).get(&clusters).send().expect(200);

    // Day 120: the exception is over since day 57. What has been over for ninety days is gone; the rest is listed.
    pass(&desk, 70);
    heard.push(mail("dana", "The API key project expires in 7 days"));
    heard.push(mail("dana", "The API key project expires in 24 hours"));
    assert_eq!(mails(), heard);
    let listed = ada_calls
        .get(&fixtures::keys(&dana))
        .send()
        .expect(200)
        .json();
    let listed: Vec<(&str, &str)> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|key| {
            (
                key["name"].as_str().unwrap(),
                key["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(listed, [("laptop", "expired"), ("project", "expired")]);

    // What the trail tells the auditor, oldest first: who did what to whom, and what became of it.
    let told = |caller: &Caller<'_>, path: &str, query: &str| -> Vec<(String, String, i64)> {
        let list = caller.get(&format!("{path}?limit=1000&{query}")).send();
        let list = list.expect(200).json();
        let text = |value: &Value| {
            value
                .as_str()
                .unwrap_or("nobody")
                .split('@')
                .next()
                .unwrap()
                .to_owned()
        };
        let items = list["items"].as_array().unwrap().iter().rev();
        items
            .map(|one| {
                (
                    text(&one["user"]),
                    text(&one["operation"]),
                    one["status"].as_i64().unwrap(),
                )
            })
            .collect()
    };
    let line =
        |user: &str, operation: &str, status| (user.to_owned(), operation.to_owned(), status);
    assert_eq!(
        told(&kim_calls, AUDIT, "text=apikeys_&to=2026-04-30T00:00:00Z"),
        [
            line("partner-admin", "apikeys_create", 200),
            line("ada", "apikeys_create", 200),
            line("dana", "apikeys_create", 200),
            line("ada", "apikeys_create", 200),
            line("dana", "apikeys_create", 403),
            line("ada", "apikeys_create", 200),
            line("partner-admin", "apikeys_create", 200),
            line("ada", "apikeys_delete", 200),
            line("ada", "apikeys_create", 200),
            line("(system)", "apikeys_delete", 200),
        ]
    );
    let shut_out = "from=2026-01-21T00:00:00Z&to=2026-02-05T00:00:00Z&outcome=refused";
    let refused = told(&kim_calls, AUDIT, shut_out);
    let refused: Vec<&str> = refused.iter().map(|(user, ..)| user.as_str()).collect();
    assert_eq!(refused, ["ada", "dana", "robot"]);
    let roles = kim_calls
        .get(&format!("{AUDIT}?text=INFRA_ADMIN&kind=User"))
        .send();
    let changes = roles.expect(200).json()["items"][0]["changes"].clone();
    let change = json!([{"pointer": "/spec/roles/0/role/name", "before": "\"INFRA_READ_ONLY\"", "after": "\"INFRA_ADMIN\""}]);
    assert_eq!(changes, change);

    // The end: acme goes, and its keys with it. The partner still reads all of its trail.
    let before = told(&kim_calls, AUDIT, "").len();
    partner(&desk)
        .delete(&format!("{ORGANIZATIONS}{acme}/"))
        .send()
        .expect(204);
    kim_calls.get(AUDIT).send().expect(401);
    let trail = "/apis/system.k8smgmt.io/v3/organizations/acme/auditlogs";
    let kept = told(&partner(&desk), trail, "");
    assert_eq!(
        kept.len(),
        before + 1,
        "with the question that was asked last"
    );
    assert_eq!(kept[0], line("ada", "sessions_login", 200));
    let records = desk.controller().audit();
    let own: Vec<_> = records
        .iter()
        .filter(|record| record.organization() == acme)
        .collect();
    assert!(own.iter().all(|record| record.is_intact()));
    assert!(
        own.windows(2)
            .all(|pair| pair[1].before() == pair[0].hash())
    );
}
