//! What a controller starts with: a partner with one organization, and an account with a key for every built-in role.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;

use crate::controller::{Controller, Options};
use crate::engine;
use crate::generated::kinds::{ACCOUNT, TENANT};
use crate::generated::roles::Role;
use crate::identity::{Credential, Organization};
use crate::keys;
use crate::secret::{ApiKey, short_id};
use crate::store::Key;

/// Name of the namespace that Kubernetes has on every cluster.
const DEFAULT_NAMESPACE: &str = "default";

/// The identities a controller started with.
#[derive(Debug)]
pub(crate) struct Seeded {
    organization: Arc<Organization>,
    /// By role; none for a key that is not known any more.
    keys: Mutex<Vec<Option<ApiKey>>>,
}

impl Seeded {
    /// The identities of a controller that is about to be filled: a partner alone.
    pub(crate) fn partner(options: &Options) -> Self {
        Self::again(Arc::new(Organization {
            id: short_id().into(),
            name: options.partner.as_str().into(),
            partner: None,
        }))
    }

    /// Those of an organization that is there, whose keys are not known.
    pub(crate) fn again(organization: Arc<Organization>) -> Self {
        Self {
            organization,
            keys: Mutex::new(Role::ALL.iter().map(|_| None).collect()),
        }
    }

    /// The key of a role, made anew where it is not known.
    pub(crate) fn key(&self, role: Role, make: impl FnOnce() -> ApiKey) -> ApiKey {
        self.lock()[role as usize].get_or_insert_with(make).clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<ApiKey>>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn organization(&self) -> Arc<Organization> {
        self.organization.clone()
    }
}

/// Fills a controller that has nothing but the name of its partner.
pub(crate) fn seed(controller: &Controller, options: &Options) -> Seeded {
    let partner = controller.organization();
    let now = controller.clock().now();
    let state = controller.store().keep();
    // Nobody else writes while a controller is made, and what the documents say is there from the start is sound.
    if let Ok(transaction) = engine::foundation(&state, &partner, &"the controller".into(), now) {
        let _ = controller.commit(transaction);
    }
    let object = engine::initial_organization(&partner, &options.organization, now);
    let id = engine::seed(controller, TENANT, &partner, object);
    let organization = engine::organization(&id, &options.organization, &partner);
    let keys = Role::ALL
        .iter()
        .map(|role| Some(account(controller, home_of(*role, &organization), *role)))
        .collect();
    Seeded {
        organization,
        keys: Mutex::new(keys),
    }
}

/// Where the account of a role is: in the organization, or in its partner.
fn home_of(role: Role, organization: &Arc<Organization>) -> &Arc<Organization> {
    if role.is_of_partner() {
        organization.home()
    } else {
        organization
    }
}

/// Login name of the account that is there for a role.
fn username(role: Role) -> String {
    let name = role.as_str().to_lowercase().replace('_', "-");
    format!("{name}@example.com")
}

/// An account named after its role, and a key without an end.
fn account(controller: &Controller, organization: &Arc<Organization>, role: Role) -> ApiKey {
    let mut binding = json!({"role": {"name": role.as_str()}});
    if !role.is_of_organization() && !role.is_of_partner() {
        binding["project"] = json!({"name": engine::default_project()});
    }
    if role.is_of_namespace() {
        binding["namespaces"] = json!([DEFAULT_NAMESPACE]);
    }
    let user = json!({
        "metadata": {"name": username(role)},
        "spec": {"userType": "CONSOLE", "roles": [binding]},
    });
    let user_id = engine::seed(controller, ACCOUNT, organization, user);
    let key = ready_made(controller, organization, &user_id, &username(role));
    // Nobody else writes while a controller is made.
    key.unwrap_or_else(ApiKey::generate)
}

/// Another key for the account of a role; none where the account is gone or the key cannot be kept.
pub(crate) fn another_key(controller: &Controller, role: Role) -> Option<ApiKey> {
    let organization = controller.organization();
    let home = home_of(role, &organization);
    let username = username(role);
    let account = Key::object(&home.id, ACCOUNT.name, "", &username);
    let user_id = controller.store().snapshot().object(&account)?.id.clone();
    ready_made(controller, home, &user_id, &username)
}

fn ready_made(
    controller: &Controller,
    organization: &Arc<Organization>,
    user_id: &str,
    username: &str,
) -> Option<ApiKey> {
    let key = ApiKey::generate();
    let credential = Credential {
        id: short_id().into(),
        access_id: key.id().into(),
        hash: key.hash(),
        token: key.token_hash(),
        name: "ready-made".into(),
        organization: organization.clone(),
        user_id: user_id.into(),
        username: username.into(),
        created_by: "the controller".into(),
        created_at: controller.clock().now(),
        expires_at: None,
    };
    let transaction = keys::store(&controller.store().keep(), credential);
    controller.commit(transaction).ok().map(|_| key)
}
