//! What a user does with two kinds that nobody has written a line of Rust for. This file is compiled in a copy of the
//! repository that has them.

#![cfg(test)]

use std::time::Duration;

use bytes::Bytes;
use rafay_mock_server::{MockController, Role};
use rafay_sdk::v3::types::{
    Cluster, Observatory, ObservatorySpec, Telescope, TelescopePointing, TelescopeSpec,
};
use rafay_sdk::{Api, Client, Error, Resource};
use serde_json::{Value, json};

const PROJECT: &str = "defaultproject";
const OBSERVATORIES: &str = "/apis/infra.k8smgmt.io/v3/projects/defaultproject/observatories";
const TELESCOPES: &str = "/apis/astro.example.com/v3/projects/defaultproject/telescopes";

/// A mock with the cluster `edge-1`.
async fn mock() -> MockController {
    let mock = MockController::start().await.unwrap();
    let cluster: Cluster = serde_json::from_value(json!({
        "metadata": {"name": "edge-1"},
        "spec": {
            "type": "imported",
            "blueprintConfig": {"name": "default", "version": "v1"},
            "config": {"kubernetesProvider": "EKS", "provisionEnvironment": "CLOUD"},
        },
    }))
    .unwrap();
    let clusters: Api<Cluster> = Api::project(client(&mock, Role::Admin), PROJECT);
    clusters.apply(&cluster).await.unwrap();
    mock
}

fn client(mock: &MockController, role: Role) -> Client {
    Client::new(mock.url(), mock.key_for(role).expose()).unwrap()
}

fn api<K>(mock: &MockController, role: Role) -> Api<K>
where
    K: Resource<Scope = rafay_sdk::ProjectScoped>,
{
    Api::project(client(mock, role), PROJECT)
}

fn observatory(name: &str, cluster: &str) -> Observatory {
    Observatory {
        spec: ObservatorySpec {
            cluster: cluster.to_owned(),
            ..ObservatorySpec::default()
        },
        ..Observatory::named(name)
    }
}

fn telescope(name: &str) -> Telescope {
    Telescope {
        spec: TelescopeSpec {
            observatory: "paranal".to_owned(),
            aperture: 820,
            slew_time: Some("1m30s".to_owned()),
            access_code: Some("not-a-real-secret".into()),
            ..TelescopeSpec::default()
        },
        ..Telescope::named(name)
    }
}

/// A mock with a cluster, the observatory `paranal` and the telescope `antu`, which is being assembled.
async fn with_telescope() -> MockController {
    let mock = mock().await;
    let observatories: Api<Observatory> = api(&mock, Role::Admin);
    observatories
        .apply(&observatory("paranal", "edge-1"))
        .await
        .unwrap();
    let telescopes: Api<Telescope> = api(&mock, Role::ProjectAdmin);
    telescopes.apply(&telescope("antu")).await.unwrap();
    mock
}

fn advance(mock: &MockController, seconds: u64) {
    mock.clock().advance(Duration::from_secs(seconds));
}

/// A place in an object, as text; none where there is nothing.
fn told<K: Resource>(object: &K, pointer: &str) -> Option<String> {
    let object = serde_json::to_value(object).unwrap();
    object.pointer(pointer)?.as_str().map(str::to_owned)
}

async fn status<K>(api: &Api<K>, name: &str, place: &str) -> Option<String>
where
    K: Resource<Scope = rafay_sdk::ProjectScoped>,
{
    told(
        &api.status(name).await.unwrap(),
        &format!("/status/{place}"),
    )
}

/// The status of an error and the places it names.
#[track_caller]
fn refusal<T>(result: Result<T, Error>) -> (u16, Vec<String>) {
    let Err(error) = result else {
        panic!("it was not refused");
    };
    let problems = error.answer().map_or(&[][..], |answer| answer.problems());
    let pointers = problems.iter().map(|problem| problem.pointer.clone());
    (error.status().unwrap(), pointers.collect())
}

/// Sends a body that the SDK's types would not let through; gives the status and the places it names.
fn post(mock: &MockController, path: &str, body: Value) -> (u16, Vec<String>) {
    let request = http::Request::post(path)
        .header("X-API-KEY", mock.key_for(Role::Admin).expose())
        .header("Content-Type", "application/json")
        .body(Bytes::from(body.to_string()))
        .unwrap();
    let response = mock.controller().handle(request);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let details = body["details"].as_array().into_iter().flatten();
    let pointers = details.map(|detail| detail["pointer"].as_str().unwrap().to_owned());
    (response.status().as_u16(), pointers.collect())
}

