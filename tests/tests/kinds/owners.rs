//! Owners: what an object was made for goes with it, all of it, and nothing else.

use serde_json::Value;

use crate::world::{World, item, named};

#[test]
fn owned_objects_go_with_their_owner() {
    let cases = [
        ("Pipeline", "release", "PipelineRun", "run"),
        ("Blueprint", "standard", "BlueprintSnapshot", "publish"),
        ("BackupPolicy", "daily", "BackupJob", "run"),
    ];
    for (owner, name, owned, action) in cases {
        let world = World::with(&[owner]);
        world.apply(owner, &named(owner, "other"));
        for _ in 0..3 {
            world.act(owner, name, action, &Value::Null);
        }
        world.act(owner, "other", action, &Value::Null);
        assert_eq!(world.names(owned).len(), 4, "{owned}");
        world.admin().delete(&item(owner, name)).send().expect(200);
        let left = world.names(owned);
        assert_eq!(left.len(), 1, "{owned}: {left:?}");
        assert!(left[0].starts_with("other-"), "{left:?}");
        // Nothing that was waiting comes back, and the name is free again.
        world.pass(10_000);
        world.make(owner);
        assert_eq!(world.names(owned), left);
    }
}

#[test]
fn a_run_that_goes_alone_leaves_its_pipeline() {
    let world = World::with(&["PipelineRun"]);
    world
        .admin()
        .delete(&item("PipelineRun", "release-1"))
        .send()
        .expect(200);
    world.pass(1_000);
    assert_eq!(world.names("PipelineRun"), [""; 0]);
    assert_eq!(world.names("Pipeline"), ["release"]);
    world
        .admin()
        .delete(&item("Pipeline", "release"))
        .send()
        .expect(200);
}

#[test]
fn an_owner_that_something_else_holds_stays_with_all_it_owns() {
    let world = World::with(&["Trigger", "PipelineRun"]);
    world
        .desk
        .refuse(world.admin().delete(&item("Pipeline", "release")), 409);
    assert_eq!(world.names("PipelineRun"), ["release-1"]);
    let world = World::with(&["Cluster", "BlueprintSnapshot"]);
    world
        .desk
        .refuse(world.admin().delete(&item("Blueprint", "standard")), 409);
    assert_eq!(world.names("BlueprintSnapshot"), ["standard-v1"]);
}
