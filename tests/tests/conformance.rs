//! Every operation of every document, through the SDK against the mock over HTTP. Each raw answer is judged by the
//! document, and an operation that was not driven fails the test.

use std::collections::{BTreeMap, BTreeSet};

use rafay_mock_server::{MockController, Role};
use rafay_sdk::{Client, v1, v3};
use rafay_tests::fixtures::{self, DEFAULT};
use rafay_tests::{Checker, Recorder, operations};
use serde_json::{Value, json};

/// Version, operation and status of a call.
type Call = (&'static str, &'static str, u16);

/// An object of the SDK from its JSON.
fn object<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the SDK reads what the document allows")
}

/// Makes one call, keeps its status and gives what came back, if it was a success.
macro_rules! call {
    ($calls:ident, $client:ident.$version:ident().$operation:ident($($argument:expr),*)) => {{
        let result = $client.$version().$operation($($argument),*).await;
        let status = match &result {
            Ok(answer) => answer.status(),
            Err(error) => error.status().unwrap_or_else(|| {
                panic!("{} {}: {error:?}", stringify!($version), stringify!($operation))
            }),
        };
        $calls.push((stringify!($version), stringify!($operation), status.as_u16()));
        result.ok().map(|answer| answer.into_inner())
    }};
}

/// Calls every operation there is, in an order in which each can succeed.
async fn call_everything(client: &Client) -> Vec<Call> {
    let mut calls = Vec::new();
    on_projects(client, &mut calls).await;
    on_infrastructure(client, &mut calls).await;
    on_users(client, &mut calls).await;
    calls
}

async fn on_projects(client: &Client, calls: &mut Vec<Call>) {
    let project: v3::types::Project = object(fixtures::project("p3"));
    call!(calls, client.v3().projects_apply(&project));
    call!(calls, client.v3().projects_list(Some(10), Some(0)));
    let read = call!(calls, client.v3().projects_get("p3")).unwrap_or(project);
    call!(calls, client.v3().projects_status("p3"));
    call!(calls, client.v3().projects_replace("p3", &read));
    call!(calls, client.v3().projects_delete("p3"));

    let project: v1::types::Project = object(json!({"name": "p1", "description": "by v1"}));
    let made = call!(calls, client.v1().projects_create(&project)).unwrap_or(project);
    let id = made.id.clone().unwrap_or("zzzzzzz".to_owned());
    call!(
        calls,
        client
            .v1()
            .projects_list(Some(10), Some("p1"), Some(0), Some("p"))
    );
    let read = call!(calls, client.v1().projects_get(&id)).unwrap_or(made);
    call!(calls, client.v1().projects_replace(&id, &read));
    call!(calls, client.v1().projects_delete(&id));
}

async fn on_infrastructure(client: &Client, calls: &mut Vec<Call>) {
    let blueprint: v3::types::Blueprint = object(fixtures::blueprint("b"));
    call!(calls, client.v3().blueprints_apply(DEFAULT, &blueprint));
    call!(calls, client.v3().blueprints_list(DEFAULT, None, None));
    let read = call!(calls, client.v3().blueprints_get(DEFAULT, "b")).unwrap_or(blueprint);
    call!(calls, client.v3().blueprints_replace(DEFAULT, "b", &read));

    let cluster: v3::types::Cluster = object(fixtures::cluster_on("c", "b"));
    call!(calls, client.v3().clusters_apply(DEFAULT, &cluster));
    call!(calls, client.v3().clusters_list(DEFAULT, Some(1), None));
    let read = call!(calls, client.v3().clusters_get(DEFAULT, "c")).unwrap_or(cluster);
    call!(calls, client.v3().clusters_status(DEFAULT, "c"));
    call!(calls, client.v3().clusters_bootstrap(DEFAULT, "c"));
    call!(calls, client.v3().clusters_replace(DEFAULT, "c", &read));
    call!(calls, client.v3().clusters_delete(DEFAULT, "c"));
    call!(calls, client.v3().blueprints_delete(DEFAULT, "b"));
}