#[tokio::test]
async fn the_sdk_has_its_operations_and_the_mock_serves_them() {
    let mock = mock().await;
    let admin = client(&mock, Role::Admin);
    let wanted = observatory("paranal", "edge-1");
    let made = admin
        .v3()
        .observatories_apply(PROJECT, &wanted)
        .await
        .unwrap();
    assert_eq!(made.spec, wanted.spec);
    assert!(made.metadata.id.is_some());

    let observatories: Api<Observatory> = api(&mock, Role::Admin);
    let mut read = observatories.get("paranal").await.unwrap();
    read.spec.purpose = Some("looks at the southern sky".to_owned());
    let replaced = observatories.replace(&read).await.unwrap();
    assert_eq!(replaced.spec.purpose, read.spec.purpose);
    assert_eq!(observatories.list_all().await.unwrap().len(), 1);
    observatories.delete("paranal").await.unwrap();
    assert!(observatories.get_opt("paranal").await.unwrap().is_none());
}

#[tokio::test]
async fn a_bad_body_is_refused_with_the_place_of_every_problem() {
    let mock = mock().await;
    let (status, pointers) = post(
        &mock,
        OBSERVATORIES,
        json!({"metadata": {"name": "-"}, "spec": {"purpose": 5}}),
    );
    assert_eq!(status, 400);
    for place in ["/metadata/name", "/spec/cluster", "/spec/purpose"] {
        assert!(pointers.iter().any(|known| known == place), "{pointers:?}");
    }
    let (status, pointers) = post(
        &mock,
        TELESCOPES,
        json!({"metadata": {"name": "antu"}, "spec": {"aperture": 0, "slewTime": "soon"}}),
    );
    assert_eq!(status, 400);
    for place in ["/spec/aperture", "/spec/observatory", "/spec/slewTime"] {
        assert!(pointers.iter().any(|known| known == place), "{pointers:?}");
    }
}

#[tokio::test]
async fn what_it_refers_to_must_be_there_and_stays_there() {
    let mock = with_telescope().await;
    let observatories: Api<Observatory> = api(&mock, Role::Admin);
    let unknown = observatories
        .apply(&observatory("la-silla", "nowhere"))
        .await;
    assert_eq!(refusal(unknown), (400, vec!["/spec/cluster".to_owned()]));
    let telescopes: Api<Telescope> = api(&mock, Role::Admin);
    let mut lost = telescope("kueyen");
    lost.spec.observatory = "la-silla".to_owned();
    assert_eq!(
        refusal(telescopes.apply(&lost).await),
        (400, vec!["/spec/observatory".to_owned()])
    );

    let clusters: Api<Cluster> = api(&mock, Role::Admin);
    assert_eq!(refusal(clusters.delete("edge-1").await).0, 409);
    assert_eq!(refusal(observatories.delete("paranal").await).0, 409);
    telescopes.delete("antu").await.unwrap();
    observatories.delete("paranal").await.unwrap();
    clusters.delete("edge-1").await.unwrap();
}

#[tokio::test]
async fn roles_may_do_what_the_documents_say() {
    let mock = with_telescope().await;
    let paranal = observatory("paranal", "edge-1");
    for role in [Role::ProjectAdmin, Role::InfraAdmin, Role::ProjectReadOnly] {
        let observatories: Api<Observatory> = api(&mock, role);
        assert_eq!(
            refusal(observatories.apply(&paranal).await).0,
            403,
            "{role:?}"
        );
        assert_eq!(
            refusal(observatories.get("paranal").await).0,
            403,
            "{role:?}"
        );
    }
    let reader: Api<Observatory> = api(&mock, Role::AdministratorReadOnly);
    assert_eq!(reader.list_all().await.unwrap().len(), 1);
    assert_eq!(refusal(reader.delete("paranal").await).0, 403);

    // The roles that the fixture gives the telescope to, and one that it does not.
    let reader: Api<Telescope> = api(&mock, Role::ProjectReadOnly);
    reader.get("antu").await.unwrap();
    assert_eq!(refusal(reader.delete("antu").await).0, 403);
    let stranger: Api<Telescope> = api(&mock, Role::InfraAdmin);
    assert_eq!(refusal(stranger.get("antu").await).0, 403);
    let owner: Api<Telescope> = api(&mock, Role::ProjectAdmin);
    owner.delete("antu").await.unwrap();
}

#[tokio::test]
async fn it_becomes_ready_as_the_clock_advances() {
    let mock = with_telescope().await;
    let observatories: Api<Observatory> = api(&mock, Role::Admin);
    for (seconds, outcome) in [
        (0, "StatusSubmitted"),
        (29, "StatusSubmitted"),
        (1, "StatusOK"),
        (1_000_000, "StatusOK"),
    ] {
        advance(&mock, seconds);
        let told = status(&observatories, "paranal", "conditionStatus").await;
        assert_eq!(told.as_deref(), Some(outcome));
    }
    let told = status(&observatories, "paranal", "conditionType").await;
    assert_eq!(told.as_deref(), Some("ObservatoryReady"));
}

