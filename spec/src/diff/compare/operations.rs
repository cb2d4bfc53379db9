//! Paths and operations: which is which, and what stands on them.

use std::collections::BTreeMap;

use super::{Engine, Operation, lifecycle};
use crate::diff::document::At;
use crate::diff::node::Node;
use crate::diff::policy::Stability;
use crate::diff::rules::Direction::Neither;

const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];
/// What an operation may hold that other code judges, or that says nothing.
const KNOWN: [&str; 12] = [
    "callbacks",
    "deprecated",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "servers",
    "summary",
    "tags",
];

/// An operation with what stands around it.
#[derive(Clone, Copy)]
pub(super) struct Op<'a> {
    pub(super) at: At<'a>,
    pub(super) path: &'a str,
    pub(super) path_item: At<'a>,
    pub(super) root: At<'a>,
}

/// A path with its item, the reference to it followed.
type Item<'a> = (&'a str, At<'a>);

/// Paths are the same when they differ in nothing but the names of their variables; never otherwise.
pub(super) fn template(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('{');
            }
            '}' => {
                inside = false;
                out.push('}');
            }
            _ if inside => {}
            _ => out.push(c),
        }
    }
    out
}

/// The variables of a path in their order.
pub(super) fn variables(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

/// Whether an operation is an old spelling of another one.
fn is_alias(operation: &Node) -> bool {
    operation.get("x-alias-of").is_some()
}

fn methods(item: At<'_>) -> impl Iterator<Item = (&'static str, At<'_>)> {
    METHODS
        .into_iter()
        .filter_map(move |method| Some((method, item.get(method)?)))
}

impl<'a> Engine<'a> {
    pub(super) fn document(&mut self) {
        let (old, new) = (self.old.root(), self.new.root());
        self.servers(old, new);
        self.colliding_names();
        self.role_changes();
        let around = (Some(old), Some(new));
        self.unknown("webhooks", old.get("webhooks"), new.get("webhooks"), around);
        let before = self.items(old, true);
        let after = self.items(new, false);
        for (key, (path, item)) in &before {
            match after.get(key) {
                Some((new_path, new_item)) => self.path(path, *item, new_path, *new_item),
                None => self.path_removed(path, *item, new),
            }
        }
        for (key, (path, item)) in &after {
            if !before.contains_key(key) && methods(*item).next().is_some() {
                let at = old.get("paths").or(Some(old));
                self.of_path(path, *item, |engine| {
                    let message = format!("path `{path}` is new");
                    engine.say("path-added", Neither, at, Some(*item), message);
                });
            }
        }
    }

    fn items(&mut self, root: At<'a>, is_old: bool) -> BTreeMap<String, Item<'a>> {
        let mut items = BTreeMap::new();
        for (path, item) in root.get("paths").into_iter().flat_map(At::entries) {
            if path.starts_with('/')
                && let Some(resolved) = self.resolve_one(item, is_old)
            {
                items.insert(template(path), (path, resolved));
            }
        }
        items
    }

    /// A finding of a path belongs to all operations of it.
    fn of_path(&mut self, path: &str, item: At<'a>, judge: impl FnOnce(&mut Self)) {
        let operations: Vec<_> = methods(item).collect();
        let stable = operations.iter().any(|(_, at)| !self.is_unstable(at.node));
        let methods: Vec<_> = operations
            .iter()
            .map(|(method, _)| method.to_uppercase())
            .collect();
        let operation = Operation {
            label: format!("{} {path}", methods.join(",")),
            unstable: !stable,
            alias: operations.iter().all(|(_, at)| is_alias(at.node)),
        };
        self.within(operation, judge);
    }

    fn is_unstable(&self, operation: &Node) -> bool {
        lifecycle::stability(operation).unwrap_or(Stability::Stable) < self.policy.stability
    }

    fn path_removed(&mut self, path: &'a str, item: At<'a>, new: At<'a>) {
        let fates: Vec<_> = methods(item).map(|(_, at)| self.fate(at.node)).collect();
        let Some(worst) = fates.iter().max().copied() else {
            return;
        };
        let at = new.get("paths").or(Some(new));
        self.of_path(path, item, |engine| {
            let rule = match worst {
                lifecycle::Fate::Announced => "path-removed-after-sunset",
                lifecycle::Fate::Early => "path-removed-before-sunset",
                lifecycle::Fate::Unannounced => "path-removed",
            };
            let message = format!("path `{path}` is gone with all its operations");
            engine.say(rule, Neither, Some(item), at, message);
        });
    }

    fn path(&mut self, path: &'a str, old: At<'a>, new_path: &'a str, new: At<'a>) {
        if path != new_path {
            let message = format!("path `{path}` is written `{new_path}`");
            self.of_path(path, old, |engine| {
                engine.say(
                    "path-variable-renamed",
                    Neither,
                    Some(old),
                    Some(new),
                    message,
                );
            });
        }
        let known = |key: &str| {
            METHODS.contains(&key)
                || matches!(
                    key,
                    "summary" | "description" | "parameters" | "servers" | "$ref"
                )
        };
        let mut unknown: Vec<&str> = old
            .entries()
            .chain(new.entries())
            .map(|(key, _)| key)
            .collect();
        unknown.retain(|key| !known(key) && !key.starts_with("x-"));
        unknown.sort_unstable();
        unknown.dedup();
        for key in unknown {
            self.unknown(key, old.get(key), new.get(key), (Some(old), Some(new)));
        }
        for method in METHODS {
            let op = |path, path_item: At<'a>, root| {
                path_item.get(method).map(|at| Op {
                    at,
                    path,
                    path_item,
                    root,
                })
            };
            let before = op(path, old, self.old.root());
            let after = op(new_path, new, self.new.root());
            let Some(any) = before.or(after) else {
                continue;
            };
            let label = format!("{} {}", method.to_uppercase(), any.path);
            let unstable = self.is_unstable(any.at.node);
            let operation = Operation {
                label: label.clone(),
                unstable,
                alias: is_alias(any.at.node),
            };
            self.within(operation, |engine| match (before, after) {
                (Some(before), Some(after)) => engine.operation(before, after),
                (Some(before), None) => {
                    let rule = match engine.fate(before.at.node) {
                        lifecycle::Fate::Announced => "operation-removed-after-sunset",
                        lifecycle::Fate::Early => "operation-removed-before-sunset",
                        lifecycle::Fate::Unannounced => "operation-removed",
                    };
                    let message = format!("operation `{label}` is gone");
                    engine.say(rule, Neither, Some(before.at), Some(new), message);
                }
                (None, Some(after)) => {
                    let message = format!("operation `{label}` is new");
                    engine.say(
                        "operation-added",
                        Neither,
                        Some(old),
                        Some(after.at),
                        message,
                    );
                }
                (None, None) => {}
            });
        }
    }

    fn operation(&mut self, old: Op<'a>, new: Op<'a>) {
        let (from, to) = (old.at.node, new.at.node);
        let around = (Some(old.at), Some(new.at));
        let at = |key: &str| (old.at.get(key).or(around.0), new.at.get(key).or(around.1));
        let places = at("operationId");
        let id = match (from.text_at("operationId"), to.text_at("operationId")) {
            (Some(a), Some(b)) if a != b => Some((
                "operation-id-changed",
                format!("the operationId was `{a}` and is `{b}`"),
            )),
            (Some(a), None) => Some((
                "operation-id-removed",
                format!("the operationId `{a}` is gone"),
            )),
            (None, Some(b)) => Some((
                "operation-id-added",
                format!("the operationId is `{b}` now"),
            )),
            _ => None,
        };
        if let Some((rule, message)) = id {
            self.say(rule, Neither, places.0, places.1, message);
        }
        let (a, b) = (from.texts("tags").next(), to.texts("tags").next());
        if a != b {
            let tag = |tag: Option<&str>| tag.map_or("none".to_owned(), |tag| format!("`{tag}`"));
            let message = format!("the first tag was {} and is {}", tag(a), tag(b));
            let places = at("tags");
            self.say(
                "operation-tag-changed",
                Neither,
                places.0,
                places.1,
                message,
            );
        }
        self.lifecycle(old.at, new.at);
        self.parameters(old, new);
        self.request_body(old.at, new.at);
        self.responses(old.at, new.at);
        self.callbacks(old.at, new.at);
        self.security(old, new);
        self.permission(old.at, new.at);
        self.operation_words(old.at, new.at);
        for (a, b) in [(old.path_item, new.path_item), (old.at, new.at)] {
            if a.get("servers").is_some() || b.get("servers").is_some() {
                self.servers(a, b);
            }
        }
        let mut unknown: Vec<&str> = old
            .at
            .entries()
            .chain(new.at.entries())
            .map(|(key, _)| key)
            .collect();
        unknown.retain(|key| !KNOWN.contains(key) && !key.starts_with("x-"));
        unknown.sort_unstable();
        unknown.dedup();
        for key in unknown {
            self.unknown(key, old.at.get(key), new.at.get(key), around);
        }
    }

    fn callbacks(&mut self, old: At<'a>, new: At<'a>) {
        let (a, b) = (old.get("callbacks"), new.get("callbacks"));
        let differ = match (a, b) {
            (Some(a), Some(b)) => !super::same::same(self.old, self.new, a, b),
            (None, None) => false,
            _ => true,
        };
        if differ {
            let places = (a.or(Some(old)), b.or(Some(new)));
            let message = "the callbacks differ".to_owned();
            self.say("callbacks-changed", Neither, places.0, places.1, message);
        }
    }

    /// The servers that stand at two places of the same rank.
    fn servers(&mut self, old: At<'a>, new: At<'a>) {
        let lists = (
            old.get("servers").unwrap_or(old),
            new.get("servers").unwrap_or(new),
        );
        if self.too_many("servers", lists.0, lists.1) {
            return;
        }
        let urls = |at: At<'a>| {
            let listed = at.get("servers").into_iter().flat_map(At::items);
            let mut urls: Vec<(String, At<'a>)> = listed
                .map(|server| (server.node.text_at("url").unwrap_or("/").to_owned(), server))
                .collect();
            if urls.is_empty() {
                urls.push(("/".to_owned(), at));
            }
            urls
        };
        let (before, after) = (urls(old), urls(new));
        let has = |urls: &[(String, At<'a>)], url: &str| urls.iter().any(|(known, _)| known == url);
        for (url, at) in before.iter().filter(|(url, _)| !has(&after, url)) {
            let message = format!("the server `{url}` is no longer listed");
            let around = new.get("servers").or(Some(new));
            self.say("server-removed", Neither, Some(*at), around, message);
        }
        for (url, at) in after.iter().filter(|(url, _)| !has(&before, url)) {
            let message = format!("the server `{url}` is listed now");
            let around = old.get("servers").or(Some(old));
            self.say("server-added", Neither, around, Some(*at), message);
        }
    }

    /// Names of schemas that become one type name on one side alone.
    fn colliding_names(&mut self) {
        let groups = |root: At<'a>| {
            let schemas = root.get("components").and_then(|c| c.get("schemas"));
            let mut groups: BTreeMap<String, Vec<Item<'a>>> = BTreeMap::new();
            for (name, at) in schemas.into_iter().flat_map(At::entries) {
                let letters = name.chars().filter(|c| c.is_alphanumeric());
                let key = letters.flat_map(char::to_lowercase).collect();
                groups.entry(key).or_default().push((name, at));
            }
            groups.retain(|_, names| names.len() > 1);
            groups
        };
        let (before, after) = (groups(self.old.root()), groups(self.new.root()));
        let text = |names: &[Item<'a>]| {
            super::listed(&names.iter().map(|(name, _)| *name).collect::<Vec<_>>())
        };
        for (key, names) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            let _ = key;
            let message = format!("{} become one type name", text(names));
            let at = (Some(self.old.root()), Some(names[names.len() - 1].1));
            self.say("schema-names-collide", Neither, at.0, at.1, message);
        }
        for (key, names) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
            let _ = key;
            let message = format!("{} became one type name and no longer do", text(names));
            let at = (Some(names[names.len() - 1].1), Some(self.new.root()));
            self.say(
                "schema-names-no-longer-collide",
                Neither,
                at.0,
                at.1,
                message,
            );
        }
    }
}
