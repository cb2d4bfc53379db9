//! Apply, get, list, replace, delete: what was written is what is read.

use std::time::Duration;

use rafay_tests::fixtures::{self, DEFAULT, PROFILE, PROJECTS, USERS, V1_PROJECTS};
use rafay_tests::{Answer, Desk};
use serde_json::{Value, json};

/// Whether everything in one value is in the other, with fields more or not.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part
            .iter()
            .all(|(name, part)| whole.get(name).is_some_and(|whole| holds(whole, part))),
        _ => whole == part,
    }
}

#[track_caller]
fn assert_holds(answer: &Answer, part: &Value) {
    assert!(holds(&answer.json(), part), "{part} is not in {answer}");
}

#[test]
fn every_v3_kind_goes_round() {
    let desk = Desk::new();
    let admin = desk.admin();
    for (collection, object) in [
        (PROJECTS.to_owned(), fixtures::project("round")),
        (fixtures::blueprints(DEFAULT), fixtures::blueprint("round")),
        (fixtures::clusters(DEFAULT), fixtures::cluster("round")),
    ] {
        let path = format!("{collection}/round");
        admin.get(&path).send().expect(404);
        let made = admin.post(&collection, &object).send().expect(200);
        assert_holds(&made, &object);
        let read = admin.get(&path).send().expect(200);
        assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
        let listed = admin.get(&collection).send().expect(200).json();
        assert!(
            listed["items"].as_array().unwrap().contains(&read.json()),
            "{listed}"
        );
        assert_eq!(
            listed["kind"].as_str().unwrap(),
            format!("{}List", object["kind"].as_str().unwrap())
        );

        let mut changed = object.clone();
        changed["metadata"]["description"] = json!("replaced");
        let replaced = admin.put(&path, &changed).send().expect(200);
        assert_holds(&replaced, &changed);
        assert_ne!(replaced.etag(), made.etag());
        assert_eq!(
            replaced.json()["metadata"]["id"],
            made.json()["metadata"]["id"]
        );
        assert_eq!(admin.get(&path).send().expect(200).json(), replaced.json());

        let gone = admin.delete(&path).send().expect(200);
        assert!(gone.text().is_empty());
        desk.refuse(admin.get(&path), 404);
        desk.refuse(admin.delete(&path), 404);
        // A new object under the old name is a new object.
        let again = admin.post(&collection, &object).send().expect(200);
        assert_ne!(
            again.json()["metadata"]["id"],
            made.json()["metadata"]["id"]
        );
    }
}

#[test]
fn every_v1_kind_goes_round() {
    let desk = Desk::new();
    let admin = desk.admin();
    for (collection, object, id_at, changed) in [
        (
            V1_PROJECTS,
            json!({"name": "r", "description": "a"}),
            "/id",
            json!({"name": "r", "description": "b"}),
        ),
        (
            USERS,
            fixtures::user("r@example.com", &[("INFRA_ADMIN", Some(DEFAULT))]),
            "/account/id",
            fixtures::user("r@example.com", &[("ADMIN", None)]),
        ),
    ] {
        let made = admin.post(collection, &object).send().expect(201);
        assert_holds(&made, &object);
        let path = format!("{collection}{}/", made.text_at(id_at));
        assert_eq!(admin.get(&path).send().expect(200).json(), made.json());
        assert_eq!(
            admin
                .get(path.trim_end_matches('/'))
                .send()
                .expect(200)
                .json(),
            made.json()
        );
        let replaced = admin.put(&path, &changed).send().expect(200);
        assert_holds(&replaced, &changed);
        assert_eq!(admin.get(&path).send().expect(200).json(), replaced.json());
        let listed = admin.get(collection).send().expect(200);
        assert!(listed.text().contains(&made.text_at(id_at)));
        assert!(admin.delete(&path).send().expect(204).text().is_empty());
        desk.refuse(admin.get(&path), 404);
        desk.refuse(admin.delete(&path), 404);
    }
}

#[test]
fn an_apply_takes_away_what_it_leaves_out() {
    let desk = Desk::new();
    let admin = desk.admin();
    let path = fixtures::clusters(DEFAULT);
    admin
        .post(&path, &fixtures::cluster("c"))
        .send()
        .expect(200);
    let bare = json!({"metadata": {"name": "c"}});
    let applied = admin.post(&path, &bare).send().expect(200).json();
    assert!(applied["metadata"].get("labels").is_none(), "{applied}");
    assert!(
        applied.pointer("/spec/blueprintConfig").is_none(),
        "{applied}"
    );
    assert_eq!(
        applied["status"]["provisionStatus"], "PROVISION_IN_PROGRESS",
        "the status stays"
    );
}

