//! What a record says: who, by which right, what, from where, and what changed.

use rafay_mock_server::{AuditRecord, ClientKind, MockController, Role};
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS};
use serde_json::{Value, json};

fn last(desk: &Desk) -> AuditRecord {
    desk.controller().audit().pop().unwrap()
}

fn changes(record: &AuditRecord) -> Value {
    serde_json::to_value(record.changes()).unwrap()
}

#[test]
fn a_record_says_what_was_asked_for_and_by_which_right() {
    let desk = Desk::new();
    let reader = desk.role(Role::ProjectReadOnly);
    let cluster = fixtures::cluster_path("edge-1");
    let clusters = fixtures::clusters(DEFAULT);
    desk.admin()
        .post(&clusters, &fixtures::cluster("edge-1"))
        .send()
        .expect(200);
    let made = last(&desk);
    assert_eq!((made.kind(), made.name()), ("Cluster", "edge-1"));
    assert_eq!((made.project(), made.role()), (DEFAULT, Some("ADMIN")));
    assert!(made.succeeded());

    reader.get(&cluster).send().expect(200);
    let read = last(&desk);
    assert_eq!((read.kind(), read.name()), ("Cluster", "edge-1"));
    assert_eq!(read.role(), Some("PROJECT_READ_ONLY"));
    assert_eq!(changes(&read), json!([]));

    reader.delete(&cluster).send().expect(403);
    let refused = last(&desk);
    assert_eq!((refused.project(), refused.name()), (DEFAULT, "edge-1"));
    assert_eq!(refused.role(), None);
    assert!(!refused.succeeded());

    reader.get(&clusters).send().expect(200);
    assert_eq!(last(&desk).name(), "");
    desk.nobody().get("/nowhere").send().expect(404);
    let nowhere = last(&desk);
    assert_eq!((nowhere.kind(), nowhere.name()), ("", ""));
    assert_eq!(nowhere.organization(), made.organization());
    assert_eq!(nowhere.organization_name(), "example");
}

#[test]
fn a_right_through_a_group_is_told_by_the_role() {
    let desk = Desk::new();
    let (_, key) = fixtures::account(&desk, "ops@example.com", &[("INFRA_ADMIN", Some(DEFAULT))]);
    let clusters = fixtures::clusters(DEFAULT);
    desk.caller(&key).get(&clusters).send().expect(200);
    assert_eq!(last(&desk).role(), Some("INFRA_ADMIN"));
    // One's own profile takes no role.
    desk.caller(&key).get(fixtures::PROFILE).send().expect(200);
    assert_eq!(last(&desk).role(), None);
}

#[test]
fn what_a_write_changed_is_told_by_place() {
    let desk = Desk::new();
    let admin = desk.admin();
    let mut project = fixtures::project("p");
    project["metadata"]["description"] = "old".into();
    admin.post(PROJECTS, &project).send().expect(200);
    let made = changes(&last(&desk));
    assert!(
        made.as_array()
            .unwrap()
            .contains(&json!({"pointer": "/metadata/description", "after": "old"})),
        "{made}"
    );
    project["metadata"]["description"] = "new".into();
    project["metadata"]["labels"] = json!({"a/b": "c"});
    admin.post(PROJECTS, &project).send().expect(200);
    assert_eq!(
        changes(&last(&desk)),
        json!([
            {"pointer": "/metadata/description", "before": "old", "after": "new"},
            {"pointer": "/metadata/labels/a~1b", "after": "c"},
        ])
    );
    admin.post(PROJECTS, &project).send().expect(200);
    assert_eq!(changes(&last(&desk)), json!([]), "nothing changed");
    admin.delete(&fixtures::project_path("p")).send();
    assert_eq!(last(&desk).name(), "p");
}

#[test]
fn a_secret_is_on_no_record() {
    let desk = Desk::new();
    let secret = "hunter2-and-more";
    let repository = json!({
        "apiVersion": "integrations.k8smgmt.io/v3", "kind": "Repository",
        "metadata": {"name": "r", "project": DEFAULT},
        "spec": {
            "type": "Git", "endpoint": "https://git.example.com/a.git",
            "credentials": {"username": "me", "password": secret},
        },
    });
    let path = format!("/apis/integrations.k8smgmt.io/v3/projects/{DEFAULT}/repositories");
    desk.admin().post(&path, &repository).send().expect(200);
    let record = last(&desk);
    let told = changes(&record).to_string();
    assert!(
        told.contains("/spec/credentials/password") && !told.contains(secret),
        "{told}"
    );
    let exported = desk
        .admin()
        .get("/apis/system.k8smgmt.io/v3/auditlogs/export/json")
        .send();
    assert!(!exported.text().contains(secret));
}

#[test]
fn the_request_has_one_id_for_both_sides() {
    let desk = Desk::new();
    let admin = desk.admin();
    let answer = admin
        .get(PROJECTS)
        .header("X-Request-Id", "mine-1.a_b")
        .send();
    assert_eq!(answer.header("x-request-id"), Some("mine-1.a_b"));
    assert_eq!(last(&desk).request_id(), "mine-1.a_b");
    let mut ids = Vec::new();
    for bad in [None, Some("a b"), Some("<script>")] {
        let ask = admin.get(PROJECTS);
        let ask = match bad {
            Some(bad) => ask.header("X-Request-Id", bad),
            None => ask,
        };
        let answer = ask.send();
        let id = answer.header("x-request-id").unwrap().to_owned();
        assert_eq!(last(&desk).request_id(), id);
        assert_ne!(Some(&*id), bad);
        ids.push(id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
    // Refused requests have one, too.
    let refused = desk.nobody().get("/nowhere").send().expect(404);
    assert_eq!(
        refused.header("x-request-id"),
        Some(&*last(&desk).request_id())
    );
}

#[tokio::test]
async fn a_record_says_where_the_call_came_from() {
    let mock = MockController::start().await.unwrap();
    let key = mock.key_for(Role::Admin);
    let client = rafay_sdk::Client::new(mock.url(), key.expose()).unwrap();
    let projects: rafay_sdk::Api<rafay_sdk::v3::types::Project> = rafay_sdk::Api::all(client);
    projects.get(DEFAULT).await.unwrap();
    let record = mock.audit().pop().unwrap();
    assert_eq!(record.client(), ClientKind::Sdk);
    assert!(
        record.user_agent().contains("rafay-sdk/"),
        "{}",
        record.user_agent()
    );
    assert_eq!(record.peer(), Some("127.0.0.1".parse().unwrap()));

    let desk = Desk::of(mock.controller());
    for (agent, client) in [
        ("rctl/2.1", ClientKind::Rctl),
        ("Mozilla/5.0", ClientKind::Browser),
        ("curl/8", ClientKind::Other),
    ] {
        desk.admin()
            .get(PROJECTS)
            .header("User-Agent", agent)
            .send();
        let record = last(&desk);
        assert_eq!((record.client(), record.user_agent()), (client, agent));
        assert_eq!(record.peer(), None);
    }
}
