//! Who a caller is: the account behind an API key, and what its roles allow where. A caller acts with the
//! account's present roles; the cache of callers is emptied by the state's identity revision.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::audit::Actor;
use crate::generated::kinds::{ACCOUNT, KINDS};
use crate::generated::roles::{Permission, Permissions, Role};
use crate::keys::{LastUse, Uses, entries_of};
use crate::refusal::{Reason, Refusal};
use crate::secret::SecretHash;
use crate::store::{Key, State, Stored};
use crate::table::Authority;

/// An API key as it is kept: everything but its secret.
#[derive(Debug)]
pub(crate) struct Credential {
    /// The short id by which it is listed and deleted.
    pub(crate) id: Box<str>,
    /// The access key id, second part of the key.
    pub(crate) access_id: Arc<str>,
    pub(crate) hash: SecretHash,
    /// The same of the secret's checksum, which some clients send in its place.
    pub(crate) token: SecretHash,
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

/// A caller whose key is good, or anybody at an operation that takes no key.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The key it came with; none at an operation that takes none.
    pub(crate) credential: Option<Arc<Credential>>,
    organization: Arc<Organization>,
    username: Arc<str>,
    everywhere: Permissions,
    in_project: BTreeMap<Box<str>, Permissions>,
    ways: Ways,
    /// Where the uses of its key are noted.
    last_use: Option<Arc<LastUse>>,
}

/// The ways in which an account may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ways {
    /// With a password, at the console.
    pub(crate) console: bool,
    /// With API keys.
    pub(crate) keys: bool,
}

impl Caller {
    /// Anybody at all, in an organization.
    pub(crate) fn nobody(organization: Arc<Organization>) -> Self {
        Self {
            credential: None,
            organization,
            username: "".into(),
            everywhere: Permissions::NONE,
            in_project: BTreeMap::new(),
            ways: Ways {
                console: false,
                keys: false,
            },
            last_use: None,
        }
    }

    /// The ways in which the account may come.
    pub(crate) fn ways(&self) -> Ways {
        self.ways
    }

    /// Notes that its key was used.
    pub(crate) fn note_use(&self, now: Timestamp) {
        if let Some(last_use) = &self.last_use {
            last_use.note(now);
        }
    }

    /// Id of the account; empty for nobody.
    pub(crate) fn user_id(&self) -> &str {
        self.credential
            .as_ref()
            .map_or("", |credential| &credential.user_id)
    }

    /// Login name of the account; empty for nobody.
    pub(crate) fn username(&self) -> &Arc<str> {
        &self.username
    }

    /// The organization it acts in.
    pub(crate) fn organization(&self) -> &Arc<Organization> {
        &self.organization
    }

    /// Who it is, for the record; none for nobody.
    pub(crate) fn actor(&self) -> Option<Actor> {
        let credential = self.credential.as_ref()?;
        Some(Actor {
            user_id: credential.user_id.clone(),
            username: credential.username.clone(),
            key_id: credential.access_id.clone(),
        })
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

/// Everything that is stored of an account's API keys, which go when it goes.
pub(crate) fn keys_of(state: &State, user_id: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    for (listed, stored) in state.under(&Key::credentials_of(user_id)) {
        if let Stored::Credential(credential) = stored {
            keys.extend(entries_of(credential));
        }
        keys.push(listed.clone());
    }
    keys
}

/// What is read of a stored account or group.
#[derive(Deserialize)]
struct Holder {
    #[serde(default)]
    spec: Held,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    #[serde(default)]
    roles: Vec<Binding>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    user_type: Option<String>,
    #[serde(default)]
    console_only: bool,
}

/// The type of an account that may log in to the console; any other is for programs alone.
const CONSOLE: &str = "CONSOLE";

impl Held {
    fn ways(&self) -> Ways {
        Ways {
            console: self.user_type.as_deref().is_none_or(|kind| kind == CONSOLE),
            keys: !self.console_only,
        }
    }
}

/// Whether an account may log in to the console; why not, if not.
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "for console sessions, which are not there yet")
)]
pub(crate) fn may_log_in(account: &Caller) -> Result<(), Refusal> {
    if account.ways.console {
        return Ok(());
    }
    Err(Refusal::new(
        Reason::Forbidden,
        format!(
            "{} is an account for programs alone and cannot log in to the console; use an API key",
            account.username
        ),
    ))
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

/// What is read of a stored role.
#[derive(Deserialize)]
struct CustomRole {
    #[serde(default)]
    spec: CustomRoleSpec,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomRoleSpec {
    #[serde(default)]
    permissions: Vec<String>,
    #[serde(default)]
    base_role: Option<String>,
}

/// The objects of an organization that say who may do what.
struct Authorities<'s> {
    state: &'s State,
    organization: &'s str,
}

impl Authorities<'_> {
    fn read<T: DeserializeOwned>(&self, authority: Authority, name: &str) -> Option<T> {
        let kinds = KINDS
            .iter()
            .filter(|kind| kind.authority == Some(authority));
        let object = kinds
            .map(|kind| Key::object(self.organization, kind.name, "", name))
            .find_map(|key| self.state.object(&key))?;
        serde_json::from_slice(&object.body).ok()
    }

    /// What a role allows, and whether it does so in the whole organization where no project is said.
    fn role(&self, name: &str) -> Option<(Permissions, bool)> {
        if let Some(role) = Role::from_name(name) {
            return Some((role.permissions(), role.is_of_organization()));
        }
        let custom: CustomRole = self.read(Authority::Role, name)?;
        let base = custom.spec.base_role.as_deref().and_then(Role::from_name);
        let permissions = custom
            .spec
            .permissions
            .iter()
            .filter_map(|name| Permission::from_name(name))
            .fold(
                base.map_or(Permissions::NONE, Role::permissions),
                Permissions::and,
            );
        Some((permissions, base.is_none_or(Role::is_of_organization)))
    }
}

