//! The controller without a socket, as a desk one sends requests to. Every answer is checked against the document
//! before a test sees it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Builder;
use http::{HeaderMap, Request};
use rafay_mock_server::{AuditRecord, Clock, Controller, Options, Peer, Role};
use serde_json::Value;

use crate::{Answer, Checker, Exchange, fixtures};

/// A controller of one's own.
pub struct Desk {
    controller: Arc<Controller>,
}

/// Somebody with a key, or without one.
#[derive(Clone)]
pub struct Caller<'d> {
    desk: &'d Desk,
    key: Option<String>,
    /// The organization it says it works in.
    organization: Option<String>,
}

/// A request that is not sent yet.
#[must_use = "it does nothing before it is sent"]
pub struct Ask<'d> {
    desk: &'d Desk,
    request: Builder,
    body: Bytes,
}

impl Default for Desk {
    fn default() -> Self {
        Self::with(Self::options())
    }
}

impl Desk {
    /// A new controller.
    pub fn new() -> Self {
        Self::default()
    }

    /// The settings of a new controller: the default ones at noon of a Monday, so that what runs at night does not
    /// come into a test by the hour at which it is run.
    pub fn options() -> Options {
        let noon = "2026-01-05T12:00:00Z".parse();
        Options {
            clock: Clock::frozen_at(noon.expect("it is a moment")),
            ..Options::default()
        }
    }

    /// A new controller with these settings.
    pub fn with(options: Options) -> Self {
        Self {
            controller: Controller::new(options),
        }
    }

    /// A desk in front of a controller that somebody else has, too.
    pub fn of(controller: &Arc<Controller>) -> Self {
        Self {
            controller: controller.clone(),
        }
    }

    /// The controller.
    pub fn controller(&self) -> &Arc<Controller> {
        &self.controller
    }

    /// The ready-made caller of a role, at work in the ready-made organization.
    pub fn role(&self, role: Role) -> Caller<'_> {
        let caller = self.caller(self.controller.key_for(role).expose());
        if role.is_of_partner() {
            caller.inside(self.controller.organization_id())
        } else {
            caller
        }
    }

    /// The partner's administrator, at work in the ready-made organization.
    pub fn operator(&self) -> Caller<'_> {
        self.role(Role::PartnerAdmin)
    }

    /// The organization's administrator.
    pub fn admin(&self) -> Caller<'_> {
        self.role(Role::Admin)
    }

    /// The caller with a key.
    pub fn caller(&self, key: impl Into<String>) -> Caller<'_> {
        Caller {
            desk: self,
            key: Some(key.into()),
            organization: None,
        }
    }

    /// A caller without a key.
    pub fn nobody(&self) -> Caller<'_> {
        Caller {
            desk: self,
            key: None,
            organization: None,
        }
    }

    /// Sends a request as it is.
    #[track_caller]
    pub fn send(&self, request: Request<Bytes>) -> Answer {
        let (method, path) = (
            request.method().to_string(),
            request.uri().path().to_owned(),
        );
        let response = self.controller.handle(request);
        check(&method, &path, &response);
        Answer::new(format!("{method} {path}"), response)
    }

    /// Sends a request that must be refused: with the status, without any change of the state, and with exactly one
    /// audit record, which names the caller if the key is good.
    #[track_caller]
    pub fn refuse(&self, ask: Ask<'_>, status: u16) -> Answer {
        let known = self.whose(ask.request.headers_ref());
        // What the clock has made due happens with the next request, whichever it is.
        self.nobody().get("/").send();
        let present = self.controller.snapshot();
        let before: BTreeSet<[u8; 32]> = hashes(&self.controller.audit());
        let answer = ask.send().expect(status);
        let records = self.controller.audit();
        // Each organization has a trail of its own, so new records are anywhere among the others.
        let is_new = |record: &&AuditRecord| !before.contains(record.hash());
        let new: Vec<&AuditRecord> = records.iter().filter(is_new).collect();
        assert_eq!(new.len(), 1, "one request, one record: {new:?}");
        assert_eq!(new[0].status(), status, "{new:?}");
        assert_eq!(
            new[0].actor().map(|actor| actor.username.to_string()),
            known,
            "{new:?}"
        );
        assert!(
            new[0].reason().is_some_and(|reason| !reason.is_empty()),
            "{new:?}"
        );
        assert!(
            !self.controller.snapshot().differs_from(&present),
            "a refused request changed something: {answer}"
        );
        assert!(!answer.message().is_empty());
        answer
    }

    /// The login name behind the key in the headers, if the key is good or was until it expired.
    fn whose(&self, headers: Option<&HeaderMap>) -> Option<String> {
        let headers = headers?;
        let key = headers
            .get("x-api-key")
            .or_else(|| headers.get("x-rafay-api-keyid"))?
            .to_str()
            .ok()?;
        // Asked at a time when no key has expired yet, since an expired one still tells whose it is.
        let clock = self.controller.clock();
        let now = clock.now();
        clock.set(jiff::Timestamp::UNIX_EPOCH);
        let profile = self.caller(key).get(fixtures::PROFILE).send();
        clock.set(now);
        (profile.status() == 200).then(|| profile.text_at("/account/username"))
    }
}

