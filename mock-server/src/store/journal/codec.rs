//! Stored values as they stand in a file.
//!
//! A value is a check sum and the JSON of a [`Record`]. A new variant of [`Stored`] needs one variant here and an arm
//! in each of the two functions; a new field is optional with `#[serde(default)]`, so that what was written before is
//! still read. A new variant makes a newer format, since older versions cannot read it: count
//! [`FORMAT`](super::layout::FORMAT) up.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::generated::kinds::KINDS;
use crate::identity::{Credential, Organization};
use crate::keys::{KeyDue, KeySettings};
use crate::outbox::Mail;
use crate::password::PasswordHash;
use crate::secret::{SaltedHash, SecretHash};
use crate::session::Session;
use crate::store::{Due, Key, Object, Stored};

/// A value in the file, one variant for each of [`Stored`].
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Record<'a> {
    Object {
        revision: u64,
        id: Cow<'a, str>,
        name: Cow<'a, str>,
        /// Served as it stands here.
        #[serde(borrow)]
        body: &'a RawValue,
    },
    Credential(CredentialRecord<'a>),
    Alias(Cow<'a, [u8]>),
    Count(u64),
    Due(Box<DueRecord<'a>>),
    KeyDue(Cow<'a, KeyDue>),
    LastUse(Timestamp),
    KeySettings(Cow<'a, KeySettings>),
    Mail(Cow<'a, Mail>),
    Secret(SaltedHash),
    Password(Cow<'a, PasswordHash>),
    Session(SessionRecord<'a>),
    Mark,
}

#[derive(Serialize, Deserialize)]
struct CredentialRecord<'a> {
    id: Cow<'a, str>,
    access_id: Cow<'a, str>,
    hash: SecretHash,
    token: SecretHash,
    name: Cow<'a, str>,
    organization: OrganizationRecord<'a>,
    user_id: Cow<'a, str>,
    username: Cow<'a, str>,
    created_by: Cow<'a, str>,
    created_at: Timestamp,
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct SessionRecord<'a> {
    id: Cow<'a, str>,
    organization: OrganizationRecord<'a>,
    user_id: Cow<'a, str>,
    username: Cow<'a, str>,
    created_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct DueRecord<'a> {
    organization: OrganizationRecord<'a>,
    project: Cow<'a, str>,
    object: Cow<'a, [u8]>,
    id: Cow<'a, str>,
    kind: Cow<'a, str>,
    flow: usize,
    step: usize,
    started: Timestamp,
    caller: Cow<'a, str>,
    #[serde(default)]
    body: Option<Cow<'a, Value>>,
}

/// Id and name of an organization, as they stand wherever one is named, and those of its partner.
#[derive(Serialize, Deserialize)]
struct OrganizationRecord<'a> {
    id: Cow<'a, str>,
    name: Cow<'a, str>,
    /// None for a partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    partner: Option<Box<OrganizationRecord<'a>>>,
}

impl<'a> From<&'a Organization> for OrganizationRecord<'a> {
    fn from(organization: &'a Organization) -> Self {
        Self {
            id: Cow::Borrowed(&organization.id),
            name: Cow::Borrowed(&organization.name),
            partner: organization
                .partner
                .as_deref()
                .map(|partner| Box::new(partner.into())),
        }
    }
}

/// Bytes of the check sum before a value.
const SUM: usize = 8;

/// A value as bytes, with a check sum over it and its key.
pub(super) fn encode(key: &Key, stored: &Stored) -> Result<Vec<u8>, serde_json::Error> {
    let record = match stored {
        Stored::Object(object) => Record::Object {
            revision: object.revision,
            id: Cow::Borrowed(&object.id),
            name: Cow::Borrowed(&object.name),
            body: serde_json::from_slice(&object.body)?,
        },
        Stored::Credential(credential) => Record::Credential(CredentialRecord {
            id: Cow::Borrowed(&credential.id),
            access_id: Cow::Borrowed(&credential.access_id),
            hash: credential.hash,
            token: credential.token,
            name: Cow::Borrowed(&credential.name),
            organization: (&*credential.organization).into(),
            user_id: Cow::Borrowed(&credential.user_id),
            username: Cow::Borrowed(&credential.username),
            created_by: Cow::Borrowed(&credential.created_by),
            created_at: credential.created_at,
            expires_at: credential.expires_at,
        }),
        Stored::Alias(target) => Record::Alias(Cow::Borrowed(target.as_bytes())),
        Stored::Count(count) => Record::Count(*count),
        Stored::Due(due) => Record::Due(Box::new(DueRecord {
            organization: (&*due.organization).into(),
            project: Cow::Borrowed(&due.project),
            object: Cow::Borrowed(due.object.as_bytes()),
            id: Cow::Borrowed(&due.id),
            kind: Cow::Borrowed(due.kind.name),
            flow: due.flow,
            step: due.step,
            started: due.started,
            caller: Cow::Borrowed(&due.caller),
            body: due.body.as_deref().map(Cow::Borrowed),
        })),
        Stored::KeyDue(due) => Record::KeyDue(Cow::Borrowed(due)),
        Stored::LastUse(time) => Record::LastUse(*time),
        Stored::KeySettings(settings) => Record::KeySettings(Cow::Borrowed(settings)),
        Stored::Mail(mail) => Record::Mail(Cow::Borrowed(mail)),
        Stored::Secret(hash) => Record::Secret(**hash),
        Stored::Password(hash) => Record::Password(Cow::Borrowed(hash)),
        Stored::Session(session) => Record::Session(SessionRecord {
            id: Cow::Borrowed(&session.id),
            organization: (&*session.organization).into(),
            user_id: Cow::Borrowed(&session.user_id),
            username: Cow::Borrowed(&session.username),
            created_at: session.created_at,
            expires_at: session.expires_at,
        }),
        Stored::Mark => Record::Mark,
    };
    let mut bytes = vec![0; SUM];
    serde_json::to_writer(&mut bytes, &record)?;
    let sum = sum(key, &bytes[SUM..]);
    bytes[..SUM].copy_from_slice(&sum);
    Ok(bytes)
}

fn sum(key: &Key, value: &[u8]) -> [u8; SUM] {
    let mut hash = blake3::Hasher::new();
    hash.update(&(key.as_bytes().len() as u64).to_be_bytes());
    hash.update(key.as_bytes());
    hash.update(value);
    let mut sum = [0; SUM];
    sum.copy_from_slice(&hash.finalize().as_bytes()[..SUM]);
    sum
}

/// Reads values, and shares between them what is the same.
#[derive(Default)]
pub(super) struct Decoder {
    organizations: BTreeMap<String, Arc<Organization>>,
}

impl Decoder {
    /// The value that bytes mean, or what is wrong with them.
    pub(super) fn decode(&mut self, key: &Key, bytes: &[u8]) -> Result<Stored, String> {
        let (stated, value) = bytes
            .split_at_checked(SUM)
            .filter(|(stated, value)| **stated == sum(key, value))
            .ok_or_else(|| format!("the check sum of {key:?} is wrong"))?;
        debug_assert_eq!(stated.len(), SUM);
        let record: Record<'_> = serde_json::from_slice(value)
            .map_err(|error| format!("{key:?} is not known to this version: {error}"))?;
        Ok(match record {
            Record::Object {
                revision,
                id,
                name,
                body,
            } => Stored::Object(Arc::new(Object {
                revision,
                id: id.into(),
                name: name.into(),
                body: Bytes::copy_from_slice(body.get().as_bytes()),
                value: None,
            })),
            Record::Credential(credential) => Stored::Credential(Arc::new(Credential {
                id: credential.id.into(),
                access_id: credential.access_id.into(),
                hash: credential.hash,
                token: credential.token,
                name: credential.name.into(),
                organization: self.organization(&credential.organization),
                user_id: credential.user_id.into(),
                username: credential.username.into(),
                created_by: credential.created_by.into(),
                created_at: credential.created_at,
                expires_at: credential.expires_at,
            })),
            Record::Alias(target) => Stored::Alias(Key::from_bytes(&target)),
            Record::Count(count) => Stored::Count(count),
            Record::Due(due) => {
                let kind = KINDS.iter().find(|kind| kind.name == due.kind);
                Stored::Due(Arc::new(Due {
                    organization: self.organization(&due.organization),
                    project: due.project.into(),
                    object: Key::from_bytes(&due.object),
                    id: due.id.into(),
                    kind: kind.ok_or_else(|| {
                        format!("this version has no kind {:?}, named by {key:?}", due.kind)
                    })?,
                    flow: due.flow,
                    step: due.step,
                    started: due.started,
                    caller: due.caller.into(),
                    body: due.body.map(|body| Arc::new(body.into_owned())),
                }))
            }
            Record::KeyDue(due) => Stored::KeyDue(Arc::new(due.into_owned())),
            Record::LastUse(time) => Stored::LastUse(time),
            Record::KeySettings(settings) => Stored::KeySettings(Arc::new(settings.into_owned())),
            Record::Mail(mail) => Stored::Mail(Arc::new(mail.into_owned())),
            Record::Secret(hash) => Stored::Secret(Arc::new(hash)),
            Record::Password(hash) => Stored::Password(Arc::new(hash.into_owned())),
            Record::Session(session) => Stored::Session(Arc::new(Session {
                id: session.id.into(),
                organization: self.organization(&session.organization),
                user_id: session.user_id.into(),
                username: session.username.into(),
                created_at: session.created_at,
                expires_at: session.expires_at,
            })),
            Record::Mark => Stored::Mark,
        })
    }

    fn organization(&mut self, record: &OrganizationRecord<'_>) -> Arc<Organization> {
        let partner = record.partner.as_deref();
        let partner = partner.map(|partner| self.organization(partner));
        let id_of = |partner: &Option<Arc<Organization>>| {
            partner
                .as_ref()
                .map(|partner| (partner.id.clone(), partner.name.clone()))
        };
        if let Some(known) = self.organizations.get(&*record.id)
            && *known.name == *record.name
            && id_of(&known.partner) == id_of(&partner)
        {
            return known.clone();
        }
        let organization = Arc::new(Organization {
            id: (*record.id).into(),
            name: (*record.name).into(),
            partner,
        });
        self.organizations
            .insert(record.id.to_string(), organization.clone());
        organization
    }
}
