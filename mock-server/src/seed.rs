//! What a controller starts with: its organization, the default project, and an account with a key for every
//! built-in role.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::controller::Controller;
use crate::engine::{self, Words};
use crate::generated::kinds::{ACCOUNT, CONTAINER, KINDS};
use crate::generated::roles::{Permission, Role};
use crate::handlers::store_key;
use crate::identity::{Credential, Organization};
use crate::secret::{ApiKey, SecretHash, short_id};
use crate::store::Key;
use crate::table::{Initial, InitialOf, Kind};

/// Name of the project every organization begins with, as on the real controller.
const DEFAULT_PROJECT: &str = "defaultproject";

/// The identities a controller started with.
#[derive(Debug)]
pub(crate) struct Seeded {
    organization: Arc<Organization>,
    /// By role; none for a key that is not known any more.
    keys: Mutex<Vec<Option<ApiKey>>>,
}

impl Seeded {
    /// The identities of an organization that is about to be filled.
    pub(crate) fn new(name: &str) -> Self {
        Self::again(Arc::new(Organization {
            id: short_id().into(),
            name: name.into(),
        }))
    }

    /// Those of an organization that is there, whose keys are not known.
    pub(crate) fn again(organization: Arc<Organization>) -> Self {
        Self {
            organization,
            keys: Mutex::new(Role::ALL.iter().map(|_| None).collect()),
        }
    }

    /// Says the keys of its accounts.
    pub(crate) fn set_keys(&self, keys: Vec<ApiKey>) {
        *self.lock() = keys.into_iter().map(Some).collect();
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

pub(crate) fn seed(controller: &Controller, organization: &Arc<Organization>) -> Vec<ApiKey> {
    let project = json!({
        "metadata": {"name": DEFAULT_PROJECT, "description": "The project every organization begins with."},
        "spec": {"default": true},
    });
    engine::seed(controller, CONTAINER, organization, project, None);
    for kind in KINDS {
        if let Some(initial) = &kind.initial {
            begin(controller, organization, kind, initial);
        }
    }
    Role::ALL
        .iter()
        .map(|role| account(controller, organization, *role))
        .collect()
}

/// Stores what a controller starts with of a kind.
fn begin(
    controller: &Controller,
    organization: &Arc<Organization>,
    kind: &'static Kind,
    initial: &Initial,
) {
    let each = |object: &Value, id: Option<&str>| {
        let words = Words {
            now: controller.clock().now(),
            id: "",
            caller: "the controller",
            object,
            body: &Value::Null,
            project: "",
            organization: &organization.name,
        };
        if let Some(object) = words.json(initial.body) {
            engine::seed(controller, kind, organization, object, id);
        }
    };
    match initial.of {
        None => each(&Value::Null, None),
        Some(InitialOf::Organization) => each(&Value::Null, Some(&organization.id)),
        Some(InitialOf::Roles) => Role::ALL.iter().for_each(|role| each(&told(*role), None)),
    }
}

/// What the words of a document may take from a built-in role.
fn told(role: Role) -> Value {
    let held = role.permissions();
    let permissions = Permission::ALL.iter().filter(|one| held.has(**one));
    let scope = if role.is_of_organization() {
        "ORGANIZATION"
    } else {
        "PROJECT"
    };
    json!({
        "name": role.as_str(), "description": role.description(), "scope": scope,
        "permissions": permissions.map(|one| one.as_str()).collect::<Vec<_>>(),
    })
}

/// Login name of the account that is there for a role.
fn username(role: Role) -> String {
    let name = role.as_str().to_lowercase().replace('_', "-");
    format!("{name}@example.com")
}

/// An account named after its role, and a key without an end.
fn account(controller: &Controller, organization: &Arc<Organization>, role: Role) -> ApiKey {
    let mut binding = json!({"role": {"name": role.as_str()}});
    if !role.is_of_organization() {
        binding["project"] = json!({"name": DEFAULT_PROJECT});
    }
    let user = json!({
        "metadata": {"name": username(role)},
        "spec": {"userType": "CONSOLE", "roles": [binding]},
    });
    let user_id = engine::seed(controller, ACCOUNT, organization, user, None);
    let key = ready_made(controller, organization, &user_id, &username(role));
    // Nobody else writes while a controller is made.
    key.unwrap_or_else(ApiKey::generate)
}

/// Another key for the account of a role; none where the account is gone or the key cannot be kept.
pub(crate) fn another_key(controller: &Controller, role: Role) -> Option<ApiKey> {
    let organization = controller.organization();
    let username = username(role);
    let account = Key::object(&organization.id, ACCOUNT.name, "", &username);
    let user_id = controller.store().snapshot().object(&account)?.id.clone();
    ready_made(controller, &organization, &user_id, &username)
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
        hash: SecretHash::of(key.secret()),
        name: "ready-made".into(),
        organization: organization.clone(),
        user_id: user_id.into(),
        username: username.into(),
        created_by: "the controller".into(),
        created_at: controller.clock().now(),
        expires_at: None,
    };
    let transaction = store_key(&controller.store().keep(), credential);
    controller.commit(transaction).ok().map(|_| key)
}
