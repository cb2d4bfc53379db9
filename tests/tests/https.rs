//! The SDK and the mock over HTTPS: the SDK believes the authority it is told to trust, and no other.

#![expect(
    clippy::unwrap_used,
    reason = "a failed step of a test is a failed test"
)]

use futures_util::TryStreamExt as _;
use rafay_mock_server::{MockController, Role, Tls};
use rafay_sdk::v3::types::Project;
use rafay_sdk::{Api, Client, ClientBuilder, Retry};

async fn start() -> MockController {
    let tls = Tls::temporary().unwrap();
    MockController::builder().tls(tls).start().await.unwrap()
}

fn builder(mock: &MockController) -> ClientBuilder {
    Client::builder()
        .endpoint(mock.url())
        .api_key(mock.key_for(Role::Admin).expose())
        .retry(Retry::off())
}

#[tokio::test]
async fn the_sdk_calls_a_server_whose_authority_it_trusts() {
    let mock = start().await;
    let client = builder(&mock).root_certificates(mock.ca_certificate().unwrap());
    let projects: Api<Project> = Api::all(client.build().unwrap());
    let all: Vec<Project> = projects.list().try_collect().await.unwrap();
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn the_sdk_calls_no_server_that_it_has_no_reason_to_believe() {
    let (mock, other) = (start().await, start().await);
    let untrusting = builder(&mock);
    let misled = builder(&mock).root_certificates(other.ca_certificate().unwrap());
    for client in [untrusting, misled] {
        let projects: Api<Project> = Api::all(client.build().unwrap());
        let error = projects.list().try_collect::<Vec<_>>().await.unwrap_err();
        assert!(
            error.to_string().contains("certificate")
                || format!("{error:?}").contains("certificate"),
            "{error:?}"
        );
    }
    assert!(
        mock.audit().is_empty(),
        "the key travelled: {:?}",
        mock.audit()
    );
}

#[tokio::test]
async fn a_server_that_speaks_https_is_not_called_without_it() {
    let mock = start().await;
    let plain = mock.url().replace("https://", "http://");
    let client = builder(&mock).endpoint(plain).build().unwrap();
    let projects: Api<Project> = Api::all(client);
    assert!(projects.list().try_collect::<Vec<_>>().await.is_err());
    assert!(mock.audit().is_empty());
}
