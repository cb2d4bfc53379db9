//! The trails of the partner's organizations, of those that are gone too: read, filtered and exported by the partner,
//! by nobody else.

use std::time::Duration;

use rafay_mock_server::{Controller, Options, Role};
use rafay_tests::fixtures::{self, ORGANIZATIONS, PROJECTS};
use rafay_tests::{Answer, Caller, Desk};
use serde_json::{Value, json};

const TRAILS: &str = "/apis/system.k8smgmt.io/v3/audittrails";

fn trail(organization: &str) -> String {
    format!("/apis/system.k8smgmt.io/v3/organizations/{organization}/auditlogs")
}

fn partner(desk: &Desk) -> Caller<'_> {
    desk.caller(desk.controller().key_for(Role::PartnerAdmin).expose())
}

/// Makes an organization with a project, by its own administrator, and gives its id.
fn customer(desk: &Desk, name: &str, project: &str) -> String {
    let body = json!({"username": format!("ada@{name}.example"), "organization_name": name, "password": "not-a-real-one"});
    let made = partner(desk)
        .post("/auth/v1/signup/organization/", &body)
        .send()
        .expect(201);
    let (id, account) = (
        made.text_at("/organization_id"),
        made.text_at("/account_id"),
    );
    let key = partner(desk)
        .inside(&id)
        .post(&fixtures::new_key(&account), &json!({"name": "dynamic"}))
        .send()
        .expect(200);
    desk.caller(key.text_at("/key"))
        .post(PROJECTS, &fixtures::project(project))
        .send()
        .expect(200);
    id
}

fn delete(desk: &Desk, id: &str) {
    let path = format!("{ORGANIZATIONS}{id}/");
    partner(desk).delete(&path).send().expect(204);
}

/// The operations of the records that an answer lists.
fn operations(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    let items = list["items"].as_array().or(list.as_array()).unwrap();
    let told = items.iter().map(|item| item["operation"].as_str().unwrap());
    told.map(str::to_owned).collect()
}

#[test]
fn the_trail_of_a_deleted_organization_stays_readable_to_the_partner() {
    let desk = Desk::new();
    let gone = customer(&desk, "acme", "alpha");
    delete(&desk, &gone);
    let read = |path: &str| partner(&desk).get(path).send();
    let kept = ["projects_apply", "apikeys_create"];
    for named in [gone.as_str(), "acme"] {
        let list = read(&trail(named)).expect(200);
        assert_eq!(operations(&list), kept, "{named}");
        assert_eq!(list.json()["metadata"]["count"], 2);
        let newest = &list.json()["items"][0];
        assert_eq!(
            (&newest["user"], &newest["name"]),
            (&json!("ada@acme.example"), &json!("alpha"))
        );
        assert_eq!(newest["organizationID"], json!(gone));
    }
    // The same filters and pages as of one's own trail.
    for (query, wanted) in [
        ("?kind=Project", &kept[..1]),
        ("?text=ALPHA", &kept[..1]),
        ("?user=partner-admin@example.com", &kept[1..]),
        ("?outcome=refused", &[]),
        ("?limit=1&offset=1", &kept[1..]),
        ("?before=2", &kept[1..]),
    ] {
        let list = read(&format!("{}{query}", trail(&gone))).expect(200);
        assert_eq!(operations(&list), wanted, "{query}");
    }
    let file = read(&format!("{}/export/json?kind=Project", trail("acme"))).expect(200);
    assert_eq!(operations(&file), kept[..1]);
    let table = read(&format!("{}/export/csv", trail(&gone))).expect(200);
    assert_eq!(table.header("content-type"), Some("text/csv"));
    assert_eq!(table.text().lines().count(), 3);
    assert!(table.text().contains(",ada@acme.example,"), "{table}");

    // That it was read is on record, with the partner, and adds nothing to what was read.
    let own = read("/apis/system.k8smgmt.io/v3/auditlogs?limit=1000&text=_by_organization");
    assert_eq!(own.json()["metadata"]["count"], 10);
    assert_eq!(own.json()["items"][0]["name"], json!(gone));
    assert_eq!(operations(&read(&trail(&gone))), kept);
}

#[test]
fn a_name_means_the_organization_that_has_it_or_had_it_last() {
    let desk = Desk::new();
    let mut ids = Vec::new();
    for project in ["first", "second", "third"] {
        desk.controller().clock().advance(Duration::from_hours(1));
        let id = customer(&desk, "acme", project);
        if project != "third" {
            delete(&desk, &id);
        }
        ids.push(id);
    }
    let projects = |named: &str| {
        let path = format!("{}?kind=Project", trail(named));
        partner(&desk)
            .get(&path)
            .send()
            .expect(200)
            .text_at("/items/0/name")
    };
    assert_eq!(projects("acme"), "third");
    for (id, project) in ids.iter().zip(["first", "second", "third"]) {
        assert_eq!(projects(id), project);
    }
    delete(&desk, &ids[2]);
    assert_eq!(projects("acme"), "third");
    desk.refuse(partner(&desk).get(&trail("globex")), 404);
    desk.refuse(partner(&desk).get(&trail("zzzzzzz")), 404);

    let trails = partner(&desk).get(TRAILS).send().expect(200).json();
    let told: Vec<(&str, bool)> = trails["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["organization"].as_str().unwrap(),
                one["deleted"].as_bool().unwrap(),
            )
        })
        .collect();
    let wanted = [
        ("acme", true),
        ("acme", true),
        ("acme", true),
        ("example", false),
        ("operator", false),
    ];
    assert_eq!(told, wanted);
    let latest: Vec<&Value> = trails["items"].as_array().unwrap()[..3]
        .iter()
        .map(|one| &one["organizationID"])
        .collect();
    assert_eq!(
        latest,
        [&ids[2], &ids[1], &ids[0]]
            .map(|id| json!(id))
            .iter()
            .collect::<Vec<_>>()
    );
    let page = partner(&desk)
        .get(&format!("{TRAILS}?limit=2&offset=3"))
        .send()
        .expect(200)
        .json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(page["metadata"]["count"], 5);
}

#[test]
fn nobody_but_the_partner_reads_the_trail_of_another_organization() {
    let desk = Desk::new();
    let acme = customer(&desk, "acme", "alpha");
    let own = desk.controller().organization_id();
    for role in Role::ALL.iter().filter(|role| !role.is_of_partner()) {
        let caller = desk.role(*role);
        // One's own organization has a path of its own.
        for path in [trail(&acme), trail("acme"), trail(&own), TRAILS.to_owned()] {
            desk.refuse(caller.get(&path), 403);
        }
        desk.refuse(caller.get(&format!("{}/export/csv", trail(&acme))), 403);
        desk.refuse(caller.get(&format!("{}/export/json", trail(&acme))), 403);
    }
    desk.refuse(desk.nobody().get(&trail(&acme)), 401);
}

#[test]
fn the_trail_of_a_deleted_organization_outlives_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        let options = Options {
            audit_capacity: 1,
            ..Desk::options()
        };
        Controller::open(options, directory.path()).unwrap()
    };
    let desk = Desk::of(&open());
    let gone = customer(&desk, "acme", "alpha");
    delete(&desk, &gone);
    drop(desk);
    let desk = Desk::of(&open());
    for named in [gone.as_str(), "acme"] {
        let list = partner(&desk).get(&trail(named)).send().expect(200);
        assert_eq!(
            operations(&list),
            ["projects_apply", "apikeys_create"],
            "{named}"
        );
    }
}