#[test]
fn what_is_left_out_gets_what_the_controller_knows() {
    let desk = Desk::new();
    let made = desk
        .admin()
        .post(
            &fixtures::clusters(DEFAULT),
            &json!({"metadata": {"name": "c"}}),
        )
        .send()
        .expect(200);
    let made = made.json();
    assert_eq!(made["apiVersion"], "infra.k8smgmt.io/v3");
    assert_eq!(made["kind"], "Cluster");
    assert_eq!(made["metadata"]["project"], DEFAULT);
}

#[test]
fn what_only_the_controller_writes_is_ignored() {
    let desk = Desk::new();
    let admin = desk.admin();
    let mut cluster = fixtures::cluster("c");
    let forged = json!({"id": "aaaaaaa", "createdAt": "1999-01-01T00:00:00Z", "modifiedAt": "1999-01-01T00:00:00Z"});
    cluster["metadata"]
        .as_object_mut()
        .unwrap()
        .extend(forged.as_object().unwrap().clone());
    cluster["status"] = json!({"provisionStatus": "PROVISION_COMPLETE", "forged": true});
    let made = admin
        .post(&fixtures::clusters(DEFAULT), &cluster)
        .send()
        .expect(200);
    let body = made.json();
    assert_ne!(body["metadata"]["id"], "aaaaaaa");
    assert!(
        !made.text().contains("1999") && !made.text().contains("forged"),
        "{made}"
    );
    assert_eq!(body["status"]["provisionStatus"], "PROVISION_IN_PROGRESS");
    let again = admin
        .put(&fixtures::cluster_path("c"), &cluster)
        .send()
        .expect(200);
    assert_eq!((again.etag(), again.json()), (made.etag(), body));

    let mut user = fixtures::user("u@example.com", &[("INFRA_ADMIN", Some(DEFAULT))]);
    user["account"]["id"] = json!("aaaaaaa");
    user["account"]["emailVerified"] = json!(true);
    user["organization"] = json!({"id": "aaaaaaa", "name": "mine"});
    user["roles"][0]["project"]["id"] = json!("aaaaaaa");
    let made = admin.post(USERS, &user).send().expect(201);
    assert!(
        !made.text().contains("aaaaaaa") && !made.text().contains("mine"),
        "{made}"
    );
    assert_eq!(made.json()["account"]["emailVerified"], false, "{made}");
    assert_eq!(made.json()["organization"]["name"], "example");

    let project = json!({"name": "p", "id": "aaaaaaa", "organization_id": "aaaaaaa", "created_at": "1999-01-01T00:00:00Z"});
    let made = admin.post(V1_PROJECTS, &project).send().expect(201);
    assert!(
        !made.text().contains("aaaaaaa") && !made.text().contains("1999"),
        "{made}"
    );
}

#[test]
fn even_a_wrong_value_is_ignored_where_only_the_controller_writes() {
    let desk = Desk::new();
    let mut cluster = fixtures::cluster("c");
    cluster["metadata"]["id"] = json!(7);
    cluster["metadata"]["createdAt"] = json!("yesterday");
    cluster["status"] = json!("fine");
    desk.admin()
        .post(&fixtures::clusters(DEFAULT), &cluster)
        .send()
        .expect(200);
}

#[test]
fn secrets_are_taken_and_never_given() {
    let desk = Desk::new();
    let admin = desk.admin();
    let secret = "hunter2-hunter2";
    let mut cluster = fixtures::cluster("c");
    cluster["spec"]["proxyConfig"] = json!({"enabled": true, "proxyAuth": secret});
    cluster["spec"]["config"] = json!({"spec": {"managedCluster": {"properties": {
        "servicePrincipalProfile": {"clientId": "x", "secret": secret},
        "aadProfile": {"serverAppSecret": secret},
    }}}});
    let mut user = fixtures::user("u@example.com", &[]);
    user["account"]["password"] = json!(secret);
    let made = [
        admin
            .post(&fixtures::clusters(DEFAULT), &cluster)
            .send()
            .expect(200),
        admin
            .put(&fixtures::cluster_path("c"), &cluster)
            .send()
            .expect(200),
        admin.get(&fixtures::cluster_path("c")).send().expect(200),
        admin
            .get(&format!("{}/status", fixtures::cluster_path("c")))
            .send()
            .expect(200),
        admin
            .get(&format!("{}/bootstrap", fixtures::cluster_path("c")))
            .send()
            .expect(200),
        admin.get(&fixtures::clusters(DEFAULT)).send().expect(200),
        admin.post(USERS, &user).send().expect(201),
        admin.get(USERS).send().expect(200),
        admin.get(PROFILE).send().expect(200),
    ];
    assert_eq!(made[2].text_at("/spec/proxyConfig/proxyAuth"), "********");
    assert_eq!(made[6].text_at("/account/password"), "********");
    for answer in made {
        assert!(!answer.text().contains("hunter2"), "{answer}");
    }
    let texts = [
        format!("{:?}", desk.controller().audit()),
        format!("{:#?}", desk.controller()),
    ];
    assert!(texts.iter().all(|text| !text.contains("hunter2")));
}

