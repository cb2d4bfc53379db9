//! What kinds and views say about each other and about their own schemas.

use std::collections::BTreeSet;

use super::context::{Context, Findings};
use super::rules;
use crate::model::reference::as_schema_pointer;
use crate::model::walk::has_place;
use crate::model::words::{FROM, KIND, LIFECYCLE, REFERENCES, VIEW_OF};
use crate::model::{After, Flow, From, Kind, ParameterFrom, ParameterIn, Scope};
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for kind in &context.document.kinds {
        let at = pointer::join("/components/schemas", &kind.name);
        check_identity(context, kind, &at, findings);
        check_login(context, kind, &at, findings);
        check_references(context, kind, &at, findings);
        check_namespace(context, kind, &at, findings);
        check_lifecycle(context, kind, &at, findings);
        check_context(context, kind, &at, findings);
    }
    check_views(context, findings);
    check_parameters(context, findings);
}

/// Whether objects of the kind can have something at this pointer.
fn has(context: &Context<'_>, kind: &Kind, pointer: &str) -> bool {
    let schema = context.kind_schema(kind);
    schema.is_some_and(|(document, schema)| has_place(&document.json, schema, pointer))
}

fn check_identity(context: &Context<'_>, kind: &Kind, at: &str, findings: &mut Findings) {
    let identity = &kind.identity;
    for pointer in [
        &identity.name,
        &identity.id,
        &identity.created,
        &identity.modified,
    ] {
        if !has(context, kind, pointer) {
            let message =
                format!("the kind's identity is at {pointer}, which is not in its schema");
            let at = pointer::join(at, KIND);
            findings.add(context.document, rules::IDENTITY_POINTER, &at, message);
        }
    }
}

fn check_login(context: &Context<'_>, kind: &Kind, at: &str, findings: &mut Findings) {
    let Some(login) = &kind.login else { return };
    for pointer in [&login.password, &login.console_at, &login.last] {
        if !has(context, kind, pointer) {
            let message = format!("a login is about {pointer}, which is not in the kind's schema");
            let at = pointer::join(at, KIND);
            findings.add(context.document, rules::IDENTITY_POINTER, &at, message);
        }
    }
    if !kind.hashed.contains(&login.password) {
        let message = format!(
            "a login is about {}, of which no hash is kept; say `x-secret: hash` there",
            login.password
        );
        let at = pointer::join(at, KIND);
        findings.add(context.document, rules::IDENTITY_POINTER, &at, message);
    }
}

fn check_references(context: &Context<'_>, kind: &Kind, at: &str, findings: &mut Findings) {
    for reference in &kind.references {
        if let Some(place) = &reference.project_at
            && !has(context, kind, place)
        {
            let message = format!("the project is at {place}, which is not in the schema");
            let at = format!("{at}{}/{REFERENCES}", as_schema_pointer(&reference.pointer));
            findings.add(context.document, rules::REFERENCE_PROJECT, &at, message);
        }
        for name in reference
            .kinds()
            .filter(|name| context.kind(name).is_none())
        {
            let message = format!("{} names a `{name}`, which is no kind", reference.pointer);
            let at = format!("{at}{}/{REFERENCES}", as_schema_pointer(&reference.pointer));
            findings.add(
                context.document,
                rules::UNKNOWN_REFERENCED_KIND,
                &at,
                message,
            );
        }
    }
}

/// A binding names namespaces as objects, so the place that confines an object must name one of these.
fn check_namespace(context: &Context<'_>, kind: &Kind, at: &str, findings: &mut Findings) {
    let Some(place) = &kind.namespace else {
        return;
    };
    let is_namespace = |name: &str| {
        let other = context.kind(name);
        other.is_some_and(|other| other.container.as_deref() == Some(Scope::Namespace.as_str()))
    };
    let mut references = kind.references.iter();
    let message = if kind.scope != Scope::Project {
        format!("{place} names a namespace, but objects of the kind are in no project")
    } else if !has(context, kind, place) {
        format!("{place} is not in the schema of `{}`", kind.name)
    } else if !references.any(|one| one.pointer == *place && one.kinds().any(is_namespace)) {
        format!("{place} has no x-references to a kind with `container: namespace`")
    } else {
        return;
    };
    let at = pointer::join(&pointer::join(at, KIND), "namespace");
    findings.add(context.document, rules::NAMESPACE_POINTER, &at, message);
}

fn check_lifecycle(context: &Context<'_>, kind: &Kind, at: &str, findings: &mut Findings) {
    let Some(lifecycle) = &kind.lifecycle else {
        return;
    };
    let at = pointer::join(at, LIFECYCLE);
    for (way, flow) in lifecycle.flows() {
        let at = format!("{at}{way}");
        check_flow(context, kind, flow, &at, findings);
    }
    let mut place = |owner: &Kind, pointer: &str, at: String| {
        if !has(context, owner, pointer) {
            let message = format!("{pointer} is not in the schema of `{}`", owner.name);
            findings.add(context.document, rules::LIFECYCLE_POINTER, &at, message);
        }
    };
    for (name, action) in &lifecycle.actions {
        for pointer in action.when.keys() {
            place(kind, pointer, format!("{at}/actions/{name}/when"));
        }
    }
    for pointer in lifecycle.changed.iter().flat_map(|changed| &changed.places) {
        place(kind, pointer, format!("{at}/changed/places"));
    }
    if let Some(schedule) = &lifecycle.schedule {
        place(kind, &schedule.cron, format!("{at}/schedule/cron"));
        if let Some(unless) = &schedule.unless {
            place(kind, unless, format!("{at}/schedule/unless"));
        }
    }
    for (way, spawn) in lifecycle.spawns() {
        check_other(context, &spawn.kind, &format!("{at}{way}/kind"), findings);
    }
}

