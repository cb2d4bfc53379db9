//! The yardstick: a bare axum server that knows one answer, the one the mock gave, and does nothing for it but route
//! the request and read its body. It runs as a process of its own, started by the benchmark with a hidden command.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue};
use axum::routing::get;
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::child::{self, Failure, Listening};
use crate::load::Answer;
use crate::script::CLUSTERS;

/// What the server is to do, on its standard input as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Canned {
    threads: usize,
    content_type: String,
    etag: Option<String>,
    body: String,
}

impl Canned {
    /// The answer that the mock gave.
    pub(crate) fn of(answer: &Answer, threads: usize) -> Self {
        Self {
            threads,
            content_type: answer.header("content-type").unwrap_or_default().to_owned(),
            etag: answer.header("etag").map(str::to_owned),
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        }
    }
}

/// Serves until standard input ends.
pub(crate) fn serve() -> Result<(), Failure> {
    let canned: Canned = child::instructions()?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, header(&canned.content_type)?);
    if let Some(etag) = &canned.etag {
        headers.insert(ETAG, header(etag)?);
    }
    let answer = Arc::new((headers, Bytes::from(canned.body)));
    child::runtime(canned.threads)?.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        child::announce(&Listening {
            address: listener.local_addr()?,
            key: String::new(),
        })?;
        // As the mock has it; without it, it would be compared with a server that waits.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router(answer)).await?;
        Ok(())
    })
}

type Ready = Arc<(HeaderMap, Bytes)>;

fn router(answer: Ready) -> Router {
    Router::new()
        .route(CLUSTERS, get(read).post(write))
        .route(&format!("{CLUSTERS}/{{name}}"), get(read))
        .with_state(answer)
}

async fn read(State(answer): State<Ready>) -> (HeaderMap, Bytes) {
    (*answer).clone()
}

/// Taking the body as an argument is what reads it.
async fn write(State(answer): State<Ready>, _body: Bytes) -> (HeaderMap, Bytes) {
    (*answer).clone()
}

fn header(value: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_str(value).map_err(|_| Failure::Instructions(format!("header {value:?}")))
}
