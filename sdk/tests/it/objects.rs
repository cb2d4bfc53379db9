//! `Api`: objects as a person handles them.

use futures_util::{StreamExt as _, TryStreamExt as _};
use rafay_sdk::v3::types::{Cluster, Metadata, Project};
use rafay_sdk::{Api, ETag, ListParams, Precondition, Resource as _};
use serde_json::{Value, json};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::{client, impatient};

const CLUSTERS: &str = "/apis/infra.k8smgmt.io/v3/projects/p/clusters";

fn cluster(name: &str) -> Cluster {
    Cluster {
        metadata: Metadata {
            name: name.into(),
            ..Default::default()
        },
        ..Default::default()
    }
}

/// Answers every request with the body that came with it, or with a cluster, at revision `"7"`.
async fn echo() -> MockServer {
    let server = MockServer::start().await;
    let answer = |request: &Request| {
        let body = serde_json::from_slice::<Value>(&request.body)
            .unwrap_or_else(|_| json!({"metadata": {"name": "c"}}));
        ResponseTemplate::new(200)
            .insert_header("etag", "\"7\"")
            .set_body_json(body)
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn last(server: &MockServer) -> Request {
    server.received_requests().await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn each_call_has_its_method_and_place() {
    let server = echo().await;
    let api = Api::<Cluster>::project(client(&server), "p");
    let place = async |expected: &str| {
        let request = last(&server).await;
        assert_eq!(
            format!("{} {}", request.method, request.url.path()),
            expected
        );
    };
    api.get("c").await.unwrap();
    place(&format!("GET {CLUSTERS}/c")).await;
    api.status("c").await.unwrap();
    place(&format!("GET {CLUSTERS}/c/status")).await;
    api.apply(&cluster("c")).await.unwrap();
    place(&format!("POST {CLUSTERS}")).await;
    api.replace(&cluster("c")).await.unwrap();
    place(&format!("PUT {CLUSTERS}/c")).await;
    api.delete("c").await.unwrap();
    place(&format!("DELETE {CLUSTERS}/c")).await;
    api.list_page(ListParams::default().limit(5).offset(10))
        .await
        .unwrap();
    place(&format!("GET {CLUSTERS}")).await;
    assert_eq!(last(&server).await.url.query(), Some("limit=5&offset=10"));
    let projects = Api::<Project>::all(client(&server));
    projects.get("a").await.unwrap();
    place("GET /apis/system.k8smgmt.io/v3/projects/a").await;
}

#[tokio::test]
async fn an_apply_fills_in_what_its_place_says() {
    let server = echo().await;
    let api = Api::<Cluster>::project(client(&server), "p");
    let applied = api.apply(&cluster("c")).await.unwrap();
    assert_eq!(applied.name(), "c");
    let sent: Value = last(&server).await.body_json().unwrap();
    assert_eq!(sent["apiVersion"], "infra.k8smgmt.io/v3");
    assert_eq!(sent["kind"], "Cluster");
    assert_eq!(sent["metadata"]["project"], "p");
    assert!(sent.get("status").is_none() && sent.get("spec").is_none());

    // What the caller says is not touched.
    let mut other = cluster("c");
    other.metadata_mut().project = Some("q".into());
    api.apply(&other).await.unwrap();
    let sent: Value = last(&server).await.body_json().unwrap();
    assert_eq!(sent["metadata"]["project"], "q");

    let error = api.apply(&cluster("")).await.unwrap_err();
    assert!(error.to_string().contains("name"), "{error}");
}

#[tokio::test]
async fn unknown_fields_survive_a_change() {
    let stored = json!({
        "apiVersion": "infra.k8smgmt.io/v3",
        "kind": "Cluster",
        "metadata": {"name": "c", "project": "p", "labels": {"a": "1"}, "uid": "new"},
        "spec": {"type": "of-tomorrow", "newSetting": {"deep": [1, null]}, "config": {"unheard": 1}},
        "status": {"phase": 3},
        "audit": "new",
    });
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(&stored))
        .mount(&server)
        .await;
    let back = |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        ResponseTemplate::new(200).set_body_json(body)
    };
    Mock::given(method("POST"))
        .respond_with(back)
        .mount(&server)
        .await;

    let api = Api::<Cluster>::project(client(&server), "p");
    let mut read = api.get("c").await.unwrap();
    read.metadata
        .labels
        .get_or_insert_default()
        .insert("b".into(), "2".into());
    api.apply(&read).await.unwrap();

    let mut expected = stored;
    expected["metadata"]["labels"]["b"] = json!("2");
    assert_eq!(last(&server).await.body_json::<Value>().unwrap(), expected);
}

#[tokio::test]
async fn an_absent_object_is_none() {
    let server = MockServer::start().await;
    Mock::given(path(format!("{CLUSTERS}/c")))
        .respond_with(ResponseTemplate::new(200).set_body_json(cluster("c")))
        .mount(&server)
        .await;
    let api = Api::<Cluster>::project(impatient(&server), "p");
    assert_eq!(api.get_opt("c").await.unwrap().unwrap().name(), "c");
    assert!(api.get_opt("other").await.unwrap().is_none());
    assert!(api.get("other").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn writes_can_be_meant_for_one_revision() {
    let server = echo().await;
    let api = Api::<Cluster>::project(client(&server), "p");
    let read = api.get_with_etag("c").await.unwrap();
    let etag = read.etag.unwrap();
    assert_eq!(etag, ETag::new("\"7\""));
    let header = async |name: &str| {
        let request = last(&server).await;
        request
            .headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    api.replace_if(&read.object, &etag).await.unwrap();
    assert_eq!(header("if-match").await.as_deref(), Some("\"7\""));
    api.delete_if("c", &etag).await.unwrap();
    assert_eq!(header("if-match").await.as_deref(), Some("\"7\""));
    api.apply_if(&read.object, &Precondition::Revision(etag))
        .await
        .unwrap();
    assert_eq!(header("if-match").await.as_deref(), Some("\"7\""));
    api.apply_if(&read.object, &Precondition::Absent)
        .await
        .unwrap();
    assert_eq!(header("if-none-match").await.as_deref(), Some("*"));
    assert!(api.delete_if("c", &ETag::new("a\nb")).await.is_err());
}

#[tokio::test]
async fn an_unchanged_object_is_not_read_again() {
    let server = MockServer::start().await;
    let answer = |request: &Request| match request.headers.get("if-none-match") {
        Some(known) if known == "\"7\"" => ResponseTemplate::new(304),
        _ => ResponseTemplate::new(200)
            .insert_header("etag", "\"8\"")
            .set_body_json(cluster("c")),
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let api = Api::<Cluster>::project(client(&server), "p");
    assert!(
        api.get_if_changed("c", &ETag::new("\"7\""))
            .await
            .unwrap()
            .is_none()
    );
    let changed = api
        .get_if_changed("c", &ETag::new("\"6\""))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(changed.etag.unwrap().as_str(), "\"8\"");
}

/// A list of `total` clusters in pages of `size`; `told` decides what the metadata say.
async fn pages(total: u64, size: u64, told: fn(u64, u64) -> Value) -> MockServer {
    let server = MockServer::start().await;
    let answer = move |request: &Request| {
        let offset = request
            .url
            .query_pairs()
            .find(|(name, _)| name == "offset")
            .map_or(0, |(_, value)| value.parse().unwrap());
        let items: Vec<Cluster> = (offset..total.min(offset + size))
            .map(|n| cluster(&n.to_string()))
            .collect();
        let body = json!({"items": items, "metadata": told(total, offset)});
        ResponseTemplate::new(200).set_body_json(body)
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn a_list_is_read_over_all_its_pages() {
    for (total, requests) in [(0, 1), (2, 1), (5, 3)] {
        let told = |total: u64, offset: u64| json!({"count": total.to_string(), "offset": offset});
        let server = pages(total, 2, told).await;
        let api = Api::<Cluster>::project(client(&server), "p");
        let all = api.list_all().await.unwrap();
        let names: Vec<&str> = all.iter().map(rafay_sdk::Resource::name).collect();
        let expected: Vec<String> = (0..total).map(|n| n.to_string()).collect();
        assert_eq!(names, expected);
        assert_eq!(server.received_requests().await.unwrap().len(), requests);
    }
}

#[tokio::test]
async fn pages_are_fetched_as_they_are_needed() {
    let server = pages(
        9,
        3,
        |total, offset| json!({"count": total, "offset": offset}),
    )
    .await;
    let api = Api::<Cluster>::project(client(&server), "p");
    let first: Vec<Cluster> = api.list().take(4).try_collect().await.unwrap();
    assert_eq!(first.len(), 4);
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
    let page = api
        .list_page(ListParams::default().offset(6))
        .await
        .unwrap();
    assert_eq!(
        (page.items.len(), page.count, page.offset),
        (3, Some(9), Some(6))
    );
}

#[tokio::test]
async fn a_controller_without_pages_is_read_once() {
    // Nothing is told: the first answer is the whole list.
    let server = pages(5, 5, |_, _| Value::Null).await;
    let api = Api::<Cluster>::project(client(&server), "p");
    assert_eq!(api.list_all().await.unwrap().len(), 5);
    assert_eq!(server.received_requests().await.unwrap().len(), 1);

    // The offset is not understood: what comes again is not given again.
    for metadata in [json!({"count": 9}), json!({"count": 9, "offset": 0})] {
        let server = MockServer::start().await;
        let body = json!({"items": [cluster("a"), cluster("b")], "metadata": metadata});
        let answer = ResponseTemplate::new(200).set_body_json(body);
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let api = Api::<Cluster>::project(client(&server), "p");
        assert_eq!(api.list_all().await.unwrap().len(), 2);
    }

    // The offset is understood, but not told.
    let server = pages(5, 2, |total, _| json!({"count": total})).await;
    let api = Api::<Cluster>::project(client(&server), "p");
    assert_eq!(api.list_all().await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_list_ends_with_its_first_error() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(403))
        .mount(&server)
        .await;
    let api = Api::<Cluster>::project(client(&server), "p");
    let all: Vec<_> = api.list().collect().await;
    assert_eq!(all.len(), 1);
    assert!(all[0].as_ref().unwrap_err().is_forbidden());
}
