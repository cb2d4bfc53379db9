//! Permissions: asked for by operations, defined and given in the roles file.

use std::collections::BTreeSet;

use serde_json::Value;

use super::context::{Context, Findings};
use super::{Finding, ROLES, rules};
use crate::grammar::Position;
use crate::model::words::PERMISSION;
use crate::model::{Of, Operation, Permission};
use crate::pointer;
use crate::roles::{Roles, covers};

/// Every permission that some operation asks for.
#[derive(Default)]
pub(super) struct Asked<'a> {
    names: BTreeSet<&'a str>,
}

pub(super) fn check<'a>(
    context: &Context<'a>,
    roles: &Roles,
    asked: &mut Asked<'a>,
    findings: &mut Findings,
) {
    // From the document, not the model: an operation that the model left out asks all the same.
    for node in context
        .nodes
        .iter()
        .filter(|node| node.position == Position::Operation)
    {
        let name = node
            .entries
            .get(PERMISSION)
            .and_then(|word| word.get("name"));
        let Some(name) = name.and_then(Value::as_str) else {
            continue;
        };
        asked.names.insert(name);
        let is_known = roles
            .permissions
            .binary_search_by(|known| known.name.as_str().cmp(name));
        if is_known.is_err() {
            let at = format!("{}/{PERMISSION}/name", context.pointer(node));
            let message = format!("the permission `{name}` is not defined in {ROLES}");
            findings.add(context.document, rules::UNKNOWN_PERMISSION, &at, message);
        }
    }
    for operation in &context.document.operations {
        check_parameters(context, operation, findings);
    }
}

fn check_parameters(context: &Context<'_>, operation: &Operation, findings: &mut Findings) {
    let Permission::Named {
        of, self_parameter, ..
    } = &operation.permission
    else {
        return;
    };
    let of = match of {
        Of::Parameter(name) => Some(name),
        Of::Any | Of::Whole => None,
    };
    for (key, name) in [("of", of), ("self", self_parameter.as_ref())] {
        let Some(name) = name.filter(|name| operation.path_parameter(name).is_none()) else {
            continue;
        };
        let at = pointer::join(&pointer::join(&operation.pointer, PERMISSION), key);
        let message = format!("`{key}` is the path parameter `{name}`, which is not in the path");
        findings.add(
            context.document,
            rules::UNKNOWN_PATH_PARAMETER,
            &at,
            message,
        );
    }
}

/// What the roles file says against what the documents ask for.
pub(super) fn check_roles(roles: &Roles, asked: &Asked<'_>, findings: &mut Findings) {
    let mut add = |rule, pointer: &str, message: String| {
        findings.all.push(Finding {
            rule,
            message,
            pointer: pointer.to_owned(),
            location: roles.sources.get(pointer).cloned(),
            document: ROLES.to_owned(),
        });
    };
    for permission in &roles.permissions {
        if !asked.names.contains(permission.name.as_str()) {
            let message = format!("no operation asks for the permission `{}`", permission.name);
            add(rules::UNUSED_PERMISSION, &permission.pointer, message);
        }
    }
    for role in &roles.roles {
        for (index, pattern) in role.patterns.iter().enumerate() {
            if !roles
                .permissions
                .iter()
                .any(|permission| covers(pattern, &permission.name))
            {
                let message = format!("`{pattern}` of the role `{}` matches nothing", role.name);
                let at = format!("{}/permissions/{index}", role.pointer);
                add(rules::UNMATCHED_ROLE_PATTERN, &at, message);
            }
        }
    }
}
