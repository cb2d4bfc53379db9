//! What an operation asks for, in short.

use rafay_spec::{Of, Operation, Permission};

/// The permission and its scope, as in `cluster.write (project projectId)`.
pub(super) fn permission(operation: &Operation) -> String {
    match &operation.permission {
        Permission::Public => "public".to_owned(),
        Permission::SelfOnly => "self".to_owned(),
        Permission::Named {
            name,
            scope,
            of,
            self_parameter,
        } => {
            let of = match of {
                Of::Parameter(parameter) => format!(" {parameter}"),
                Of::Any => " *".to_owned(),
                Of::Whole => String::new(),
            };
            let own = self_parameter
                .as_ref()
                .map_or(String::new(), |parameter| format!(" or own {parameter}"));
            format!("{name} ({scope}{of}){own}")
        }
    }
}
