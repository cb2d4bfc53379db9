//! The built-in roles: `roles.yaml`, which says what may be done and which role may do it.

use std::path::Path;

use serde_json::Value;

use crate::error::Error;
use crate::load::{self, Loaded};
use crate::model::Scope;
use crate::pointer;
use crate::source::{Location, SourceMap};

/// The permissions and the roles that are made of them.
#[derive(Clone, Debug)]
pub struct Roles {
    /// Every permission there is, sorted by name.
    pub permissions: Vec<PermissionDef>,
    /// The roles, in the order of the file.
    pub roles: Vec<Role>,
    /// Where each part of the file was written.
    pub sources: SourceMap,
}

/// Something that may be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionDef {
    /// The name, such as `cluster.write`.
    pub name: String,
    /// What it allows.
    pub description: String,
    /// Where it stands in the file.
    pub pointer: String,
}

/// A set of permissions that is given to a user in a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The name.
    pub name: String,
    /// Where it is given.
    pub scope: Scope,
    /// Whom it is for.
    pub description: String,
    /// The permissions by name, sorted; patterns are resolved.
    pub permissions: Vec<String>,
    /// The names and patterns as written.
    pub patterns: Vec<String>,
    /// Where it stands in the file.
    pub pointer: String,
}

const SCOPES: [Scope; 4] = [
    Scope::Partner,
    Scope::Organization,
    Scope::Project,
    Scope::Namespace,
];

/// Whether a pattern (`*`, `*.read`, `cluster.*` or a whole name) covers a permission.
pub(crate) fn covers(pattern: &str, permission: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(suffix), _) => permission.ends_with(suffix),
        (None, Some(prefix)) => permission.starts_with(prefix),
        (None, None) => pattern == permission,
    }
}

/// Reads the roles file.
pub fn load(path: &Path) -> Result<Roles, Error> {
    read(&load::load(path)?, path)
}

/// Reads roles from text; `path` is the name that errors carry.
pub fn parse(text: &str, path: &Path) -> Result<Roles, Error> {
    read(&load::parse(text, path)?, path)
}

fn read(loaded: &Loaded, path: &Path) -> Result<Roles, Error> {
    let file = File { loaded, path };
    let mut permissions: Vec<PermissionDef> = Vec::new();
    for (pointer, entry) in file.list(&file.loaded.value, "", "permissions")? {
        file.only(&pointer, entry, &["name", "description"])?;
        let name = file.text(&pointer, entry, "name")?;
        let description = file.text(&pointer, entry, "description")?;
        if permissions.iter().any(|known| known.name == name) {
            return Err(file.error(&pointer, format!("the permission `{name}` comes twice")));
        }
        if name.contains('*') {
            return Err(file.error(&pointer, "a permission's name has no `*`".to_owned()));
        }
        permissions.push(PermissionDef {
            name,
            description,
            pointer,
        });
    }
    permissions.sort_by(|a, b| a.name.cmp(&b.name));
    let mut roles: Vec<Role> = Vec::new();
    for (pointer, entry) in file.list(&file.loaded.value, "", "roles")? {
        let role = file.role(pointer, entry, &permissions)?;
        if roles.iter().any(|known| known.name == role.name) {
            let message = format!("the role `{}` comes twice", role.name);
            return Err(file.error(&role.pointer, message));
        }
        roles.push(role);
    }
    Ok(Roles {
        permissions,
        roles,
        sources: file.loaded.sources.clone(),
    })
}

struct File<'a> {
    loaded: &'a Loaded,
    path: &'a Path,
}

impl<'a> File<'a> {
    fn role(
        &self,
        pointer: String,
        entry: &'a Value,
        permissions: &[PermissionDef],
    ) -> Result<Role, Error> {
        self.only(
            &pointer,
            entry,
            &["name", "scope", "description", "permissions"],
        )?;
        let scope = self.text(&pointer, entry, "scope")?;
        let scope = SCOPES
            .into_iter()
            .find(|known| known.as_str() == scope)
            .ok_or_else(|| {
                let message =
                    format!("`{scope}` is none of partner, organization, project, namespace");
                self.error(&pointer::join(&pointer, "scope"), message)
            })?;
        let mut patterns = Vec::new();
        for (at, pattern) in self.list(entry, &pointer, "permissions")? {
            let pattern = pattern
                .as_str()
                .filter(|pattern| is_pattern(pattern))
                .ok_or_else(|| {
                    let message =
                        "must be a permission, `*`, or a name with `*` for one side of the dot";
                    self.error(&at, message.to_owned())
                })?;
            patterns.push(pattern.to_owned());
        }
        // The permissions are sorted already.
        let resolved = permissions
            .iter()
            .map(|permission| &permission.name)
            .filter(|name| patterns.iter().any(|pattern| covers(pattern, name)))
            .cloned()
            .collect();
        Ok(Role {
            name: self.text(&pointer, entry, "name")?,
            scope,
            description: self.text(&pointer, entry, "description")?,
            permissions: resolved,
            patterns,
            pointer,
        })
    }

