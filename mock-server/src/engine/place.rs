//! Where the object stands that a request means.

use std::ptr;
use std::sync::Arc;

use serde_json::Value;

use super::namespace;
use crate::generated::kinds::{CONTAINER, OPERATOR, TENANT};
use crate::identity::Organization;
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::schema::Path;
use crate::store::{Key, Object, State, Stored};
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

/// The path parameters that tie the object to a parent: the place and the value that must stand there. One that is the
/// id of nothing ties to nothing; [`check_parents`] refuses it.
pub(super) fn parents<'c>(call: &'c Call<'_>) -> impl Iterator<Item = (Path, &'c str)> + Clone {
    let parameters = call.operation.parameters.iter();
    parameters.filter_map(|parameter| match parameter.means {
        Means::Place(place) => Some((place, call.parameters.get(parameter.name))),
        Means::IdOf(kind, Some(place)) => {
            let id = call.parameters.get(parameter.name);
            let (_, object) = by_id(call, kind, &call.project, id)?;
            Some((place, &*object.name))
        }
        _ => None,
    })
}

/// Refuses a path that has the id of an object which is not there.
pub(super) fn check_parents(call: &Call<'_>) -> Result<(), Refusal> {
    for parameter in call.operation.parameters {
        if let Means::IdOf(kind, Some(_)) = parameter.means {
            let id = call.parameters.get(parameter.name);
            if by_id(call, kind, &call.project, id).is_none() {
                if !project_exists(call.state, &call.caller.organization().id, &call.project) {
                    return Err(no_project(&call.project));
                }
                return Err(nothing_has(kind, id, ""));
            }
        }
    }
    Ok(())
}

/// The object of a kind that a path parameter is the id of, for a handler that works below it.
pub(crate) fn object_of_id<'c>(
    call: &'c Call<'_>,
    kind: &'static Kind,
    parameter: &str,
) -> Result<(&'c Key, &'c Arc<Object>), Refusal> {
    let project = project_of(call, kind);
    let id = call.parameters.get(parameter);
    by_id(call, kind.name, project, id).ok_or_else(|| not_found(kind, id, ""))
}

/// The object of a kind that has an id in a project of the caller's organization.
fn by_id<'c>(
    call: &'c Call<'_>,
    kind: &str,
    project: &str,
    id: &str,
) -> Option<(&'c Key, &'c Arc<Object>)> {
    let organization = &call.caller.organization().id;
    let key = call.state.alias(&Key::id(organization, kind, id))?;
    // An id means an object of any project; the path says which one it must be in.
    let inside = Key::objects(organization, kind, project);
    let found = call.state.object(key).map(|object| (key, object));
    found.filter(|(key, _)| key.starts_with(&inside))
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
        // Nothing in the path is its name: it is the one that has all there is of it in the path.
        Means::Place(_) => {
            let places: Vec<_> = parents(call).collect();
            find(call, kind, &places).map(|(key, _)| key)
        }
        _ => Some(named),
    }
}

/// The first object of a kind, in the project of the call, that has these texts at these places.
pub(crate) fn find(
    call: &Call<'_>,
    kind: &Kind,
    places: &[(Path, &str)],
) -> Option<(Key, Arc<Object>)> {
    let organization = &tenant(call, kind).id;
    let objects = Key::objects(organization, kind.name, project_of(call, kind));
    let fits = |body: &Value| {
        let mut places = places.iter();
        places.all(|(place, wanted)| value::text(body, place) == Some(*wanted))
    };
    let mut found = call.state.under(&objects).filter_map(|entry| match entry {
        (key, Stored::Object(object)) => Some((key, object)),
        _ => None,
    });
    let found = found.find(|(_, object)| object.value().is_ok_and(|body| fits(&body)));
    found.map(|(key, object)| (key.clone(), object.clone()))
}

/// The object that the path names, with its key.
pub(super) fn object_in_path(
    call: &Call<'_>,
    kind: &'static Kind,
) -> Result<(Key, Arc<Object>), Refusal> {
    let project = project_of(call, kind);
    check_parents(call)?;
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
    nothing_has(kind.name, value, place)
}

fn nothing_has(kind: &str, value: &str, place: &str) -> Refusal {
    Refusal::new(
        Reason::NotFound,
        format!("{kind} {value:?} not found: it does not exist{place}"),
    )
}

/// What some clients send for a project where they mean any.
const ANY_PROJECT: &str = "-";

pub(super) fn no_project(project: &str) -> Refusal {
    if project == ANY_PROJECT {
        return Refusal::new(
            Reason::NotFound,
            "the project \"-\", which stands for any, is not found: there is nothing here that belongs to all projects; \
             send the project that has the object",
        );
    }
    not_found(CONTAINER, project, "; create it first")
}

pub(super) fn project_exists(state: &State, organization: &str, project: &str) -> bool {
    state
        .object(&Key::object(organization, CONTAINER.name, "", project))
        .is_some()
}
