//! Who may call an operation.

use crate::generated::roles::Permission;

/// Who may call an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Access {
    /// Anybody, with a key or without; the handler looks at what it was sent.
    Public,
    /// Any caller with a good key; the handler looks at who it is.
    Caller,
    /// Callers with the permission.
    Needs {
        /// The permission asked for.
        permission: Permission,
        /// Where it must hold.
        reach: Reach,
        /// Path parameter that, holding the caller's own user id, stands in for the permission.
        own: Option<&'static str>,
    },
}

impl Access {
    /// A permission in the whole organization.
    pub(crate) const fn organization(permission: Permission) -> Self {
        Self::of(permission, Reach::Organization)
    }

    /// A permission in the partner with all its organizations.
    pub(crate) const fn partner(permission: Permission) -> Self {
        Self::of(permission, Reach::Partner)
    }

    /// A permission in any project.
    pub(crate) const fn any_project(permission: Permission) -> Self {
        Self::of(permission, Reach::AnyProject)
    }

    /// A permission in the project whose name stands in a path parameter.
    pub(crate) const fn project(permission: Permission, parameter: &'static str) -> Self {
        let by_id = false;
        Self::of(permission, Reach::Project { parameter, by_id })
    }

    /// A permission in the project whose id stands in a path parameter.
    pub(crate) const fn project_id(permission: Permission, parameter: &'static str) -> Self {
        let by_id = true;
        Self::of(permission, Reach::Project { parameter, by_id })
    }

    const fn of(permission: Permission, reach: Reach) -> Self {
        let own = None;
        Self::Needs {
            permission,
            reach,
            own,
        }
    }

    /// The same, and a caller whose own user id stands in a path parameter needs no permission.
    pub(crate) const fn or_own(self, parameter: &'static str) -> Self {
        match self {
            Self::Needs {
                permission, reach, ..
            } => Self::Needs {
                permission,
                reach,
                own: Some(parameter),
            },
            other => other,
        }
    }
}

/// Where a permission must hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach {
    /// In the partner, with all its organizations.
    Partner,
    /// In the whole organization.
    Organization,
    /// In the project that the path parameter names, or in the whole organization.
    Project {
        /// Name of the path parameter.
        parameter: &'static str,
        /// Whether the parameter holds the project's id and not its name.
        by_id: bool,
    },
    /// In any project; the answer holds only what the caller may see.
    AnyProject,
}