#[tokio::test]
async fn it_fails_when_a_test_chooses_so() {
    let mock = with_telescope().await;
    let controller = mock.controller();
    assert!(controller.fail_lifecycle("Observatory", PROJECT, "paranal"));
    assert!(controller.fail_lifecycle("Telescope", PROJECT, "antu"));
    advance(&mock, 3600);
    let observatories: Api<Observatory> = api(&mock, Role::Admin);
    let told = status(&observatories, "paranal", "conditionStatus").await;
    assert_eq!(told.as_deref(), Some("StatusFailed"));
    let telescopes: Api<Telescope> = api(&mock, Role::Admin);
    let told = status(&telescopes, "antu", "phase").await;
    assert_eq!(told.as_deref(), Some("Broken"));
    let told = status(&telescopes, "antu", "reason").await;
    assert_eq!(told.as_deref(), Some("the mirror has a crack"));
}

#[tokio::test]
async fn its_own_action_runs_when_it_may() {
    let mock = with_telescope().await;
    let owner = client(&mock, Role::ProjectAdmin);
    let telescopes: Api<Telescope> = api(&mock, Role::ProjectAdmin);
    let pointing = TelescopePointing {
        target: "M31".to_owned(),
        ..TelescopePointing::default()
    };
    let point = || async {
        let answer = owner
            .v3()
            .telescopes_point(PROJECT, "antu", &pointing)
            .await;
        answer
            .map(|telescope| telescope.into_inner())
            .map_err(Error::from)
    };
    assert_eq!(refusal(point().await).0, 409, "it is still being assembled");
    advance(&mock, 3600);
    assert_eq!(
        status(&telescopes, "antu", "phase").await.as_deref(),
        Some("Parked")
    );

    let turning = point().await.unwrap();
    assert_eq!(told(&turning, "/status/phase").as_deref(), Some("Turning"));
    assert_eq!(told(&turning, "/status/target").as_deref(), Some("M31"));
    let by = told(&turning, "/status/turnedBy");
    assert_eq!(by.as_deref(), Some("project-admin@example.com"));
    assert_eq!(refusal(point().await).0, 409, "it is turning already");
    advance(&mock, 89);
    assert_eq!(
        status(&telescopes, "antu", "phase").await.as_deref(),
        Some("Turning")
    );
    advance(&mock, 1);
    assert_eq!(
        status(&telescopes, "antu", "phase").await.as_deref(),
        Some("Pointed")
    );

    let reader = client(&mock, Role::ProjectReadOnly);
    let refused = reader
        .v3()
        .telescopes_point(PROJECT, "antu", &pointing)
        .await;
    assert_eq!(refusal(refused.map_err(Error::from)).0, 403);
}

#[tokio::test]
async fn its_secret_stays_hidden_and_what_is_fixed_stays_fixed() {
    let mock = with_telescope().await;
    let telescopes: Api<Telescope> = api(&mock, Role::Admin);
    let read = telescopes.get("antu").await.unwrap();
    let text = serde_json::to_string(&read).unwrap();
    assert!(!text.contains("not-a-real-secret"), "{text}");
    let mut larger = telescope("antu");
    larger.spec.aperture = 3930;
    let (status, pointers) = refusal(telescopes.apply(&larger).await);
    assert!([400, 409].contains(&status), "{status}");
    assert_eq!(pointers, ["/spec/aperture"]);
}

#[tokio::test]
async fn every_call_is_audited() {
    let mock = with_telescope().await;
    let stranger: Api<Telescope> = api(&mock, Role::InfraAdmin);
    assert_eq!(refusal(stranger.get("antu").await).0, 403);
    let audit = mock.audit();
    assert!(audit.iter().all(|record| record.is_intact()));
    let known: Vec<(&str, &str, u16)> = audit
        .iter()
        .map(|record| {
            let actor = record.actor().map_or("", |actor| &actor.username);
            (actor, record.operation(), record.status())
        })
        .collect();
    for wanted in [
        ("admin@example.com", "observatories_apply", 200),
        ("project-admin@example.com", "telescopes_apply", 200),
        ("infra-admin@example.com", "telescopes_get", 403),
    ] {
        assert!(known.contains(&wanted), "{known:?}");
    }
    let written = format!("{audit:?}");
    assert!(!written.contains("not-a-real-secret"), "{written}");
}
