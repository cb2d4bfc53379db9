//! Commands that are sent to clusters, and what came of them.

use rafay_mock_server::Role;
use serde_json::json;

use crate::world::{World, item, named, text};

#[test]
fn what_a_command_returned_is_read_by_its_id() {
    let world = World::with(&["Cluster"]);
    world.apply("Cluster", &named("Cluster", "edge-2"));
    let edge = |name: &str| {
        let id = text(&world.at("Cluster", name, "/metadata/id"));
        world.path(&format!("/cmdexec/v1/projects/{{}}/edges/{id}/"))
    };
    let command = json!({"target_type": "cluster", "command": "kubectl get ns", "timeout": 30});
    let execute = format!("{}execute/", edge("edge-1"));
    let sent = world.admin().post(&execute, &command).send().expect(200);
    let id = sent.text_at("/Id");
    let path = format!("{}execution/{id}/", edge("edge-1"));
    let told = world.admin().get(&path).send().expect(200).json();
    assert_eq!(
        (&told["Id"], &told["command"]),
        (&json!(id), &command["command"])
    );
    let said = text(&told["NodeResponses"][0]["Resp"]["Return"]);
    assert!(
        said.contains("edge-1") && said.contains("kubectl get ns"),
        "{said}"
    );

    // v3 shows the same, under the id as its name.
    let stored = world.get("CommandExecution", &id);
    assert_eq!(stored["spec"]["cluster"], "edge-1");
    assert_eq!(stored["spec"]["timeout"], 30);
    assert_eq!(stored["metadata"]["id"], id);
    // Each is another, and each belongs to its cluster.
    let again = world.admin().post(&execute, &command).send().expect(200);
    assert_ne!(again.text_at("/Id"), id);
    let elsewhere = format!("{}execution/{id}/", edge("edge-2"));
    world.desk.refuse(world.admin().get(&elsewhere), 404);
    let nowhere = world.path("/cmdexec/v1/projects/{}/edges/0000000/execute/");
    let refused = world
        .desk
        .refuse(world.admin().post(&nowhere, &command), 404);
    assert!(refused.text().contains("Cluster"), "{refused}");
    world
        .desk
        .refuse(world.admin().post(&execute, &json!({})), 400);
    let reader = world.role(Role::InfraReadOnly);
    world.desk.refuse(reader.post(&execute, &command), 403);
    reader.get(&path).send().expect(200);
    world
        .admin()
        .delete(&item("Cluster", "edge-1"))
        .send()
        .expect(200);
    assert_eq!(world.names("CommandExecution"), [""; 0]);
}