/// The kind of another object that a lifecycle makes or writes.
fn check_other<'a>(
    context: &Context<'a>,
    name: &str,
    at: &str,
    findings: &mut Findings,
) -> Option<&'a Kind> {
    let kind = context.kind(name);
    if kind.is_none() {
        let message = format!("`{name}` is no kind");
        findings.add(context.document, rules::LIFECYCLE_KIND, at, message);
    }
    kind
}

fn check_flow(context: &Context<'_>, kind: &Kind, flow: &Flow, at: &str, findings: &mut Findings) {
    let failure = flow
        .failure
        .iter()
        .map(|failure| ("failure".to_owned(), kind, &failure.set));
    let steps = flow
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| (format!("steps/{index}"), kind, &step.set));
    let mut sets: Vec<_> = steps.chain(failure).collect();
    for (index, step) in flow.steps.iter().enumerate() {
        if let Some(also) = &step.also {
            let way = format!("steps/{index}/also");
            let other = check_other(context, &also.kind, &format!("{at}/{way}/kind"), findings);
            sets.extend(other.map(|other| (way, other, &also.set)));
        }
        if let After::Place(place) = &step.after
            && !has(context, kind, place)
        {
            let message = format!("{place} is not in the schema of `{}`", kind.name);
            let at = format!("{at}/steps/{index}/after");
            findings.add(context.document, rules::LIFECYCLE_POINTER, &at, message);
        }
    }
    for (part, owner, set) in sets {
        for pointer in set.keys().filter(|pointer| !has(context, owner, pointer)) {
            let message = format!("{pointer} is set, but is not in the kind's schema");
            let at = pointer::join(&format!("{at}/{part}/set"), pointer);
            findings.add(context.document, rules::LIFECYCLE_POINTER, &at, message);
        }
    }
    if let Some(failure) = &flow.failure {
        let steps: BTreeSet<&str> = flow.steps.iter().map(|step| step.name.as_str()).collect();
        if !steps.contains(failure.at.as_str()) {
            let message = format!("`{}` is no step of this lifecycle", failure.at);
            let at = format!("{at}/failure/at");
            findings.add(context.document, rules::LIFECYCLE_FAILURE, &at, message);
        }
    }
}

/// A kind is the source of views, so its own fields come from nowhere but the organization.
fn check_context(context: &Context<'_>, kind: &Kind, at: &str, findings: &mut Findings) {
    for field in &kind.context {
        if !matches!(field.from, From::Context(_)) {
            let message = format!(
                "`{}` is no view, so x-from can only be a fact such as $organization.id",
                kind.name
            );
            let at = format!("{at}{}/{FROM}", as_schema_pointer(&field.pointer));
            findings.add(context.document, rules::FROM_POINTER, &at, message);
        }
    }
}

fn check_views(context: &Context<'_>, findings: &mut Findings) {
    for view in &context.document.views {
        let at = pointer::join("/components/schemas", &view.schema);
        let Some(kind) = context.kind(&view.kind) else {
            let message = format!("no document has a kind called `{}`", view.kind);
            let at = pointer::join(&at, VIEW_OF);
            findings.add(context.document, rules::UNKNOWN_VIEW_KIND, &at, message);
            continue;
        };
        for field in &view.fields {
            let Some(pointer) = field.from.place() else {
                continue;
            };
            if !has(context, kind, pointer) {
                let message = format!("{pointer} is not in the schema of `{}`", kind.name);
                let at = format!("{at}{}/{FROM}", as_schema_pointer(&field.pointer));
                findings.add(context.document, rules::FROM_POINTER, &at, message);
            }
        }
    }
}

/// A path parameter that says which place it is can only be checked where a kind is named.
fn check_parameters(context: &Context<'_>, findings: &mut Findings) {
    for operation in &context.document.operations {
        let kind = operation.behavior.kind();
        let kind = kind.and_then(|name| context.kind(name));
        for parameter in operation
            .parameters
            .iter()
            .filter(|p| p.location == ParameterIn::Path)
        {
            let Some(from) = &parameter.from else {
                continue;
            };
            let mut add = |message: String| {
                findings.add(
                    context.document,
                    rules::FROM_POINTER,
                    &operation.pointer,
                    message,
                );
            };
            if let ParameterFrom::IdOf { kind, .. } = from
                && context.kind(kind).is_none()
            {
                add(format!(
                    "the path parameter `{}` is the id of a `{kind}`, which is no kind",
                    parameter.name
                ));
            }
            if let (Some(kind), Some(place)) = (kind, from.place())
                && !has(context, kind, place)
            {
                add(format!(
                    "the path parameter `{}` is {place}, which is not in the schema of `{}`",
                    parameter.name, kind.name
                ));
            }
        }
    }
}
