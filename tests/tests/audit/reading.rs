//! Reading the trail: what is found by which question, page by page and as a file, and who sees which records.

use std::time::Duration;

use rafay_mock_server::{Controller, Options, Role};
use rafay_tests::fixtures::{self, DEFAULT, PROFILE, PROJECTS};
use rafay_tests::{Answer, Caller, Desk};
use serde_json::Value;

const AUDIT: &str = "/apis/system.k8smgmt.io/v3/auditlogs";

fn items(answer: &Answer) -> Vec<Value> {
    answer.json()["items"].as_array().unwrap().clone()
}

fn asked(caller: &Caller<'_>, query: &str) -> Vec<Value> {
    items(
        &caller
            .get(&format!("{AUDIT}?limit=1000&{query}"))
            .send()
            .expect(200),
    )
}

/// A desk at which a few people have done a few things, an hour apart.
fn busy() -> Desk {
    let desk = Desk::new();
    let clock = desk.controller().clock();
    clock.set("2026-01-01T00:00:00Z".parse().unwrap());
    desk.admin()
        .post(PROJECTS, &fixtures::project("alpha"))
        .header("User-Agent", "rctl/1")
        .send()
        .expect(200);
    clock.advance(Duration::from_hours(1));
    let clusters = fixtures::clusters(DEFAULT);
    desk.admin()
        .post(&clusters, &fixtures::cluster("edge-1"))
        .header("User-Agent", "Mozilla/5")
        .send()
        .expect(200);
    clock.advance(Duration::from_hours(1));
    desk.role(Role::ProjectReadOnly)
        .delete(&fixtures::cluster_path("edge-1"))
        .send()
        .expect(403);
    clock.advance(Duration::from_hours(1));
    desk.nobody().get(PROFILE).send().expect(401);
    clock.advance(Duration::from_hours(1));
    desk
}

