//! `/.well-known/rafay-spec`: which documents the mock was made from, for clients that want to know whether they were
//! made from the same. It is the mock's own and stands in no document: no controller has it.

use std::sync::OnceLock;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::generated::documents::{DOCUMENTS, Document};

const ADDRESS: &str = "/.well-known/rafay-spec";

/// The answer to who asks, or nothing when the path is another one.
pub(super) fn answer<B>(request: &Request<B>) -> Option<Response<Bytes>> {
    if request.uri().path() != ADDRESS {
        return None;
    }
    let mut response = Response::new(Bytes::new());
    let headers = response.headers_mut();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        return Some(response);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    *response.body_mut() = body();
    Some(response)
}

fn body() -> Bytes {
    static BODY: OnceLock<Bytes> = OnceLock::new();
    BODY.get_or_init(|| {
        let documents: Vec<Value> = DOCUMENTS.iter().map(entry).collect();
        let body = json!({
            "server": concat!("rafay-mock-server/", env!("CARGO_PKG_VERSION")),
            "documents": documents,
        });
        body.to_string().into()
    })
    .clone()
}

fn entry(document: &Document) -> Value {
    let Document {
        version,
        release,
        released,
        sha256,
        ..
    } = document;
    let mut entry = json!({
        "version": version,
        "release": release,
        "released": released,
        "sha256": sha256,
    });
    if cfg!(feature = "swagger-ui") {
        entry["address"] = format!("/docs/openapi/{version}.json").into();
    }
    entry
}