fn hashes(records: &[AuditRecord]) -> BTreeSet<[u8; 32]> {
    records.iter().map(|record| *record.hash()).collect()
}

#[track_caller]
fn check(method: &str, path: &str, response: &http::Response<Bytes>) {
    let exchange = Exchange {
        method,
        path,
        status: response.status().as_u16(),
        headers: response.headers(),
        body: response.body(),
    };
    if let Err(problem) = Checker::shared().check(&exchange) {
        panic!("an answer that the document does not declare: {problem}");
    }
}

impl<'d> Caller<'d> {
    /// The same caller, who says that it works in an organization.
    #[must_use]
    pub fn inside(mut self, organization: impl Into<String>) -> Self {
        self.organization = Some(organization.into());
        self
    }

    /// A request of this caller.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'d> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = &self.key {
            request = request.header("X-API-KEY", key);
        }
        if let Some(organization) = &self.organization {
            request = request.header("X-ORGANIZATION-ID", organization);
        }
        Ask {
            desk: self.desk,
            request,
            body: Bytes::new(),
        }
    }

    /// A GET.
    pub fn get(&self, path: &str) -> Ask<'d> {
        self.ask("GET", path)
    }

    /// A DELETE.
    pub fn delete(&self, path: &str) -> Ask<'d> {
        self.ask("DELETE", path)
    }

    /// A POST with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Ask<'d> {
        self.ask("POST", path).json(body)
    }

    /// A PUT with a JSON body.
    pub fn put(&self, path: &str, body: &Value) -> Ask<'d> {
        self.ask("PUT", path).json(body)
    }

    /// The id of the caller's account.
    #[track_caller]
    pub fn id(&self) -> String {
        self.get(fixtures::PROFILE)
            .send()
            .expect(200)
            .text_at("/account/id")
    }

    /// The whole key.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }
}

impl Ask<'_> {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.request = self.request.header(name, value.as_ref());
        self
    }

    /// Has it come over a connection from an address.
    pub fn from(mut self, address: [u8; 4]) -> Self {
        self.request = self.request.extension(Peer((address, 40_000).into()));
        self
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sets a body of a content type.
    pub fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.header("Content-Type", content_type).bytes(body)
    }

    /// Sets a body without saying what it is.
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it.
    #[track_caller]
    pub fn send(self) -> Answer {
        self.desk.send(
            self.request
                .body(self.body)
                .expect("a request that HTTP can carry"),
        )
    }

    /// Sends it as a server does that stopped reading the body at the limit.
    #[track_caller]
    pub fn send_oversized(self) -> Answer {
        let (parts, ()) = self
            .request
            .body(())
            .expect("a request that HTTP can carry")
            .into_parts();
        let response = self.desk.controller.payload_too_large(&parts);
        check(parts.method.as_str(), parts.uri.path(), &response);
        Answer::new(format!("{} {}", parts.method, parts.uri.path()), response)
    }
}
