//! A server in front of the mock that passes everything on over HTTP and keeps every exchange, so that raw answers
//! can be checked whatever a client makes of them.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::Exchange;

/// A plain HTTP client. reqwest wants a TLS provider even for addresses without TLS.
pub fn http_client() -> reqwest::Client {
    // Another test of the binary may have installed it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// An exchange that went through.
#[derive(Debug, Clone)]
pub struct Recorded {
    method: String,
    path: String,
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Recorded {
    /// The exchange, to be checked.
    pub fn exchange(&self) -> Exchange<'_> {
        Exchange {
            method: &self.method,
            path: &self.path,
            status: self.status,
            headers: &self.headers,
            body: &self.body,
        }
    }
}

/// The server; it stops when it is dropped.
pub struct Recorder {
    url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    target: String,
    client: reqwest::Client,
    exchanges: Mutex<Vec<Recorded>>,
}

impl Recorder {
    /// Starts one in front of a server.
    pub async fn start(target: String) -> Self {
        let shared = Arc::new(Shared {
            target,
            client: http_client(),
            exchanges: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(pass_on).with_state(shared.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("it serves until it is stopped");
        });
        Self {
            url,
            shared,
            server,
        }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What went through so far.
    pub fn exchanges(&self) -> Vec<Recorded> {
        self.shared
            .exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass_on(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("the whole body");
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let mut headers = parts.headers;
    headers.remove("host");
    let answer = shared
        .client
        .request(parts.method.clone(), format!("{}{target}", shared.target))
        .headers(headers)
        .body(body)
        .send()
        .await
        .expect("the mock answers");
    let recorded = Recorded {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer.bytes().await.expect("the whole answer"),
    };
    let mut response = Response::new(Body::from(recorded.body.clone()));
    *response.status_mut() = StatusCode::from_u16(recorded.status).expect("a status");
    *response.headers_mut() = recorded.headers.clone();
    shared
        .exchanges
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(recorded);
    response
}
