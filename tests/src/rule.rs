//! The rule of who may do what, computed from `roles.yaml` and the documents' permissions alone: the mock's own
//! tables have no part in it.

use rafay_spec::model::find_kind;
use rafay_spec::{Kind, Of, Operation, Permission, Role, Scope, Verb};

use crate::spec;

/// Whose object a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The caller's own account and key, and the project its role is bound in; for a role of namespaces, a namespace it
    /// is bound to.
    Own,
    /// The same but for the namespace, which is none of those that the role is bound to.
    Elsewhere,
    /// Another account, another's key, another project.
    Other,
}

impl Target {
    /// Those between which every role tells.
    pub const ALL: [Target; 2] = [Target::Own, Target::Other];

    /// Those between which a role tells.
    pub fn of(role: &Role) -> &'static [Target] {
        match role.scope {
            Scope::Namespace => &[Target::Own, Target::Elsewhere, Target::Other],
            _ => &Self::ALL,
        }
    }
}

/// The operations whose handler looks at the caller itself: the permission that stands in for owning the object.
const OWN_OR: [(&str, &str); 1] = [("apikeys_delete", "apikey.write")];

/// Whether a role, bound in a project if it is a role of projects and to namespaces of it if it is one of these, may call an operation on a target; the reason is
/// the missing permission.
pub fn may(role: &Role, operation: &Operation, target: Target) -> Result<(), &'static str> {
    let in_partner = role.scope == Scope::Partner;
    let in_organization = in_partner || role.scope == Scope::Organization;
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
            scope,
            of,
            self_parameter,
        } => {
            let own = self_parameter.is_some() && target != Target::Other;
            let held = has(role, name);
            let reaches = match of {
                Of::Whole if *scope == Scope::Partner => in_partner,
                Of::Whole => in_organization,
                _ if role.scope == Scope::Namespace => reaches_namespaces(operation, target),
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

/// The kind that an operation is about.
fn kind_of(operation: &Operation) -> Option<&'static Kind> {
    find_kind(&spec().documents, "", operation.behavior.kind()?)
}

/// Whether an operation is about objects that lie in namespaces.
pub fn is_in_namespaces(operation: &Operation) -> bool {
    kind_of(operation).is_some_and(|kind| kind.namespace_at().is_some())
}

/// Whether a role of namespaces counts for an operation on a target: on what lies in its namespaces, and to see the
/// project around them.
fn reaches_namespaces(operation: &Operation, target: Target) -> bool {
    let verb = operation.behavior.verb();
    if is_in_namespaces(operation) {
        // A list of them is the same wherever one stands: it shows one's own.
        return target == Target::Own || target == Target::Elsewhere && verb == Some(Verb::List);
    }
    let is_container = kind_of(operation)
        .is_some_and(|kind| kind.container.as_deref() == Some(Scope::Project.as_str()));
    is_container
        && match verb {
            Some(Verb::List) => true,
            Some(Verb::Get | Verb::Status) => target != Target::Other,
            _ => false,
        }
}

/// Whether a role that may not call an operation on a target is told that there is no such object: one that lies in
/// another namespace, which the role would let it see or change in its own.
pub fn is_hidden(role: &Role, operation: &Operation, target: Target) -> bool {
    let verb = operation.behavior.verb();
    target == Target::Elsewhere
        && is_in_namespaces(operation)
        && !matches!(verb, Some(Verb::List | Verb::Apply | Verb::Create))
        && may(role, operation, Target::Own).is_ok()
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
