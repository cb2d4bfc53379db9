//! The v2 API: dotted query parameters, actions and texts, errors as gRPC gateways write them.

use rafay_sdk::Error;
use rafay_sdk::v2::types::{Agent, Order, PipelineRunRequest};
use serde_json::json;
use wiremock::matchers::{any, body_json, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{client, impatient};

#[tokio::test]
async fn a_list_asks_for_its_page_under_the_names_of_v2() {
    let server = MockServer::start().await;
    let agent = json!({"metadata": {"name": "a"}, "spec": {"cluster": {"name": "c"}, "type": "ClusterAgent"}, "unheard": 1});
    let page = json!({"items": [agent], "metadata": {"count": 1, "limit": 2, "offset": 4}});
    Mock::given(method("GET"))
        .and(path("/v2/config/project/p1/agent"))
        .and(query_param("options.limit", "2"))
        .and(query_param("options.offset", "4"))
        .and(query_param("options.order", "DESC"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page))
        .expect(1)
        .mount(&server)
        .await;
    let order = Some(&Order::Desc);
    let client = client(&server);
    let call = client.v2();
    let listed = call.agents_list("p1", None, None, Some(2), Some(4), order, None);
    let listed = listed.await.unwrap().into_inner();
    assert_eq!(listed.items.len(), 1);
    assert_eq!(serde_json::to_value(&listed.items[0]).unwrap(), agent);
}

#[tokio::test]
async fn an_action_sends_its_body_to_its_own_path() {
    let server = MockServer::start().await;
    let variables = json!([{"name": "tag", "type": "String", "value": "v1"}]);
    let body = json!({"variables": variables});
    Mock::given(method("POST"))
        .and(path("/v2/config/project/p1/pipeline/release/run"))
        .and(body_json(&body))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"metadata": {"name": "release"}})),
        )
        .expect(1)
        .mount(&server)
        .await;
    let request: PipelineRunRequest = serde_json::from_value(body).unwrap();
    let run = client(&server)
        .v2()
        .pipelines_run("p1", "release", &request)
        .await;
    assert_eq!(run.unwrap().into_inner().metadata.name, "release");
}

#[tokio::test]
async fn what_is_rendered_comes_as_it_was_written() {
    let server = MockServer::start().await;
    let compose = "services:\n  agent:\n    image: a\n";
    let answer = ResponseTemplate::new(200).set_body_raw(compose, "application/yaml");
    Mock::given(path("/v2/config/project/p1/agent/a%2Fb/docker-compose"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let text = client(&server).v2().agents_compose("p1", "a/b").await;
    assert_eq!(text.unwrap().into_inner(), compose);
}

#[tokio::test]
async fn v2_errors_carry_message_code_and_places() {
    let body = json!({
        "code": 3,
        "message": "the agent does not fit",
        "details": [{"pointer": "/spec/type", "detail": "is no type"}],
    });
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(400).set_body_json(body);
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let agent = Agent::default();
    let refused = impatient(&server).v2().agents_create("p1", &agent).await;
    let error = Error::from(refused.unwrap_err());
    assert!(error.is_invalid() && !error.is_retryable(), "{error:?}");
    let answer = error.answer().unwrap();
    assert_eq!(
        (answer.code(), answer.message()),
        (Some("3"), Some("the agent does not fit"))
    );
    assert_eq!(answer.problems()[0].pointer, "/spec/type");
    assert_eq!(
        error.to_string(),
        "the controller answered 400 Bad Request: the agent does not fit; /spec/type: is no type"
    );
}
