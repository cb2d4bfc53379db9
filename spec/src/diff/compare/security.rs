//! How callers must identify themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::operations::Op;
use super::{Engine, listed};
use crate::diff::document::At;
use crate::diff::rules::Direction::Neither;

/// One way to identify oneself: every scheme with its scopes.
type Way = BTreeMap<String, BTreeSet<String>>;

fn ways(requirement: Option<At<'_>>) -> Vec<Way> {
    let items = requirement.into_iter().flat_map(At::items);
    let ways: Vec<Way> = items
        .map(|way| {
            let scopes = |scopes: At<'_>| {
                let texts = scopes
                    .items()
                    .filter_map(|scope| scope.node.text().map(str::to_owned));
                texts.collect::<BTreeSet<_>>()
            };
            way.entries()
                .map(|(name, at)| (name.to_owned(), scopes(at)))
                .collect()
        })
        .collect();
    if ways.is_empty() {
        return vec![Way::new()];
    }
    ways
}

/// What of a scheme matters to clients.
fn facts(scheme: At<'_>) -> String {
    let mut facts = Vec::new();
    for key in ["type", "name", "in", "scheme", "openIdConnectUrl"] {
        let text = scheme.node.text_at(key).unwrap_or_default();
        // Header names and HTTP schemes have no case.
        let in_header = scheme.node.text_at("in") == Some("header");
        facts.push(match key {
            "scheme" => text.to_ascii_lowercase(),
            "name" if in_header => text.to_ascii_lowercase(),
            _ => text.to_owned(),
        });
    }
    for (flow, at) in scheme.get("flows").into_iter().flat_map(At::entries) {
        facts.push(flow.to_owned());
        for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
            facts.push(at.node.text_at(key).unwrap_or_default().to_owned());
        }
    }
    facts.join("\n")
}

impl<'a> Engine<'a> {
    fn scheme(&mut self, root: At<'a>, name: &str, is_old: bool) -> Option<At<'a>> {
        let schemes = root.get("components")?.get("securitySchemes")?;
        self.resolve_one(schemes.get(name)?, is_old)
    }

    /// What a scheme of the old document is called in the new one: the same, or what works alike.
    fn scheme_name(&mut self, old: Op<'a>, new: Op<'a>, name: &str) -> String {
        if self.scheme(new.root, name, false).is_some() {
            return name.to_owned();
        }
        let Some(from) = self.scheme(old.root, name, true) else {
            return name.to_owned();
        };
        let schemes = new
            .root
            .get("components")
            .and_then(|c| c.get("securitySchemes"));
        for (other, _) in schemes.into_iter().flat_map(At::entries) {
            let is_new = self.scheme(old.root, other, true).is_none();
            if is_new
                && let Some(to) = self.scheme(new.root, other, false)
                && facts(from) == facts(to)
            {
                return other.to_owned();
            }
        }
        name.to_owned()
    }

    pub(super) fn security(&mut self, old: Op<'a>, new: Op<'a>) {
        let from = old.at.get("security").or_else(|| old.root.get("security"));
        let to = new.at.get("security").or_else(|| new.root.get("security"));
        let places = (from.or(Some(old.at)), to.or(Some(new.at)));
        if let (Some(old), Some(new)) = (from.or(to), to.or(from))
            && self.too_many("ways to identify oneself", old, new)
        {
            return;
        }
        let mut before = ways(from);
        let mut after = ways(to);
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for name in before.iter().flat_map(BTreeMap::keys) {
            let other = self.scheme_name(old, new, name);
            names.insert(name.clone(), other);
        }
        let used: BTreeSet<&String> = after.iter().flat_map(BTreeMap::keys).collect();
        for (name, other) in &names {
            if !used.contains(other) {
                continue;
            }
            let (a, b) = (
                self.scheme(old.root, name, true),
                self.scheme(new.root, other, false),
            );
            if let (Some(a), Some(b)) = (a, b)
                && facts(a) != facts(b)
            {
                let message = format!("the scheme `{name}` works otherwise");
                self.say(
                    "security-scheme-changed",
                    Neither,
                    Some(a),
                    Some(b),
                    message,
                );
            }
        }
        for way in &mut before {
            let renamed = std::mem::take(way).into_iter();
            *way = renamed
                .map(|(name, scopes)| (names.get(&name).cloned().unwrap_or(name), scopes))
                .collect();
        }
        let mut say = |rule, message| self.say(rule, Neither, places.0, places.1, message);
        let anonymous = |ways: &[Way]| ways.iter().any(BTreeMap::is_empty);
        let (was_open, is_open) = (anonymous(&before), anonymous(&after));
        if was_open && !is_open {
            say(
                "security-required",
                "callers must identify themselves now".to_owned(),
            );
        } else if is_open && !was_open {
            let message = "anyone may call now".to_owned();
            say("security-no-longer-required", message);
        }
        for ways in [&mut before, &mut after] {
            ways.retain(|way| !way.is_empty());
        }
        let kept: Vec<Way> = before
            .iter()
            .filter(|way| after.contains(way))
            .cloned()
            .collect();
        before.retain(|way| !kept.contains(way));
        after.retain(|way| !kept.contains(way));
        // Who could call without any proof is told of the new ones by the finding above.
        if was_open != is_open && (before.is_empty() || after.is_empty()) {
            return;
        }
        for way in &before {
            let keys = |way: &Way| way.keys().cloned().collect::<BTreeSet<_>>();
            let near = after
                .iter()
                .position(|other| keys(other) == keys(way))
                .or_else(|| {
                    after
                        .iter()
                        .position(|other| keys(other).is_superset(&keys(way)))
                })
                .or_else(|| {
                    after
                        .iter()
                        .position(|other| keys(other).is_subset(&keys(way)))
                });
            let Some(near) = near else {
                let names: Vec<_> = way.keys().collect();
                let message = format!("{} no longer suffices", listed(&names));
                say("security-alternative-removed", message);
                continue;
            };
            for (rule, message) in steps(way, &after.remove(near)) {
                say(rule, message);
            }
        }
        for way in &after {
            let names: Vec<_> = way.keys().collect();
            say(
                "security-alternative-added",
                format!("{} suffices too", listed(&names)),
            );
        }
    }
}

/// What lies between two ways that share schemes.
fn steps(old: &Way, new: &Way) -> Vec<(&'static str, String)> {
    let mut steps = Vec::new();
    for (name, scopes) in new {
        let Some(before) = old.get(name) else {
            let message = format!("`{name}` is needed too");
            steps.push(("security-scheme-added-to-requirement", message));
            continue;
        };
        let added: Vec<_> = scopes.difference(before).collect();
        let removed: Vec<_> = before.difference(scopes).collect();
        if !added.is_empty() {
            let message = format!("scope {} is needed", listed(&added));
            steps.push(("security-scope-added", message));
        }
        if !removed.is_empty() {
            let message = format!("scope {} is no longer needed", listed(&removed));
            steps.push(("security-scope-removed", message));
        }
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        let message = format!("`{name}` is no longer needed");
        steps.push(("security-scheme-dropped-from-requirement", message));
    }
    steps
}
