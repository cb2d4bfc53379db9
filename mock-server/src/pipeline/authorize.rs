//! Step three: may the caller do this here. The document names the permission and where it must hold; one bit in
//! the caller's set answers. Where the caller has it in single namespaces alone, the object decides, in the next steps.

use std::ptr;

use crate::generated::kinds::CONTAINER;
use crate::generated::roles::{Permission, Role};
use crate::identity::Caller;
use crate::pipeline::route::Routed;
use crate::refusal::{Reason, Refusal};
use crate::store::{Key, State};
use crate::table::{Access, Behavior, Operation, Reach, Verb};

/// The name of the project that the operation works in, empty for one of the organization. A project that is not there
/// keeps the name the path has for it.
pub(crate) fn project(state: &State, routed: &Routed<'_>, caller: &Caller) -> Box<str> {
    match routed.operation.access {
        Access::Needs {
            reach: Reach::Project { parameter, by_id },
            ..
        } => {
            let value = routed.parameters.get(parameter);
            let name = by_id.then(|| name_of(state, caller, value)).flatten();
            name.unwrap_or_else(|| value.into())
        }
        _ => "".into(),
    }
}

/// Lets the caller pass who may do the operation in that project. The permission comes back where it is held in
/// namespaces of the project alone, so that each object is asked in which of them it lies.
pub(crate) fn authorize(
    routed: &Routed<'_>,
    caller: &Caller,
    project: &str,
) -> Result<Option<Permission>, Refusal> {
    let Access::Needs {
        permission,
        reach,
        own,
    } = routed.operation.access
    else {
        return Ok(None);
    };
    let wide = match reach {
        Reach::Partner => caller.may_across(permission),
        _ => caller.may_everywhere(permission),
    };
    if wide || own.is_some_and(|own| routed.parameters.get(own) == caller.user_id()) {
        return Ok(None);
    }
    let operation = routed.operation;
    let place = match reach {
        Reach::Partner => "the partner".to_owned(),
        Reach::Organization => "the organization".to_owned(),
        Reach::AnyProject if caller.projects_with(permission).next().is_some() => {
            return Ok(None);
        }
        Reach::AnyProject
            if shows_projects(operation) && !caller.projects_around(permission).is_empty() =>
        {
            return Ok(None);
        }
        Reach::AnyProject => "any project".to_owned(),
        Reach::Project { parameter, .. } => {
            if caller.may_in(project, permission) {
                return Ok(None);
            }
            let mut namespaces = caller.namespaces_with(project, permission);
            if namespaces.next().is_some() {
                if shows_projects(operation) {
                    return Ok(None);
                }
                if lies_in_namespaces(operation) {
                    return Ok(Some(permission));
                }
            }
            format!("the project {}", routed.parameters.get(parameter))
        }
    };
    let wide_enough = |role: &Role| role.is_of_partner() == matches!(reach, Reach::Partner);
    Err(lacking(permission, &place, wide_enough))
}

/// Whether an operation shows projects, as which a role in one of its namespaces will do: who works in a namespace has
/// to see what it is in.
pub(super) fn shows_projects(operation: &Operation) -> bool {
    matches!(
        operation.behavior,
        Behavior::Verb(Verb::List | Verb::Get | Verb::Status, kind) if ptr::eq(kind, CONTAINER)
    )
}

/// Whether an operation is about objects each of which lies in a namespace.
fn lies_in_namespaces(operation: &Operation) -> bool {
    match operation.behavior {
        Behavior::Verb(_, kind) | Behavior::Act(kind, _) | Behavior::Render(kind, _) => {
            kind.namespace_at.is_some()
        }
        // Code of its own would have to ask each object itself.
        Behavior::Handler(_) => false,
    }
}

/// The name of the project that has an id.
fn name_of(state: &State, caller: &Caller, id: &str) -> Option<Box<str>> {
    let key = state.alias(&Key::id(&caller.organization().id, CONTAINER.name, id))?;
    Some(state.object(key)?.name.clone())
}

/// The refusal that says which permission is missing where, and which roles have it.
pub(crate) fn forbidden(permission: Permission, place: &str) -> Refusal {
    lacking(permission, place, |role| !role.is_of_partner())
}

/// The same over what stands at a place of the body.
pub(crate) fn refused_at(
    pointer: String,
    said: &str,
    permission: Permission,
    place: &str,
) -> Refusal {
    let takes = takes(permission, place, |role| !role.is_of_partner());
    Refusal::at(Reason::Forbidden, pointer, format!("{said}; {takes}"))
}

fn lacking(permission: Permission, place: &str, reaches: impl Fn(&Role) -> bool) -> Refusal {
    Refusal::new(Reason::Forbidden, takes(permission, place, reaches))
}

fn takes(permission: Permission, place: &str, reaches: impl Fn(&Role) -> bool) -> String {
    let roles: Vec<_> = Role::ALL
        .iter()
        .filter(|role| role.permissions().has(permission) && reaches(role))
        .map(|role| role.as_str())
        .collect();
    format!(
        "this takes the permission {} in {place}; ask for one of the roles {}",
        permission.as_str(),
        roles.join(", ")
    )
}
