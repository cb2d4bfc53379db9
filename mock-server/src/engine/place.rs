//! Where the object stands that a request means.

use std::ptr;
use std::sync::Arc;

use super::namespace;
use crate::generated::kinds::{CONTAINER, OPERATOR, TENANT};
use crate::identity::Organization;
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::store::{Key, Object, State};
use crate::table::{Kind, Means, Parameter, Place};
use crate::value;

/// The project an operation on a kind works in; empty for kinds of the organization.
pub(super) fn project_of<'c>(call: &'c Call<'_>, kind: &Kind) -> &'c str {
    if kind.in_project { &call.project } else { "" }
}

/// The name of the one object that a caller may know of among those of the partner: its own organization, or the partner
/// of that. None where it may know of all.
pub(super) fn only_own<'c>(call: &'c Call<'_>, kind: &'static Kind) -> Option<&'c str> {
    if !kind.of_partner || call.caller.is_of_partner() {
        return None;
    }
    let organization = call.caller.organization();
    Some(if ptr::eq(kind, TENANT) {
        &organization.name
    } else if ptr::eq(kind, OPERATOR) {
        &organization.home().name
    } else {
        ""
    })
}

/// The organization in whose name objects of a kind are stored for a call.
pub(super) fn tenant<'c>(call: &'c Call<'_>, kind: &Kind) -> &'c Arc<Organization> {
    call.caller.organization().tenant_of(kind)
}

/// The path parameter that names the object: the last one.
fn last_parameter(call: &Call<'_>) -> Option<&'static Parameter> {
    let parameters = call.operation.parameters;
    parameters
        .iter()
        .rfind(|parameter| parameter.place == Place::Path)
}

/// The path parameters that tie the object to a parent: the place and the value that must stand there.
pub(super) fn parents<'c>(
    call: &'c Call<'_>,
) -> impl Iterator<Item = (crate::schema::Path, &'c str)> + Clone {
    call.operation
        .parameters
        .iter()
        .filter_map(|parameter| match parameter.means {
            Means::Place(place) => Some((place, call.parameters.get(parameter.name))),
            _ => None,
        })
}

/// The key of the object that the path names.
pub(super) fn key_in_path(call: &Call<'_>, kind: &Kind, project: &str) -> Option<Key> {
    let organization = &tenant(call, kind).id;
    let parameter = last_parameter(call)?;
    let value = call.parameters.get(parameter.name);
    let by_id = || {
        let key = call.state.alias(&Key::id(organization, kind.name, value))?;
        // An id means an object of any project; the path says which one it must be in.
        let inside = Key::objects(organization, kind.name, project);
        key.starts_with(&inside).then(|| key.clone())
    };
    let named = Key::object(organization, kind.name, project, value);
    match parameter.means {
        Means::Id => by_id(),
        Means::NameOrId if call.state.object(&named).is_none() => by_id().or(Some(named)),
        _ => Some(named),
    }
}

/// The object that the path names, with its key.
pub(super) fn object_in_path(
    call: &Call<'_>,
    kind: &'static Kind,
) -> Result<(Key, Arc<Object>), Refusal> {
    let project = project_of(call, kind);
    let found = key_in_path(call, kind, project)
        .and_then(|key| call.state.object(&key).cloned().map(|object| (key, object)))
        .filter(|(_, object)| only_own(call, kind).is_none_or(|own| *object.name == *own));
    let Some((key, object)) = found else {
        return Err(missing(call, kind, project));
    };
    let mut parents = parents(call).peekable();
    if parents.peek().is_some() {
        let body = object.value()?;
        if parents.any(|(place, wanted)| value::text(&body, place) != Some(wanted)) {
            return Err(missing(call, kind, project));
        }
    }
    namespace::check_stored(call, kind, &object)?;
    Ok((key, object))
}

/// The refusal for an object that is not there, or whose project is not.
pub(super) fn missing(call: &Call<'_>, kind: &Kind, project: &str) -> Refusal {
    if kind.in_project && !project_exists(call.state, &call.caller.organization().id, project) {
        return no_project(project);
    }
    let value = last_parameter(call).map_or("", |parameter| call.parameters.get(parameter.name));
    let place = if kind.in_project {
        format!(" in project {project:?}")
    } else {
        String::new()
    };
    not_found(kind, value, &place)
}

/// The refusal for a name or id that nothing has. v1 clients look for 'not found' or 'does not exist' in it.
pub(crate) fn not_found(kind: &Kind, value: &str, place: &str) -> Refusal {
    Refusal::new(
        Reason::NotFound,
        format!(
            "{} {value:?} not found: it does not exist{place}",
            kind.name
        ),
    )
}

pub(super) fn no_project(project: &str) -> Refusal {
    not_found(CONTAINER, project, "; create it first")
}

pub(super) fn project_exists(state: &State, organization: &str, project: &str) -> bool {
    state
        .object(&Key::object(organization, CONTAINER.name, "", project))
        .is_some()
}
