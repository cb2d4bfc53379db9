//! Pipelines: their runs go from stage to stage, wait for approval, and are read under the pipeline.

use rafay_mock_server::Role;
use serde_json::{Value, json};

use crate::world::{World, example, item, text};

/// A pipeline whose run was started, and the run's name.
fn started() -> (World, String) {
    let world = World::with(&["Pipeline"]);
    world.act("Pipeline", "release", "run", &Value::Null);
    let run = world.names("PipelineRun").remove(0);
    (world, run)
}

fn state(world: &World, run: &str) -> String {
    text(&world.at("PipelineRun", run, "/status/state"))
}

/// The stages in their order, each with its state.
fn stages(world: &World, run: &str) -> Vec<(String, String)> {
    let stages = world.at("PipelineRun", run, "/status/stages");
    let stages = stages.as_array().unwrap();
    stages
        .iter()
        .map(|stage| (text(&stage["name"]), text(&stage["state"])))
        .collect()
}

#[track_caller]
fn assert_stages(world: &World, run: &str, expected: [(&str, &str); 3]) {
    let told = stages(world, run);
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|(name, state)| (name.as_str(), state.as_str()))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn a_run_waits_for_approval_and_then_goes_through_its_stages_in_order() {
    let (world, run) = started();
    assert_eq!(state(&world, &run), "Running");
    assert_stages(
        &world,
        &run,
        [
            ("approve", "Pending"),
            ("provision", "Pending"),
            ("deploy", "Pending"),
        ],
    );
    world.pass(1);
    assert_eq!(state(&world, &run), "WaitingForApproval");
    world.pass(1_000_000);
    let waits = [
        ("approve", "WaitingForApproval"),
        ("provision", "Pending"),
        ("deploy", "Pending"),
    ];
    assert_stages(&world, &run, waits);

    let approver = world.role(Role::ProjectAdmin);
    let path = format!("{}/approve", item("PipelineRun", &run));
    approver.ask("POST", &path).send().expect(200);
    assert_eq!(state(&world, &run), "Running");
    world.pass(1);
    assert_stages(
        &world,
        &run,
        [
            ("approve", "Succeeded"),
            ("provision", "Running"),
            ("deploy", "Pending"),
        ],
    );
    world.pass(10);
    assert_stages(
        &world,
        &run,
        [
            ("approve", "Succeeded"),
            ("provision", "Succeeded"),
            ("deploy", "Running"),
        ],
    );
    world.pass(10);
    assert_stages(
        &world,
        &run,
        [
            ("approve", "Succeeded"),
            ("provision", "Succeeded"),
            ("deploy", "Succeeded"),
        ],
    );
    let status = world.at("PipelineRun", &run, "/status");
    assert_eq!(status["state"], "Succeeded");
    assert_eq!(status["finishedAt"], world.now());
    assert_eq!(
        status["stages"][0]["approvedBy"],
        "project-admin@example.com"
    );
    // A stage of infrastructure shows what it planned and what it did.
    assert_eq!(
        status["stages"][1]["plan"],
        "Plan: 3 to add, 0 to change, 0 to destroy."
    );
    assert_eq!(
        status["stages"][1]["output"],
        "Apply complete! Resources: 3 added, 0 changed, 0 destroyed."
    );
    assert!(status["stages"][2].get("plan").is_none(), "{status}");
}

#[test]
fn stages_follow_one_another_as_they_name_the_next_however_they_are_written() {
    let world = World::with(&["Pipeline"]);
    let mut pipeline = example("Pipeline");
    pipeline["spec"]["stages"].as_array_mut().unwrap().reverse();
    world.apply("Pipeline", &pipeline);
    world.act("Pipeline", "release", "run", &Value::Null);
    let run = world.names("PipelineRun").remove(0);
    let order: Vec<String> = stages(&world, &run)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(order, ["approve", "provision", "deploy"]);
}

#[test]
fn a_stage_that_plans_or_destroys_says_that_it_did() {
    for (action, output) in [
        ("Plan", "Nothing was changed: this stage only plans."),
        ("Destroy", "Destroy complete! Resources: 3 destroyed."),
    ] {
        let world = World::with(&["Pipeline"]);
        let mut pipeline = example("Pipeline");
        pipeline["spec"]["stages"][1]["config"]["action"]["action"] = action.into();
        world.apply("Pipeline", &pipeline);
        world.act("Pipeline", "release", "run", &Value::Null);
        let run = world.names("PipelineRun").remove(0);
        world.pass(1);
        world.act("PipelineRun", &run, "approve", &Value::Null);
        world.pass(100);
        assert_eq!(
            world.at("PipelineRun", &run, "/status/stages/1/output"),
            output
        );
    }
}

#[test]
fn a_rejected_run_ends_and_tells_who_and_why() {
    let (world, run) = started();
    world.pass(1);
    let path = world.path(&format!(
        "/v2/config/project/{{}}/pipeline/release/run/{run}/reject"
    ));
    let body = json!({"reason": "the tests are red"});
    world.admin().post(&path, &body).send().expect(200);
    let status = world.at("PipelineRun", &run, "/status");
    assert_eq!(status["state"], "Failed");
    assert_eq!(status["reason"], "the tests are red");
    assert_eq!(status["finishedAt"], world.now());
    assert_eq!(status["stages"][0]["rejectedBy"], "admin@example.com");
    world.pass(100_000);
    assert_stages(
        &world,
        &run,
        [
            ("approve", "Failed"),
            ("provision", "Skipped"),
            ("deploy", "Skipped"),
        ],
    );
}

