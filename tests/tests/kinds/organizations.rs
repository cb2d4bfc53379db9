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
    assert_eq!(world.names("Partner"), ["operator"]);
    world.admin().get(PROJECTS).send().expect(200);
}

#[test]
fn its_partner_changes_it_and_makes_others_beside_it() {
    let world = World::empty();
    let partner = world.desk.operator();
    let mut own = world.get("Organization", "example");
    own["spec"]["city"] = "Oslo".into();
    let path = list("Organization");
    world.desk.refuse(world.admin().post(&path, &own), 403);
    partner.post(&path, &own).send().expect(200);
    assert_eq!(world.at("Organization", "example", "/spec/city"), "Oslo");
    partner
        .post(&path, &example("Organization"))
        .send()
        .expect(200);
    let count = || partner.get(&path).send().expect(200).json()["metadata"]["count"].clone();
    assert_eq!(count(), 2);
    assert_eq!(world.names("Organization"), ["example"]);
    world.desk.controller().reset();
    assert_eq!(count(), 1);
    let page = world.admin().get(&path).send().json();
    assert_eq!(page["items"][0]["spec"].get("city"), None);
}
