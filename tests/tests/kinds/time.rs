//! A clock that jumps: every lifecycle ends where it would have ended step by step.

use serde_json::Value;

use crate::world::{World, example, name};

const YEAR: u64 = 365 * 86_400;

const KINDS: [&str; 14] = [
    "Cluster",
    "ClusterConversion",
    "Gateway",
    "Agent",
    "Namespace",
    "Workload",
    "Catalog",
    "Repository",
    "InfraProvisioner",
    "BackupLocation",
    "BackupAgent",
    "Restore",
    "Pipeline",
    "User",
];

/// A controller with one of everything, at a moment.
fn everything() -> World {
    let world = World::empty();
    world.set_time("2026-01-01T12:00:00Z");
    // Jobs expire in a year, and restores with them.
    for kind in KINDS.iter().filter(|kind| **kind != "Restore") {
        world.make(kind);
    }
    world.make("BackupPolicy");
    let mut job = example("BackupJob");
    job["spec"]
        .as_object_mut()
        .unwrap()
        .remove("retentionPeriod");
    world.apply("BackupJob", &job);
    world.make("Restore");
    let mut policy = example("BackupPolicy");
    policy["spec"]["paused"] = true.into();
    world.apply("BackupPolicy", &policy);
    world.act("InfraProvisioner", "network", "apply", &Value::Null);
    world.act("BackupAgent", "backup-agent", "deploy", &Value::Null);
    world
}

/// The states of everything, without the ids, which differ.
fn states(world: &World) -> Vec<(&'static str, Value)> {
    KINDS
        .iter()
        .map(|kind| {
            let mut status = world.at(kind, name(&example(kind)), "/status");
            if let Some(status) = status.as_object_mut() {
                status.remove("id");
                status.remove("controPlane");
            }
            (*kind, status)
        })
        .collect()
}

#[test]
fn a_jump_of_a_year_ends_where_a_year_of_steps_ends() {
    let (jumped, stepped) = (everything(), everything());
    jumped.pass(YEAR);
    for _ in 0..3_600 {
        stepped.pass(1);
        if stepped.now().ends_with(":00Z") || stepped.now().ends_with("5Z") {
            stepped.names("Project");
        }
    }
    stepped.pass(YEAR - 3_600);
    assert_eq!(states(&jumped), states(&stepped));
}

#[test]
fn a_year_of_nights_runs_every_pipeline_and_keeps_a_month_of_backups() {
    let world = World::empty();
    world.set_time("2026-01-01T12:00:00Z");
    world.make("Trigger");
    world.make("BackupPolicy");
    world.pass(YEAR);
    assert_eq!(world.names("PipelineRun").len(), 365);
    assert_eq!(world.names("BackupJob").len(), 30);
    assert_eq!(
        world.at("Trigger", "nightly", "/status/lastFired"),
        "2027-01-01T02:30:00Z"
    );
}

#[test]
fn a_trigger_of_every_minute_misses_none_in_three_hours() {
    let world = World::empty();
    world.set_time("2026-01-01T12:00:00Z");
    world.make("Trigger");
    let mut trigger = example("Trigger");
    trigger["spec"]["triggerConfig"]["periodic"]["cronExpression"] = "* * * * *".into();
    world.apply("Trigger", &trigger);
    world.pass(3 * 3_600);
    assert_eq!(world.names("PipelineRun").len(), 180);
}

#[test]
fn the_end_of_time_is_no_danger() {
    let world = everything();
    world.make("Trigger");
    world.set_time("9999-12-30T22:00:00Z");
    world.get("Cluster", "edge-1");
    world.pass(YEAR);
    world.get("Cluster", "edge-1");
}

#[test]
fn of_a_year_of_minutes_the_last_thousand_count_and_the_next_comes_in_time() {
    let world = World::empty();
    world.set_time("2026-01-01T12:00:30Z");
    world.make("Trigger");
    let mut trigger = example("Trigger");
    trigger["spec"]["triggerConfig"]["periodic"]["cronExpression"] = "* * * * *".into();
    world.apply("Trigger", &trigger);
    world.pass(YEAR);
    let runs = |world: &World| {
        let page = world.read("/v2/config/project/{}/pipeline/release/run?options.limit=1");
        page["metadata"]["count"].as_u64().unwrap()
    };
    // One request finds everything done.
    assert_eq!(runs(&world), 1_000);
    let last = |world: &World| world.at("Trigger", "nightly", "/status/lastFired");
    assert_eq!(last(&world), "2027-01-01T12:00:00Z");
    for name in world.names("PipelineRun") {
        let state = world.at("PipelineRun", &name, "/status/state");
        assert_eq!(state, "WaitingForApproval");
    }
    world.pass(60);
    assert_eq!(runs(&world), 1_001);
    assert_eq!(last(&world), "2027-01-01T12:01:00Z");
}
