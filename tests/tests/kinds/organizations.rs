//! Organizations and partners: a controller has its own from the start.

use rafay_tests::fixtures::PROJECTS;

use crate::world::{World, example, list};

#[test]
fn the_organization_of_the_controller_is_there_from_the_start_under_its_id() {
    let world = World::empty();
    let own = world.get("Organization", "example");
    assert_eq!(own["spec"]["active"], true);
    let projects = world.read("/auth/v1/projects/?name=defaultproject");
    assert_eq!(
        projects["results"][0]["organization_id"],
        own["metadata"]["id"]
    );
    assert_eq!(world.names("Organization"), ["example"]);
    assert_eq!(world.names("Partner"), ["partner"]);
    world.admin().get(PROJECTS).send().expect(200);
}

#[test]
fn it_is_changed_like_any_other_and_others_come_beside_it() {
    let world = World::empty();
    let mut own = world.get("Organization", "example");
    own["spec"]["city"] = "Oslo".into();
    world.apply("Organization", &own);
    assert_eq!(world.at("Organization", "example", "/spec/city"), "Oslo");
    world.apply("Organization", &example("Organization"));
    assert_eq!(world.names("Organization").len(), 2);
    world.desk.controller().reset();
    assert_eq!(world.names("Organization"), ["example"]);
    let page = world.admin().get(&list("Organization")).send().json();
    assert_eq!(page["items"][0]["spec"].get("city"), None);
}
