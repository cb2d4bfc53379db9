//! One record of the trail, and the event it was made from.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::origin::{ClientKind, Origin, RequestId};
use crate::generated::operations::OPERATIONS;
use crate::identity::Organization;
use crate::table::{Operation, Version};

/// Who did something, as far as it was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Id of the account.
    pub user_id: Arc<str>,
    /// Login name of the account.
    pub username: Arc<str>,
    /// Access key id of the key that was used; `session:` and its id for a console session.
    pub key_id: Arc<str>,
}

/// One changed place of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// JSON pointer of the place in the object's v3 form; of what v3 does not have, in v1's. Where a call writes several
    /// objects, each place is below the name of its object. Empty in the last entry of a list that was cut, which says
    /// how many more there are in `after`.
    pub pointer: String,
    /// What stood there; none for a place that is new. Secrets are masked, long texts cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What stands there now; none for a place that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Something that happened, before it is in the chain.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) time: Timestamp,
    /// The organization in whose chain it is.
    pub(crate) organization: Arc<Organization>,
    pub(crate) actor: Option<Actor>,
    /// The role that allowed it; none where none did or none was needed.
    pub(crate) role: Option<Arc<str>>,
    pub(crate) what: What,
    pub(crate) method: Method,
    pub(crate) target: Box<str>,
    /// Name of the object, or the id that the path has for it; empty where there is none.
    pub(crate) name: Box<str>,
    /// Name of the project; empty outside of any.
    pub(crate) project: Box<str>,
    pub(crate) origin: Origin,
    pub(crate) status: u16,
    pub(crate) reason: Option<Box<str>>,
    /// What changed, as the JSON text of a list of [`Change`]s.
    pub(crate) changes: Option<Box<str>>,
}

impl Event {
    /// Something that the controller did of its own accord in an organization: an operation, on the path of what it was
    /// done to.
    pub(crate) fn of_the_system(
        time: Timestamp,
        organization: Arc<Organization>,
        what: What,
        target: &str,
    ) -> Self {
        Self {
            time,
            organization,
            actor: Some(Actor {
                user_id: "".into(),
                username: SYSTEM.into(),
                key_id: "".into(),
            }),
            role: None,
            what,
            method: Method::Known("DELETE"),
            target: target.into(),
            name: "".into(),
            project: "".into(),
            origin: Origin::of_the_system(),
            status: 200,
            reason: None,
            changes: None,
        }
    }
}

/// The login name of the controller itself, which no account can have.
const SYSTEM: &str = "(system)";

/// What was asked for.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// An operation that this build serves.
    Operation(&'static Operation),
    /// Nothing that any document has, in the style of a version.
    Nothing(&'static Version),
    /// An operation as an older file names it.
    Named(Box<Named>),
}

/// Names as they stand in a file.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) version: Box<str>,
    pub(crate) operation: Box<str>,
    pub(crate) kind: Box<str>,
}

impl What {
    /// An operation by its version and `operationId`.
    pub(crate) fn named(version: &str, operation: &str) -> Self {
        let known = OPERATIONS
            .iter()
            .find(|known| known.id == operation && known.version.name == version);
        known.map_or_else(
            || {
                What::Named(Box::new(Named {
                    version: version.into(),
                    operation: operation.into(),
                    kind: "".into(),
                }))
            },
            What::Operation,
        )
    }

    pub(super) fn version(&self) -> &str {
        match self {
            What::Operation(operation) => operation.version.name,
            What::Nothing(version) => version.name,
            What::Named(named) => &named.version,
        }
    }

    pub(super) fn operation(&self) -> &str {
        match self {
            What::Operation(operation) => operation.id,
            What::Nothing(_) => "",
            What::Named(named) => &named.operation,
        }
    }

    pub(super) fn kind(&self) -> &str {
        match self {
            What::Operation(operation) => operation.kind_name(),
            What::Nothing(_) => "",
            What::Named(named) => &named.kind,
        }
    }
}

/// An HTTP method in little space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Method {
    Known(&'static str),
    Other(Box<str>),
}

impl Method {
    pub(crate) fn of(method: &http::Method) -> Self {
        Self::from_text(method.as_str())
    }

    pub(super) fn from_text(method: &str) -> Self {
        const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
        KNOWN
            .into_iter()
            .find(|known| *known == method)
            .map_or_else(|| Method::Other(method.into()), Method::Known)
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Method::Known(name) => name,
            Method::Other(name) => name,
        }
    }
}

/// One record of the audit trail: who did what, when, from where, and how it went.
#[derive(Clone)]
pub struct AuditRecord(pub(super) Arc<Record>);

pub(super) struct Record {
    pub(super) number: u64,
    pub(super) event: Event,
    pub(super) before: [u8; 32],
    pub(super) hash: [u8; 32],
}

impl AuditRecord {
    /// The record of an event behind another one.
    pub(super) fn behind(before: [u8; 32], number: u64, event: Event) -> Self {
        let hash = seal(&before, number, &event);
        Self(Arc::new(Record {
            number,
            event,
            before,
            hash,
        }))
    }

    /// Number of the record in the chain of its organization, counted from 1 without a gap.
    pub fn number(&self) -> u64 {
        self.0.number
    }

    /// When it happened, by the controller's clock.
    pub fn time(&self) -> Timestamp {
        self.0.event.time
    }

    /// Id of the organization in whose chain it is: the caller's, or the controller's own where nobody is known.
    pub fn organization(&self) -> &str {
        &self.0.event.organization.id
    }

    /// Name of that organization.
    pub fn organization_name(&self) -> &str {
        &self.0.event.organization.name
    }

