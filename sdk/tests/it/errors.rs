//! Every kind of failing answer becomes an error that says what to do.

use rafay_sdk::v3::types::Cluster;
use rafay_sdk::{Api, Error};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::impatient;

/// The error that `answer` becomes, through the generated layer and through `Api`.
async fn both(answer: ResponseTemplate) -> [Error; 2] {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let client = impatient(&server);
    let generated = client.v3().clusters_get("p", "c").await.unwrap_err();
    let api = Api::<Cluster>::project(client, "p")
        .get("c")
        .await
        .unwrap_err();
    [generated.into(), api]
}

#[tokio::test]
async fn v3_errors_carry_message_code_and_places() {
    let body = json!({
        "code": 400,
        "external": "the cluster does not fit",
        "internal": "validator",
        "details": [{"pointer": "/spec/type", "detail": "is no type"}],
    });
    let answer = ResponseTemplate::new(400)
        .insert_header("x-request-id", "r-1")
        .set_body_json(body);
    for error in both(answer).await {
        assert!(error.is_invalid() && !error.is_not_found() && !error.is_retryable());
        let answer = error.answer().unwrap();
        assert_eq!(answer.code(), Some("400"));
        assert_eq!(answer.message(), Some("the cluster does not fit"));
        assert_eq!(answer.internal(), Some("validator"));
        assert_eq!(answer.problems()[0].pointer, "/spec/type");
        assert_eq!(answer.request_id(), Some("r-1"));
        assert_eq!(
            error.to_string(),
            "the controller answered 400 Bad Request: the cluster does not fit; \
             /spec/type: is no type"
        );
    }
}

#[tokio::test]
async fn v1_errors_carry_their_code_and_plain_texts_are_kept() {
    for (body, code, message) in [
        (
            json!({"details": [{"error_code": "CONFIG035", "detail": "name exists"}]}),
            Some("CONFIG035"),
            "name exists",
        ),
        (json!("cluster exists"), None, "cluster exists"),
    ] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(409).set_body_json(body);
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let error = impatient(&server).v1().users_profile().await.unwrap_err();
        let error = Error::from(error);
        assert!(error.is_conflict());
        assert_eq!(error.answer().unwrap().code(), code);
        assert_eq!(error.answer().unwrap().message(), Some(message));
    }
}

#[tokio::test]
async fn whatever_a_proxy_answers_keeps_its_status_and_text() {
    let html = "<html><h1>502 Bad Gateway</h1></html>";
    for (status, answer, text) in [
        (
            502,
            ResponseTemplate::new(502).set_body_raw(html, "text/html"),
            html,
        ),
        (500, ResponseTemplate::new(500), ""),
        (
            503,
            ResponseTemplate::new(503).set_body_raw("{\"code\": 5", "application/json"),
            "{\"code\": 5",
        ),
        (
            418,
            ResponseTemplate::new(418).set_body_string("short and stout"),
            "short and stout",
        ),
        (
            404,
            ResponseTemplate::new(404).set_body_json(json!([1, 2])),
            "[1,2]",
        ),
        (
            400,
            ResponseTemplate::new(400).set_body_json(json!({"code": "E17"})),
            "{\"code\":\"E17\"}",
        ),
        (
            500,
            ResponseTemplate::new(500).set_body_bytes([0xff, b'a']),
            "\u{fffd}a",
        ),
    ] {
        for error in both(answer).await {
            assert_eq!(error.status(), Some(status));
            assert!(!error.is_decode());
            let shown = format!("{error}{:?}", error.answer().unwrap().body());
            let text = text.replace('"', "\\\"");
            assert!(
                shown.contains(&text) || shown.contains("E17") || shown.contains('2'),
                "{shown}"
            );
        }
    }
}

#[tokio::test]
async fn predicates_tell_statuses_apart() {
    type Predicate = fn(&Error) -> bool;
    let all: [(&str, Predicate); 6] = [
        ("not found", Error::is_not_found),
        ("unauthorized", Error::is_unauthorized),
        ("forbidden", Error::is_forbidden),
        ("conflict", Error::is_conflict),
        ("invalid", Error::is_invalid),
        ("retryable", Error::is_retryable),
    ];
    for (status, expected) in [
        (400, "invalid"),
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not found"),
        (408, "retryable"),
        (409, "conflict"),
        (412, "conflict"),
        (422, "invalid"),
        (429, "retryable"),
        (500, ""),
        (502, "retryable"),
        (503, "retryable"),
        (504, "retryable"),
    ] {
        for error in both(ResponseTemplate::new(status)).await {
            let held: Vec<&str> = all
                .iter()
                .filter(|(_, holds)| holds(&error))
                .map(|(name, _)| *name)
                .collect();
            let expected: Vec<&str> = if expected.is_empty() {
                vec![]
            } else {
                vec![expected]
            };
            assert_eq!(held, expected, "{status}");
            assert!(!error.is_connect() && !error.is_timeout() && !error.is_config());
        }
    }
}

#[tokio::test]
async fn an_expired_key_is_told_from_a_wrong_one() {
    for (body, expired) in [
        (
            json!({"code": 401, "external": "the API key has expired at 10:00"}),
            true,
        ),
        (
            json!({"details": [{"error_code": "KEY_EXPIRED", "detail": "make a new one"}]}),
            true,
        ),
        (json!("key Expired"), true),
        (json!({"code": 401, "external": "unknown API key"}), false),
        (Value::Null, false),
    ] {
        for error in both(ResponseTemplate::new(401).set_body_json(&body)).await {
            assert!(error.is_unauthorized());
            assert_eq!(error.is_expired_key(), expired, "{body}");
        }
    }
    let other = json!({"external": "the certificate has expired"});
    for error in both(ResponseTemplate::new(403).set_body_json(other)).await {
        assert!(!error.is_expired_key());
    }
}

#[tokio::test]
async fn redirections_are_not_followed() {
    let server = MockServer::start().await;
    let target = format!("{}/elsewhere", server.uri());
    for status in [301, 302, 307, 308] {
        let answer = ResponseTemplate::new(status).insert_header("location", target.as_str());
        for error in both(answer).await {
            assert_eq!(error.status(), Some(status));
            assert!(error.to_string().contains("/elsewhere"), "{error}");
        }
    }
    assert!(
        server.received_requests().await.unwrap().is_empty(),
        "the key went along"
    );
}
