//! Step three: may the caller do this here. The document names the permission and where it must hold; one bit in
//! the caller's set answers.

use crate::generated::kinds::CONTAINER;
use crate::generated::roles::{Permission, Role};
use crate::identity::Caller;
use crate::pipeline::route::Routed;
use crate::refusal::{Reason, Refusal};
use crate::store::{Key, State};
use crate::table::{Access, Reach};

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

/// Lets the caller pass who may do the operation in that project.
pub(crate) fn authorize(
    routed: &Routed<'_>,
    caller: &Caller,
    project: &str,
) -> Result<(), Refusal> {
    let Access::Needs {
        permission,
        reach,
        own,
    } = routed.operation.access
    else {
        return Ok(());
    };
    let wide = match reach {
        Reach::Partner => caller.may_across(permission),
        _ => caller.may_everywhere(permission),
    };
    if wide || own.is_some_and(|own| routed.parameters.get(own) == caller.user_id()) {
        return Ok(());
    }
    let place = match reach {
        Reach::Partner => "the partner".to_owned(),
        Reach::Organization => "the organization".to_owned(),
        Reach::AnyProject if caller.projects_with(permission).next().is_some() => {
            return Ok(());
        }
        Reach::AnyProject => "any project".to_owned(),
        Reach::Project { parameter, .. } => {
            if caller.may_in(project, permission) {
                return Ok(());
            }
            format!("the project {}", routed.parameters.get(parameter))
        }
    };
    let wide_enough = |role: &Role| role.is_of_partner() == matches!(reach, Reach::Partner);
    Err(lacking(permission, &place, wide_enough))
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

fn lacking(permission: Permission, place: &str, reaches: impl Fn(&Role) -> bool) -> Refusal {
    let roles: Vec<_> = Role::ALL
        .iter()
        .filter(|role| role.permissions().has(permission) && reaches(role))
        .map(|role| role.as_str())
        .collect();
    Refusal::new(
        Reason::Forbidden,
        format!(
            "this takes the permission {} in {place}; ask for one of the roles {}",
            permission.as_str(),
            roles.join(", ")
        ),
    )
}
