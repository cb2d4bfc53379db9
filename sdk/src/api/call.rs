//! One call on an object or a collection: its address, its headers, its answer.

use http::header::{ACCEPT, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use reqwest::{Method, Request, Url};
use serde::de::DeserializeOwned;

use super::{Api, ETag, Precondition};
use crate::error::{Answer, Kind, unexpected};
use crate::transport::{Answer as Reply, parse, segment};
use crate::{Error, Resource};

impl<K: Resource> Api<K> {
    /// A request to the collection, or below it.
    pub(super) fn request(&self, method: Method, below: &[&str]) -> Result<Request, Error> {
        let mut path = match &self.project {
            Some(project) => {
                check(project, "project")?;
                K::COLLECTION.replace("{project}", &segment(project))
            }
            None => K::COLLECTION.to_owned(),
        };
        for part in below {
            path.push('/');
            path.push_str(&segment(part));
        }
        let base = self.client.transport.base();
        let url = Url::parse(&format!("{base}{path}"))
            .map_err(|error| Error::request(format!("`{path}` is not a path: {error}")))?;
        let mut request = Request::new(method, url);
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(request)
    }

    /// A request to the object called `name`.
    pub(super) fn item(&self, method: Method, name: &str) -> Result<Request, Error> {
        check(name, "name")?;
        self.request(method, &[name])
    }

    /// Sends `request`. An apply and a replace name their object, a delete and a read do no harm
    /// twice: every request of an `Api` can be sent again.
    pub(super) async fn send(&self, request: Request) -> Result<Reply, Error> {
        let reply = self.client.transport.send(request, true).await;
        let reply = reply.map_err(|error| Error::new(Kind::Transport(error)))?;
        let status = reply.status();
        if status.is_success() || status == http::StatusCode::NOT_MODIFIED {
            return Ok(reply);
        }
        let code = status.as_u16();
        let answer = if status.is_client_error() || status.is_server_error() {
            let body = serde_json::from_slice(reply.body())
                .unwrap_or_else(|_| String::from_utf8_lossy(reply.body()).into_owned().into());
            Answer::new(code, reply.headers(), body)
        } else {
            unexpected(code, reply.headers())
        };
        Err(Error::new(Kind::Answer(answer)))
    }
}

/// A name that would lead to another address is refused before it does.
fn check(name: &str, what: &str) -> Result<(), Error> {
    match name {
        "" => Err(Error::request(format!("the {what} is empty"))),
        "." | ".." => Err(Error::request(format!("`{name}` cannot be a {what}"))),
        _ => Ok(()),
    }
}

/// Reads a successful answer's body.
pub(super) fn body<T: DeserializeOwned>(reply: &Reply) -> Result<T, Error> {
    parse(reply.body()).map_err(|error| {
        let status = Some(reply.status().as_u16());
        Error::new(Kind::Decode {
            status,
            source: error.into(),
        })
    })
}

/// The revision an answer speaks of.
pub(super) fn etag(reply: &Reply) -> Option<ETag> {
    let value = reply.headers().get(ETAG)?.to_str().ok()?;
    Some(ETag(value.to_owned()))
}

/// Puts JSON into `request`.
pub(super) fn put_json(request: &mut Request, value: &serde_json::Value) {
    request
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(value.to_string().into());
}

/// Puts a precondition into `request`.
pub(super) fn put_condition(request: &mut Request, condition: &Precondition) -> Result<(), Error> {
    let (name, value): (HeaderName, &str) = match condition {
        Precondition::Revision(etag) => (IF_MATCH, etag.as_str()),
        Precondition::Absent => (IF_NONE_MATCH, "*"),
    };
    request.headers_mut().insert(name, header(value)?);
    Ok(())
}

/// A revision as a header's value.
pub(super) fn header(etag: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(etag)
        .map_err(|_| Error::request("the revision is no entity tag of a controller"))
}
