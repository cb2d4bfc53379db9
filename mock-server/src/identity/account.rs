//! Accounts as callers, with what they may do now.

use std::sync::Arc;

use super::bindings::{Authorities, Holder};
use super::{Caller, Credential, Organization, Standing};
use crate::generated::kinds::ACCOUNT;
use crate::session::Session;
use crate::store::{Key, State};

/// Computes the caller behind a credential; none when the account is gone.
pub(super) fn of_credential(state: &State, credential: &Arc<Credential>) -> Option<Caller> {
    let account = account(state, &credential.organization, &credential.user_id)?;
    Some(Caller {
        username: credential.username.clone(),
        credential: Some(credential.clone()),
        ..account
    })
}

/// The caller behind a console session; none when the account is gone.
pub(crate) fn of_session(state: &State, session: &Arc<Session>) -> Option<Caller> {
    let account = account(state, &session.organization, &session.user_id)?;
    Some(Caller {
        session: Some(session.clone()),
        ..account
    })
}

/// An account as a caller, with what it may do now; none where there is no such account.
pub(crate) fn account(
    state: &State,
    organization: &Arc<Organization>,
    user_id: &str,
) -> Option<Caller> {
    let key = state.alias(&Key::id(&organization.id, ACCOUNT.name, user_id))?;
    let object = state.object(key)?;
    let account: Holder = serde_json::from_slice(&object.body).ok()?;
    let authorities = Authorities {
        state,
        organization: &organization.id,
        is_partner: organization.partner.is_none(),
    };
    Some(Caller {
        organization: organization.clone(),
        username: object.name.as_ref().into(),
        credential: None,
        session: None,
        standing: Standing::of(state, organization)?,
        takes_keys: !account.spec.console_only,
        rights: authorities.rights(account.spec),
        last_use: None,
    })
}
