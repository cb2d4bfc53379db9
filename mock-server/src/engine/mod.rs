//! The engine: the standard verbs on any kind, by the generated tables alone. Each reads one snapshot; each that
//! writes commits one transaction, its audit record included.

mod lifecycle;
mod read;
mod references;
mod remove;
mod view;
mod write;

pub(crate) use lifecycle::run_due;
pub(crate) use read::{get, list};
pub(crate) use remove::delete;
pub(crate) use write::{identity_problems, seed, write};

use std::sync::Arc;

use crate::generated::kinds::CONTAINER;
use crate::pipeline::{Call, Parameters};
use crate::refusal::{Reason, Refusal};
use crate::store::{Key, Object, State};
use crate::table::{Access, Kind, Operation, Place, Reach};

/// The project an operation on a kind works in; empty for kinds of the organization.
fn project_of<'c>(call: &'c Call<'_>, kind: &Kind) -> &'c str {
    project_in(call.operation, &call.parameters, kind)
}

/// The same before there is a call.
pub(crate) fn project_in<'p>(
    operation: &Operation,
    parameters: &'p Parameters<'_>,
    kind: &Kind,
) -> &'p str {
    match operation.access {
        Access::Needs {
            reach: Reach::Project { parameter, .. },
            ..
        } if kind.in_project => parameters.get(parameter),
        _ => "",
    }
}

/// The key of the object that the path names, by name or by id.
fn key_in_path(call: &Call<'_>, kind: &Kind, project: &str) -> Option<Key> {
    let organization = &call.caller.organization().id;
    // The parameter that names the object is the last one of the path.
    let parameter = call
        .operation
        .parameters
        .iter()
        .rfind(|parameter| parameter.place == Place::Path)?;
    let value = call.parameters.get(parameter.name);
    if parameter.by_id {
        return call
            .state
            .alias(&Key::id(organization, kind.name, value))
            .cloned();
    }
    Some(Key::object(organization, kind.name, project, value))
}

/// The object that the path names, with its key.
fn object_in_path(call: &Call<'_>, kind: &Kind) -> Result<(Key, Arc<Object>), Refusal> {
    let project = project_of(call, kind);
    key_in_path(call, kind, project)
        .and_then(|key| call.state.object(&key).cloned().map(|object| (key, object)))
        .ok_or_else(|| missing(call, kind, project))
}

/// The refusal for an object that is not there, or whose project is not.
fn missing(call: &Call<'_>, kind: &Kind, project: &str) -> Refusal {
    if kind.in_project && !project_exists(call.state, &call.caller.organization().id, project) {
        return no_project(project);
    }
    let parameter = call
        .operation
        .parameters
        .iter()
        .rfind(|parameter| parameter.place == Place::Path);
    let value = parameter.map_or("", |parameter| call.parameters.get(parameter.name));
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

fn no_project(project: &str) -> Refusal {
    not_found(CONTAINER, project, "; create it first")
}

fn project_exists(state: &State, organization: &str, project: &str) -> bool {
    state
        .object(&Key::object(organization, CONTAINER.name, "", project))
        .is_some()
}

/// The object that the path of an operation on its own code names, by the kind whose path it extends.
pub(crate) fn object_at(call: &Call<'_>, kind: &'static Kind) -> Result<Arc<Object>, Refusal> {
    object_in_path(call, kind).map(|(_, object)| object)
}
