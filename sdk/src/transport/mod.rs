//! The one place that talks HTTP: keys, retries and bodies, for the generated methods and for
//! [`Api`](crate::Api) alike.
//!
//! Bodies are read whole before anything looks at them, so that a connection that breaks halfway
//! counts as a failed try like any other.

#![cfg_attr(
    not(all(feature = "v1", feature = "v3")),
    allow(
        dead_code,
        unreachable_pub,
        unused_imports,
        unused_macros,
        reason = "parts of it only some version's generated methods need"
    )
)]

mod body;
mod hooks;
mod retry;
mod tls;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

pub(crate) use body::{DecodeFailure, decode, read as parse, segment, text};
pub(crate) use hooks::{exec, version};
pub use retry::Retry;
pub(crate) use tls::with_tls;

/// The headers that carry the key: the one of v3, and the older one, which v1 and v2 document.
const KEY_HEADERS: [HeaderName; 2] = [
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("x-rafay-api-keyid"),
];

/// What a client needs to send requests. Cheap to clone.
#[derive(Clone)]
pub struct Transport(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    /// Without a slash at the end.
    base: String,
    key: HeaderValue,
    retry: Retry,
}

/// An answer with its whole body.
pub(crate) type Answer = http::Response<Bytes>;

impl Transport {
    /// `key` must be marked sensitive.
    pub(crate) fn new(http: reqwest::Client, base: String, key: HeaderValue, retry: Retry) -> Self {
        Self(Arc::new(Inner {
            http,
            base,
            key,
            retry,
        }))
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(crate) fn base(&self) -> &str {
        &self.0.base
    }

    /// Sends `request`, again if need be. `repeatable` says that the controller may receive it
    /// twice without harm.
    pub(crate) async fn send(
        &self,
        mut request: reqwest::Request,
        repeatable: bool,
    ) -> reqwest::Result<Answer> {
        self.prepare(request.headers_mut());
        let mut failed = 0;
        loop {
            let again = request.try_clone();
            // Boxed: it is by far the largest part of every call's future.
            let result = Box::pin(self.once(request)).await;
            let pause = self.0.retry.pause(&outcome(&result), repeatable, failed);
            match (pause, again) {
                (Some(pause), Some(again)) => {
                    tokio::time::sleep(pause).await;
                    request = again;
                    failed += 1;
                }
                _ => return result,
            }
        }
    }

    fn prepare(&self, headers: &mut HeaderMap) {
        for name in KEY_HEADERS {
            headers.insert(name, self.0.key.clone());
        }
    }

    async fn once(&self, request: reqwest::Request) -> reqwest::Result<Answer> {
        let response = self.0.http.execute(request).await?;
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        *answer.body_mut() = response.bytes().await?;
        Ok(answer)
    }
}

/// What became of a try, as far as another one depends on it.
fn outcome(result: &reqwest::Result<Answer>) -> retry::Outcome {
    match result {
        Ok(answer) => retry::Outcome::Answer {
            status: answer.status().as_u16(),
            retry_after: answer
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.trim().parse().ok()),
        },
        Err(error) if error.is_connect() => retry::Outcome::NotSent,
        // A request that could not be built or encoded will not be better the next time.
        Err(error) if error.is_builder() => retry::Outcome::Final,
        Err(_) => retry::Outcome::Broken,
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base", &self.0.base)
            .finish_non_exhaustive()
    }
}
