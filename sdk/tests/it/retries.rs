//! Busy controllers are tried again, within bounds.

use std::time::{Duration, Instant};

use rafay_sdk::v1::types::User;
use rafay_sdk::v3::types::{Cluster, Metadata};
use rafay_sdk::{Api, Error};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{client, impatient};

/// A server that answers `busy` for the first `times` requests.
async fn busy(busy: ResponseTemplate, times: u64) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(busy)
        .up_to_n_times(times)
        .mount(&server)
        .await;
    let body = json!({"metadata": {"name": "c"}});
    let answer = ResponseTemplate::new(200).set_body_json(body);
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn seen(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn busy_answers_are_tried_again() {
    for status in [429, 502, 503, 504] {
        let server = busy(ResponseTemplate::new(status), 2).await;
        let api = Api::<Cluster>::project(client(&server), "p");
        assert_eq!(api.get("c").await.unwrap().metadata.name, "c");
        assert_eq!(seen(&server).await, 3);
    }
}

#[tokio::test]
async fn what_is_no_matter_of_time_is_not_tried_again() {
    for status in [400, 401, 403, 404, 409, 412, 500, 501] {
        let server = busy(ResponseTemplate::new(status), 9).await;
        let api = Api::<Cluster>::project(client(&server), "p");
        assert_eq!(api.get("c").await.unwrap_err().status(), Some(status));
        assert_eq!(seen(&server).await, 1);
    }
}

#[tokio::test]
async fn tries_are_bounded_and_can_be_turned_off() {
    let server = busy(ResponseTemplate::new(503), 99).await;
    let api = Api::<Cluster>::project(client(&server), "p");
    assert_eq!(api.get("c").await.unwrap_err().status(), Some(503));
    assert_eq!(seen(&server).await, 3);

    let server = busy(ResponseTemplate::new(503), 99).await;
    let api = Api::<Cluster>::project(impatient(&server), "p");
    assert_eq!(api.get("c").await.unwrap_err().status(), Some(503));
    assert_eq!(seen(&server).await, 1);
}

#[tokio::test]
async fn writes_by_name_are_tried_again_and_creations_are_not() {
    let cluster = Cluster {
        metadata: Metadata {
            name: "c".into(),
            ..Default::default()
        },
        ..Default::default()
    };
    let server = busy(ResponseTemplate::new(502), 1).await;
    client(&server)
        .v3()
        .clusters_apply("p", &cluster)
        .await
        .unwrap();
    assert_eq!(seen(&server).await, 2);

    let server = busy(ResponseTemplate::new(502), 1).await;
    let user = User::default();
    let error: Error = client(&server)
        .v1()
        .users_create(&user)
        .await
        .unwrap_err()
        .into();
    assert_eq!((error.status(), seen(&server).await), (Some(502), 1));

    // Refused before it was acted on.
    let server = busy(ResponseTemplate::new(429), 1).await;
    client(&server).v1().users_create(&user).await.unwrap();
    assert_eq!(seen(&server).await, 2);
}

#[tokio::test]
async fn the_controller_says_when() {
    let server = busy(
        ResponseTemplate::new(503).insert_header("retry-after", "1"),
        1,
    )
    .await;
    let start = Instant::now();
    Api::<Cluster>::project(client(&server), "p")
        .get("c")
        .await
        .unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));

    // Longer than the longest pause: the caller decides.
    let server = busy(
        ResponseTemplate::new(429).insert_header("retry-after", "3600"),
        1,
    )
    .await;
    let error = Api::<Cluster>::project(client(&server), "p")
        .get("c")
        .await
        .unwrap_err();
    assert_eq!((error.status(), seen(&server).await), (Some(429), 1));
}
