//! One request to its answer: which documents the mock was made from, the documentation's pages, or the controller;
//! and the log when there is one.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::header::{CONNECTION, EXPECT, HeaderValue};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::task::spawn_blocking;

use super::RequestLog;
use super::body::{Collected, collect, discard};
use crate::Controller;

/// What every connection of a server shares.
pub(crate) struct Service {
    controller: Arc<Controller>,
    log: Option<RequestLog>,
}

impl Service {
    pub(crate) fn new(controller: Arc<Controller>, log: Option<RequestLog>) -> Self {
        Self { controller, log }
    }

    /// The answer to a request. An error closes the connection: the client is gone in the middle of its body.
    pub(super) async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> hyper::Result<Response<Full<Bytes>>> {
        let response = match &self.log {
            None => self.respond(request).await?,
            Some(log) => {
                let started = Instant::now();
                let (method, uri) = (request.method().clone(), request.uri().clone());
                let response = self.respond(request).await?;
                log.write(&method, uri.path(), response.status(), started.elapsed());
                response
            }
        };
        Ok(response.map(Full::new))
    }

    async fn respond(&self, request: Request<Incoming>) -> hyper::Result<Response<Bytes>> {
        if let Some(response) = super::made_from::answer(&request) {
            return Ok(response);
        }
        #[cfg(feature = "swagger-ui")]
        if let Some(response) = super::docs::answer(&request) {
            return Ok(response);
        }
        let (parts, body) = request.into_parts();
        match collect(body, self.controller.body_limit()).await {
            Ok(Collected::Whole(body)) => Ok(self.handle(Request::from_parts(parts, body)).await),
            Ok(Collected::TooLarge(rest)) => {
                // Whoever asks before sending is told by the answer alone; reading on would invite the body.
                if !parts.headers.contains_key(EXPECT) {
                    discard(rest);
                }
                Ok(self.refuse(parts).await)
            }
            Err(error) if error.is_incomplete_message() || error.is_closed() => Err(error),
            Err(_) => Ok(malformed()),
        }
    }
}

impl Service {
    /// The controller's answer. What may take long, or wait for a disk, has a thread of its own, so that this one goes
    /// on with the others.
    async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let may_wait = self.controller.may_wait(&parts);
        let request = Request::from_parts(parts, body);
        if !may_wait {
            return self.controller.handle(request);
        }
        self.apart(|controller| controller.handle(request)).await
    }

    /// The controller's answer to a body that is too large.
    async fn refuse(&self, parts: Parts) -> Response<Bytes> {
        if !self.controller.may_wait(&parts) {
            return self.controller.payload_too_large(&parts);
        }
        self.apart(move |controller| controller.payload_too_large(&parts))
            .await
    }

    async fn apart(
        &self,
        answer: impl FnOnce(&Controller) -> Response<Bytes> + Send + 'static,
    ) -> Response<Bytes> {
        let controller = self.controller.clone();
        let answered = spawn_blocking(move || answer(&controller)).await;
        // The thread ends without an answer if the server is stopped at once, and then nobody gets this one.
        answered.unwrap_or_else(|_| {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        })
    }
}

/// The answer to a body whose framing is broken: bare, as hyper answers a head that is no HTTP.
fn malformed() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
