//! Who may call an operation: reads `x-permission`.

use std::fmt;

use serde_json::Value;

use super::reader::Reader;

/// How wide a permission or an object reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The whole controller.
    System,
    /// A partner and its organizations.
    Partner,
    /// One organization.
    Organization,
    /// One project of an organization.
    Project,
    /// One namespace of a project.
    Namespace,
}

impl Scope {
    /// Every scope with its name in the documents, widest first.
    pub const ALL: [(&str, Scope); 5] = [
        ("system", Scope::System),
        ("partner", Scope::Partner),
        ("organization", Scope::Organization),
        ("project", Scope::Project),
        ("namespace", Scope::Namespace),
    ];

    /// The name in the documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::System => "system",
            Scope::Partner => "partner",
            Scope::Organization => "organization",
            Scope::Project => "project",
            Scope::Namespace => "namespace",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a caller needs to call an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Nothing, not even a credential.
    Public,
    /// A credential; the handler looks at the caller itself.
    SelfOnly,
    /// A permission by name.
    Named {
        /// The permission, as `roles.yaml` defines it.
        name: String,
        /// Where the caller must have it.
        scope: Scope,
        /// Which project is meant.
        of: Of,
        /// The path parameter in which a caller's own user id makes the permission unnecessary.
        self_parameter: Option<String>,
    },
}

/// Which project a permission is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// The one that this path parameter names.
    Parameter(String),
    /// Any of the caller's; the answer is filtered.
    Any,
    /// None: the scope is an organization or wider.
    Whole,
}

/// Reads the word; `None` after noting what is wrong with it.
pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    value: &'a Value,
) -> Option<Permission> {
    match value.as_str() {
        Some("public") => return Some(Permission::Public),
        Some("self") => return Some(Permission::SelfOnly),
        Some(other) => {
            let message = format!("`{other}` is neither public, self, nor a mapping with a name");
            reader.malformed(pointer, message);
            return None;
        }
        None => {}
    }
    let fields = reader.fields(pointer, value, &["name", "scope", "of", "self"])?;
    let name = fields.text("name", reader);
    let scope = fields.choice("scope", &Scope::ALL, reader);
    let of = fields.optional_text("of", reader);
    let self_parameter = fields.optional_text("self", reader);
    let (name, scope) = (name?, scope?);
    let of = match (scope, of.as_deref()) {
        (_, Some("*")) => Of::Any,
        (Scope::Project | Scope::Namespace, of) => {
            Of::Parameter(of.unwrap_or("project").to_owned())
        }
        (_, None) => Of::Whole,
        (_, Some(_)) => {
            let message = format!("`of` names a project, but the scope is {scope}");
            reader.malformed(&fields.at("of"), message);
            return None;
        }
    };
    Some(Permission::Named {
        name,
        scope,
        of,
        self_parameter,
    })
}
