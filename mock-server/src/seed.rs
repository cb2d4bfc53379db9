//! What a controller starts with: a partner with one organization, and an account with a key for every built-in role.

use std::sync::Arc;

use serde_json::json;

use crate::controller::{Controller, Options};
use crate::engine::{self, DEFAULT_PROJECT};
use crate::generated::kinds::{ACCOUNT, TENANT};
use crate::generated::roles::Role;
use crate::identity::{Credential, Organization};
use crate::keys;
use crate::secret::{ApiKey, short_id};

/// The identities a controller started with.
#[derive(Debug)]
pub(crate) struct Seeded {
    organization: Arc<Organization>,
    keys: Vec<ApiKey>,
}

impl Seeded {
    /// The identities of a controller that is about to be filled: a partner alone.
    pub(crate) fn partner(options: &Options) -> Self {
        Self {
            organization: Arc::new(Organization {
                id: short_id().into(),
                name: options.partner.as_str().into(),
                partner: None,
            }),
            keys: Vec::new(),
        }
    }

    pub(crate) fn key(&self, role: Role) -> &ApiKey {
        &self.keys[role as usize]
    }

    pub(crate) fn organization(&self) -> Arc<Organization> {
        self.organization.clone()
    }
}

/// Fills a controller that has nothing but the name of its partner.
pub(crate) fn seed(controller: &Controller, options: &Options) -> Seeded {
    let partner = controller.seeded().organization();
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
        .map(|role| {
            let home = if role.is_of_partner() {
                &partner
            } else {
                &organization
            };
            account(controller, home, *role)
        })
        .collect();
    Seeded { organization, keys }
}

/// An account named after its role, and a key without an end.
fn account(controller: &Controller, organization: &Arc<Organization>, role: Role) -> ApiKey {
    let username = format!(
        "{}@example.com",
        role.as_str().to_lowercase().replace('_', "-")
    );
    let mut binding = json!({"role": {"name": role.as_str()}});
    if !role.is_of_organization() && !role.is_of_partner() {
        binding["project"] = json!({"name": DEFAULT_PROJECT});
    }
    let user = json!({
        "metadata": {"name": username},
        "spec": {"userType": "CONSOLE", "roles": [binding]},
    });
    let user_id = engine::seed(controller, ACCOUNT, organization, user);
    let key = ApiKey::generate();
    let credential = Credential {
        id: short_id().into(),
        access_id: key.id().into(),
        hash: key.hash(),
        token: key.token_hash(),
        name: "ready-made".into(),
        organization: organization.clone(),
        user_id: user_id.as_ref().into(),
        username: username.as_str().into(),
        created_by: "the controller".into(),
        created_at: controller.clock().now(),
        expires_at: None,
    };
    let transaction = keys::store(&controller.store().keep(), credential);
    // Nobody else writes while a controller is made.
    let _ = controller.commit(transaction);
    key
}
