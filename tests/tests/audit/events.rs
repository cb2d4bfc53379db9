//! The trail as events, in the form that scripts of the console read.

use std::time::Duration;

use rafay_mock_server::Role;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS};
use rafay_tests::{Caller, Desk};
use serde_json::{Value, json};

const EVENTS: &str = "/event/v1/auditlog";

/// A project, and two hours later a cluster that is made, and then not removed by one who may only read.
fn busy() -> Desk {
    let desk = Desk::new();
    desk.admin()
        .post(PROJECTS, &fixtures::project("alpha"))
        .header("User-Agent", "rctl/1")
        .send()
        .expect(200);
    desk.controller().clock().advance(Duration::from_hours(2));
    desk.admin()
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("edge-1"))
        .header("User-Agent", "Mozilla/5")
        .from([10, 0, 0, 7])
        .send()
        .expect(200);
    desk.role(Role::ProjectReadOnly)
        .delete(&fixtures::cluster_path("edge-1"))
        .send()
        .expect(403);
    desk
}

fn asked(caller: &Caller<'_>, query: &str) -> Value {
    caller
        .get(&format!("{EVENTS}?{query}"))
        .send()
        .expect(200)
        .json()
}

fn events(answer: &Value) -> Vec<&Value> {
    let hits = answer["hits"]["hits"].as_array().unwrap();
    hits.iter().map(|hit| &hit["_source"]["json"]).collect()
}

fn types(answer: &Value) -> Vec<&str> {
    events(answer)
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect()
}

#[test]
fn the_trail_is_read_as_events_in_the_form_that_clients_know() {
    let desk = busy();
    let all = asked(&desk.admin(), "");
    assert_eq!(
        types(&all),
        ["cluster.deleted", "cluster.applied", "project.applied"]
    );
    let event = events(&all)[1];
    assert_eq!(
        event["actor"],
        json!({"type": "USER", "account": {"username": "admin@example.com"}, "groups": []})
    );
    let client =
        json!({"type": "BROWSER", "ip": "10.0.0.7", "host": "", "user_agent": "Mozilla/5"});
    assert_eq!(event["client"], client);
    for (place, value) in [
        ("/category", "AUDIT"),
        ("/portal", "ADMIN"),
        ("/project", DEFAULT),
        ("/timestamp", "2026-01-05T14:00:00Z"),
        ("/version", "v3"),
        ("/detail/meta/cluster_name", "edge-1"),
        ("/detail/meta/status", "200"),
        ("/detail/meta/role", "ADMIN"),
        (
            "/detail/message",
            "admin@example.com called clusters_apply on Cluster edge-1, which succeeded with 200",
        ),
    ] {
        assert_eq!(
            event.pointer(place),
            Some(&json!(value)),
            "{place} of {event}"
        );
    }
    let refused = events(&all)[0]["detail"]["message"].as_str().unwrap();
    assert!(
        refused.contains("which was refused with 403: this takes the permission cluster.write"),
        "{refused}"
    );
}

#[test]
fn every_filter_narrows_events_and_numbers_alike() {
    let desk = busy();
    let all = ["cluster.deleted", "cluster.applied", "project.applied"];
    for (query, wanted) in [
        ("filter.type=cluster.applied", &all[1..2]),
        ("filter.user=project-read-only@example.com", &all[..1]),
        ("filter.client=CLI", &all[2..]),
        ("filter.client=BROWSER", &all[1..2]),
        ("filter.timefrom=now-1h", &all[..2]),
        ("filter.timefrom=2026-01-05T13:00:00Z", &all[..2]),
        ("filter.timefrom=1d", &all[..]),
        ("filter.kind=Project", &all[2..]),
        ("filter.method=DELETE", &all[..1]),
        ("filter.projects=alpha", &[]),
        (
            "filter.projects=alpha&filter.projects=defaultproject",
            &all[..2],
        ),
        ("filter.cluster=edge-1", &all[..2]),
        ("filter.namespace=edge-1", &[]),
        ("filter.queryString=EDGE-1", &all[..2]),
        ("filter.queryString=edge-1&filter.method=POST", &all[1..2]),
        ("filter.portal=ADMIN&filter.unknown=x", &all[..]),
    ] {
        let desk = Desk::of(desk.controller());
        let moment = desk.controller().snapshot();
        let answer = asked(&desk.admin(), query);
        desk.controller().restore(&moment);
        assert_eq!(types(&answer), wanted, "{query}");
        let numbers = answer["aggregations"]["group_by_type"]["buckets"]
            .as_array()
            .unwrap();
        let sum: i64 = numbers
            .iter()
            .map(|bucket| bucket["doc_count"].as_i64().unwrap())
            .sum();
        assert_eq!(sum, i64::try_from(wanted.len()).unwrap(), "{query}");
    }
    let numbers = asked(&desk.admin(), "limit=1");
    assert_eq!(
        types(&numbers),
        all[..1],
        "one page of them, and the numbers of all"
    );
    let numbers = &numbers["aggregations"];
    for (group, wanted) in [
        (
            "username",
            json!([{"doc_count": 2, "key": "admin@example.com"}, {"doc_count": 1, "key": "project-read-only@example.com"}]),
        ),
        (
            "kind",
            json!([{"doc_count": 2, "key": "Cluster"}, {"doc_count": 1, "key": "Project"}]),
        ),
        (
            "method",
            json!([{"doc_count": 2, "key": "POST"}, {"doc_count": 1, "key": "DELETE"}]),
        ),
        ("project", json!([{"doc_count": 2, "key": DEFAULT}])),
        ("cluster", json!([{"doc_count": 2, "key": "edge-1"}])),
        ("namespace", json!([])),
    ] {
        assert_eq!(
            numbers[format!("group_by_{group}")]["buckets"],
            wanted,
            "{group}"
        );
    }
    for wrong in ["filter.timefrom=yesterday", "filter.client=FAX", "limit=0"] {
        desk.refuse(desk.admin().get(&format!("{EVENTS}?{wrong}")), 400);
    }
}

#[test]
fn everybody_sees_the_events_that_v3_shows_them() {
    let desk = busy();
    desk.admin()
        .post(&fixtures::clusters("alpha"), &fixtures::cluster("far"))
        .send()
        .expect(200);
    let reader = desk.role(Role::ProjectReadOnly);
    assert_eq!(
        types(&asked(&reader, "filter.kind=Cluster")),
        ["cluster.deleted", "cluster.applied"]
    );
    assert_eq!(
        types(&asked(
            &desk.role(Role::AuditorAdmin),
            "filter.kind=Cluster"
        ))
        .len(),
        3
    );
    desk.refuse(desk.role(Role::InfraAdmin).get(EVENTS), 403);
    desk.refuse(desk.nobody().get(EVENTS), 401);
    // The partner's own calls are another portal's.
    let partner = desk.caller(desk.controller().key_for(Role::PartnerAdmin).expose());
    partner.get(fixtures::ORGANIZATIONS).send().expect(200);
    let own = asked(&partner, "");
    assert_eq!(types(&own), ["organization.listed"]);
    assert_eq!(events(&own)[0]["portal"], "OPS");
}
