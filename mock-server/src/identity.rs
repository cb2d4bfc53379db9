//! Who a caller is: the account behind an API key, and what its roles allow where. A caller acts with the
//! account's present roles; the cache of callers is emptied by the state's identity revision.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::Deserialize;

use crate::audit::Actor;
use crate::generated::kinds::USER;
use crate::generated::roles::{Permission, Permissions, Role};
use crate::secret::SecretHash;
use crate::store::{Key, State, Stored};
use crate::table::Kind;

/// An API key as it is kept: everything but its secret.
#[derive(Debug)]
pub(crate) struct Credential {
    /// The short id by which it is listed and deleted.
    pub(crate) id: Box<str>,
    /// The access key id, second part of the key.
    pub(crate) access_id: Box<str>,
    pub(crate) hash: SecretHash,
    pub(crate) name: Box<str>,
    pub(crate) organization: Arc<Organization>,
    pub(crate) user_id: Arc<str>,
    pub(crate) username: Arc<str>,
    pub(crate) created_by: Box<str>,
    pub(crate) created_at: Timestamp,
    /// None for a key without an end.
    pub(crate) expires_at: Option<Timestamp>,
}

/// The organization that an account and its objects belong to.
#[derive(Debug)]
pub(crate) struct Organization {
    pub(crate) id: Box<str>,
    pub(crate) name: Box<str>,
}

/// A caller whose key is good.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) credential: Arc<Credential>,
    pub(crate) actor: Actor,
    everywhere: Permissions,
    in_project: BTreeMap<Box<str>, Permissions>,
}

impl Caller {
    /// Id of the account.
    pub(crate) fn user_id(&self) -> &str {
        &self.credential.user_id
    }

    /// The organization it acts in.
    pub(crate) fn organization(&self) -> &Organization {
        &self.credential.organization
    }

    /// Whether it has a permission in the whole organization.
    pub(crate) fn may_everywhere(&self, permission: Permission) -> bool {
        self.everywhere.has(permission)
    }

    /// Whether it has a permission in a project.
    pub(crate) fn may_in(&self, project: &str, permission: Permission) -> bool {
        self.may_everywhere(permission)
            || self
                .in_project
                .get(project)
                .is_some_and(|permissions| permissions.has(permission))
    }

    /// The projects in which it has a permission by a binding of their own, by name.
    pub(crate) fn projects_with(&self, permission: Permission) -> impl Iterator<Item = &str> {
        self.in_project
            .iter()
            .filter(move |(_, permissions)| permissions.has(permission))
            .map(|(project, _)| &**project)
    }
}

/// Under this name the short ids of keys are indexed.
pub(crate) const KEY_ALIAS: &str = "ApiKey";

/// Whether objects of a kind are the accounts that callers act for.
pub(crate) fn is_account(kind: &Kind) -> bool {
    kind.name == USER.name
}

/// Everything that is stored of an account's API keys, which go when it goes.
pub(crate) fn keys_of(state: &State, organization: &str, user_id: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    for (listed, stored) in state.under(&Key::credentials_of(user_id)) {
        if let Stored::Credential(credential) = stored {
            keys.push(Key::credential(&credential.access_id));
            keys.push(Key::id(organization, KEY_ALIAS, &credential.id));
        }
        keys.push(listed.clone());
    }
    keys
}

/// What is read of a stored account.
#[derive(Deserialize)]
struct Account {
    #[serde(default)]
    roles: Vec<Binding>,
}

#[derive(Deserialize)]
struct Binding {
    role: Named,
    #[serde(default)]
    project: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Computes the caller behind a credential; none when the account is gone.
fn caller(state: &State, credential: &Arc<Credential>) -> Option<Caller> {
    let key = state.alias(&Key::id(
        &credential.organization.id,
        USER.name,
        &credential.user_id,
    ))?;
    let account: Account = serde_json::from_slice(&state.object(key)?.body).ok()?;
    let mut everywhere = Permissions::NONE;
    let mut in_project: BTreeMap<Box<str>, Permissions> = BTreeMap::new();
    for binding in account.roles {
        // A role that the document does not know, or a project role without a project, allows nothing.
        let Some(role) = Role::from_name(&binding.role.name) else {
            continue;
        };
        if role.is_of_organization() {
            everywhere = everywhere.with(role.permissions());
        } else if let Some(project) = binding.project {
            let permissions = in_project
                .entry(project.name.into())
                .or_insert(Permissions::NONE);
            *permissions = permissions.with(role.permissions());
        }
    }
    Some(Caller {
        actor: Actor {
            user_id: credential.user_id.clone(),
            username: credential.username.clone(),
            key_id: credential.access_id.as_ref().into(),
        },
        credential: credential.clone(),
        everywhere,
        in_project,
    })
}

/// Callers by access key id, as of one identity revision.
#[derive(Debug, Default)]
pub(crate) struct Callers(RwLock<Cached>);

#[derive(Debug, Default)]
struct Cached {
    revision: u64,
    callers: HashMap<Box<str>, Arc<Caller>>,
}

/// More callers than this are not remembered; the cache starts again.
const MOST: usize = 10_000;

impl Callers {
    /// The caller behind an access key id, from the cache or from the state.
    pub(crate) fn find(&self, state: &State, access_id: &str) -> Option<Arc<Caller>> {
        {
            let cached = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if cached.revision == state.identity_revision
                && let Some(caller) = cached.callers.get(access_id)
            {
                return Some(caller.clone());
            }
        }
        let credential = state.credential(&Key::credential(access_id))?;
        let caller = Arc::new(caller(state, credential)?);
        let mut cached = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if cached.revision > state.identity_revision {
            // This reader holds an older moment; what it found must not be remembered.
            return Some(caller);
        }
        if cached.revision != state.identity_revision || cached.callers.len() >= MOST {
            cached.callers.clear();
            cached.revision = state.identity_revision;
        }
        cached.callers.insert(access_id.into(), caller.clone());
        Some(caller)
    }

    /// Forgets everybody; for a state that goes back in time.
    pub(crate) fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Cached::default();
    }
}
