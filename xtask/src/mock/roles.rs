//! Permissions as bits, roles as sets of them.

use rafay_spec::model::Scope;
use rafay_spec::{Role, Roles};

use super::text::{self, Error, variant};

pub(super) fn generate(roles: &Roles) -> Result<String, Error> {
    let mut names: Vec<&str> = roles
        .permissions
        .iter()
        .map(|permission| permission.name.as_str())
        .collect();
    names.sort_unstable();
    let words = names.len().div_ceil(64).max(1);
    let describe = |name: &str| {
        let found = roles
            .permissions
            .iter()
            .find(|permission| permission.name == name);
        found.map_or(String::new(), |permission| permission.description.clone())
    };
    let permissions: String = names
        .iter()
        .map(|name| format!("/// {}\n{},", describe(name), variant(name)))
        .collect();
    let permission_names: String = names
        .iter()
        .map(|n| format!("Permission::{} => {n:?},", variant(n)))
        .collect();

    let all_permissions: String = names
        .iter()
        .map(|name| format!("Permission::{},", variant(name)))
        .collect();
    let variants: String = roles
        .roles
        .iter()
        .map(|role| format!("/// {}\n{},", role.description, variant(&role.name)))
        .collect();
    let all: String = roles
        .roles
        .iter()
        .map(|role| format!("Role::{},", variant(&role.name)))
        .collect();
    let role_names = texts(roles, |role| &role.name);
    let descriptions = texts(roles, |role| &role.description);
    let wide = of_scope(roles, Scope::Organization);
    let of_partner = of_scope(roles, Scope::Partner);
    let of_namespace = of_scope(roles, Scope::Namespace);
    let sets = sets(roles, &names, words);
    text::file(
        "Permissions and the built-in roles that hold them.",
        &format!(
            "/// What a caller may be allowed to do.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum Permission {{ {permissions} }}
            impl Permission {{
                /// Name of the permission, as the documents have it.
                pub fn as_str(self) -> &'static str {{ match self {{ {permission_names} }} }}
                /// Every permission.
                pub const ALL: &'static [Permission] = &[{all_permissions}];
                /// The permission with a name.
                pub fn from_name(name: &str) -> Option<Self> {{
                    Self::ALL.iter().copied().find(|permission| permission.as_str() == name)
                }}
            }}
            /// A set of permissions.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct Permissions([u64; {words}]);
            impl Permissions {{
                /// The empty set.
                pub const NONE: Self = Self([0; {words}]);
                /// Whether a permission is in the set.
                pub fn has(&self, permission: Permission) -> bool {{
                    let bit = permission as usize;
                    self.0[bit / 64] >> (bit % 64) & 1 == 1
                }}
                /// The set with one permission more.
                #[must_use]
                pub fn and(mut self, permission: Permission) -> Self {{
                    let bit = permission as usize;
                    self.0[bit / 64] |= 1 << (bit % 64);
                    self
                }}
                /// The permissions of both sets.
                #[must_use]
                pub fn with(self, other: Self) -> Self {{
                    Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
                }}
            }}
            /// A built-in role.
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub enum Role {{ {variants} }}
            impl Role {{
                /// All built-in roles.
                pub const ALL: &'static [Role] = &[{all}];
                /// Name of the role on the wire.
                pub fn as_str(self) -> &'static str {{ match self {{ {role_names} }} }}
                /// Whom the role is for.
                pub fn description(self) -> &'static str {{ match self {{ {descriptions} }} }}
                /// The role with a name.
                pub fn from_name(name: &str) -> Option<Self> {{
                    Self::ALL.iter().copied().find(|role| role.as_str() == name)
                }}
                /// Whether the role counts in the whole organization; otherwise in the project it is bound to, or in namespaces of it.
                pub fn is_of_organization(self) -> bool {{ {wide} }}
                /// Whether the role counts in single namespaces of a project, which its binding names, and nowhere without them.
                pub fn is_of_namespace(self) -> bool {{ {of_namespace} }}
                /// Whether the role is one of a partner's own accounts, and counts in all organizations of the partner.
                pub fn is_of_partner(self) -> bool {{ {of_partner} }}
                /// What the role allows.
                pub fn permissions(self) -> Permissions {{ match self {{ {sets} }} }}
            }}"
        ),
    )
}

/// The expression for whether a role has a scope.
fn of_scope(roles: &Roles, scope: Scope) -> String {
    let found: Vec<String> = roles
        .roles
        .iter()
        .filter(|role| role.scope == scope)
        .map(|role| format!("Role::{}", variant(&role.name)))
        .collect();
    if found.is_empty() {
        "false".to_owned()
    } else {
        format!("matches!(self, {})", found.join(" | "))
    }
}

/// The arms that give each role a text.
fn texts(roles: &Roles, text: impl Fn(&Role) -> &str) -> String {
    let arms = roles.roles.iter();
    arms.map(|role| format!("Role::{} => {:?},", variant(&role.name), text(role)))
        .collect()
}

/// The arms that give each role its set of permissions, as words of bits.
fn sets(roles: &Roles, names: &[&str], words: usize) -> String {
    roles
        .roles
        .iter()
        .map(|role| {
            let mut bits = vec![0_u64; words];
            for (index, _) in names
                .iter()
                .enumerate()
                .filter(|(_, name)| role.permissions.iter().any(|p| p == *name))
            {
                bits[index / 64] |= 1 << (index % 64);
            }
            let bits: Vec<String> = bits.iter().map(|word| format!("{word:#b}")).collect();
            format!(
                "Role::{} => Permissions([{}]),",
                variant(&role.name),
                bits.join(", ")
            )
        })
        .collect()
}
