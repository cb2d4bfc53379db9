//! What the roles of an account allow, by the place in which they do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::generated::roles::{Permission, Permissions};

/// The rights of an account: the union of what its roles allow in each place.
#[derive(Debug, Clone)]
pub(super) struct Rights {
    /// In the partner with all its organizations.
    across: Permissions,
    everywhere: Permissions,
    in_project: BTreeMap<Box<str>, Permissions>,
    /// By project, and in it by namespace.
    in_namespace: BTreeMap<Box<str>, BTreeMap<Box<str>, Permissions>>,
    grants: Vec<Grant>,
}

/// What one role gives an account.
#[derive(Debug, Clone)]
struct Grant {
    role: Arc<str>,
    place: Place,
    permissions: Permissions,
}

/// Where a role counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In the partner with all its organizations.
    Partner,
    /// In the whole organization.
    Organization,
    /// In one project.
    Project(Box<str>),
    /// In these namespaces of a project alone.
    Namespaces(Box<str>, Vec<Box<str>>),
}

impl Default for Rights {
    fn default() -> Self {
        Self {
            across: Permissions::NONE,
            everywhere: Permissions::NONE,
            in_project: BTreeMap::new(),
            in_namespace: BTreeMap::new(),
            grants: Vec::new(),
        }
    }
}

impl Rights {
    /// Adds what a role allows in a place.
    pub(super) fn grant(&mut self, role: &str, place: Place, permissions: Permissions) {
        match &place {
            Place::Partner => {
                self.across = self.across.with(permissions);
                self.everywhere = self.everywhere.with(permissions);
            }
            Place::Organization => self.everywhere = self.everywhere.with(permissions),
            Place::Project(project) => add(&mut self.in_project, project, permissions),
            Place::Namespaces(project, names) => {
                let there = self.in_namespace.entry(project.clone()).or_default();
                for name in names {
                    add(there, name, permissions);
                }
            }
        }
        self.grants.push(Grant {
            role: role.into(),
            place,
            permissions,
        });
    }

    /// Those of them that count in all organizations of the partner.
    pub(super) fn of_partner(&self) -> Self {
        let grants = self.grants.iter();
        Self {
            across: self.across,
            everywhere: self.across,
            grants: grants
                .filter(|grant| grant.place == Place::Partner)
                .cloned()
                .collect(),
            ..Self::default()
        }
    }

    pub(super) fn are_of_partner(&self) -> bool {
        self.across != Permissions::NONE
    }

    pub(super) fn across(&self, permission: Permission) -> bool {
        self.across.has(permission)
    }

    pub(super) fn everywhere(&self, permission: Permission) -> bool {
        self.everywhere.has(permission)
    }

    pub(super) fn in_project(&self, project: &str, permission: Permission) -> bool {
        self.everywhere(permission)
            || self
                .in_project
                .get(project)
                .is_some_and(|permissions| permissions.has(permission))
    }

    pub(super) fn role_with(&self, permission: Permission, project: &str) -> Option<&Arc<str>> {
        let is_here = |grant: &&Grant| match &grant.place {
            Place::Partner | Place::Organization => true,
            Place::Project(there) => project.is_empty() || **there == *project,
            Place::Namespaces(..) => false,
        };
        self.role(permission, is_here)
    }

    /// The first role that has a permission in a namespace of a project; in any, where none is named.
    pub(super) fn role_in(
        &self,
        permission: Permission,
        project: &str,
        namespace: &str,
    ) -> Option<&Arc<str>> {
        self.role(permission, |grant| match &grant.place {
            Place::Namespaces(there, names) => {
                (project.is_empty() || **there == *project)
                    && (namespace.is_empty() || names.iter().any(|name| **name == *namespace))
            }
            _ => false,
        })
    }

    fn role(&self, permission: Permission, is_here: impl Fn(&&Grant) -> bool) -> Option<&Arc<str>> {
        let mut here = self.grants.iter().filter(is_here);
        here.find(|grant| grant.permissions.has(permission))
            .map(|grant| &grant.role)
    }

    pub(super) fn in_namespace(
        &self,
        project: &str,
        namespace: &str,
        permission: Permission,
    ) -> bool {
        let there = self.in_namespace.get(project);
        there
            .and_then(|there| there.get(namespace))
            .is_some_and(|permissions| permissions.has(permission))
    }

    pub(super) fn namespaces_with(
        &self,
        project: &str,
        permission: Permission,
    ) -> impl Iterator<Item = &str> {
        let there = self.in_namespace.get(project).into_iter().flatten();
        names_with(there, permission)
    }

    /// The projects in which it has a permission, be it in single namespaces, by name.
    pub(super) fn projects_around(&self, permission: Permission) -> BTreeSet<&str> {
        let holders = self.in_namespace.iter().filter(|(_, there)| {
            let mut held = there.values();
            held.any(|permissions| permissions.has(permission))
        });
        self.projects_with(permission)
            .chain(holders.map(|(project, _)| &**project))
            .collect()
    }

    pub(super) fn projects_with(&self, permission: Permission) -> impl Iterator<Item = &str> {
        names_with(self.in_project.iter(), permission)
    }
}

/// The names of the places in which a permission is held.
fn names_with<'r>(
    held: impl Iterator<Item = (&'r Box<str>, &'r Permissions)>,
    permission: Permission,
) -> impl Iterator<Item = &'r str> {
    held.filter(move |(_, permissions)| permissions.has(permission))
        .map(|(name, _)| &**name)
}

fn add(held: &mut BTreeMap<Box<str>, Permissions>, place: &str, permissions: Permissions) {
    let there = held.entry(place.into()).or_insert(Permissions::NONE);
    *there = there.with(permissions);
}
