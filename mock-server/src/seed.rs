//! What a controller starts with: its organization, the default project, and an account with a key for every
//! built-in role.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::controller::Controller;
use crate::engine::{self, Words};
use crate::generated::kinds::{ACCOUNT, CONTAINER, KINDS};
use crate::generated::roles::{Permission, Role};
use crate::handlers::store_key;
use crate::identity::{Credential, Organization};
use crate::secret::{ApiKey, SecretHash, short_id};
use crate::table::{Initial, InitialOf, Kind};

/// Name of the project every organization begins with, as on the real controller.
const DEFAULT_PROJECT: &str = "defaultproject";

/// The identities a controller started with.
#[derive(Debug)]
pub(crate) struct Seeded {
    organization: Arc<Organization>,
    keys: Vec<ApiKey>,
}

impl Seeded {
    /// The identities of an organization that is about to be filled.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            organization: Arc::new(Organization {
                id: short_id().into(),
                name: name.into(),
            }),
            keys: Vec::new(),
        }
    }

    /// The same with the keys of its accounts.
    pub(crate) fn with(self, keys: Vec<ApiKey>) -> Self {
        Self { keys, ..self }
    }

    pub(crate) fn key(&self, role: Role) -> &ApiKey {
        &self.keys[role as usize]
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

/// An account named after its role, and a key without an end.
fn account(controller: &Controller, organization: &Arc<Organization>, role: Role) -> ApiKey {
    let username = format!(
        "{}@example.com",
        role.as_str().to_lowercase().replace('_', "-")
    );
    let mut binding = json!({"role": {"name": role.as_str()}});
    if !role.is_of_organization() {
        binding["project"] = json!({"name": DEFAULT_PROJECT});
    }
    let user = json!({
        "metadata": {"name": username},
        "spec": {"userType": "CONSOLE", "roles": [binding]},
    });
    let user_id = engine::seed(controller, ACCOUNT, organization, user, None);
    let key = ApiKey::generate();
    let credential = Credential {
        id: short_id().into(),
        access_id: key.id().into(),
        hash: SecretHash::of(key.secret()),
        name: "ready-made".into(),
        organization: organization.clone(),
        user_id: user_id.as_ref().into(),
        username: username.as_str().into(),
        created_by: "the controller".into(),
        created_at: controller.clock().now(),
        expires_at: None,
    };
    let transaction = store_key(&controller.store().keep(), credential);
    // Nobody else writes while a controller is made.
    let _ = controller.commit(transaction);
    key
}
