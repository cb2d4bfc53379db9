//! Reset goes back to the beginning, and many controllers live side by side.

use std::time::Duration;

use rafay_mock_server::{MockController, Options, Role};
use rafay_tests::fixtures::{self, DEFAULT, PROJECTS};
use rafay_tests::{Desk, http_client};
use serde_json::json;

#[test]
fn a_reset_brings_back_state_time_and_an_empty_trail() {
    let desk = Desk::new();
    let beginning = fixtures::state(&desk);
    let time = desk.controller().clock().now();
    let key = desk.admin().key().to_owned();
    let (_, other) = fixtures::account(&desk, "u@example.com", &[("ADMIN", None)]);
    for round in 0..3 {
        desk.admin()
            .post(PROJECTS, &fixtures::project("p"))
            .send()
            .expect(200);
        desk.admin()
            .post(&fixtures::clusters("p"), &fixtures::cluster("c"))
            .send()
            .expect(200);
        desk.controller().fail_lifecycle("Cluster", "p", "c");
        desk.controller()
            .clock()
            .advance(Duration::from_secs(1_000_000));
        desk.controller().reset();
        assert!(desk.controller().audit().is_empty(), "round {round}");
        assert_eq!(desk.controller().clock().now(), time);
        assert_eq!(desk.admin().key(), key);
        assert_eq!(fixtures::state(&desk), beginning, "round {round}");
        assert_eq!(desk.controller().audit()[0].number(), 1);
        // What was made meanwhile is unknown.
        desk.refuse(desk.caller(other.as_str()).get(PROJECTS), 401);
    }
    // No step of a lifecycle is left from before.
    desk.controller()
        .clock()
        .advance(Duration::from_secs(1_000_000));
    desk.admin()
        .post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"))
        .send()
        .expect(200);
    let cluster = desk
        .admin()
        .get(&fixtures::cluster_path("c"))
        .send()
        .expect(200);
    assert_eq!(
        cluster.text_at("/status/provisionStatus"),
        "PROVISION_IN_PROGRESS"
    );
}

#[test]
fn a_kept_moment_brings_back_state_time_trail_and_roles_as_often_as_it_is_asked_to() {
    let desk = Desk::new();
    let name = "u@example.com";
    let (id, key) = fixtures::account(&desk, name, &[("INFRA_ADMIN", Some(DEFAULT))]);
    let user = desk.caller(key);
    let apply = || user.post(&fixtures::clusters(DEFAULT), &fixtures::cluster("c"));
    apply().send().expect(200);
    let moment = desk.controller().snapshot();
    let time = desk.controller().clock().now();
    let trail = desk.controller().audit().len();
    let state = fixtures::state(&desk);
    assert!(
        !desk.controller().snapshot().differs_from(&moment),
        "reading writes nothing"
    );
    for round in 0..3 {
        desk.controller().restore(&moment);
        assert_eq!(desk.controller().audit().len(), trail, "round {round}");
        assert_eq!(desk.controller().clock().now(), time);
        assert_eq!(fixtures::state(&desk), state, "round {round}");
        desk.admin()
            .put(&fixtures::user_path(&id), &fixtures::user(name, &[]))
            .send()
            .expect(200);
        desk.refuse(apply(), 403);
        desk.controller().clock().advance(Duration::from_mins(2));
        assert_ne!(fixtures::state(&desk), state, "round {round}");
        assert!(desk.controller().snapshot().differs_from(&moment));
    }
    desk.controller().restore(&moment);
    apply().send().expect(200);
}

#[test]
fn a_reset_brings_back_roles_and_keys_that_were_taken_away() {
    let desk = Desk::new();
    let reader = desk.role(Role::InfraAdmin);
    let id = reader.id();
    desk.admin()
        .delete(&fixtures::user_path(&id))
        .send()
        .expect(204);
    desk.refuse(reader.get(PROJECTS), 401);
    desk.controller().reset();
    reader.get(PROJECTS).send().expect(200);
    desk.admin()
        .put(
            &fixtures::user_path(&id),
            &fixtures::user("infra-admin@example.com", &[]),
        )
        .send()
        .expect(200);
    desk.refuse(reader.get(PROJECTS), 403);
    desk.controller().reset();
    reader.get(PROJECTS).send().expect(200);
}

#[test]
fn ready_made_keys_are_of_their_roles_and_always_the_same() {
    let desk = Desk::new();
    let mut seen = std::collections::BTreeSet::new();
    for role in Role::ALL {
        let key = desk.controller().key_for(*role);
        assert_eq!(key, desk.controller().key_for(*role));
        assert!(seen.insert(key.expose().to_owned()));
        let profile = desk
            .role(*role)
            .get(fixtures::PROFILE)
            .send()
            .expect(200)
            .json();
        assert_eq!(profile["roles"][0]["role"]["name"], role.as_str());
        let project = if role.is_of_organization() || role.is_of_partner() {
            json!(null)
        } else {
            json!(DEFAULT)
        };
        assert_eq!(profile["roles"][0]["project"]["name"], project);
    }
}

#[test]
fn the_organization_has_the_name_it_is_given() {
    let desk = Desk::with(Options {
        organization: "acme".to_owned(),
        ..Desk::options()
    });
    let profile = desk
        .admin()
        .get(fixtures::PROFILE)
        .send()
        .expect(200)
        .json();
    assert_eq!(profile["organization"]["name"], "acme");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_mocks_live_side_by_side_each_with_its_own_state_keys_and_clock() {
    let client = http_client();
    let mut mocks = Vec::new();
    for _ in 0..30 {
        mocks.push(MockController::start().await.unwrap());
    }
    let clusters = fixtures::clusters(DEFAULT);
    for (number, mock) in mocks.iter().enumerate() {
        for of_mock in 0..=number {
            let name = format!("c{of_mock}");
            let answer = client
                .post(format!("{}{clusters}", mock.url()))
                .header("X-API-KEY", mock.key_for(Role::Admin).expose())
                .json(&fixtures::cluster(&name))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 200);
        }
        mock.clock()
            .advance(Duration::from_secs(u64::try_from(number).unwrap()));
    }
    let urls: std::collections::BTreeSet<String> = mocks.iter().map(MockController::url).collect();
    assert_eq!(urls.len(), mocks.len());
    for (number, mock) in mocks.iter().enumerate() {
        let desk_key = mock.key_for(Role::Admin);
        let url = format!("{}{clusters}", mock.url());
        let list: serde_json::Value = client
            .get(&url)
            .header("X-API-KEY", desk_key.expose())
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(list["metadata"]["count"], number + 1);
        let stranger = mocks[(number + 1) % mocks.len()].key_for(Role::Admin);
        let answer = client
            .get(&url)
            .header("X-API-KEY", stranger.expose())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401);
        assert_eq!(mock.audit().len(), number + 3);
    }
}
