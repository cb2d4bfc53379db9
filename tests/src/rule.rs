//! The rule of who may do what, computed from `roles.yaml` and the documents' permissions alone: the mock's own
//! tables have no part in it.

use rafay_spec::{Of, Operation, Permission, Role, Scope};

use crate::spec;

/// Whose object a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The caller's own account and key, and the project its role is bound in.
    Own,
    /// Another account, another's key, another project.
    Other,
}

impl Target {
    /// Both.
    pub const ALL: [Target; 2] = [Target::Own, Target::Other];
}

/// The operations whose handler looks at the caller itself: the permission that stands in for owning the object.
const OWN_OR: [(&str, &str); 1] = [("apikeys_delete", "apikey.write")];

/// Whether a role, bound in a project if it is a role of projects, may call an operation on a target; the reason is
/// the missing permission.
pub fn may(role: &Role, operation: &Operation, target: Target) -> Result<(), &'static str> {
    let in_organization = role.scope == Scope::Organization;
    match &operation.permission {
        Permission::Public => Ok(()),
        Permission::SelfOnly => match OWN_OR.iter().find(|(id, _)| *id == operation.id) {
            Some((_, permission)) if target == Target::Other => {
                if in_organization && has(role, permission) {
                    Ok(())
                } else {
                    Err(permission)
                }
            }
            _ => Ok(()),
        },
        Permission::Named {
            name,
            of,
            self_parameter,
            ..
        } => {
            let own = self_parameter.is_some() && target == Target::Own;
            let held = has(role, name);
            let reaches = match of {
                Of::Whole => in_organization,
                Of::Any => true,
                Of::Parameter(_) => in_organization || target == Target::Own,
            };
            if own || held && reaches {
                Ok(())
            } else {
                Err(known(name))
            }
        }
    }
}

/// The status with which an operation answers the example of its document to a caller who may call it: that of its
/// success, unless anybody may call it and it asks for a proof that the example does not carry.
pub fn answered(operation: &Operation) -> u16 {
    let mut responses = operation.responses.iter();
    if operation.permission == Permission::Public && responses.any(|one| one.status == "401") {
        return 401;
    }
    let mut responses = operation.responses.iter();
    let success = responses.find(|response| response.is_success());
    let success = success.unwrap_or_else(|| panic!("{} cannot succeed", operation.id));
    let status = success.status.parse();
    status.unwrap_or_else(|_| panic!("{} has no status: {}", operation.id, success.status))
}

fn has(role: &Role, permission: &str) -> bool {
    role.permissions.iter().any(|held| held == permission)
}

/// A permission as `roles.yaml` spells it.
fn known(name: &str) -> &'static str {
    let permission = spec()
        .roles
        .permissions
        .iter()
        .find(|permission| permission.name == name);
    &permission
        .unwrap_or_else(|| panic!("roles.yaml does not know {name}"))
        .name
}
