//! Which documents a controller says it serves, and what the SDK makes of it.

use rafay_sdk::{DOCUMENTS, DocumentCheck, Standing};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{builder, client, impatient};

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let asked = Mock::given(method("GET")).and(path("/.well-known/rafay-spec"));
    asked.respond_with(answer).mount(&server).await;
    server
}

async fn standings(answer: ResponseTemplate) -> Vec<Standing> {
    let server = answering(answer).await;
    let checks = client(&server).check_documents().await.unwrap();
    assert_eq!(checks.len(), DOCUMENTS.len());
    checks.iter().map(|check| check.standing).collect()
}

fn own() -> Vec<Value> {
    let entry = |it: &rafay_sdk::Document| json!({"version": it.version, "release": it.release, "released": it.released, "sha256": it.sha256});
    DOCUMENTS.iter().map(entry).collect()
}

fn said(documents: &[Value]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "documents": documents }))
}

#[tokio::test]
async fn each_version_stands_for_itself() {
    let all = DOCUMENTS.len();
    assert_eq!(standings(said(&own())).await, vec![Standing::Same; all]);
    assert_eq!(standings(said(&[])).await, vec![Standing::NotServed; all]);

    let mut other = own();
    other[0]["sha256"] = "0".repeat(64).into();
    other[0]["release"] = "99.0.0".into();
    other[1]["sha256"] = "0".repeat(64).into();
    other[1]["release"] = "0.9.0".into();
    let server = answering(said(&other)).await;
    let checks = client(&server).check_documents().await.unwrap();
    let found: Vec<Standing> = checks.iter().map(|check| check.standing).collect();
    let expected = [
        Standing::ControllerNewer,
        Standing::ControllerOlder,
        Standing::Same,
    ];
    assert_eq!(found, expected);
    let mismatches: Vec<bool> = checks.iter().map(DocumentCheck::is_mismatch).collect();
    assert_eq!(mismatches, [true, true, false]);
    let text = checks[0].to_string();
    assert!(text.starts_with("v3: the SDK was made from "), "{text}");
    assert!(
        text.ends_with("99.0.0 (000000000000), which is newer"),
        "{text}"
    );
}

/// A real controller has no such address, and may answer in many ways.
#[tokio::test]
async fn a_controller_that_does_not_say_is_unknown() {
    let unknown = vec![Standing::Unknown; DOCUMENTS.len()];
    for answer in [
        ResponseTemplate::new(404),
        ResponseTemplate::new(401).set_body_json(json!({"details": []})),
        ResponseTemplate::new(403),
        ResponseTemplate::new(405),
        ResponseTemplate::new(302).insert_header("location", "https://elsewhere.example/"),
        ResponseTemplate::new(200).set_body_string("<!DOCTYPE html><title>Console</title>"),
        ResponseTemplate::new(200).set_body_json(json!({"documents": "none"})),
        ResponseTemplate::new(200).set_body_json(json!([])),
    ] {
        assert_eq!(standings(answer).await, unknown);
    }
}

#[tokio::test]
async fn what_is_no_answer_is_an_error() {
    let server = answering(ResponseTemplate::new(503)).await;
    let error = impatient(&server).check_documents().await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    assert!(error.is_retryable());
    let nobody = builder("http://127.0.0.1:1").build().unwrap();
    assert!(nobody.check_documents().await.unwrap_err().is_connect());
}
