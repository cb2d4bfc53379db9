//! Metros: the places at which clusters stand, looked up before one is registered.

use rafay_mock_server::Role;
use serde_json::{Value, json};

use crate::world::{World, text};

const METROS: &str = "/edge/v1/metros/";

fn names(world: &World, query: &str) -> Vec<String> {
    let page = world.read(&format!("{METROS}{query}"));
    let results = page["results"].as_array().unwrap();
    results.iter().map(|metro| text(&metro["name"])).collect()
}

#[test]
fn some_are_there_from_the_start_for_everybody_in_every_organization() {
    let world = World::empty();
    let all = names(&world, "");
    assert!(all.contains(&"losangeles-us".to_owned()), "{all:?}");
    assert_eq!(world.names("Metro"), all, "v3 knows the same");
    assert_eq!(names(&world, "?q=UK"), ["london-uk"]);
    // Who registers clusters in one project looks the place up, and adds none.
    let caller = world.role(Role::ClusterAdmin);
    let page = caller.get(METROS).send().expect(200).json();
    assert_eq!(page["count"], all.len());
    let new = json!({"name": "porto-pt"});
    world.desk.refuse(caller.post(METROS, &new), 403);
    world.desk.refuse(world.desk.nobody().get(METROS), 401);
    let other = json!({
        "username": "first@second.example", "organization_name": "second", "first_name": "First",
        "last_name": "Example", "password": "not-a-real-secret",
    });
    let partner = world.desk.operator();
    let signup = "/auth/v1/signup/organization/";
    let other = partner.post(signup, &other).send();
    let there = world
        .desk
        .operator()
        .inside(other.text_at("/organization_id"));
    let page = there.get(METROS).send().expect(200).json();
    assert_eq!(page["count"], all.len());
}

#[test]
fn one_that_is_missing_is_added_and_a_cluster_stands_there() {
    let world = World::empty();
    let new = json!({"name": "porto-pt", "city": "Porto", "latitude": "41.15"});
    let made = world.admin().post(METROS, &new).send().expect(201);
    let path = format!("{METROS}{}/", made.text_at("/id"));
    assert_eq!(world.at("Metro", "porto-pt", "/spec/city"), "Porto");
    world.desk.refuse(world.admin().post(METROS, &new), 409);
    let wrong = json!({"name": "nowhere", "latitude": "north"});
    world.desk.refuse(world.admin().post(METROS, &wrong), 400);
    let edges = world.path("/edge/v1/projects/{}/edges/");
    let edge = json!({"name": "shop", "cluster_type": "imported", "metro": {"name": "porto-pt"}});
    let edge: Value = world.admin().post(&edges, &edge).send().expect(201).json();
    assert_eq!(edge["metro"]["name"], "porto-pt");
    let moved = json!({"name": "porto-pt", "city": "Gaia"});
    let moved = world.admin().put(&path, &moved).send().expect(200).json();
    assert_eq!(
        (&moved["city"], moved.get("latitude")),
        (&json!("Gaia"), None)
    );
    world.admin().delete(&path).send().expect(204);
    world.desk.refuse(world.admin().get(&path), 404);
    assert!(!names(&world, "").contains(&"porto-pt".to_owned()));
}
