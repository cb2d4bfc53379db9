//! Permissions of operations, and the roles that have them.

use std::collections::BTreeSet;

use super::{Engine, listed};
use crate::diff::document::At;
use crate::diff::rules::Direction::Neither;
use crate::roles::Roles;

/// What a permission says beside its name: the scope, whose, and who needs none.
fn rest(permission: At<'_>) -> String {
    let mut rest = String::new();
    for (key, value) in permission.entries().filter(|(key, _)| *key != "name") {
        let value = value
            .node
            .text()
            .map_or_else(|| value.node.canonical(), str::to_owned);
        let separator = if rest.is_empty() { " (" } else { ", " };
        rest.push_str(&format!("{separator}{key} {value}"));
    }
    if !rest.is_empty() {
        rest.push(')');
    }
    rest
}

impl<'a> Engine<'a> {
    /// What became of the built-in roles.
    pub(super) fn role_changes(&mut self) {
        let Some((old, new)) = self.roles else {
            return;
        };
        let places = (Some(self.old.root()), Some(self.new.root()));
        let find = |roles: &'a Roles, name: &str| roles.roles.iter().find(|role| role.name == name);
        let mut said: Vec<(&'static str, String)> = Vec::new();
        for role in &old.roles {
            let Some(now) = find(new, &role.name) else {
                said.push(("role-removed", format!("role `{}` is gone", role.name)));
                continue;
            };
            if role.scope != now.scope {
                let (from, to) = (role.scope.as_str(), now.scope.as_str());
                let message = format!("role `{}` was given in {from} and is in {to}", role.name);
                said.push(("role-scope-changed", message));
            }
            let lost: Vec<_> = role
                .permissions
                .iter()
                .filter(|p| !now.permissions.contains(p))
                .collect();
            let won: Vec<_> = now
                .permissions
                .iter()
                .filter(|p| !role.permissions.contains(p))
                .collect();
            if !lost.is_empty() {
                let message = format!("role `{}` no longer has {}", role.name, listed(&lost));
                said.push(("role-lost-permission", message));
            }
            if !won.is_empty() {
                let message = format!("role `{}` has {} too", role.name, listed(&won));
                said.push(("role-gained-permission", message));
            }
        }
        for role in new
            .roles
            .iter()
            .filter(|role| find(old, &role.name).is_none())
        {
            said.push(("role-added", format!("role `{}` is new", role.name)));
        }
        for (rule, message) in said {
            self.say(rule, Neither, places.0, places.1, message);
        }
    }

    pub(super) fn permission(&mut self, old: At<'a>, new: At<'a>) {
        let key = "x-permission";
        let (from, to) = (old.get(key), new.get(key));
        let text = |at: Option<At<'a>>| at.map(|at| at.node.canonical());
        if text(from) == text(to) {
            return;
        }
        let places = (from.or(Some(old)), to.or(Some(new)));
        let (needs_before, needs_now) = (Needs::of(from), Needs::of(to));
        // The name alone would not say what differs where only the rest does.
        let name = |at: Option<At<'a>>| at.and_then(|at| at.node.text_at("name"));
        let is_rest = name(from).is_some() && name(from) == name(to);
        let shown = |at: Option<At<'a>>| {
            at.map_or("nothing said".to_owned(), |at| {
                let name = at.node.text().or_else(|| at.node.text_at("name"));
                let rest = if is_rest { rest(at) } else { String::new() };
                name.map_or_else(|| at.node.canonical(), |name| format!("`{name}`{rest}"))
            })
        };
        let message = format!("the permission was {} and is {}", shown(from), shown(to));
        let (rule, message) = match (needs_before, needs_now) {
            (_, Needs::Nothing) => ("permission-loosened", message),
            (Needs::Nothing, _) => ("permission-tightened", message),
            (Needs::Named(before), Needs::Named(now)) => match self.losers(&before, &now) {
                Some(losers) if losers.is_empty() => ("permission-loosened", message),
                Some(losers) => {
                    let message = format!("{message}, which {} do not have", listed(&losers));
                    ("permission-tightened", message)
                }
                None => ("permission-changed", message),
            },
            _ => ("permission-changed", message),
        };
        self.say(rule, Neither, places.0, places.1, message);
    }

    /// The roles that have the old permission and not the new one; nothing where roles are not known
    /// or the same permission is asked for in another way.
    fn losers(&self, before: &str, now: &str) -> Option<Vec<String>> {
        let (old, new) = self.roles?;
        if before == now {
            return None;
        }
        let has = |roles: &Roles, permission: &str| -> BTreeSet<String> {
            let having = roles
                .roles
                .iter()
                .filter(|role| role.permissions.iter().any(|p| p == permission));
            having.map(|role| role.name.clone()).collect()
        };
        let (could, can) = (has(old, before), has(new, now));
        Some(could.difference(&can).cloned().collect())
    }
}

enum Needs {
    /// Everyone may call.
    Nothing,
    Named(String),
    /// Something else, such as `self`.
    Other,
}

impl Needs {
    fn of(at: Option<At<'_>>) -> Self {
        let Some(at) = at else {
            return Self::Nothing;
        };
        match at.node.text().or_else(|| at.node.text_at("name")) {
            Some("public") => Self::Nothing,
            Some("self") | None => Self::Other,
            Some(name) => Self::Named(name.to_owned()),
        }
    }
}
