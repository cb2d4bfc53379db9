//! Namespaces of a project: those that the ready-made roles of namespaces are bound to, and one that is nobody's.

use rafay_mock_server::Role;
use rafay_spec::{Document, Kind, Operation, Scope};
use serde_json::{Value, json};

use super::objects::Objects;
use crate::{Desk, fixtures, spec};

/// A namespace that no role is bound to.
pub(super) const ELSEWHERE: &str = "elsewhere";

/// Binds the ready-made accounts of the roles of namespaces to those that the objects of the world lie in.
#[track_caller]
pub(super) fn bind(desk: &Desk, objects: &Objects) {
    let names = objects.namespaces();
    let roles = spec().roles.roles.iter();
    for role in roles.filter(|role| role.scope == Scope::Namespace) {
        let known = Role::from_name(&role.name).expect("the mock has every role");
        let path = fixtures::user_path(&desk.role(known).id());
        let mut user = desk.admin().get(&path).send().expect(200).json();
        user["roles"][0]["namespaces"] = json!(names);
        desk.admin().put(&path, &user).send().expect(200);
    }
}

/// Puts an object of a kind into a namespace.
pub(super) fn put_into(kind: &Kind, object: &mut Value, namespace: &str) {
    if let Some(place) = kind.namespace_at().and_then(|at| object.pointer_mut(at)) {
        *place = json!(namespace);
    }
}

/// Puts what a body makes into a namespace, where it says one.
pub(super) fn put_body_into(
    document: &Document,
    operation: &Operation,
    kind: &Kind,
    body: &mut Value,
    namespace: &str,
) {
    let request = operation.request.as_ref();
    let schema = request.and_then(|request| request.schema["$ref"].as_str());
    let name = schema.and_then(|reference| reference.rsplit('/').next());
    let mut views = document.views.iter();
    let view = views.find(|view| Some(view.schema.as_str()) == name);
    let shown = view.and_then(|view| {
        let mut fields = view.fields.iter();
        let field = fields.find(|field| field.from.place() == kind.namespace_at())?;
        Some(field.pointer.as_str())
    });
    let place = shown.or(kind.namespace_at());
    if let Some(place) = place.and_then(|at| body.pointer_mut(at)) {
        *place = json!(namespace);
    }
}
