//! Successful answers: any success counts, an unreadable body is an error that knows its status.

use rafay_sdk::v3::types::{Cluster, Metadata};
use rafay_sdk::{Api, Error};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::impatient;

async fn serve(answer: ResponseTemplate) -> (MockServer, rafay_sdk::Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let client = impatient(&server);
    (server, client)
}

#[tokio::test]
async fn any_success_is_success() {
    let cluster = Cluster {
        metadata: Metadata {
            name: "c".into(),
            ..Default::default()
        },
        ..Default::default()
    };
    for status in [200, 201, 202] {
        let answer = ResponseTemplate::new(status).set_body_json(&cluster);
        let (_server, client) = serve(answer).await;
        let applied = client.v3().clusters_apply("p", &cluster).await.unwrap();
        assert_eq!(applied.status(), status);
        assert_eq!(applied.into_inner().metadata.name, "c");
        Api::<Cluster>::project(client, "p")
            .apply(&cluster)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_delete_needs_no_body() {
    for answer in [
        ResponseTemplate::new(200),
        ResponseTemplate::new(204),
        ResponseTemplate::new(202).set_body_string("gone"),
    ] {
        let (_server, client) = serve(answer).await;
        client.v3().clusters_delete("p", "c").await.unwrap();
        Api::<Cluster>::project(client, "p")
            .delete("c")
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_unreadable_success_keeps_its_status() {
    for body in [
        "{\"metadata\": {\"name\": \"c\"",
        "",
        "<html>",
        "[]",
        "{\"metadata\": 7}",
    ] {
        let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        let (_server, client) = serve(answer).await;
        let generated: Error = client.v3().clusters_get("p", "c").await.unwrap_err().into();
        let api = Api::<Cluster>::project(client, "p")
            .get("c")
            .await
            .unwrap_err();
        for error in [generated, api] {
            assert!(error.is_decode() && !error.is_retryable(), "{error:?}");
            assert_eq!(error.status(), Some(200));
            let source = std::error::Error::source(&error).unwrap().to_string();
            assert!(source.contains("line 1"), "{source}");
        }
    }
}

#[tokio::test]
async fn null_lists_are_empty() {
    for body in [
        json!({"items": null}),
        json!({"items": [], "metadata": null}),
        json!({}),
    ] {
        let (_server, client) = serve(ResponseTemplate::new(200).set_body_json(body)).await;
        let listed = client.v3().clusters_list("p", None, None).await.unwrap();
        assert!(listed.items.is_empty());
        assert!(
            Api::<Cluster>::project(client, "p")
                .list_all()
                .await
                .unwrap()
                .is_empty()
        );
    }
    let (_server, client) = serve(ResponseTemplate::new(200).set_body_string("null")).await;
    assert!(client.v1().apikeys_list("u").await.unwrap().is_empty());
}

#[tokio::test]
async fn text_comes_as_text() {
    let manifest = "apiVersion: v1\nkind: Namespace\n---\nkind: Secret\n";
    let answer = ResponseTemplate::new(200).set_body_raw(manifest, "application/x-rafay-yaml");
    let (_server, client) = serve(answer).await;
    let got = client
        .v3()
        .clusters_bootstrap("p", "c")
        .await
        .unwrap()
        .into_inner();
    assert_eq!(got, manifest);

    let (_server, client) = serve(ResponseTemplate::new(200).set_body_bytes([0xff])).await;
    let error: Error = client
        .v3()
        .clusters_bootstrap("p", "c")
        .await
        .unwrap_err()
        .into();
    assert!(error.is_decode() && error.status() == Some(200));
}