    fn list(
        &self,
        value: &'a Value,
        pointer: &str,
        key: &str,
    ) -> Result<Vec<(String, &'a Value)>, Error> {
        let at = pointer::join(pointer, key);
        let Some(items) = value.get(key).and_then(Value::as_array) else {
            return Err(self.error(&at, format!("`{key}` must be a list")));
        };
        let pointer = |index: usize| pointer::join(&at, &index.to_string());
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, item)| (pointer(index), item))
            .collect())
    }

    fn text(&self, pointer: &str, entry: &Value, key: &str) -> Result<String, Error> {
        let text = entry
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| {
            self.error(
                &pointer::join(pointer, key),
                format!("`{key}` must be a text"),
            )
        })
    }

    fn only(&self, pointer: &str, entry: &Value, allowed: &[&str]) -> Result<(), Error> {
        let Some(entries) = entry.as_object() else {
            return Err(self.error(pointer, "must be a mapping".to_owned()));
        };
        match entries.keys().find(|key| !allowed.contains(&key.as_str())) {
            Some(key) => {
                let message = format!("`{key}` is not known; there are {}", allowed.join(", "));
                Err(self.error(&pointer::join(pointer, key), message))
            }
            None => Ok(()),
        }
    }

    fn error(&self, pointer: &str, message: String) -> Error {
        let found = self.loaded.sources.get(pointer).cloned();
        let location = found.unwrap_or_else(|| Location {
            file: self.path.into(),
            line: 1,
            column: 1,
        });
        Error::Shape {
            location,
            pointer: pointer.to_owned(),
            message,
        }
    }
}

/// A `*` may stand alone, for everything before the last dot, or for everything after the first one.
fn is_pattern(text: &str) -> bool {
    let fixed = text
        .strip_prefix("*.")
        .or_else(|| text.strip_suffix(".*"))
        .unwrap_or(text);
    text == "*" || (!fixed.is_empty() && !fixed.contains('*'))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Roles, covers, load};

    fn read(text: &str) -> Result<Roles, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roles.yaml");
        fs::write(&path, text).unwrap();
        let prefix = format!("{}/", folder.path().display());
        load(&path).map_err(|error| error.to_string().replace(&prefix, ""))
    }

    const PERMISSIONS: &str = "permissions:
  - {name: widget.write, description: a}
  - {name: widget.read, description: b}
  - {name: gadget.read, description: c}
";

    #[test]
    fn patterns_become_sorted_names() {
        for (patterns, expected) in [
            ("'*'", "gadget.read widget.read widget.write"),
            ("'*.read'", "gadget.read widget.read"),
            ("'widget.*', widget.read", "widget.read widget.write"),
            ("gadget.read", "gadget.read"),
            ("nothing.*", ""),
        ] {
            let role = format!(
                "roles:\n  - {{name: A, scope: project, description: d, permissions: [{patterns}]}}\n"
            );
            let roles = read(&format!("{PERMISSIONS}{role}")).unwrap();
            assert_eq!(roles.roles[0].permissions.join(" "), expected, "{patterns}");
        }
    }

    #[test]
    fn a_star_covers_one_side_of_the_dot() {
        assert!(covers("*.read", "widget.read"));
        assert!(!covers("*.read", "widget.reader"));
        assert!(!covers("widget.*", "widgets.read"));
    }

    #[test]
    fn mistakes_name_their_place() {
        let role = |role: &str| read(&format!("{PERMISSIONS}roles:\n  - {role}\n")).unwrap_err();
        insta::assert_snapshot!(role("{name: A, scope: city, description: d, permissions: []}"), @"roles.yaml:6:15: `city` is none of partner, organization, project, namespace (/roles/0/scope)");
        insta::assert_snapshot!(role("{name: A, scope: project, description: d, permissions: ['a*b']}"), @"roles.yaml:6:61: must be a permission, `*`, or a name with `*` for one side of the dot (/roles/0/permissions/0)");
        insta::assert_snapshot!(role("{name: A, scope: project, permissions: []}"), @"roles.yaml:6:5: `description` must be a text (/roles/0/description)");
        insta::assert_snapshot!(role("{name: A, colour: red}"), @"roles.yaml:6:15: `colour` is not known; there are name, scope, description, permissions (/roles/0/colour)");
        insta::assert_snapshot!(role("A"), @"roles.yaml:6:5: must be a mapping (/roles/0)");
        insta::assert_snapshot!(read("").unwrap_err(), @"roles.yaml:1:1: `permissions` must be a list (/permissions)");
        let twice = PERMISSIONS.replace("gadget", "widget");
        insta::assert_snapshot!(read(&twice).unwrap_err(), @"roles.yaml:4:5: the permission `widget.read` comes twice (/permissions/2)");
    }
}
