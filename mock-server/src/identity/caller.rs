//! A caller: an account at work, with the key or the session it came with.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::rights::Rights;
use super::{Credential, Organization, Standing};
use crate::audit::Actor;
use crate::generated::roles::Permission;
use crate::keys::LastUse;
use crate::session::Session;

/// A caller whose key is good, or anybody at an operation that takes no key.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The key it came with; none with a session, and at an operation that takes none.
    pub(crate) credential: Option<Arc<Credential>>,
    /// The console session it came with instead.
    pub(super) session: Option<Arc<Session>>,
    pub(super) organization: Arc<Organization>,
    pub(super) username: Arc<str>,
    pub(crate) standing: Standing,
    /// What its roles allow where.
    pub(super) rights: Rights,
    /// Whether its keys count; an account may be for the console alone.
    pub(super) takes_keys: bool,
    /// Where the uses of its key are noted.
    pub(super) last_use: Option<Arc<LastUse>>,
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
            rights: Rights::default(),
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
            rights: self.rights.of_partner(),
        }
    }

    /// Whether it is one of a partner's own, who sees all organizations.
    pub(crate) fn is_of_partner(&self) -> bool {
        self.rights.are_of_partner()
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

    /// Whether it has a permission in the partner with all its organizations.
    pub(crate) fn may_across(&self, permission: Permission) -> bool {
        self.rights.across(permission)
    }

    /// Whether it has a permission in the whole organization.
    pub(crate) fn may_everywhere(&self, permission: Permission) -> bool {
        self.rights.everywhere(permission)
    }

    /// Whether it has a permission in a whole project.
    pub(crate) fn may_in(&self, project: &str, permission: Permission) -> bool {
        self.rights.in_project(project, permission)
    }

    /// The first of its roles that has a permission in a whole project, or in any where none is named.
    pub(crate) fn role_with(&self, permission: Permission, project: &str) -> Option<&Arc<str>> {
        self.rights.role_with(permission, project)
    }

    /// The projects in which it has a permission by a binding of their own, by name.
    pub(crate) fn projects_with(&self, permission: Permission) -> impl Iterator<Item = &str> {
        self.rights.projects_with(permission)
    }

    /// Whether it has a permission in a namespace of a project by a binding that names it.
    pub(crate) fn may_in_namespace(
        &self,
        project: &str,
        namespace: &str,
        permission: Permission,
    ) -> bool {
        self.rights.in_namespace(project, namespace, permission)
    }

    /// The namespaces of a project in which it has a permission by a binding that names them, by name.
    pub(crate) fn namespaces_with(
        &self,
        project: &str,
        permission: Permission,
    ) -> impl Iterator<Item = &str> {
        self.rights.namespaces_with(project, permission)
    }

    /// The first of its roles that has a permission in a namespace; in any, where no project or no namespace is named.
    pub(crate) fn role_in(
        &self,
        permission: Permission,
        project: &str,
        namespace: &str,
    ) -> Option<&Arc<str>> {
        self.rights.role_in(permission, project, namespace)
    }

    /// The projects in which it has a permission by a binding of their own or of single namespaces, by name.
    pub(crate) fn projects_around(&self, permission: Permission) -> BTreeSet<&str> {
        self.rights.projects_around(permission)
    }
}
