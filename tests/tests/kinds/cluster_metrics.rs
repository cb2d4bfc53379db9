//! Measurements of clusters: they follow from when the cluster has checked in and what runs on it.

use rafay_mock_server::Role;
use serde_json::Value;

use crate::world::{World, named, text};

/// The values of a series, the latest last.
fn values(told: &Value, series: &str) -> Vec<f64> {
    let series = told[series].as_object().unwrap();
    // The names are moments of as many digits each, so their order is that of time.
    series
        .values()
        .map(|value| value.as_f64().unwrap())
        .collect()
}

fn ask(world: &World, measure: &str, query: &str) -> Value {
    world.read(&format!("/cluster_metrics/{measure}_details?{query}"))
}

#[test]
fn a_cluster_has_something_once_it_has_checked_in_and_more_is_asked_of_it_with_each_workload() {
    let world = World::with(&["Cluster"]);
    let id = text(&world.at("Cluster", "edge-1", "/metadata/id"));
    let query = format!("duration=1h&edgeId={id}&points=30");
    let told = ask(&world, "cpu", &query);
    assert_eq!(values(&told, "total"), [0.0; 30], "{told}");

    world.pass(1_800);
    let told = ask(&world, "cpu", &query);
    let total = values(&told, "total");
    let there = total.iter().filter(|value| **value > 0.0).count();
    assert_eq!((total.len(), total[0], total[29]), (30, 0.0, 12.0));
    // Half an hour but for the minute before the check-in, in steps of two minutes.
    assert_eq!(there, 15, "{told}");
    let now = world
        .desk
        .controller()
        .clock()
        .now()
        .as_second()
        .to_string();
    assert_eq!(told["total"][&now], 12.0, "the last moment is now");
    let (asked, used) = (values(&told, "request"), values(&told, "usage"));
    assert!(
        used[29] > 0.0 && used[29] < asked[29] && asked[29] < total[29],
        "{told}"
    );

    world.make("Workload");
    world.pass(60);
    let more = ask(&world, "cpu", &query);
    let grown = values(&more, "request")[29] - asked[29];
    assert!((grown - 0.25).abs() < 1e-9, "{more}");
    for measure in ["memory", "storage"] {
        let told = ask(&world, measure, &query);
        assert!(values(&told, "total")[29] > 1e9, "{told}");
    }
}

#[test]
fn who_asks_is_told_of_the_clusters_it_may_see() {
    let world = World::with(&["Cluster"]);
    world.apply("Cluster", &named("Cluster", "edge-2"));
    world.pass(3_600);
    let one = text(&world.at("Cluster", "edge-1", "/metadata/id"));
    let latest = |told: &Value| {
        let series = told["total"].as_object().unwrap();
        series.values().next_back().cloned().unwrap()
    };
    assert_eq!(latest(&ask(&world, "cpu", &format!("edgeId={one}"))), 12.0);
    assert_eq!(
        latest(&ask(&world, "cpu", "points=1")),
        24.0,
        "of all together"
    );
    for query in [
        "duration=90m",
        "duration=soon",
        "duration=9999999d",
        "duration=1s&points=1000",
    ] {
        assert_eq!(latest(&ask(&world, "cpu", query)), 24.0, "{query}");
    }
    let path = format!("/cluster_metrics/cpu_details?edgeId={one}");
    world
        .role(Role::ProjectReadOnly)
        .get(&path)
        .send()
        .expect(200);
    let unknown = "/cluster_metrics/cpu_details?edgeId=0000000";
    world.desk.refuse(world.admin().get(unknown), 404);
    world.desk.refuse(
        world.admin().get("/cluster_metrics/cpu_details?points=0"),
        400,
    );
    world
        .desk
        .refuse(world.role(Role::AuditorAdmin).get(&path), 403);
    // Who sees the clusters of another project alone learns nothing of this one.
    let roles =
        serde_json::json!([{"role": {"name": "INFRA_ADMIN"}, "project": {"name": "other"}}]);
    world.apply("Project", &rafay_tests::fixtures::project("other"));
    let elsewhere = world.member("x@example.com", &[], &roles);
    let elsewhere = world.desk.caller(elsewhere);
    world.desk.refuse(elsewhere.get(&path), 404);
    let none = elsewhere
        .get("/cluster_metrics/cpu_details")
        .send()
        .expect(200);
    assert_eq!(latest(&none.json()), 0.0);
}