    /// Who did it; none where the caller could not be told.
    pub fn actor(&self) -> Option<&Actor> {
        self.0.event.actor.as_ref()
    }

    /// The role that allowed it: the first of the caller's roles that has the permission. None for a refused call and
    /// for one that needs no permission.
    pub fn role(&self) -> Option<&str> {
        self.0.event.role.as_deref()
    }

    /// The API version of the operation, such as `v3`.
    pub fn version(&self) -> &str {
        self.0.event.what.version()
    }

    /// The `operationId`; empty where the request matched none.
    pub fn operation(&self) -> &str {
        self.0.event.what.operation()
    }

    /// The kind of object that the operation is about, such as `Cluster`; for one about no stored kind, the first part
    /// of its `operationId`.
    pub fn kind(&self) -> &str {
        self.0.event.what.kind()
    }

    /// Name of the object, or the id that the path has for it; empty where the operation is about no single one.
    pub fn name(&self) -> &str {
        &self.0.event.name
    }

    /// Name of the project; empty outside of any.
    pub fn project(&self) -> &str {
        &self.0.event.project
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        self.0.event.method.as_str()
    }

    /// The path of the request, without the query.
    pub fn target(&self) -> &str {
        &self.0.event.target
    }

    /// The id of the request, which its answer has in the header `X-Request-Id`; empty for what nobody asked for.
    pub fn request_id(&self) -> String {
        self.0.event.origin.request_id.to_string()
    }

    /// The address it came from; none where there was no socket.
    pub fn peer(&self) -> Option<IpAddr> {
        self.0.event.origin.peer
    }

    /// What kind of program sent it.
    pub fn client(&self) -> ClientKind {
        self.0.event.origin.client
    }

    /// The user agent as it was sent, cut after 256 bytes; empty where none was.
    pub fn user_agent(&self) -> &str {
        &self.0.event.origin.agent
    }

    /// The status that was answered.
    pub fn status(&self) -> u16 {
        self.0.event.status
    }

    /// Whether the request was carried out.
    pub fn succeeded(&self) -> bool {
        self.0.event.status < 400
    }

    /// Why the request was refused, if it was.
    pub fn reason(&self) -> Option<&str> {
        self.0.event.reason.as_deref()
    }

    /// The places of the object that a write changed, or that went with it; none for reads and refusals.
    pub fn changes(&self) -> Vec<Change> {
        let text = self.0.event.changes.as_deref();
        // The text was written from such a list.
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    /// The changes as JSON text.
    pub(crate) fn changes_text(&self) -> &str {
        self.0.event.changes.as_deref().unwrap_or("[]")
    }

    /// The BLAKE3 hash of this record, over the hash of the one before and everything in it.
    pub fn hash(&self) -> &[u8; 32] {
        &self.0.hash
    }

    /// The hash of the record before; all zero for the first.
    pub fn before(&self) -> &[u8; 32] {
        &self.0.before
    }

    /// Whether the hash is right for what the record says.
    pub fn is_intact(&self) -> bool {
        self.0.hash == seal(&self.0.before, self.0.number, &self.0.event)
    }

    /// The event it was made from.
    pub(crate) fn event(&self) -> &Event {
        &self.0.event
    }
}

impl fmt::Debug for AuditRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.actor().map_or("-", |actor| &actor.username);
        let (number, time, status) = (self.number(), self.time(), self.status());
        write!(
            f,
            "#{number} {time} {who} {} {} {status}",
            self.method(),
            self.target()
        )?;
        self.reason()
            .map_or(Ok(()), |reason| write!(f, " ({reason})"))
    }
}

/// The hash of a record, over all its parts one behind the other. Every part is preceded by its length, so parts cannot
/// run into one another. One text is hashed at once, which is much faster than many small ones.
fn seal(before: &[u8; 32], number: u64, event: &Event) -> [u8; 32] {
    let mut text = Vec::with_capacity(512);
    text.extend_from_slice(before);
    text.extend_from_slice(&number.to_be_bytes());
    text.extend_from_slice(&event.time.as_millisecond().to_be_bytes());
    text.extend_from_slice(&event.status.to_be_bytes());
    let actor = event.actor.as_ref();
    for part in [
        &*event.organization.id,
        &*event.organization.name,
        event.what.version(),
        event.what.operation(),
        event.what.kind(),
        event.method.as_str(),
        &*event.target,
        &*event.name,
        &*event.project,
        event.origin.client.as_str(),
        &*event.origin.agent,
    ] {
        add(&mut text, part.as_bytes());
    }
    // What may be there or not says so, so that nothing and an empty text differ.
    for optional in [
        actor.map(|actor| &*actor.user_id),
        actor.map(|actor| &*actor.username),
        actor.map(|actor| &*actor.key_id),
        event.role.as_deref(),
        event.reason.as_deref(),
        event.changes.as_deref(),
    ] {
        text.push(optional.is_some().into());
        add(&mut text, optional.unwrap_or_default().as_bytes());
    }
    match &event.origin.request_id {
        RequestId::Made { process, count } => {
            text.push(0);
            text.extend_from_slice(&process.to_be_bytes());
            text.extend_from_slice(&count.to_be_bytes());
        }
        RequestId::Sent(id) => {
            text.push(1);
            add(&mut text, id.as_bytes());
        }
    }
    match event.origin.peer {
        None => text.push(0),
        Some(IpAddr::V4(address)) => add(&mut text, &address.octets()),
        Some(IpAddr::V6(address)) => add(&mut text, &address.octets()),
    }
    blake3::hash(&text).into()
}

fn add(text: &mut Vec<u8>, part: &[u8]) {
    let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
    text.extend_from_slice(&length.to_be_bytes());
    text.extend_from_slice(part);
}