#[test]
fn a_cancelled_run_goes_nowhere_from_where_it_is() {
    let (world, run) = started();
    world.pass(1);
    world.act("PipelineRun", &run, "approve", &Value::Null);
    world.pass(5);
    world.act(
        "PipelineRun",
        &run,
        "cancel",
        &json!({"reason": "wrong branch"}),
    );
    world.pass(100_000);
    assert_eq!(state(&world, &run), "Cancelled");
    assert_stages(
        &world,
        &run,
        [
            ("approve", "Succeeded"),
            ("provision", "Cancelled"),
            ("deploy", "Skipped"),
        ],
    );
    assert_eq!(
        world.at("PipelineRun", &run, "/status/reason"),
        "wrong branch"
    );
}

#[test]
fn decisions_that_come_too_early_or_too_late_are_refused() {
    let (world, run) = started();
    let ask = |action: &str| {
        world
            .admin()
            .ask("POST", &format!("{}/{action}", item("PipelineRun", &run)))
    };
    for action in ["approve", "reject"] {
        let refused = world.desk.refuse(ask(action), 409);
        assert!(
            refused.message().contains("WaitingForApproval"),
            "{refused}"
        );
    }
    world.pass(1);
    ask("approve").send().expect(200);
    world.desk.refuse(ask("approve"), 409);
    world.pass(100);
    assert_eq!(state(&world, &run), "Succeeded");
    for action in ["approve", "reject", "cancel"] {
        world.desk.refuse(ask(action), 409);
    }
}

#[test]
fn those_who_only_read_neither_start_nor_approve() {
    let (world, run) = started();
    world.pass(1);
    let reader = world.role(Role::ProjectReadOnly);
    world.desk.refuse(
        reader.ask("POST", &format!("{}/run", item("Pipeline", "release"))),
        403,
    );
    world.desk.refuse(
        reader.ask("POST", &format!("{}/approve", item("PipelineRun", &run))),
        403,
    );
    reader.get(&item("PipelineRun", &run)).send().expect(200);
}

#[test]
fn a_run_whose_agent_is_gone_fails() {
    let (world, run) = started();
    world.pass(1);
    world.act("PipelineRun", &run, "approve", &Value::Null);
    world.pass(1);
    world.fail("PipelineRun", &run);
    world.pass(10);
    let status = world.at("PipelineRun", &run, "/status");
    assert_eq!(status["state"], "Failed");
    assert_eq!(status["reason"], "the agent of a stage is gone");
    assert_stages(
        &world,
        &run,
        [
            ("approve", "Succeeded"),
            ("provision", "Failed"),
            ("deploy", "Skipped"),
        ],
    );
    assert_eq!(status["stages"][1]["finishedAt"], status["finishedAt"]);
    assert_eq!(status["stages"][2].get("startedAt"), None);
    world.pass(1_000);
    assert_eq!(state(&world, &run), "Failed");
}

#[test]
fn the_history_of_runs_is_read_under_the_pipeline() {
    let (world, first) = started();
    let variables = json!({"variables": [{"name": "channel", "type": "String", "value": "beta"}]});
    let path = world.path("/v2/config/project/{}/pipeline/release/run");
    world.admin().post(&path, &variables).send().expect(200);
    let mut other = example("Pipeline");
    other["metadata"]["name"] = "other".into();
    world.apply("Pipeline", &other);
    world.act("Pipeline", "other", "run", &Value::Null);

    let history = world.read("/v2/config/project/{}/pipeline/release/run");
    let runs = history["items"].as_array().unwrap();
    assert_eq!(runs.len(), 2, "those of other pipelines stay with them");
    assert_eq!(history["metadata"]["count"], 2);
    let second = runs
        .iter()
        .find(|run| run["metadata"]["name"] != first.as_str())
        .unwrap();
    assert_eq!(second["spec"]["variables"], variables["variables"]);
    assert_eq!(second["spec"]["startedBy"], "admin@example.com");
    let shown = world.read(&format!(
        "/v2/config/project/{{}}/pipeline/release/run/{first}"
    ));
    assert_eq!(shown["status"]["stages"][0]["name"], "approve");
    let elsewhere = world.path(&format!(
        "/v2/config/project/{{}}/pipeline/other/run/{first}"
    ));
    world.desk.refuse(world.admin().get(&elsewhere), 404);
    let elsewhere = format!("{elsewhere}/cancel");
    world
        .desk
        .refuse(world.admin().ask("POST", &elsewhere), 404);
}

#[test]
fn a_pipeline_without_stages_is_done_at_once() {
    let world = World::empty();
    let empty = json!({
        "apiVersion": "gitops.k8smgmt.io/v3", "kind": "Pipeline",
        "metadata": {"name": "empty"}, "spec": {"stages": []},
    });
    let answer = world
        .admin()
        .post(&crate::world::list("Pipeline"), &empty)
        .send();
    if answer.status() != 200 {
        assert_eq!(answer.pointers(), ["/spec/stages"], "{answer}");
        return;
    }
    world.act("Pipeline", "empty", "run", &Value::Null);
    world.pass(1);
    let run = world.names("PipelineRun").remove(0);
    assert_eq!(state(&world, &run), "Succeeded");
}