#[test]
fn a_change_moves_the_time_of_change_and_nothing_else_of_the_controllers() {
    let desk = Desk::new();
    let admin = desk.admin();
    let path = fixtures::project_path("p");
    let made = admin
        .post(PROJECTS, &fixtures::project("p"))
        .send()
        .expect(200)
        .json();
    let start = desk.controller().clock().now().to_string();
    assert_eq!(
        [
            &made["metadata"]["createdAt"],
            &made["metadata"]["modifiedAt"]
        ],
        [&start, &start]
    );
    desk.controller().clock().advance(Duration::from_secs(90));
    let mut project = fixtures::project("p");
    project["metadata"]["description"] = json!("later");
    let changed = admin.put(&path, &project).send().expect(200).json();
    assert_eq!(changed["metadata"]["createdAt"], start);
    assert_eq!(
        changed["metadata"]["modifiedAt"],
        desk.controller().clock().now().to_string()
    );
    assert_eq!(changed["metadata"]["id"], made["metadata"]["id"]);
}

#[test]
fn ids_are_seven_lower_case_letters_and_digits() {
    let desk = Desk::new();
    for number in 0..50 {
        let made = desk
            .admin()
            .post(V1_PROJECTS, &json!({"name": format!("p{number}")}))
            .send()
            .expect(201);
        let id = made.text_at("/id");
        let fits = id.len() == 7
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        assert!(fits, "{id}");
    }
}

#[test]
fn a_name_is_taken_in_its_own_project_and_kind_only() {
    let desk = Desk::new();
    let admin = desk.admin();
    admin
        .post(PROJECTS, &fixtures::project("other"))
        .send()
        .expect(200);
    let mut ids = std::collections::BTreeSet::new();
    for project in [DEFAULT, "other"] {
        let cluster = admin
            .post(&fixtures::clusters(project), &fixtures::cluster("same"))
            .send()
            .expect(200);
        let blueprint = admin
            .post(&fixtures::blueprints(project), &fixtures::blueprint("same"))
            .send()
            .expect(200);
        ids.insert(cluster.text_at("/metadata/id"));
        ids.insert(blueprint.text_at("/metadata/id"));
    }
    assert_eq!(ids.len(), 4);
    admin
        .delete(&fixtures::cluster_path("same"))
        .send()
        .expect(200);
    admin
        .get(&format!("{}/same", fixtures::clusters("other")))
        .send()
        .expect(200);
    admin
        .get(&fixtures::blueprint_path("same"))
        .send()
        .expect(200);
}

#[test]
fn the_bootstrap_manifest_is_yaml_documents_that_name_the_cluster() {
    let desk = Desk::new();
    let admin = desk.admin();
    let made = admin
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("boot"))
        .send()
        .expect(200);
    let path = format!("{}/bootstrap", fixtures::cluster_path("boot"));
    let manifest = admin.get(&path).send().expect(200);
    assert_eq!(
        manifest.header("content-type"),
        Some("application/x-rafay-yaml")
    );
    let documents: Vec<Value> = serde_norway::Deserializer::from_str(manifest.text())
        .map(|document| serde::Deserialize::deserialize(document).unwrap())
        .collect();
    assert!(
        documents.len() >= 2
            && documents
                .iter()
                .all(|document| document["kind"].is_string())
    );
    assert!(manifest.text().contains(&made.text_at("/metadata/id")));
    desk.refuse(
        admin.get(&format!("{}/bootstrap", fixtures::cluster_path("nowhere"))),
        404,
    );
}
