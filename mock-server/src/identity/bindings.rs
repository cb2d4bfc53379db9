//! What accounts, groups and roles say about who may do what, read from their stored form.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::rights::{Place, Rights};
use crate::generated::kinds::KINDS;
use crate::generated::roles::{Permission, Permissions, Role};
use crate::store::{Key, State};
use crate::table::Authority;

/// What is read of a stored account or group.
#[derive(Deserialize)]
pub(super) struct Holder {
    #[serde(default)]
    pub(super) spec: Held,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Held {
    #[serde(default)]
    roles: Vec<Binding>,
    /// Custom roles, which groups have in a list of their own.
    #[serde(default)]
    custom_roles: Vec<Binding>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    pub(super) console_only: bool,
}

#[derive(Deserialize)]
struct Binding {
    #[serde(alias = "customRole")]
    role: Named,
    #[serde(default)]
    project: Option<Named>,
    /// Namespaces of the project in which alone the role counts.
    #[serde(default)]
    namespaces: Vec<Box<str>>,
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
pub(super) struct Authorities<'s> {
    pub(super) state: &'s State,
    /// Id of the organization.
    pub(super) organization: &'s str,
    /// Whether it is a partner, where alone a partner's roles count.
    pub(super) is_partner: bool,
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

    /// What an account may do, by its own roles and those of its groups.
    pub(super) fn rights(&self, account: Held) -> Rights {
        let groups = account
            .groups
            .iter()
            .filter_map(|name| self.read::<Holder>(Authority::Group, name))
            .flat_map(|group| group.spec.roles.into_iter().chain(group.spec.custom_roles));
        let mut rights = Rights::default();
        for binding in account.roles.into_iter().chain(groups) {
            // A role that nobody knows allows nothing.
            let name = binding.role.name;
            if let Some(role) = self.role(&name)
                && let Some(place) = self.place(&role, binding.project, binding.namespaces)
            {
                rights.grant(&name, place, role.permissions);
            }
        }
        rights
    }

    /// Where a role counts that is bound in a project or in none; nowhere, if it is one of projects and none is said, or
    /// one of namespaces and none is named.
    fn place(
        &self,
        role: &Known,
        project: Option<Named>,
        namespaces: Vec<Box<str>>,
    ) -> Option<Place> {
        let is_named = !namespaces.is_empty();
        if role.builtin.is_some_and(Role::is_of_partner) {
            // A partner's role means something in the partner alone, and there everywhere.
            return (self.is_partner && !is_named).then_some(Place::Partner);
        }
        if is_named || role.of_namespaces {
            // Whatever the role, it counts nowhere else than where it was meant to.
            let project = project.filter(|_| is_named)?;
            return Some(Place::Namespaces(project.name.into(), namespaces));
        }
        match project {
            // A built-in role of the organization counts everywhere, wherever it is bound.
            Some(project) if !(role.wide && role.builtin.is_some()) => {
                Some(Place::Project(project.name.into()))
            }
            _ => role.wide.then_some(Place::Organization),
        }
    }

    fn role(&self, name: &str) -> Option<Known> {
        if let Some(role) = Role::from_name(name) {
            return Some(Known {
                permissions: role.permissions(),
                wide: role.is_of_organization(),
                of_namespaces: role.is_of_namespace(),
                builtin: Some(role),
            });
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
        Some(Known {
            permissions,
            wide: base.is_none_or(Role::is_of_organization),
            of_namespaces: base.is_some_and(Role::is_of_namespace),
            builtin: None,
        })
    }
}

/// A role that there is.
struct Known {
    permissions: Permissions,
    /// Whether it counts in the whole organization where no project is said.
    wide: bool,
    /// Whether it counts in the namespaces that its binding names, and nowhere without them.
    of_namespaces: bool,
    /// Which of the built-in ones it is, if any.
    builtin: Option<Role>,
}
