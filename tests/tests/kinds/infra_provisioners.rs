//! Infra provisioners: plan, apply, destroy, one after another.

use serde_json::Value;

use crate::world::{World, item, text};

const NAME: &str = "network";

fn state(world: &World) -> [String; 3] {
    let status = world.at("InfraProvisioner", NAME, "/status");
    let v2 = world.read("/v2/config/project/{}/infraprovisioner/network");
    assert_eq!(v2["status"]["state"], status["state"]);
    [
        text(&status["state"]),
        text(&status["lastAction"]),
        text(&status["output"]),
    ]
}

#[track_caller]
fn act(world: &World, action: &str) {
    world.act("InfraProvisioner", NAME, action, &Value::Null);
}

#[test]
fn it_plans_applies_and_destroys() {
    let world = World::with(&["InfraProvisioner"]);
    assert_eq!(state(&world), ["NotRun", "", ""]);
    act(&world, "plan");
    assert_eq!(state(&world), ["Planning", "Plan", ""]);
    world.pass(30);
    assert_eq!(
        state(&world),
        [
            "Planned",
            "Plan",
            "Plan: 3 to add, 0 to change, 0 to destroy."
        ]
    );
    act(&world, "apply");
    assert_eq!(state(&world), ["Applying", "Apply", ""]);
    let status = world.at("InfraProvisioner", NAME, "/status");
    assert_eq!(status["startedBy"], "admin@example.com");
    assert_eq!(status["revision"], "main");
    world.pass(90);
    let done = "Apply complete! Resources: 3 added, 0 changed, 0 destroyed.";
    assert_eq!(state(&world), ["Applied", "Apply", done]);
    act(&world, "destroy");
    world.pass(60);
    assert_eq!(
        state(&world),
        [
            "Destroyed",
            "Destroy",
            "Destroy complete! Resources: 3 destroyed."
        ]
    );
}

#[test]
fn while_one_run_is_under_way_no_other_starts() {
    let world = World::with(&["InfraProvisioner"]);
    act(&world, "apply");
    for action in ["plan", "apply", "destroy"] {
        let path = format!("{}/{action}", item("InfraProvisioner", NAME));
        let refused = world.desk.refuse(world.admin().ask("POST", &path), 409);
        assert!(refused.message().contains("Applying"), "{refused}");
    }
    world.pass(90);
    act(&world, "plan");
}

#[test]
fn each_run_may_fail_and_tells_why() {
    let world = World::with(&["InfraProvisioner"]);
    for (action, error) in [
        ("plan", "Error: Unsupported argument"),
        ("apply", "Error: creating subnet: address range is taken"),
        ("destroy", "Error: deleting subnet: it is in use"),
    ] {
        act(&world, action);
        world.fail("InfraProvisioner", NAME);
        world.pass(100);
        let [state, _, output] = state(&world);
        assert_eq!((state.as_str(), output.as_str()), ("Failed", error));
    }
    act(&world, "apply");
    world.pass(90);
    assert_eq!(state(&world)[0], "Applied");
}
