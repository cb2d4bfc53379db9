//! Agents: they connect, and are run from a compose file and a relay configuration.

use rafay_mock_server::Role;
use serde_json::Value;

use crate::world::{World, documents, example, item, text};

#[test]
fn an_agent_connects() {
    let world = World::with(&["Agent"]);
    assert_eq!(world.condition("Agent", "builder").0, "StatusSubmitted");
    world.pass(15);
    assert_eq!(world.condition("Agent", "builder").0, "StatusOK");
    // Moved to another place it has to connect again, and may fail to.
    let mut moved = example("Agent");
    moved["spec"]["type"] = "Docker".into();
    world.apply("Agent", &moved);
    assert_eq!(world.condition("Agent", "builder").0, "StatusSubmitted");
    world.fail("Agent", "builder");
    world.pass(15);
    let (state, reason) = world.condition("Agent", "builder");
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("StatusFailed", "the agent did not connect in time")
    );
}

#[test]
fn the_compose_file_is_yaml_with_services_for_this_agent() {
    let world = World::with(&["Agent"]);
    let id = text(&world.at("Agent", "builder", "/metadata/id"));
    let path = format!("{}/docker-compose", item("Agent", "builder"));
    let v3 = world.admin().get(&path).send().expect(200);
    let v2 = world.path("/v2/config/project/{}/agent/builder/docker-compose");
    let v2 = world.admin().get(&v2).send().expect(200);
    for answer in [v3, v2] {
        let file: Value = documents(answer.text()).remove(0);
        let services = file["services"].as_object().unwrap();
        assert!(
            services
                .values()
                .all(|service| service["image"].is_string()),
            "{file}"
        );
        let environment = services
            .values()
            .find_map(|service| service.get("environment"))
            .unwrap();
        assert_eq!(environment["AGENT_ID"], id.as_str());
        assert_eq!(environment["AGENT_NAME"], "builder");
    }
    world
        .desk
        .refuse(world.role(Role::InfraReadOnly).get(&path), 403);
}

#[test]
fn the_relay_configuration_names_relay_and_agent() {
    let world = World::with(&["Agent"]);
    let id = text(&world.at("Agent", "builder", "/metadata/id"));
    let path = format!("{}/relay-config", item("Agent", "builder"));
    let v3 = world.admin().get(&path).send().expect(200).json();
    assert_eq!(v3["agentId"], id.as_str());
    assert_eq!(v3["agentName"], "builder");
    let v2 = world.read("/v2/config/project/{}/agent/builder/relay-config");
    assert_eq!(v2["agentID"], id.as_str());
    assert!(v2["relays"][0]["endpoint"].is_string(), "{v2}");
}
