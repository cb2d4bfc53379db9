//! Triggers: they start pipelines on a schedule by the controller's clock, or by hand.

use serde_json::{Value, json};

use crate::world::{World, example, item, list, text};

const DAY: u64 = 86_400;

/// The nightly trigger at noon of a day; it fires at half past two.
fn nightly() -> World {
    let world = World::empty();
    world.set_time("2026-03-01T12:00:00Z");
    world.make("Trigger");
    world
}

/// When the runs of the trigger were made.
fn runs(world: &World) -> Vec<String> {
    let names = world.names("PipelineRun");
    let mut times: Vec<String> = names
        .iter()
        .map(|name| {
            let run = world.get("PipelineRun", name);
            assert_eq!(run["spec"]["trigger"], "nightly");
            assert_eq!(run["spec"]["pipeline"], "release");
            text(&run["metadata"]["createdAt"])
        })
        .collect();
    times.sort();
    times
}

#[test]
fn a_trigger_starts_its_pipeline_every_night() {
    let world = nightly();
    assert_eq!(runs(&world), [""; 0]);
    world.set_time("2026-03-02T02:29:59Z");
    assert_eq!(runs(&world), [""; 0]);
    world.set_time("2026-03-02T02:30:00Z");
    assert_eq!(runs(&world), ["2026-03-02T02:30:00Z"]);
    world.pass(DAY);
    world.pass(DAY);
    let three = [
        "2026-03-02T02:30:00Z",
        "2026-03-03T02:30:00Z",
        "2026-03-04T02:30:00Z",
    ];
    assert_eq!(runs(&world), three);
    assert_eq!(
        world.at("Trigger", "nightly", "/status/lastFired"),
        three[2]
    );
    let run = world.names("PipelineRun").remove(0);
    let spec = world.at("PipelineRun", &run, "/spec");
    assert_eq!(spec["startedBy"], "schedule");
    assert_eq!(spec["variables"], example("Trigger")["spec"]["variables"]);
}

#[test]
fn a_clock_that_jumps_days_misses_none() {
    let world = nightly();
    world.pass(30 * DAY);
    let times = runs(&world);
    assert_eq!(times.len(), 30);
    assert!(
        times.iter().all(|time| time.ends_with("T02:30:00Z")),
        "{times:?}"
    );
    // Each run lived from its own beginning on.
    for name in world.names("PipelineRun") {
        assert_eq!(
            world.at("PipelineRun", &name, "/status/state"),
            "WaitingForApproval"
        );
    }
}

#[test]
fn paused_it_starts_nothing_and_resumed_it_does_not_catch_up() {
    let world = nightly();
    world.pass(2 * DAY);
    let mut trigger = example("Trigger");
    trigger["spec"]["paused"] = true.into();
    world.apply("Trigger", &trigger);
    world.pass(10 * DAY);
    assert_eq!(runs(&world).len(), 2);
    trigger["spec"]["paused"] = false.into();
    world.apply("Trigger", &trigger);
    assert_eq!(runs(&world).len(), 2);
    world.pass(DAY);
    assert_eq!(runs(&world).len(), 3);
}

#[test]
fn another_expression_counts_from_its_writing_on() {
    let world = nightly();
    let mut trigger = example("Trigger");
    trigger["spec"]["triggerConfig"]["periodic"]["cronExpression"] = "0 */6 * * *".into();
    world.apply("Trigger", &trigger);
    world.pass(DAY);
    assert_eq!(
        runs(&world),
        [
            "2026-03-01T18:00:00Z",
            "2026-03-02T00:00:00Z",
            "2026-03-02T06:00:00Z",
            "2026-03-02T12:00:00Z"
        ]
    );
}

#[test]
fn deleted_it_starts_nothing_any_more_and_what_ran_stays() {
    let world = nightly();
    world.pass(DAY);
    world
        .admin()
        .delete(&item("Trigger", "nightly"))
        .send()
        .expect(200);
    world.pass(100 * DAY);
    assert_eq!(runs(&world).len(), 1);
    // A new one under the old name has a schedule of its own.
    world.make("Trigger");
    world.pass(DAY);
    assert_eq!(runs(&world).len(), 2);
}

#[test]
fn fired_by_hand_it_starts_at_once_even_while_it_is_paused() {
    let world = nightly();
    let fired = world.act("Trigger", "nightly", "fire", &Value::Null).json();
    assert_eq!(fired["status"]["lastFired"], world.now());
    assert_eq!(fired["status"]["lastFiredBy"], "admin@example.com");
    assert_eq!(runs(&world), [world.now()]);
    assert_eq!(world.get("Trigger", "nightly")["status"], fired["status"]);
    let mut trigger = example("Trigger");
    trigger["spec"]["paused"] = true.into();
    world.apply("Trigger", &trigger);
    let path = world.path("/v2/config/project/{}/trigger/nightly/fire");
    world.admin().ask("POST", &path).send().expect(200);
    assert_eq!(runs(&world).len(), 2);
    let history = world.read("/v2/config/project/{}/pipeline/release/run");
    assert_eq!(history["metadata"]["count"], 2);
}

#[test]
fn an_expression_that_means_no_time_is_refused_at_its_place() {
    let world = nightly();
    for wrong in ["every night", "61 * * * *", "* * * *", "0 0 0 0 0"] {
        let mut trigger = example("Trigger");
        trigger["spec"]["triggerConfig"]["periodic"]["cronExpression"] = wrong.into();
        let refused = world
            .desk
            .refuse(world.admin().post(&list("Trigger"), &trigger), 400);
        let place = "/spec/triggerConfig/periodic/cronExpression";
        assert_eq!(refused.pointers(), [place], "{wrong}: {refused}");
    }
}

#[test]
fn a_pipeline_that_a_trigger_starts_cannot_go_before_it() {
    let world = nightly();
    world.pass(2 * DAY);
    let refused = world
        .desk
        .refuse(world.admin().delete(&item("Pipeline", "release")), 409);
    let told = refused.message();
    assert!(told.contains("Trigger \"nightly\""), "{told}");
    assert!(!told.contains("PipelineRun"), "its runs go with it: {told}");
    world
        .admin()
        .delete(&item("Trigger", "nightly"))
        .send()
        .expect(200);
    world
        .admin()
        .delete(&item("Pipeline", "release"))
        .send()
        .expect(200);
    assert_eq!(world.names("PipelineRun"), [""; 0]);
}

#[test]
fn a_webhook_trigger_waits_for_no_clock_and_hides_its_secret() {
    let world = nightly();
    let mut trigger = example("Trigger");
    trigger["spec"]["triggerType"] = "Webhook".into();
    trigger["spec"]["triggerConfig"] =
        json!({"webhook": {"configType": "Github", "secret": "hush-hush"}});
    let answer = world.apply("Trigger", &trigger);
    assert!(!answer.text().contains("hush-hush"), "{answer}");
    world.pass(100 * DAY);
    assert_eq!(runs(&world), [""; 0]);
}
