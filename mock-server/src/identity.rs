//! Who a caller is: the account behind an API key, and what its roles allow where. A caller acts with the
//! account's present roles; the cache of callers is emptied by the state's identity revision.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::audit::Actor;
use crate::generated::kinds::{ACCOUNT, KINDS, TENANT};
use crate::generated::roles::{Permission, Permissions, Role};
use crate::keys::{LastUse, Uses, entries_of};
use crate::secret::SecretHash;
use crate::session::Session;
use crate::store::{Key, State, Stored};
use crate::table::{Authority, Kind};

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

/// A caller whose key is good, or anybody at an operation that takes no key.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The key it came with; none with a session, and at an operation that takes none.
    pub(crate) credential: Option<Arc<Credential>>,
    /// The console session it came with instead.
    session: Option<Arc<Session>>,
    organization: Arc<Organization>,
    username: Arc<str>,
    pub(crate) standing: Standing,
    /// What it may do in the partner with all its organizations.
    across: Permissions,
    everywhere: Permissions,
    in_project: BTreeMap<Box<str>, Permissions>,
    grants: Vec<Grant>,
    /// Whether its keys count; an account may be for the console alone.
    takes_keys: bool,
    /// Where the uses of its key are noted.
    last_use: Option<Arc<LastUse>>,
}

/// What one role gives an account.
#[derive(Debug, Clone)]
struct Grant {
    role: Arc<str>,
    /// The project in which it does; none for all.
    project: Option<Box<str>>,
    permissions: Permissions,
}

impl Grant {
    fn is_of_partner(&self) -> bool {
        Role::from_name(&self.role).is_some_and(Role::is_of_partner)
    }
}

impl Caller {
    /// Anybody at all, in an organization.
    pub(crate) fn nobody(organization: Arc<Organization>) -> Self {
        Self {
            credential: None,
            session: None,
            organization,
            username: "".into(),
            standing: Standing::Good,
            across: Permissions::NONE,
            everywhere: Permissions::NONE,
            in_project: BTreeMap::new(),
            grants: Vec::new(),
            takes_keys: false,
            last_use: None,
        }
    }

    /// Whether the keys of the account count; it may be for the console alone.
    pub(crate) fn takes_keys(&self) -> bool {
        self.takes_keys
    }

    /// Notes that its key was used.
    pub(crate) fn note_use(&self, now: Timestamp) {
        if let Some(last_use) = &self.last_use {
            last_use.note(now);
        }
    }

    /// The same caller at work in an organization of its partner, where only the partner's roles count.
    pub(crate) fn inside(&self, organization: Arc<Organization>) -> Self {
        Self {
            credential: self.credential.clone(),
            session: self.session.clone(),
            organization,
            username: self.username.clone(),
            takes_keys: self.takes_keys,
            last_use: self.last_use.clone(),
            standing: self.standing,
            across: self.across,
            everywhere: self.across,
            in_project: BTreeMap::new(),
            grants: self
                .grants
                .iter()
                .filter(|grant| grant.is_of_partner())
                .cloned()
                .collect(),
        }
    }

    /// Whether it is one of a partner's own, who sees all organizations.
    pub(crate) fn is_of_partner(&self) -> bool {
        self.across != Permissions::NONE
    }

    /// Whether it has a permission in the partner with all its organizations.
    pub(crate) fn may_across(&self, permission: Permission) -> bool {
        self.across.has(permission)
    }

    /// Id of the account; empty for nobody.
    pub(crate) fn user_id(&self) -> &str {
        match (&self.credential, &self.session) {
            (Some(credential), _) => &credential.user_id,
            (None, Some(session)) => &session.user_id,
            (None, None) => "",
        }
    }

    /// Login name of the account; empty for nobody.
    pub(crate) fn username(&self) -> &Arc<str> {
        &self.username
    }

    /// The organization it acts in.
    pub(crate) fn organization(&self) -> &Arc<Organization> {
        &self.organization
    }

    /// The organization its account belongs to, wherever it works.
    pub(crate) fn belongs_to(&self) -> &Arc<Organization> {
        match (&self.credential, &self.session) {
            (Some(credential), _) => &credential.organization,
            (None, Some(session)) => &session.organization,
            (None, None) => &self.organization,
        }
    }

    /// Who it is, for the record; none for nobody.
    pub(crate) fn actor(&self) -> Option<Actor> {
        if let Some(session) = &self.session {
            return Some(Actor {
                user_id: session.user_id.clone(),
                username: session.username.clone(),
                key_id: format!("session:{}", session.id).into(),
            });
        }
        let credential = self.credential.as_ref()?;
        Some(Actor {
            user_id: credential.user_id.clone(),
            username: credential.username.clone(),
            key_id: credential.access_id.clone(),
        })
    }

    /// The console session it came with, if it did not come with a key.
    pub(crate) fn session(&self) -> Option<&Arc<Session>> {
        self.session.as_ref()
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

    /// The first of its roles that has a permission in a project, or in any where none is named.
    pub(crate) fn role_with(&self, permission: Permission, project: &str) -> Option<&Arc<str>> {
        let is_here = |grant: &&Grant| {
            let there = grant.project.as_deref();
            project.is_empty() || there.is_none_or(|there| there == project)
        };
        let mut here = self.grants.iter().filter(is_here);
        here.find(|grant| grant.permissions.has(permission))
            .map(|grant| &grant.role)
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
    console_only: bool,
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
    };
    let takes_keys = !account.spec.console_only;
    let groups = account
        .spec
        .groups
        .iter()
        .filter_map(|name| authorities.read::<Holder>(Authority::Group, name))
        .flat_map(|group| group.spec.roles);
    let mut across = Permissions::NONE;
    let mut everywhere = Permissions::NONE;
    let mut in_project: BTreeMap<Box<str>, Permissions> = BTreeMap::new();
    let mut grants = Vec::new();
    for binding in account.spec.roles.into_iter().chain(groups) {
        // A role that nobody knows, or a project role without a project, allows nothing.
        let Some((permissions, wide)) = authorities.role(&binding.role.name) else {
            continue;
        };
        let builtin = Role::from_name(&binding.role.name);
        let is_builtin = builtin.is_some();
        let mut grant = Grant {
            role: binding.role.name.into(),
            project: None,
            permissions,
        };
        if builtin.is_some_and(Role::is_of_partner) {
            // A partner's role means something in the partner alone, and there everywhere.
            if organization.partner.is_none() {
                across = across.with(permissions);
                everywhere = everywhere.with(permissions);
                grants.push(grant);
            }
            continue;
        }
        match binding.project {
            // A built-in role of the organization counts everywhere, wherever it is bound.
            Some(project) if !(wide && is_builtin) => {
                grant.project = Some(project.name.as_str().into());
                let held = in_project
                    .entry(project.name.into())
                    .or_insert(Permissions::NONE);
                *held = held.with(permissions);
            }
            _ if wide => everywhere = everywhere.with(permissions),
            _ => continue,
        }
        grants.push(grant);
    }
    Some(Caller {
        organization: organization.clone(),
        username: object.name.as_ref().into(),
        credential: None,
        standing: Standing::of(state, organization)?,
        across,
        session: None,
        everywhere,
        in_project,
        grants,
        takes_keys,
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
