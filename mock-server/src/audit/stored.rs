//! Records of the trail as they stand in a file: JSON, in just one way each, so that every other way is a change.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::origin::{ClientKind, Origin, RequestId};
use super::record::{Named, Record};
use super::{Actor, AuditRecord, Event, Method, What};
use crate::generated::operations::{OPERATIONS, VERSIONS};
use crate::hex;
use crate::identity::Organization;

/// A record with all its parts. A part that is added later is optional and left out where it is nothing, so that what
/// was written before reads and writes as it did.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form<'a> {
    number: u64,
    /// Milliseconds since 1970.
    time: i64,
    #[serde(borrow)]
    organization: [Cow<'a, str>; 2],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor: Option<[Cow<'a, str>; 3]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Cow<'a, str>>,
    version: Cow<'a, str>,
    operation: Cow<'a, str>,
    kind: Cow<'a, str>,
    method: Cow<'a, str>,
    target: Cow<'a, str>,
    name: Cow<'a, str>,
    project: Cow<'a, str>,
    request: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    peer: Option<IpAddr>,
    client: Cow<'a, str>,
    agent: Cow<'a, str>,
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changes: Option<Cow<'a, str>>,
    before: Cow<'a, str>,
    hash: Cow<'a, str>,
}

/// A record as bytes.
pub(crate) fn encode(record: &AuditRecord) -> Vec<u8> {
    let event = record.event();
    let form = Form {
        number: record.number(),
        time: event.time.as_millisecond(),
        organization: [
            (*event.organization.id).into(),
            (*event.organization.name).into(),
        ],
        actor: event.actor.as_ref().map(|actor| {
            [&actor.user_id, &actor.username, &actor.key_id].map(|part| (**part).into())
        }),
        role: event.role.as_deref().map(Cow::Borrowed),
        version: event.what.version().into(),
        operation: event.what.operation().into(),
        kind: event.what.kind().into(),
        method: event.method.as_str().into(),
        target: (*event.target).into(),
        name: (*event.name).into(),
        project: (*event.project).into(),
        request: event.origin.request_id.to_string().into(),
        peer: event.origin.peer,
        client: event.origin.client.as_str().into(),
        agent: (*event.origin.agent).into(),
        status: event.status,
        reason: event.reason.as_deref().map(Cow::Borrowed),
        changes: event.changes.as_deref().map(Cow::Borrowed),
        before: hex::text(record.before()).into(),
        hash: hex::text(record.hash()).into(),
    };
    // Texts and numbers always have a JSON text.
    serde_json::to_vec(&form).unwrap_or_default()
}

/// The record that bytes mean, if they mean one. Whether its hash is right is another question.
pub(crate) fn decode(bytes: &[u8]) -> Option<AuditRecord> {
    let form: Form<'_> = serde_json::from_slice(bytes).ok()?;
    let [id, name] = form.organization;
    let event = Event {
        time: Timestamp::from_millisecond(form.time).ok()?,
        organization: Arc::new(Organization {
            id: id.into(),
            name: name.into(),
            // A chain is that of an organization, whoever its partner is.
            partner: None,
        }),
        actor: form.actor.map(|[user_id, username, key_id]| Actor {
            user_id: user_id.into(),
            username: username.into(),
            key_id: key_id.into(),
        }),
        role: form.role.map(Into::into),
        what: what(&form.version, &form.operation, &form.kind),
        method: Method::from_text(&form.method),
        target: form.target.into(),
        name: form.name.into(),
        project: form.project.into(),
        origin: Origin {
            request_id: RequestId::from_text(&form.request),
            peer: form.peer,
            client: ClientKind::from_word(&form.client)?,
            agent: form.agent.into(),
        },
        status: form.status,
        reason: form.reason.map(Into::into),
        changes: form.changes.map(Into::into),
    };
    Some(AuditRecord(Arc::new(Record {
        number: form.number,
        event,
        before: hex::bytes(&form.before)?,
        hash: hex::bytes(&form.hash)?,
    })))
}

/// What a record names, as this build knows it; as it stands there where this build has other names.
fn what(version: &str, operation: &str, kind: &str) -> What {
    if operation.is_empty()
        && kind.is_empty()
        && let Some(version) = VERSIONS.iter().find(|known| known.name == version)
    {
        return What::Nothing(version);
    }
    let known = OPERATIONS.iter().find(|known| {
        known.id == operation && known.version.name == version && known.kind_name() == kind
    });
    match known {
        Some(operation) => What::Operation(operation),
        None => What::Named(Box::new(Named {
            version: version.into(),
            operation: operation.into(),
            kind: kind.into(),
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Trails;
    use crate::audit::trail::tests::event;

    #[test]
    fn a_record_comes_back_as_it_was() {
        let mut full = event("o", "/a\n\"b");
        full.actor = Some(Actor {
            user_id: "u".into(),
            username: "n@example.com".into(),
            key_id: "k".into(),
        });
        full.role = Some("ADMIN".into());
        full.origin.peer = Some("::1".parse().unwrap());
        full.origin.request_id = RequestId::Sent("mine".into());
        full.reason = Some("because".into());
        full.changes = Some("[]".into());
        let mut trails = Trails::new(9);
        for event in [event("o", "/"), full] {
            let record = trails.append(event);
            let bytes = encode(&record);
            let back = decode(&bytes).unwrap();
            assert!(back.is_intact());
            assert_eq!(encode(&back), bytes);
            assert_eq!(back.hash(), record.hash());
        }
    }

    #[test]
    fn an_operation_of_another_build_keeps_its_names() {
        let mut strange = event("o", "/");
        strange.what = What::Named(Box::new(Named {
            version: "v9".into(),
            operation: "wheels_turn".into(),
            kind: "Wheel".into(),
        }));
        let record = Trails::new(1).append(strange);
        let back = decode(&encode(&record)).unwrap();
        assert!(back.is_intact());
        assert_eq!((back.operation(), back.kind()), ("wheels_turn", "Wheel"));
    }
}
