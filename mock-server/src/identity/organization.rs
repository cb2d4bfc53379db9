//! The organizations that accounts belong to, and whether one of them counts.

use std::sync::Arc;

use serde::Deserialize;

use crate::generated::kinds::TENANT;
use crate::store::{Key, State};
use crate::table::Kind;

/// The organization that an account and its objects belong to. A partner is one too: that of its own staff and of what
/// it keeps of its customers.
#[derive(Debug)]
pub(crate) struct Organization {
    pub(crate) id: Box<str>,
    pub(crate) name: Box<str>,
    /// The partner whose customer it is; none for a partner.
    pub(crate) partner: Option<Arc<Organization>>,
}

impl Organization {
    /// The partner: its own, or itself.
    pub(crate) fn home(self: &Arc<Self>) -> &Arc<Self> {
        self.partner.as_ref().unwrap_or(self)
    }

    /// In whose name an object of a kind is stored for a caller of this organization.
    pub(crate) fn tenant_of(self: &Arc<Self>, kind: &Kind) -> &Arc<Self> {
        if kind.of_partner { self.home() } else { self }
    }
}

/// Whether the accounts of an organization may do anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Good,
    Deactivated,
    Unapproved,
}

/// What is read of a stored organization.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Tenant {
    spec: TenantSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TenantSpec {
    active: Option<bool>,
    approved: Option<bool>,
}

impl Standing {
    /// The standing of an organization now; none where it is gone.
    pub(crate) fn of(state: &State, organization: &Organization) -> Option<Self> {
        let Some(partner) = &organization.partner else {
            return Some(Self::Good);
        };
        let key = state.alias(&Key::id(&partner.id, TENANT.name, &organization.id))?;
        let tenant: Tenant = serde_json::from_slice(&state.object(key)?.body).unwrap_or_default();
        Some(match (tenant.spec.approved, tenant.spec.active) {
            (Some(false), _) => Self::Unapproved,
            (_, Some(false)) => Self::Deactivated,
            _ => Self::Good,
        })
    }
}