#[test]
fn calls_of_every_version_and_door_are_read_in_one_place() {
    let desk = Desk::new();
    let (admin, organization) = (desk.admin(), desk.controller().organization_id());
    let user = serde_json::json!({"account": {"username": "dana@example.com", "user_type": "CONSOLE", "password": "a-long-one"}});
    admin.post(fixtures::USERS, &user).send().expect(201);
    let login = serde_json::json!({"username": "dana@example.com", "password": "a-long-one"});
    let session = desk.nobody().post("/auth/v1/login/", &login).send();
    let session = session.expect(200);
    let cookie = session.headers("set-cookie").next().unwrap();
    let profile = desk.nobody().get(PROFILE).header("Cookie", cookie);
    profile.send().expect(200);
    let projects = admin.get(fixtures::V1_PROJECTS).send().expect(200);
    let project = projects.text_at("/results/0/id");
    let blueprints = format!("/v2/config/project/{project}/blueprint");
    admin
        .get(&blueprints)
        .header("User-Agent", "rctl/2")
        .send()
        .expect(200);
    let partner = desk.caller(desk.controller().key_for(Role::PartnerAdmin).expose());
    partner
        .inside(&organization)
        .get(PROJECTS)
        .send()
        .expect(200);
    desk.role(Role::InfraReadOnly)
        .delete(&fixtures::project_path("p"))
        .send()
        .expect(403);

    let told = asked(&admin, "");
    let told: Vec<_> = told
        .iter()
        .rev()
        .map(|item| {
            ["version", "operation", "user", "client"].map(|part| item[part].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            ["v1", "users_create", "admin@example.com", "other"],
            ["v1", "sessions_login", "dana@example.com", "other"],
            ["v1", "users_profile", "dana@example.com", "other"],
            ["v1", "projects_list", "admin@example.com", "other"],
            ["v2", "blueprints_list", "admin@example.com", "rctl"],
            ["v3", "projects_list", "partner-admin@example.com", "other"],
            [
                "v3",
                "projects_delete",
                "infra-read-only@example.com",
                "other"
            ],
        ]
    );
}

#[test]
fn every_filter_finds_its_own() {
    let desk = busy();
    let admin = desk.admin();
    for (query, operations) in [
        (
            "",
            &[
                "users_profile",
                "clusters_delete",
                "clusters_apply",
                "projects_apply",
            ][..],
        ),
        (
            "from=2026-01-01T02:00:00Z",
            &["users_profile", "clusters_delete"],
        ),
        ("to=2026-01-01T01:00:00Z", &["projects_apply"]),
        (
            "from=2026-01-01T01:00:00Z&to=2026-01-01T02:00:00Z",
            &["clusters_apply"],
        ),
        ("user=project-read-only@example.com", &["clusters_delete"]),
        ("kind=Cluster", &["clusters_delete", "clusters_apply"]),
        (
            "project=defaultproject",
            &["clusters_delete", "clusters_apply"],
        ),
        ("client=browser", &["clusters_apply"]),
        ("client=rctl", &["projects_apply"]),
        ("outcome=succeeded", &["clusters_apply", "projects_apply"]),
        ("outcome=refused&kind=Cluster", &["clusters_delete"]),
        ("text=EDGE-1", &["clusters_delete", "clusters_apply"]),
        ("text=alpha", &["projects_apply"]),
        ("text=cluster.write", &["clusters_delete"]),
        ("before=3", &["clusters_apply", "projects_apply"]),
        ("kind=Nothing", &[]),
    ] {
        // The questions themselves are on record, behind what they ask about.
        let before = if query.starts_with("before") {
            ""
        } else {
            "&before=5"
        };
        let found = asked(&admin, &format!("{query}{before}"));
        let told: Vec<_> = found
            .iter()
            .map(|item| item["operation"].as_str().unwrap())
            .collect();
        assert_eq!(told, operations, "{query}");
    }
    let answer = admin
        .get(&format!("{AUDIT}?from=yesterday"))
        .send()
        .expect(400);
    assert!(answer.message().contains("yesterday"), "{answer}");
    admin.get(&format!("{AUDIT}?client=fax")).send().expect(400);
}

#[test]
fn pages_follow_one_another_and_hold_still_with_before() {
    let desk = Desk::new();
    let admin = desk.admin();
    for number in 0..25 {
        let project = fixtures::project(&format!("p{number}"));
        admin.post(PROJECTS, &project).send().expect(200);
    }
    let mut numbers = Vec::new();
    let mut before = 26;
    loop {
        let page = admin
            .get(&format!("{AUDIT}?limit=10&before={before}"))
            .send()
            .expect(200);
        let items = items(&page);
        let Some(last) = items.last() else {
            break;
        };
        before = last["number"].as_i64().unwrap();
        numbers.extend(items.iter().map(|item| item["number"].as_i64().unwrap()));
    }
    let newest_first: Vec<_> = (1..=25).rev().collect();
    assert_eq!(numbers, newest_first);
    let page = admin
        .get(&format!("{AUDIT}?limit=10&offset=20&before=26"))
        .send()
        .json();
    assert_eq!(page["metadata"]["count"], 25);
    assert_eq!(page["items"].as_array().unwrap().len(), 5);
    assert_eq!(page["items"][0]["number"], 5);
}

#[test]
fn the_files_have_what_the_list_has() {
    let desk = busy();
    let admin = desk.admin();
    let listed = asked(&admin, "before=5");
    let json = admin
        .get(&format!("{AUDIT}/export/json?before=5"))
        .send()
        .expect(200)
        .json();
    assert_eq!(json.as_array().unwrap(), &listed);
    let answer = admin
        .get(&format!("{AUDIT}/export/csv?before=5"))
        .send()
        .expect(200);
    assert_eq!(answer.header("content-type"), Some("text/csv"));
    let lines: Vec<_> = answer.text().lines().collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(lines[0].starts_with("number,time,organizationID,user,"));
    assert!(
        lines[4].starts_with("1,2026-01-01T00:00:00Z,"),
        "{}",
        lines[4]
    );
    assert!(lines[4].contains("admin@example.com") && lines[4].contains(",succeeded,"));
    let refused = admin
        .get(&format!("{AUDIT}/export/csv?outcome=refused&before=5"))
        .send();
    assert_eq!(refused.text().lines().count(), 3);
}

#[test]
fn everybody_sees_what_they_may() {
    let desk = busy();
    desk.admin()
        .post(&fixtures::clusters("alpha"), &fixtures::cluster("far"))
        .send()
        .expect(200);
    for role in [Role::Admin, Role::AdministratorReadOnly, Role::AuditorAdmin] {
        assert!(asked(&desk.role(role), "before=6").len() == 5, "{role:?}");
    }
    // A project's role sees its project, and its own calls wherever they were.
    let reader = desk.role(Role::ProjectReadOnly);
    reader.get(&fixtures::clusters("alpha")).send().expect(403);
    let seen = asked(&reader, "before=10");
    let told: Vec<_> = seen
        .iter()
        .map(|item| {
            (
                item["number"].as_i64().unwrap(),
                item["project"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(told, [(9, "alpha"), (3, DEFAULT), (2, DEFAULT)]);
    // The count tells no more than the list, and neither does a file.
    let page = reader
        .get(&format!("{AUDIT}?before=10&limit=1"))
        .send()
        .json();
    assert_eq!(page["metadata"]["count"], 3);
    let file = reader
        .get(&format!("{AUDIT}/export/json?before=10"))
        .send()
        .json();
    assert_eq!(file.as_array().unwrap().len(), 3);

    // Others have their own records alone.
    let other = desk.role(Role::InfraAdmin);
    desk.refuse(other.get(AUDIT), 403);
    desk.refuse(other.get(&format!("{AUDIT}/export/csv")), 403);
    let own = items(&other.get(&format!("{AUDIT}/own")).send().expect(200));
    assert!(own.len() >= 2);
    assert!(
        own.iter()
            .all(|item| item["user"] == "infra-admin@example.com"),
        "{own:?}"
    );
    desk.refuse(desk.nobody().get(&format!("{AUDIT}/own")), 401);
}

#[test]
fn an_auditor_sees_the_trail_and_no_clusters() {
    let desk = busy();
    let auditor = desk.role(Role::AuditorAdmin);
    auditor
        .get(&format!("{AUDIT}/export/csv"))
        .send()
        .expect(200);
    desk.refuse(auditor.get(&fixtures::clusters(DEFAULT)), 403);
    desk.refuse(auditor.post(PROJECTS, &fixtures::project("p")), 403);
}

#[test]
fn records_that_are_on_disk_alone_are_found_too() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options {
        audit_capacity: 5,
        ..Desk::options()
    };
    let controller = Controller::open(options, directory.path()).unwrap();
    let desk = Desk::of(&controller);
    let admin = desk.admin();
    for number in 0..20 {
        let project = fixtures::project(&format!("p{number}"));
        admin.post(PROJECTS, &project).send().expect(200);
    }
    assert_eq!(desk.controller().audit().len(), 5);
    let found = asked(&admin, "before=21");
    let numbers: Vec<_> = found
        .iter()
        .map(|item| item["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=20).rev().collect::<Vec<_>>());
    let hashes = found
        .windows(2)
        .all(|pair| pair[0]["previousHash"] == pair[1]["hash"]);
    assert!(hashes);
    assert_eq!(asked(&admin, "text=p3&before=21").len(), 1);
}
