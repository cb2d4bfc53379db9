//! Callers whose roles count in single namespaces: which objects they may see, and where they may put one. Whoever may
//! do an operation in the whole project is let past without a look.

use std::borrow::Cow;
use std::ptr;

use serde_json::Value;

use super::place::missing;
use super::view;
use crate::generated::operations::OPERATIONS;
use crate::generated::roles::Permission;
use crate::pipeline::{Call, forbidden, refused_at};
use crate::refusal::Refusal;
use crate::store::Object;
use crate::table::{Access, Behavior, Kind, Verb};
use crate::value;

/// The namespace that a stored object lies in.
fn namespace_of<'o>(kind: &Kind, object: &'o Object) -> Result<Option<Cow<'o, str>>, Refusal> {
    let Some(at) = kind.namespace_at else {
        return Ok(None);
    };
    if at == kind.name_at {
        return Ok(Some(Cow::Borrowed(&object.name)));
    }
    let body = object.value()?;
    Ok(value::text(&body, at).map(|name| Cow::Owned(name.to_owned())))
}

/// Whether the caller may do the operation in a namespace; by which of its roles is then on record.
fn reaches(call: &Call<'_>, permission: Permission, namespace: Option<&str>) -> bool {
    let Some(namespace) = namespace else {
        return false;
    };
    let caller = &call.caller;
    let may = caller.may_in_namespace(&call.project, namespace, permission);
    if may {
        let role = caller.role_in(permission, &call.project, namespace);
        call.subject.is_allowed_by(role);
    }
    may
}

/// Whether the caller may do the operation on a stored object.
pub(super) fn admits(call: &Call<'_>, kind: &Kind, object: &Object) -> Result<bool, Refusal> {
    match call.confined {
        None => Ok(true),
        Some(permission) => {
            let namespace = namespace_of(kind, object)?;
            Ok(reaches(call, permission, namespace.as_deref()))
        }
    }
}

/// Refuses an operation on a stored object that lies in no namespace of the caller's. What it may not see is not found,
/// as if it were not there; what it sees and may not change is forbidden.
pub(super) fn check_stored(
    call: &Call<'_>,
    kind: &'static Kind,
    object: &Object,
) -> Result<(), Refusal> {
    let Some(permission) = call.confined else {
        return Ok(());
    };
    let namespace = namespace_of(kind, object)?;
    if reaches(call, permission, namespace.as_deref()) {
        return Ok(());
    }
    if sees(call, kind, namespace.as_deref()) {
        let place = place(&call.project, namespace.as_deref());
        return Err(forbidden(permission, &place));
    }
    if matches!(call.operation.behavior, Behavior::Verb(Verb::Apply, _)) {
        // A name is taken in the whole project, so much is told; what has it is not.
        let place = format!("the namespace that this {} lies in", kind.name);
        return Err(forbidden(permission, &place));
    }
    Err(missing(call, kind, &call.project))
}

/// Refuses to put an object into a namespace that is none of the caller's.
pub(super) fn check_new(call: &Call<'_>, kind: &Kind, object: &Value) -> Result<(), Refusal> {
    let (Some(permission), Some(at)) = (call.confined, kind.namespace_at) else {
        return Ok(());
    };
    let namespace = value::text(object, at);
    if reaches(call, permission, namespace) {
        return Ok(());
    }
    let said = namespace.map_or("is missing".to_owned(), |name| format!("is {name:?}"));
    let place = place(&call.project, namespace);
    let shown = call
        .operation
        .view
        .and_then(|view| view::field_for(view, at));
    let pointer = value::pointer(shown.unwrap_or(at));
    Err(refused_at(pointer, &said, permission, &place))
}

/// The namespaces in which the caller may do the operation, where these are what it lists.
pub(super) fn names<'c>(
    call: &'c Call<'_>,
    kind: &Kind,
) -> Option<impl Iterator<Item = &'c str> + use<'c>> {
    let permission = call.confined?;
    (kind.namespace_at == Some(kind.name_at)).then(|| {
        let role = call.caller.role_in(permission, &call.project, "");
        call.subject.is_allowed_by(role);
        call.caller.namespaces_with(&call.project, permission)
    })
}

fn place(project: &str, namespace: Option<&str>) -> String {
    match namespace {
        Some(name) => format!("the namespace {name:?} of project {project:?}"),
        None => format!("the project {project:?}"),
    }
}

/// Whether the caller may read an object of a kind in a namespace, or in the whole project.
fn sees(call: &Call<'_>, kind: &'static Kind, namespace: Option<&str>) -> bool {
    let mut reads =
        OPERATIONS
            .iter()
            .filter_map(|operation| match (operation.behavior, operation.access) {
                (Behavior::Verb(Verb::Get, of), Access::Needs { permission, .. })
                    if ptr::eq(of, kind) =>
                {
                    Some(permission)
                }
                _ => None,
            });
    let (caller, project) = (&call.caller, &call.project);
    reads.any(|read| {
        caller.may_in(project, read)
            || namespace.is_some_and(|name| caller.may_in_namespace(project, name, read))
    })
}
