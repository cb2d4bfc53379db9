//! Between steps two and three: in which organization the caller works. One's own, unless a partner's caller says in
//! which other: by a header, as on the real controller, or by the path. Where no key is asked for, the path may name any.

use std::sync::Arc;

use http::request::Parts;

use super::route::Routed;
use crate::engine::not_found;
use crate::generated::kinds::TENANT;
use crate::identity::{Caller, Organization};
use crate::refusal::{Reason, Refusal};
use crate::store::{Key, State};
use crate::table::{Access, Means};

/// The header in which a partner's caller says the id of an organization.
const HEADER: &str = "x-organization-id";

pub(super) fn enter(
    state: &State,
    routed: &Routed<'_>,
    parts: &Parts,
    caller: Arc<Caller>,
) -> Result<Arc<Caller>, Refusal> {
    let mut caller = caller;
    if let Some(header) = parts.headers.get(HEADER) {
        let id = header.to_str().unwrap_or_default();
        caller = inside(state, &caller, id).ok_or_else(|| {
            Refusal::new(
                Reason::Forbidden,
                format!("X-ORGANIZATION-ID is {id:?}, which is no organization that this key may work in; leave it out or name another"),
            )
        })?;
    }
    let mut parameters = routed.operation.parameters.iter();
    if let Some(named) = parameters.find(|parameter| parameter.means == Means::OrganizationId) {
        let id = routed.parameters.get(named.name);
        caller = match (routed.operation.access, inside(state, &caller, id)) {
            (_, Some(inside)) => inside,
            // Who needs no key to call learns nothing of which organizations there are: the handler answers alike.
            (Access::Public, None) => match organization(state, caller.organization().home(), id) {
                Some(organization) => Arc::new(caller.inside(organization)),
                None => caller,
            },
            (_, None) => return Err(not_found(TENANT, id, "")),
        };
    }
    Ok(caller)
}

/// The caller at work in an organization; none where there is no such, or none that it may know of.
fn inside(state: &State, caller: &Arc<Caller>, id: &str) -> Option<Arc<Caller>> {
    if *caller.organization().id == *id {
        return Some(caller.clone());
    }
    if !caller.is_of_partner() {
        return None;
    }
    let partner = caller.organization().home();
    if *partner.id == *id {
        return Some(Arc::new(caller.inside(partner.clone())));
    }
    let organization = organization(state, partner, id)?;
    Some(Arc::new(caller.inside(organization)))
}

/// The organization of a partner that has an id.
fn organization(state: &State, partner: &Arc<Organization>, id: &str) -> Option<Arc<Organization>> {
    let key = state.alias(&Key::id(&partner.id, TENANT.name, id))?;
    Some(Arc::new(Organization {
        id: id.into(),
        name: state.object(key)?.name.clone(),
        partner: Some(partner.clone()),
    }))
}
