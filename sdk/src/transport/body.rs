//! Reads bodies: what cannot be read keeps its status, and an error's body can always be read.

use std::sync::Arc;

use bytes::Bytes;
use progenitor_client::{Error, ResponseValue};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Answer;
use crate::error::UNPARSED;

/// Rides on a response whose body could not be read, since progenitor's own error for that
/// forgets the status.
#[derive(Clone, Debug)]
pub(crate) struct DecodeFailure(pub(crate) Arc<serde_json::Error>);

/// What the generated methods read their answers with. The body is in memory already.
pub(crate) async fn decode<T, E>(response: reqwest::Response) -> Result<ResponseValue<T>, Error<E>>
where
    T: DeserializeOwned,
{
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.map_err(Error::ResponseBodyError)?;
    match read(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(failure(status, headers, body, error)),
    }
}

/// The same for an answer that is text, but not JSON.
pub(crate) async fn text<E>(
    response: reqwest::Response,
) -> Result<ResponseValue<String>, Error<E>> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.map_err(Error::ResponseBodyError)?;
    match String::from_utf8(body.to_vec()) {
        Ok(text) => Ok(ResponseValue::new(text, status, headers)),
        Err(error) => Err(failure(
            status,
            headers,
            body,
            serde::de::Error::custom(error.utf8_error()),
        )),
    }
}

fn failure<E>(
    status: http::StatusCode,
    headers: http::HeaderMap,
    body: Bytes,
    error: serde_json::Error,
) -> Error<E> {
    let mut answer = http::Response::new(body);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    answer
        .extensions_mut()
        .insert(DecodeFailure(Arc::new(error)));
    Error::UnexpectedResponse(answer.into())
}

/// Reads a body. A bare list that is empty may come as `null`.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(body).or_else(|error| match body.trim_ascii() {
        b"null" => serde_json::from_str("[]").map_err(|_| error),
        _ => Err(error),
    })
}

/// Makes the body of an error one that `E` can be read from: what a proxy or a failing controller
/// sends instead (HTML, plain text, nothing) is kept as text.
pub(super) fn normalize<E: DeserializeOwned>(answer: &mut Answer) {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return;
    }
    if serde_json::from_slice::<E>(answer.body()).is_err() {
        let text = match serde_json::from_slice(answer.body()) {
            Ok(Value::String(text)) => text,
            _ => String::from_utf8_lossy(answer.body()).into_owned(),
        };
        *answer.body_mut() = Bytes::from(json!({UNPARSED: text}).to_string());
    }
}

/// A name as one segment of a path. What a path would take for no segment, or for a step up, is
/// turned into one that no object can have.
pub(crate) fn segment(name: &str) -> String {
    match name {
        "" | "." | ".." => "%00".to_owned(),
        name => progenitor_client::encode_path(name),
    }
}
