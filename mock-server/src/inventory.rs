//! The operations that the mock serves, for tests and tools that compare them with a document or a role.

use crate::generated::operations::OPERATIONS;
use crate::generated::roles::Permission;
use crate::table::{Access, Behavior, Operation, Reach};

/// One served operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationInfo {
    /// Version of the document, such as `v3`.
    pub version: &'static str,
    /// The `operationId`.
    pub id: &'static str,
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path template, without a trailing slash.
    pub path: &'static str,
    /// What a caller needs.
    pub needs: Needs,
    /// What the mock does: the standard verb and its kind, or `handler`.
    pub behavior: String,
    /// Status of a success.
    pub success: u16,
}

/// What a caller needs for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing, not even a key.
    Nothing,
    /// A good key; what it may do depends on whose it is.
    Key,
    /// A permission in the partner with all its organizations.
    InPartner(Permission),
    /// A permission in the whole organization.
    InOrganization(Permission),
    /// A permission in the project that the path names.
    InProject(Permission),
    /// A permission in any project.
    InAnyProject(Permission),
}

/// Every operation, by path and method.
pub fn operations() -> impl Iterator<Item = OperationInfo> {
    OPERATIONS.iter().map(info)
}

fn info(operation: &'static Operation) -> OperationInfo {
    OperationInfo {
        version: operation.version.name,
        id: operation.id,
        method: operation.method,
        path: operation.path,
        needs: match operation.access {
            Access::Public => Needs::Nothing,
            Access::Caller => Needs::Key,
            Access::Needs {
                permission, reach, ..
            } => match reach {
                Reach::Partner => Needs::InPartner(permission),
                Reach::Organization => Needs::InOrganization(permission),
                Reach::Project { .. } => Needs::InProject(permission),
                Reach::AnyProject => Needs::InAnyProject(permission),
            },
        },
        behavior: match operation.behavior {
            Behavior::Verb(verb, kind) => format!("{verb:?} {}", kind.name).to_lowercase(),
            Behavior::Act(kind, flow) => {
                let flows = kind.lifecycle.map_or(&[][..], |lifecycle| lifecycle.flows);
                let name = flows.get(flow).map_or("", |flow| flow.name);
                format!("{name} {}", kind.name).to_lowercase()
            }
            Behavior::Render(kind, _) => format!("render {}", kind.name).to_lowercase(),
            Behavior::Handler(_) => "handler".to_owned(),
        },
        success: operation.success,
    }
}
