//! How a data directory's file is laid out: its tables, and what it says of itself.

use std::sync::Arc;

use redb::TableDefinition;
use serde::{Deserialize, Serialize};

use crate::audit::Head;
use crate::hex;
use crate::identity::Organization;

/// Name of the file in the data directory.
pub(super) const FILE: &str = "controller.redb";

/// The format that this version writes, and the newest one that it reads. Counted up by whoever changes the layout or
/// adds a variant to the codec.
pub(super) const FORMAT: u64 = 1;

/// Everything stored, by key.
pub(super) const ENTRIES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("entries");
/// The audit trails: records by organization and number.
pub(super) const AUDIT: TableDefinition<'_, (&str, u64), &[u8]> = TableDefinition::new("audit");
/// Where each audit trail ends, so that one that was cut shows.
pub(super) const HEADS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("audit heads");
/// What the file says of itself, as JSON.
pub(super) const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");

/// The key of the format in [`META`].
pub(super) const FORMAT_KEY: &str = "format";
/// The key of the [`About`] in [`META`].
pub(super) const ABOUT_KEY: &str = "about";
/// The key of the [`Position`] in [`META`].
pub(super) const POSITION_KEY: &str = "position";

/// What is said once, when a file is made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct About {
    /// Id of the controller's own organization.
    organization_id: String,
    /// Name of it.
    organization_name: String,
    /// Id of the partner it belongs to.
    partner_id: String,
    /// Name of the partner.
    partner_name: String,
}

impl About {
    pub(crate) fn new(organization: &Arc<Organization>) -> Self {
        let partner = organization.home();
        Self {
            organization_id: organization.id.to_string(),
            organization_name: organization.name.to_string(),
            partner_id: partner.id.to_string(),
            partner_name: partner.name.to_string(),
        }
    }

    /// The controller's own organization, with its partner.
    pub(crate) fn organization(&self) -> Arc<Organization> {
        Arc::new(Organization {
            id: self.organization_id.as_str().into(),
            name: self.organization_name.as_str().into(),
            partner: Some(Arc::new(Organization {
                id: self.partner_id.as_str().into(),
                name: self.partner_name.as_str().into(),
                partner: None,
            })),
        })
    }
}

/// Where the state stands; written with every batch.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Position {
    pub(super) revision: u64,
    pub(super) identity_revision: u64,
    /// The controller's time, in milliseconds since 1970.
    pub(super) time: i64,
}

/// The end of an audit trail as it stands in a file.
#[derive(Serialize, Deserialize)]
pub(super) struct HeadRecord {
    number: u64,
    hash: String,
}

impl From<Head> for HeadRecord {
    fn from(head: Head) -> Self {
        Self {
            number: head.number,
            hash: hex::text(&head.hash),
        }
    }
}

impl HeadRecord {
    pub(super) fn head(&self) -> Option<Head> {
        Some(Head {
            number: self.number,
            hash: hex::bytes(&self.hash)?,
        })
    }
}
