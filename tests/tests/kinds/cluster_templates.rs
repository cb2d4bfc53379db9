//! Cluster templates: clusters made after a pattern, by people who may make none in another way.

use rafay_mock_server::Role;
use rafay_tests::fixtures;
use serde_json::json;

use crate::world::{World, example, item, list};

const TEMPLATE: &str = "small-eks";

#[test]
fn an_instance_is_a_cluster_as_the_template_says_with_labels_of_its_own() {
    let world = World::with(&["ClusterTemplate"]);
    let body = json!({"name": "team-a", "labels": {"team": "a"}});
    let template = world
        .act("ClusterTemplate", TEMPLATE, "instantiate", &body)
        .json();
    assert_eq!(template["status"]["lastCluster"], "team-a");
    let cluster = world.get("Cluster", "team-a");
    assert_eq!(
        cluster["spec"],
        example("ClusterTemplate")["spec"]["cluster"]
    );
    assert_eq!(cluster["metadata"]["labels"], json!({"team": "a"}));
    assert_eq!(
        cluster["metadata"]["annotations"]["rafay.dev/clusterTemplate"],
        TEMPLATE
    );
    world.pass(120);
    assert_eq!(
        world.at("Cluster", "team-a", "/status/provisionStatus"),
        "PROVISION_COMPLETE"
    );
}

#[test]
fn they_are_the_only_way_to_a_cluster_for_a_user_of_templates() {
    let world = World::with(&["ClusterTemplate"]);
    let user = world.role(Role::ClusterTemplateUser);
    let cluster = fixtures::cluster("direct");
    let refused = world
        .desk
        .refuse(user.post(&list("Cluster"), &cluster), 403);
    assert!(refused.message().contains("cluster.write"), "{refused}");
    let v1 = world.path("/edge/v1/projects/{}/edges/");
    world.desk.refuse(
        user.post(&v1, &json!({"name": "direct", "cluster_type": "imported"})),
        403,
    );
    let v2 = world.path("/v2/infra/project/{}/cluster");
    world.desk.refuse(
        user.post(&v2, &json!({"metadata": {"name": "direct"}})),
        403,
    );

    let path = format!("{}/instantiate", item("ClusterTemplate", TEMPLATE));
    let made = user
        .post(&path, &json!({"name": "by-template"}))
        .send()
        .expect(200)
        .json();
    assert_eq!(
        made["status"]["lastInstantiatedBy"],
        "cluster-template-user@example.com"
    );
    let v2 = world.path("/v2/infra/project/{}/clustertemplate/small-eks/instantiate");
    user.post(&v2, &json!({"name": "by-v2"})).send().expect(200);
    let shown = user.get(&list("Cluster")).send().expect(200).json();
    assert_eq!(shown["metadata"]["count"], 2);
    // What they made they may look at, and neither change nor delete.
    world
        .desk
        .refuse(user.delete(&item("Cluster", "by-template")), 403);
    world.desk.refuse(
        user.post(&list("ClusterTemplate"), &example("ClusterTemplate")),
        403,
    );
}

#[test]
fn a_name_that_is_taken_makes_no_second_cluster() {
    let world = World::with(&["ClusterTemplate"]);
    world.act(
        "ClusterTemplate",
        TEMPLATE,
        "instantiate",
        &json!({"name": "once"}),
    );
    let path = format!("{}/instantiate", item("ClusterTemplate", TEMPLATE));
    let again = world.admin().post(&path, &json!({"name": "once"}));
    let refused = world.desk.refuse(again, 409);
    assert!(refused.message().contains("\"once\""), "{refused}");
    assert_eq!(world.names("Cluster"), ["once"]);
}

#[test]
fn a_template_that_names_what_is_gone_says_so_at_its_use() {
    let world = World::with(&["ClusterTemplate"]);
    world
        .admin()
        .delete(&item("Blueprint", "standard"))
        .send()
        .expect(200);
    let path = format!("{}/instantiate", item("ClusterTemplate", TEMPLATE));
    let refused = world
        .desk
        .refuse(world.admin().post(&path, &json!({"name": "orphan"})), 400);
    assert!(
        refused.message().contains("Blueprint \"standard\""),
        "{refused}"
    );
    assert_eq!(world.names("Cluster"), [""; 0]);
}
