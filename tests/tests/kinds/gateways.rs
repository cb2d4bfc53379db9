//! Gateways: they connect, tell their health, and hand out the command that sets them up.

use rafay_mock_server::Role;
use serde_json::Value;

use crate::world::{World, decoded, item, text};

fn health(world: &World) -> [String; 4] {
    let gateway = world.get("Gateway", "edge-gateway");
    let health = world.read("/v2/infra/project/{}/gateway/edge-gateway/health");
    [
        text(&gateway["status"]["health"]),
        text(&gateway["status"]["reason"]),
        text(&health["status"]),
        text(&health["reason"]),
    ]
}

#[test]
fn a_gateway_is_healthy_once_it_connects() {
    let world = World::with(&["Gateway"]);
    let waiting = "waiting for the gateway to connect";
    assert_eq!(health(&world), ["UNHEALTHY", waiting, "UNHEALTHY", waiting]);
    world.pass(29);
    assert_eq!(health(&world)[0], "UNHEALTHY");
    world.pass(1);
    let connected = "the gateway is connected";
    assert_eq!(health(&world), ["HEALTHY", connected, "HEALTHY", connected]);
}

#[test]
fn a_gateway_that_does_not_connect_says_so() {
    let world = World::with(&["Gateway"]);
    world.fail("Gateway", "edge-gateway");
    world.pass(1_000);
    let late = "the gateway did not connect in time";
    assert_eq!(health(&world), ["UNHEALTHY", late, "UNHEALTHY", late]);
}

#[test]
fn its_download_is_a_setup_command_for_this_gateway() {
    let world = World::with(&["Gateway"]);
    let id = text(&world.at("Gateway", "edge-gateway", "/metadata/id"));
    let path = format!("{}/download", item("Gateway", "edge-gateway"));
    let v3 = world.admin().get(&path).send().expect(200).json();
    let v3: Value = serde_json::from_str(&decoded(&v3["data"])).unwrap();
    assert_eq!(v3["gatewayId"], id.as_str());
    assert!(text(&v3["setupCommand"]).contains("edge-gateway"), "{v3}");
    let v2 = world.read("/v2/infra/project/{}/gateway/edge-gateway/download");
    let v2: Value = serde_json::from_str(&decoded(&v2["data"])).unwrap();
    assert_eq!(v2["gatewayID"], id.as_str());
    assert_eq!(v2["gatewayName"], "edge-gateway");
    // The command carries a token.
    world
        .desk
        .refuse(world.role(Role::InfraReadOnly).get(&path), 403);
}