/// Computes the caller behind a credential; none when the account is gone.
fn caller(state: &State, credential: &Arc<Credential>) -> Option<Caller> {
    let account = account(state, &credential.organization, &credential.user_id)?;
    Some(Caller {
        username: credential.username.clone(),
        credential: Some(credential.clone()),
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
    };
    let ways = account.spec.ways();
    let groups = account
        .spec
        .groups
        .iter()
        .filter_map(|name| authorities.read::<Holder>(Authority::Group, name))
        .flat_map(|group| group.spec.roles);
    let mut everywhere = Permissions::NONE;
    let mut in_project: BTreeMap<Box<str>, Permissions> = BTreeMap::new();
    for binding in account.spec.roles.into_iter().chain(groups) {
        // A role that nobody knows, or a project role without a project, allows nothing.
        let Some((permissions, wide)) = authorities.role(&binding.role.name) else {
            continue;
        };
        let is_builtin = Role::from_name(&binding.role.name).is_some();
        match binding.project {
            // A built-in role of the organization counts everywhere, wherever it is bound.
            Some(project) if !(wide && is_builtin) => {
                let held = in_project
                    .entry(project.name.into())
                    .or_insert(Permissions::NONE);
                *held = held.with(permissions);
            }
            _ if wide => everywhere = everywhere.with(permissions),
            _ => {}
        }
    }
    Some(Caller {
        organization: organization.clone(),
        username: object.name.as_ref().into(),
        credential: None,
        everywhere,
        in_project,
        ways,
        last_use: None,
    })
}

/// Callers by access key id, as of one identity revision.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    cached: RwLock<Cached>,
    uses: Uses,
}

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
            let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
            if cached.revision == state.identity_revision
                && let Some(caller) = cached.callers.get(access_id)
            {
                return Some(caller.clone());
            }
        }
        let credential = state.credential(&Key::credential(access_id))?;
        let caller = Arc::new(Caller {
            last_use: Some(self.uses.of(&credential.access_id)),
            ..caller(state, credential)?
        });
        let mut cached = self.cached.write().unwrap_or_else(PoisonError::into_inner);
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
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Cached::default();
    }

    /// When keys were last used.
    pub(crate) fn uses(&self) -> &Uses {
        &self.uses
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine;
    use crate::{Controller, Options};

    #[test]
    fn an_account_for_programs_alone_is_refused_at_the_console_with_the_reason() {
        let controller = Controller::new(Options::default());
        let organization = controller.nobody().organization().clone();
        for (user_type, may) in [("CONSOLE", true), ("PROGRAMMATIC", false)] {
            let user = json!({
                "metadata": {"name": format!("{}@example.com", user_type.to_lowercase())},
                "spec": {"userType": user_type},
            });
            let id = engine::seed(&controller, ACCOUNT, &organization, user, None);
            let account = account(&controller.store().keep(), &organization, &id).unwrap();
            let answer = may_log_in(&account);
            assert_eq!(answer.is_ok(), may);
            if let Err(refusal) = answer {
                assert_eq!(refusal.reason, Reason::Forbidden);
                assert!(refusal.message.contains("programs alone"), "{refusal:?}");
            }
        }
    }
}
