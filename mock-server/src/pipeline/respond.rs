//! Step six: the answer, in the form the client asked for and the version's own error shape.

use bytes::Bytes;
use http::header::{
    ACCEPT, ALLOW, CONTENT_TYPE, ETAG, HeaderValue, RETRY_AFTER, SET_COOKIE, WARNING,
};
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};
use serde_json::Value;

use crate::body;
use crate::pipeline::Outcome;
use crate::reply::{Content, Reply, to_bytes};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const YAML: HeaderValue = HeaderValue::from_static("application/yaml");

/// Unknown fields named in one warning at the most.
const MOST_NAMED: usize = 20;

/// Writes the answer to a request.
pub(crate) fn respond(outcome: &mut Outcome, parts: &Parts) -> Response<Bytes> {
    match &mut outcome.result {
        Ok(reply) => {
            let success = outcome.operation.map_or(200, |operation| operation.success);
            success_response(reply, success, &parts.headers)
        }
        Err(refusal) => {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = status(refusal.reason.status());
            let text_conflict = outcome
                .operation
                .is_some_and(|operation| operation.text_conflict);
            let body = if text_conflict && refusal.reason.status() == 409 {
                Value::from(&*refusal.message)
            } else {
                refusal.body(outcome.version.errors)
            };
            write_json(&mut response, to_bytes(&body), &parts.headers);
            if let Some(seconds) = refusal.retry_after {
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
            }
            if let Some(allow) = outcome
                .allow
                .as_deref()
                .and_then(|allow| allow.parse().ok())
            {
                response.headers_mut().insert(ALLOW, allow);
            }
            response
        }
    }
}

fn success_response(reply: &mut Reply, success: u16, asked: &HeaderMap) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = if reply.not_modified {
        StatusCode::NOT_MODIFIED
    } else {
        status(success)
    };
    if let Some(revision) = reply.revision
        && let Ok(tag) = HeaderValue::try_from(format!("\"{revision}\""))
    {
        response.headers_mut().insert(ETAG, tag);
    }
    if !reply.unknown.is_empty()
        && let Ok(warning) = warning(&reply.unknown).parse()
    {
        response.headers_mut().insert(WARNING, warning);
    }
    for cookie in reply.cookies.drain(..) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    if reply.not_modified {
        return response;
    }
    match std::mem::replace(&mut reply.content, Content::None) {
        Content::Json(json) => write_json(&mut response, json, asked),
        Content::Text(media_type, text) => {
            response
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            *response.body_mut() = text.into();
        }
        Content::None => {}
    }
    response
}

/// Writes JSON, or the same as YAML for a client that asks for it before JSON.
fn write_json(response: &mut Response<Bytes>, json: Bytes, asked: &HeaderMap) {
    let yaml = wants_yaml(asked).then(|| body::to_yaml(&json)).flatten();
    let (media_type, body) = yaml.map_or((JSON, json), |text| (YAML, text.into()));
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    *response.body_mut() = body;
}

fn wants_yaml(asked: &HeaderMap) -> bool {
    let Some(accept) = asked.get(ACCEPT).and_then(|accept| accept.to_str().ok()) else {
        return false;
    };
    accept.split(',').find_map(|range| {
        body::Form::of_media_type(range).or((range.trim() == "*/*").then_some(body::Form::Json))
    }) == Some(body::Form::Yaml)
}

/// The warning of RFC 9111 that names unknown fields.
fn warning(unknown: &[String]) -> String {
    let mut named = unknown[..unknown.len().min(MOST_NAMED)].join(", ");
    if unknown.len() > MOST_NAMED {
        named += &format!(" and {} more", unknown.len() - MOST_NAMED);
    }
    let plain: String = named
        .chars()
        .map(|letter| {
            if letter.is_ascii_graphic() && letter != '"' && letter != '\\' || letter == ' ' {
                letter
            } else {
                '?'
            }
        })
        .collect();
    format!("299 - \"fields the document does not know: {plain}\"")
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
