//! Catalogs: synced with their repository, they list its charts.

use serde_json::{Value, json};

use crate::world::{World, example, item};

fn charts(world: &World) -> Vec<Value> {
    let shown = world.read("/v2/config/project/{}/catalog/bitnami/charts");
    shown["charts"].as_array().cloned().unwrap_or_default()
}

#[test]
fn charts_are_listed_once_the_catalog_is_synced() {
    let world = World::with(&["Catalog"]);
    assert_eq!(world.condition("Catalog", "bitnami").0, "StatusSubmitted");
    assert_eq!(charts(&world), [Value::Null; 0]);
    world.pass(15);
    assert_eq!(world.condition("Catalog", "bitnami").0, "StatusOK");
    let charts = charts(&world);
    assert!(
        charts.iter().any(|chart| chart["name"] == "postgresql"),
        "{charts:?}"
    );
    for chart in &charts {
        assert!(!chart["versions"].as_array().unwrap().is_empty(), "{chart}");
    }
}

#[test]
fn a_sync_that_fails_says_why_and_the_next_one_may_do_better() {
    let world = World::with(&["Catalog"]);
    world.fail("Catalog", "bitnami");
    world.pass(15);
    let (state, reason) = world.condition("Catalog", "bitnami");
    assert_eq!(state, "StatusFailed");
    assert_eq!(reason, "the repository did not return a chart index");
    assert_eq!(charts(&world), [Value::Null; 0]);
    world.act("Catalog", "bitnami", "sync", &Value::Null);
    assert_eq!(world.condition("Catalog", "bitnami").0, "StatusSubmitted");
    world.pass(15);
    assert!(!charts(&world).is_empty());
}

#[test]
fn the_charts_it_had_stay_while_it_syncs_again() {
    let world = World::with(&["Catalog"]);
    world.pass(15);
    let before = charts(&world);
    let path = world.path("/v2/config/project/{}/catalog/bitnami/sync");
    world.admin().ask("POST", &path).send().expect(200);
    assert_eq!(world.condition("Catalog", "bitnami").0, "StatusSubmitted");
    assert_eq!(charts(&world), before);
}

#[test]
fn a_catalog_needs_its_repository_and_holds_it() {
    let world = World::with(&["Catalog"]);
    world
        .desk
        .refuse(world.admin().delete(&item("Repository", "charts")), 409);
    let mut other = example("Catalog");
    other["metadata"]["name"] = "other".into();
    other["spec"]["repository"] = json!("nowhere");
    let refused = world.admin().post(&crate::world::list("Catalog"), &other);
    let refused = world.desk.refuse(refused, 400);
    assert_eq!(refused.pointers(), ["/spec/repository"]);
}