async fn on_users(client: &Client, calls: &mut Vec<Call>) {
    let user: v1::types::User = object(fixtures::user(
        "sdk@example.com",
        &[("INFRA_ADMIN", Some(DEFAULT))],
    ));
    call!(calls, client.v1().users_profile());
    let made = call!(calls, client.v1().users_create(&user)).unwrap_or(user);
    let id = made.account.id.clone().unwrap_or("zzzzzzz".to_owned());
    call!(calls, client.v1().users_list(None, None, None, None));
    let read = call!(calls, client.v1().users_get(&id)).unwrap_or(made);
    call!(calls, client.v1().users_replace(&id, &read));
    let request: v1::types::ApiKeyRequest = object(json!({"name": "dynamic", "validity_hour": 1}));
    let key = call!(calls, client.v1().apikeys_create(&id, &request));
    let key = key.map_or("zzzzzzz".to_owned(), |key| key.id);
    call!(calls, client.v1().apikeys_list(&id));
    call!(calls, client.v1().apikeys_delete(&key));
    call!(calls, client.v1().users_delete(&id));
}

/// Every operation that the SDK is to have, by version and id.
fn declared() -> BTreeSet<(&'static str, &'static str)> {
    operations()
        .filter(|(_, operation)| operation.alias_of.is_none())
        .map(|(document, operation)| (document.version.as_str(), operation.id.as_str()))
        .collect()
}

/// Calls everything with a key and has every answer judged; the statuses by operation.
async fn drive(mock: &MockController, key: &str) -> BTreeMap<(&'static str, &'static str), u16> {
    let recorder = Recorder::start(mock.url()).await;
    let client = Client::new(recorder.url(), key).expect("a client");
    let calls = call_everything(&client).await;
    let exchanges = recorder.exchanges();
    assert_eq!(exchanges.len(), calls.len(), "one call, one exchange");
    for (exchange, (version, id, status)) in exchanges.iter().zip(&calls) {
        let checked = Checker::shared()
            .check(&exchange.exchange())
            .unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(
            (checked.version, checked.operation),
            (*version, Some(*id)),
            "the request went where it should"
        );
        assert_eq!(
            exchange.exchange().status,
            *status,
            "{version} {id}: the SDK tells the status that came"
        );
    }
    let called: BTreeSet<_> = calls
        .iter()
        .map(|(version, id, _)| (*version, *id))
        .collect();
    assert_eq!(
        called,
        declared(),
        "every operation of the documents is driven"
    );
    calls
        .into_iter()
        .map(|(version, id, status)| ((version, id), status))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_succeeds_through_the_sdk_with_the_answer_its_document_declares() {
    let mock = MockController::start().await.unwrap();
    let statuses = drive(&mock, mock.key_for(Role::Admin).expose()).await;
    for (document, operation) in operations() {
        let success = operation
            .responses
            .iter()
            .find(|response| response.is_success())
            .unwrap();
        let status = statuses[&(document.version.as_str(), operation.id.as_str())];
        assert_eq!(
            status.to_string(),
            success.status,
            "{} {}",
            document.version,
            operation.id
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_refused_through_the_sdk_with_the_error_its_document_declares() {
    let mock = MockController::start().await.unwrap();
    let unknown = format!("ra2.{}.{}", "0".repeat(40), "0".repeat(64));
    let statuses = drive(&mock, &unknown).await;
    assert!(
        statuses.values().all(|status| *status == 401),
        "{statuses:?}"
    );
    for role in [
        Role::ProjectReadOnly,
        Role::InfraAdmin,
        Role::AdministratorReadOnly,
    ] {
        let statuses = drive(&mock, mock.key_for(role).expose()).await;
        let known = |status: &u16| [200, 201, 204, 403, 404].contains(status);
        assert!(statuses.values().all(known), "{role:?}: {statuses:?}");
        assert!(
            statuses.values().any(|status| *status == 403),
            "{role:?}: {statuses:?}"
        );
        mock.reset();
    }
}
