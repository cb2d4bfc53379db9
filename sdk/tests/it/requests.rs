//! What goes over the wire, and what never shows.

use rafay_sdk::v3::types::Cluster;
use rafay_sdk::{Api, ApiKey, Client, Secret};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::{KEY, builder, client};

async fn server() -> MockServer {
    let server = MockServer::start().await;
    let body = json!({"metadata": {"name": "c"}});
    let answer = ResponseTemplate::new(200).set_body_json(body);
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn last(server: &MockServer) -> Request {
    server.received_requests().await.unwrap().pop().unwrap()
}

fn header(request: &Request, name: &str) -> String {
    request
        .headers
        .get(name)
        .map(|v| v.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

#[tokio::test]
async fn every_request_carries_the_key_and_says_who_asks() {
    let server = server().await;
    let client = builder(&server.uri())
        .user_agent("report/2")
        .build()
        .unwrap();
    client.v3().clusters_get("p", "c").await.unwrap();
    client.v1().users_get("u").await.unwrap();
    Api::<Cluster>::project(client, "p").get("c").await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(header(&request, "x-api-key"), KEY);
        assert_eq!(header(&request, "x-rafay-api-keyid"), KEY);
        assert_eq!(header(&request, "accept"), "application/json");
        let agent = header(&request, "user-agent");
        let own = concat!("report/2 rafay-sdk/", env!("CARGO_PKG_VERSION"), " ");
        assert!(agent.starts_with(own), "{agent}");
        for document in rafay_sdk::DOCUMENTS {
            let (version, release) = (document.version, document.release);
            let made_from = format!(" rafay-{version}/{release}+{}", &document.sha256[..12]);
            assert!(agent.contains(&made_from), "{agent}");
        }
        assert!(!request.headers.contains_key("api-version"));
    }
}

#[tokio::test]
async fn names_stay_within_their_segment() {
    let server = server().await;
    let client = client(&server);
    let api = Api::<Cluster>::project(client.clone(), "p/../q");
    api.get("a b/c?d#e%").await.unwrap();
    let expected = "/apis/infra.k8smgmt.io/v3/projects/p%2F..%2Fq/clusters/a%20b%2Fc%3Fd%23e%25";
    assert_eq!(last(&server).await.url.path(), expected);

    for name in ["", ".", ".."] {
        let sent = server.received_requests().await.unwrap().len();
        assert!(api.get(name).await.is_err());
        assert!(api.delete(name).await.is_err());
        assert!(
            Api::<Cluster>::project(client.clone(), name)
                .get("c")
                .await
                .is_err()
        );
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            sent,
            "nothing is sent"
        );

        let _ = client.v3().clusters_delete("p", name).await;
        let path = last(&server).await.url.path().to_owned();
        assert_eq!(path, "/apis/infra.k8smgmt.io/v3/projects/p/clusters/%00");
    }
}

#[tokio::test]
async fn nothing_shows_the_key() {
    let server = server().await;
    let builder = builder(&server.uri());
    let client = builder.clone().build().unwrap();
    let api = Api::<Cluster>::project(client.clone(), "p");
    let shown = format!(
        "{builder:?} {client:?} {:?} {:?} {api:?} {:?} {} {:?} {}",
        client.v1(),
        client.v3(),
        ApiKey::new(KEY),
        ApiKey::new(KEY),
        Secret::from(KEY),
        Secret::from(KEY),
    );
    for part in ["0a1b2c3d", "deadbeef"] {
        assert!(!shown.contains(part), "{shown}");
    }
    assert!(shown.contains(&server.uri()));
}

#[tokio::test]
async fn the_endpoint_may_have_a_path() {
    let server = server().await;
    let client = builder(&format!("{}/behind/", server.uri()))
        .build()
        .unwrap();
    client.v3().clusters_get("p", "c").await.unwrap();
    let expected = "/behind/apis/infra.k8smgmt.io/v3/projects/p/clusters/c";
    assert_eq!(last(&server).await.url.path(), expected);
    Api::<Cluster>::project(client, "p").get("c").await.unwrap();
    assert_eq!(last(&server).await.url.path(), expected);
}

#[test]
fn calls_can_be_spawned() {
    fn check<T: Send + 'static>(_: T) {}
    fn futures(client: Client) {
        let api = Api::<Cluster>::project(client.clone(), "p");
        check(async move { client.v3().clusters_get("p", "c").await.map(drop) });
        check(async move {
            let cluster = Cluster::default();
            api.apply(&cluster).await.map(drop)?;
            api.list_all().await.map(drop)
        });
    }
    let _ = futures;
}
