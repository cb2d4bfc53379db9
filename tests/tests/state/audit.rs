//! The audit trail: one record for one request, in a chain that is whole, within bounds.

use std::time::Duration;

use rafay_mock_server::{AuditRecord, Options, Role};
use rafay_spec::Permission;
use rafay_tests::fixtures::{self, DEFAULT, PROFILE, PROJECTS};
use rafay_tests::{Desk, Target, World, answered, operations};

/// The chain holds and the numbers follow one another.
#[track_caller]
pub(crate) fn assert_whole(records: &[AuditRecord]) {
    assert!(records.iter().all(AuditRecord::is_intact));
    for pair in records.windows(2) {
        assert_eq!(pair[1].number(), pair[0].number() + 1);
        assert_eq!(pair[1].before(), pair[0].hash());
    }
}

#[test]
fn every_operation_leaves_one_record_that_says_who_what_and_how_it_went() {
    let desk = Desk::new();
    let admin = desk.operator();
    let world = World::make(&desk);
    let user = admin.id();
    for (document, operation) in operations() {
        world.prepare(&desk, operation, Target::Own);
        let sample = world.sample(document, operation, Target::Own, Role::PartnerAdmin);
        let before = desk.controller().audit().len();
        let ask = admin.ask(&operation.method, &sample.path);
        let answer = match &sample.body {
            Some(body) => ask.json(body).send(),
            None => ask.send(),
        };
        let records = desk.controller().audit();
        assert_eq!(records.len(), before + 1, "{}", operation.id);
        let record = records.last().unwrap();
        assert_eq!(record.version(), document.version);
        assert_eq!(record.operation(), operation.id);
        assert_eq!(
            (record.method(), record.target()),
            (operation.method.as_str(), sample.path.as_str())
        );
        assert_eq!(record.status(), answer.status());
        assert_eq!(record.time(), desk.controller().clock().now());
        assert_whole(&records);
        if operation.permission == Permission::Public {
            // Nobody is asked who he is, and the example lacks the proof.
            assert_eq!(record.status(), answered(operation));
            assert_eq!(record.reason().is_some(), answered(operation) >= 400);
            assert!(record.actor().is_none());
            continue;
        }
        assert_eq!(record.reason(), None);
        let actor = record.actor().unwrap();
        assert_eq!(
            (&*actor.user_id, &*actor.username),
            (user.as_str(), "partner-admin@example.com")
        );
        assert!(admin.key().contains(&*actor.key_id) && actor.key_id.len() == 40);
    }
}

#[test]
fn an_unchanged_object_a_304_and_a_head_are_on_record_too() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = admin
        .post(PROJECTS, &fixtures::project("p"))
        .send()
        .expect(200);
    admin
        .post(PROJECTS, &fixtures::project("p"))
        .send()
        .expect(200);
    let path = fixtures::project_path("p");
    admin
        .get(&path)
        .header("If-None-Match", made.etag())
        .send()
        .expect(304);
    admin.ask("HEAD", &path).send().expect(200);
    let records = desk.controller().audit();
    let told: Vec<_> = records
        .iter()
        .map(|record| (record.method(), record.status()))
        .collect();
    assert_eq!(told.len(), 4);
    for wanted in [("POST", 200), ("GET", 304), ("HEAD", 200)] {
        assert!(told.contains(&wanted), "{told:?}");
    }
}

#[test]
fn a_refusal_is_on_record_with_its_reason_and_the_caller_if_known() {
    let desk = Desk::new();
    let reader = desk.role(Role::ProjectReadOnly);
    reader
        .delete(&fixtures::cluster_path("c"))
        .send()
        .expect(403);
    reader.get("/nowhere").send().expect(404);
    reader.ask("PATCH", PROJECTS).send().expect(405);
    desk.nobody().get(PROFILE).send().expect(401);
    desk.nobody().get("/nowhere").send().expect(404);
    let records = desk.controller().audit();
    let told: Vec<_> = records
        .iter()
        .map(|record| {
            (
                record.status(),
                record.operation(),
                record.actor().map(|actor| &*actor.username),
            )
        })
        .collect();
    let name = Some("project-read-only@example.com");
    assert_eq!(
        told,
        [
            (403, "clusters_delete", name),
            (404, "", name),
            (405, "", name),
            (401, "users_profile", None),
            (404, "", None),
        ]
    );
    assert!(
        records
            .iter()
            .all(|record| record.reason().is_some_and(|reason| !reason.is_empty()))
    );
}

#[test]
fn records_stand_in_the_order_things_happened() {
    let desk = Desk::new();
    let admin = desk.admin();
    let mut wanted = Vec::new();
    for number in 0..20 {
        desk.controller().clock().advance(Duration::from_secs(1));
        admin.get(PROJECTS).send().expect(200);
        wanted.push(("GET", desk.controller().clock().now()));
        desk.controller().clock().advance(Duration::from_secs(1));
        admin
            .post(PROJECTS, &fixtures::project(&format!("p{number}")))
            .send()
            .expect(200);
        wanted.push(("POST", desk.controller().clock().now()));
    }
    let records = desk.controller().audit();
    let told: Vec<_> = records
        .iter()
        .map(|record| (record.method(), record.time()))
        .collect();
    assert_eq!(told, wanted);
}

#[test]
fn the_trail_keeps_so_many_and_its_chain_still_holds() {
    let desk = Desk::with(Options {
        audit_capacity: 100,
        ..Desk::options()
    });
    let admin = desk.admin();
    for number in 0..400_u64 {
        if number % 4 == 0 {
            let cluster = fixtures::cluster(&format!("c{number}"));
            admin
                .post(&fixtures::clusters(DEFAULT), &cluster)
                .send()
                .expect(200);
        } else {
            admin.get(PROJECTS).send().expect(200);
        }
        if number % 50 == 0 {
            assert!(desk.controller().audit().len() <= 100);
        }
    }
    let records = desk.controller().audit();
    assert_eq!(records.len(), 100);
    assert_eq!(records.last().unwrap().number(), 400);
    assert_whole(&records);
}

#[test]
fn a_long_path_makes_a_short_record() {
    let desk = Desk::new();
    let path = format!("/{}", "x".repeat(20_000));
    desk.admin().get(&path).send().expect(404);
    let path = format!("/{}", "%F0%9F%A6%80".repeat(2_000));
    desk.admin().get(&path).send().expect(404);
    for record in desk.controller().audit() {
        assert!(record.target().len() <= 512 && record.reason().unwrap().len() <= 512);
    }
}

#[test]
fn a_query_is_on_no_record() {
    let desk = Desk::new();
    desk.admin()
        .get(&format!("{PROJECTS}?token=abc"))
        .send()
        .expect(200);
    assert!(!format!("{:?}", desk.controller().audit()).contains("abc"));
}
