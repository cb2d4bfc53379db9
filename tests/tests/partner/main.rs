//! The partner API: organizations are made, signed up, approved, shut out, let in and removed, and nothing of one is
//! ever seen by another.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod customer;
mod isolation;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rafay_mock_server::{MockController, Role};
use rafay_tests::fixtures::{self, DEFAULT, ORGANIZATIONS, PROJECTS};
use rafay_tests::{Caller, Desk};
use serde_json::json;

use customer::{SIGNUP, customer, partner, request, with_key};

fn organization(id: &str, action: &str) -> String {
    format!("{ORGANIZATIONS}{id}/{action}")
}

fn names(caller: &Caller<'_>, query: &str) -> Vec<String> {
    let list = caller
        .get(&format!("{ORGANIZATIONS}{query}"))
        .send()
        .expect(200)
        .json();
    let results = list["results"].as_array().unwrap();
    assert_eq!(list["count"], results.len());
    results
        .iter()
        .map(|found| found["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Sets one setting of the partner.
fn set(desk: &Desk, name: &str, value: bool) {
    let path = "/apis/system.k8smgmt.io/v3/partners";
    let mut object = partner(desk).get(path).send().expect(200).json()["items"][0].clone();
    object["spec"]["settings"]["fields"][name] = json!(value);
    partner(desk).post(path, &object).send().expect(200);
}

fn token(desk: &Desk) -> String {
    let own = organization(&desk.controller().organization_id(), "");
    let partner = desk
        .admin()
        .get(&own)
        .send()
        .expect(200)
        .text_at("/partner/id");
    STANDARD.encode(partner)
}

#[test]
fn a_partner_makes_an_organization_that_works_at_once() {
    let desk = Desk::new();
    let acme = customer(&desk, "acme");
    let admin = desk.caller(&acme.key);
    let profile = admin.get(fixtures::PROFILE).send().expect(200);
    assert_eq!(profile.text_at("/organization/id"), acme.id);
    assert_eq!(profile.text_at("/organization/name"), "acme");
    assert_eq!(profile.text_at("/account/first_name"), "Ada");
    assert_eq!(profile.text_at("/roles/0/role/name"), "ADMIN");
    let clusters = fixtures::clusters(DEFAULT);
    admin
        .post(&clusters, &fixtures::cluster("edge"))
        .send()
        .expect(200);
    assert_eq!(
        admin.get(&clusters).send().expect(200).json()["metadata"]["count"],
        1
    );
    assert_eq!(
        desk.admin().get(&clusters).send().expect(200).json()["metadata"]["count"],
        0
    );

    // Its name is taken now, and half an organization is none.
    let again = partner(&desk).post(&format!("{SIGNUP}organization/"), &request("acme"));
    desk.refuse(again, 409);
    let mut wrong = request("half");
    wrong["username"] = json!("not a name");
    desk.refuse(
        partner(&desk).post(&format!("{SIGNUP}organization/"), &wrong),
        400,
    );
    assert_eq!(names(&partner(&desk), "?name=half"), [""; 0]);
}

#[test]
fn organizations_are_listed_and_read_by_the_partner_and_each_sees_its_own() {
    let desk = Desk::new();
    let acme = customer(&desk, "acme");
    customer(&desk, "globex");
    assert_eq!(names(&partner(&desk), ""), ["acme", "example", "globex"]);
    assert_eq!(
        names(&partner(&desk), "?limit=100&offset=0&name=globex"),
        ["globex"]
    );
    assert_eq!(names(&desk.caller(&acme.key), ""), ["acme"]);

    let path = organization(&acme.id, "");
    let mut whole = partner(&desk).get(&path).send().expect(200).json();
    whole["external_id"] = json!("crm-1");
    whole["settings"] = json!({"currency": "USD"});
    whole["address_line1"] = json!("1 Example Street");
    partner(&desk).put(&path, &whole).send().expect(200);
    let own = desk.caller(&acme.key).get(&path).send().expect(200).json();
    for field in ["external_id", "settings", "address_line1", "partner_id"] {
        assert_eq!(own[field], whole[field], "{field}");
    }
    assert_eq!(names(&partner(&desk), "?external_id=crm-1"), ["acme"]);
    assert_eq!(names(&partner(&desk), "?external_id=crm-2"), [""; 0]);
    let v3 = "/apis/system.k8smgmt.io/v3/organizations";
    let stored = desk
        .caller(&acme.key)
        .get(&format!("{v3}/acme"))
        .send()
        .expect(200);
    assert_eq!(stored.text_at("/spec/addressLine1"), "1 Example Street");

    // What is another's is not there; what only the partner may is refused.
    desk.refuse(desk.caller(&acme.key).get(&format!("{v3}/globex")), 404);
    desk.refuse(desk.caller(&acme.key).put(&path, &whole), 403);
    desk.refuse(desk.caller(&acme.key).delete(&path), 403);
    desk.refuse(
        desk.caller(&acme.key)
            .ask("POST", &organization(&acme.id, "approve/")),
        403,
    );
}

#[test]
fn a_deactivated_organization_is_shut_out_and_told_why_until_it_is_activated() {
    let desk = Desk::new();
    let acme = customer(&desk, "acme");
    let path = organization(&acme.id, "");
    let own = || desk.caller(acme.key.clone()).get(PROJECTS);
    own().send().expect(200);

    // As clients of the real controller do it.
    let mut whole = partner(&desk).get(&path).send().expect(200).json();
    whole["active"] = json!(false);
    let shown = partner(&desk).put(&path, &whole).send().expect(200).json();
    assert_eq!(shown["active"], false);
    let refused = own().send().expect(401);
    assert_eq!(refused.code(), "ORGANIZATION_INACTIVE");
    assert!(
        refused.message().contains("\"acme\" is deactivated"),
        "{refused}"
    );
    // Who has a wrong secret learns nothing of it.
    let wrong = format!("{}f", &acme.key[..acme.key.len() - 1]);
    let wrong = if wrong == acme.key {
        wrong.replace('f', "0")
    } else {
        wrong
    };
    let unknown = desk.caller(wrong).get(PROJECTS).send().expect(401);
    assert_eq!(unknown.code(), "KEY_REFUSED");
    // The partner still works in it.
    partner(&desk)
        .inside(&acme.id)
        .get(PROJECTS)
        .send()
        .expect(200);

    partner(&desk)
        .ask("POST", &organization(&acme.id, "activate/"))
        .send()
        .expect(200);
    own().send().expect(200);
    partner(&desk)
        .ask("POST", &organization(&acme.id, "deactivate/"))
        .send()
        .expect(200);
    own().send().expect(401);
}

#[test]
fn anybody_signs_up_with_the_partners_token_and_waits_for_approval_where_it_is_asked_for() {
    let desk = Desk::new();
    let path = format!("{SIGNUP}{}/", token(&desk));
    let sign_up = |name: &str| {
        let mut body = request(name);
        body["repeatPassword"] = body["password"].clone();
        desk.nobody().post(&path, &body)
    };
    let made = sign_up("acme").send().expect(200);
    assert_eq!(made.json()["approved"], true);
    let acme = with_key(&desk, &made);
    desk.caller(&acme.key).get(PROJECTS).send().expect(200);
    let taken = desk.refuse(sign_up("acme"), 400).json();
    assert_eq!(taken["details"][0]["error_code"], "CONFIG035");

    let mut other = request("other");
    other["repeatPassword"] = json!("another");
    let refused = desk.refuse(desk.nobody().post(&path, &other), 400);
    assert!(refused.message().contains("/repeatPassword"), "{refused}");
    other["repeatPassword"] = other["password"].clone();
    for unknown in ["bm9ib2R5", "%25", "="] {
        desk.refuse(
            desk.nobody().post(&format!("{SIGNUP}{unknown}/"), &other),
            404,
        );
    }

    set(&desk, "ORGANIZATION_APPROVAL", true);
    let made = sign_up("globex").send().expect(200);
    assert_eq!(made.json()["approved"], false);
    let globex = with_key(&desk, &made);
    let own = || desk.caller(globex.key.clone()).get(PROJECTS);
    let refused = own().send().expect(401);
    assert!(refused.message().contains("not approved"), "{refused}");
    partner(&desk)
        .ask("POST", &organization(&globex.id, "approve/"))
        .send()
        .expect(200);
    own().send().expect(200);
    // What the partner makes itself needs no approval.
    let initech = customer(&desk, "initech");
    desk.caller(&initech.key).get(PROJECTS).send().expect(200);

    set(&desk, "signup_enabled", false);
    desk.refuse(sign_up("late"), 403);
}

#[test]
fn who_signs_up_logs_in_with_the_password_while_the_organization_counts() {
    let desk = Desk::new();
    let acme = customer(&desk, "acme");
    let login = |password: &str| {
        let body = json!({"username": "ada@acme.example", "password": password});
        desk.nobody().post("/auth/v1/login/", &body)
    };
    let session = login("not-a-real-secret").send().expect(200);
    assert_eq!(session.text_at("/organization"), "acme");
    login("another").send().expect(401);
    partner(&desk)
        .ask("POST", &organization(&acme.id, "deactivate/"))
        .send()
        .expect(200);
    let refused = login("not-a-real-secret").send().expect(401);
    assert_eq!(refused.code(), "ORGANIZATION_INACTIVE");
    assert_eq!(login("another").send().expect(401).code(), "LOGIN_REFUSED");
}

#[test]
fn users_are_added_to_an_organization_and_get_keys_there() {
    let desk = Desk::new();
    let acme = customer(&desk, "acme");
    let globex = customer(&desk, "globex");
    let path = organization(&acme.id, "adduser/");
    let user = |name: &str| {
        json!({
            "account": {"username": name, "first_name": "Sam", "last_name": "Rivera", "phone": "1"},
            "role": {"id": "x", "name": "PROJECT_READ_ONLY", "is_global": true, "scope": "PROJECT"},
            "roles": [{"role": {"name": "PROJECT_READ_ONLY"}, "project": {"name": DEFAULT}}],
        })
    };
    let by_partner = partner(&desk)
        .inside(&acme.id)
        .post(&path, &user("sam@acme.example"))
        .send()
        .expect(201);
    let id = by_partner.text_at("/account/id");
    desk.caller(&acme.key)
        .post(&path, &user("kim@acme.example"))
        .send()
        .expect(201);
    // Another organization's administrator does not even learn that it is there.
    desk.refuse(
        desk.caller(&globex.key)
            .post(&path, &user("eve@globex.example")),
        404,
    );
    desk.refuse(
        desk.admin().get(&organization("zzzzzzz", "accountroles/")),
        404,
    );

    let users = desk
        .caller(&acme.key)
        .get(&organization(&acme.id, "accountroles/"))
        .send()
        .expect(200)
        .json();
    assert_eq!(users["count"], 3);
    let key = partner(&desk)
        .inside(&acme.id)
        .post(&fixtures::new_key(&id), &json!({"name": "dynamic"}))
        .send()
        .expect(200)
        .text_at("/key");
    let sam = desk.caller(key);
    sam.get(&fixtures::clusters(DEFAULT)).send().expect(200);
    desk.refuse(
        sam.post(&fixtures::clusters(DEFAULT), &fixtures::cluster("a")),
        403,
    );
}

#[test]
fn a_deleted_organization_takes_all_it_has_and_nothing_else() {
    let desk = Desk::new();
    // What the controller began with comes to rest.
    desk.controller()
        .clock()
        .advance(std::time::Duration::from_hours(24));
    desk.admin().get(PROJECTS).send().expect(200);
    let before = desk.controller().snapshot();
    let kept = customer(&desk, "kept");
    let acme = customer(&desk, "acme");
    for key in [&kept.key, &acme.key] {
        let admin = desk.caller(key);
        admin
            .post(PROJECTS, &fixtures::project("apps"))
            .send()
            .expect(200);
        // A cluster that comes up has steps that wait for their time.
        admin
            .post(&fixtures::clusters("apps"), &fixtures::cluster("edge"))
            .send()
            .expect(200);
    }
    partner(&desk)
        .delete(&organization(&acme.id, ""))
        .send()
        .expect(204);
    desk.refuse(desk.caller(&acme.key).get(PROJECTS), 401);
    desk.refuse(partner(&desk).get(&organization(&acme.id, "")), 404);
    desk.refuse(partner(&desk).inside(&acme.id).get(PROJECTS), 403);
    assert_eq!(names(&partner(&desk), ""), ["example", "kept"]);
    let edge = format!("{}/edge", fixtures::clusters("apps"));
    desk.caller(&kept.key).get(&edge).send().expect(200);
    assert_eq!(
        desk.controller()
            .audit()
            .iter()
            .filter(|record| record.target() == fixtures::clusters("apps"))
            .count(),
        2,
        "what was done is on record"
    );

    // One of the same name is another one, which begins with nothing.
    let again = customer(&desk, "acme");
    assert_ne!(again.id, acme.id);
    let projects = desk
        .caller(&again.key)
        .get(PROJECTS)
        .send()
        .expect(200)
        .json();
    assert_eq!(projects["metadata"]["count"], 1);

    // With every customer gone, the controller holds what it began with.
    for id in [&again.id, &kept.id] {
        partner(&desk)
            .delete(&organization(id, ""))
            .send()
            .expect(204);
    }
    desk.controller()
        .clock()
        .advance(std::time::Duration::from_hours(24));
    desk.admin().get(PROJECTS).send().expect(200);
    assert_eq!(desk.controller().snapshot().len(), before.len());
}

#[test]
fn only_a_partners_key_says_where_it_works() {
    let desk = Desk::new();
    let acme = customer(&desk, "acme");
    let own = desk.controller().organization_id();
    desk.admin().inside(&own).get(PROJECTS).send().expect(200);
    for (caller, id) in [
        (desk.admin(), acme.id.as_str()),
        (partner(&desk), "zzzzzzz"),
    ] {
        let refused = desk.refuse(caller.inside(id).get(PROJECTS), 403);
        assert!(refused.message().contains("X-ORGANIZATION-ID"), "{refused}");
    }
    // A role of partners is none in an organization.
    let bindings = [("PARTNER_ADMIN", None)];
    let eve = fixtures::user("eve@example.com", &bindings);
    let refused = desk.refuse(desk.admin().post(fixtures::USERS, &eve), 400);
    assert_eq!(refused.code(), "UNKNOWN_REFERENCE");
}

#[tokio::test]
async fn the_sdk_works_in_an_organization_of_the_partner() {
    let mock = MockController::start().await.unwrap();
    let desk = Desk::of(mock.controller());
    let acme = customer(&desk, "acme");
    let client = rafay_sdk::Client::builder()
        .endpoint(mock.url())
        .api_key(mock.key_for(Role::PartnerAdmin).expose())
        .organization(&acme.id)
        .build()
        .unwrap();
    let projects: rafay_sdk::Api<rafay_sdk::v3::types::Project> = rafay_sdk::Api::all(client);
    let project = projects.get(DEFAULT).await.unwrap();
    let own = desk
        .caller(&acme.key)
        .get(&format!("{PROJECTS}/{DEFAULT}"))
        .send()
        .expect(200);
    assert_eq!(project.metadata.id.unwrap(), own.text_at("/metadata/id"));
}
