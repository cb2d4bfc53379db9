//! Whose trail is read: that of the caller's organization, or the one that the partner names.

use serde_json::{Value, json};

use crate::audit::AuditRecord;
use crate::engine::not_found;
use crate::generated::kinds::TENANT;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::store::{Key, State};

/// The trail of one organization.
pub(super) struct Trail {
    organization: Box<str>,
}

impl Trail {
    /// That of the organization that the caller works in.
    pub(super) fn own(call: &Call<'_>) -> Self {
        Self {
            organization: (*call.caller.organization().id).into(),
        }
    }

    /// That of the organization in the path, by its id or its name. The trails of a controller are all its partner's,
    /// so one that is there may be read, whatever became of the organization.
    pub(super) fn named(call: &Call<'_>) -> Result<Self, Refusal> {
        let named = call.parameters.get("organization");
        call.controller.store().chain_noted();
        let state = call.controller.store().keep();
        let partner = &call.caller.organization().home().id;
        let organization = if state.audit.last(named).is_some() || is_there(call, &state, named) {
            Some(named.into())
        } else {
            let key = Key::object(partner, TENANT.name, "", named);
            let present = state.object(&key).map(|object| object.id.clone());
            present.or_else(|| {
                let ended = state.audit.ends();
                ended
                    .filter(|last| last.organization_name() == named)
                    .max_by_key(|last| last.time())
                    .map(|last| last.organization().into())
            })
        };
        organization
            .map(|organization| Self { organization })
            .ok_or_else(|| not_found(TENANT, named, " and none had that name or id before"))
    }

    /// Shows its records, newest first, until it has been enough: those in memory, and behind them those that are on
    /// disk alone.
    pub(super) fn walk(
        &self,
        call: &Call<'_>,
        below: Option<u64>,
        mut show: impl FnMut(&AuditRecord) -> bool,
    ) {
        let store = call.controller.store();
        // What was answered so far is on record, though not yet in the chain.
        store.chain_noted();
        let state = store.keep();
        let organization = &self.organization;
        let below = below.unwrap_or(u64::MAX);
        let mut oldest = below.min(state.audit.head(organization).number + 1);
        for record in state.audit.of(organization).rev() {
            if record.number() < below {
                oldest = record.number();
                if !show(record) {
                    return;
                }
            }
        }
        if let Some(archive) = call.controller.archive() {
            archive.below(organization, oldest, |record| show(&record));
        }
    }
}

/// Whether an organization of the partner, or the partner itself, has an id.
fn is_there(call: &Call<'_>, state: &State, id: &str) -> bool {
    let partner = &call.caller.organization().home().id;
    **partner == *id || state.alias(&Key::id(partner, TENANT.name, id)).is_some()
}

/// All trails there are, by the name of their organization and of several of one name the latest first.
pub(super) fn organizations(call: &Call<'_>) -> Vec<Value> {
    call.controller.store().chain_noted();
    let state = call.controller.store().keep();
    let mut ends: Vec<&AuditRecord> = state.audit.ends().collect();
    ends.sort_by(|one, other| {
        let by_name = one.organization_name().cmp(other.organization_name());
        by_name.then(other.time().cmp(&one.time()))
    });
    let shown = ends.into_iter().map(|last| {
        json!({
            "organizationID": last.organization(),
            "organization": last.organization_name(),
            "deleted": !is_there(call, &state, last.organization()),
            "records": last.number(),
            "lastTime": last.time().to_string(),
        })
    });
    shown.collect()
}
