//! `oneOf` and `anyOf`: which branch became which, and what tells them apart.

use std::collections::BTreeMap;

use super::Engine;
use super::shape::{Shape, Union};
use crate::diff::document::{At, Document};
use crate::diff::rules::Direction;

impl<'a> Engine<'a> {
    pub(super) fn unions(&mut self, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
        let count = old.unions.len().max(new.unions.len());
        for index in 0..count {
            match (old.unions.get(index), new.unions.get(index)) {
                (Some(from), Some(to)) => self.union(from, to, direction),
                (None, Some(to)) => self.union_set(old, to, direction),
                (Some(from), None) => self.union_unset(from, new, direction),
                (None, None) => {}
            }
        }
        self.discriminators(old, new, direction);
    }

    fn union(&mut self, old: &Union<'a>, new: &Union<'a>, direction: Direction) {
        if self.too_many("shapes", old.list, new.list) {
            return;
        }
        if old.is_one_of != new.is_one_of {
            let (rule, message) = if new.is_one_of {
                ("union-kind-narrowed", "exactly one shape must fit now")
            } else {
                ("union-kind-widened", "several shapes may fit now")
            };
            self.say(
                rule,
                direction,
                Some(old.list),
                Some(new.list),
                message.to_owned(),
            );
        }
        let (pairs, gone, come) = self.matched(old, new, direction);
        for (from, to) in pairs {
            self.pair(&[from], &[to], direction);
        }
        for branch in gone {
            let message = format!("shape {} is gone", label(self.old, branch));
            let places = (Some(branch), Some(new.list));
            self.say(
                "union-branch-removed",
                direction,
                places.0,
                places.1,
                message,
            );
        }
        for branch in come {
            let message = format!("shape {} is new", label(self.new, branch));
            let places = (Some(old.list), Some(branch));
            self.say("union-branch-added", direction, places.0, places.1, message);
        }
    }

    /// Pairs branches by name, then by likeness; a single one that is left on each side has changed.
    fn matched(
        &mut self,
        old: &Union<'a>,
        new: &Union<'a>,
        direction: Direction,
    ) -> (Vec<(At<'a>, At<'a>)>, Vec<At<'a>>, Vec<At<'a>>) {
        let mut pairs = Vec::new();
        let mut come = new.branches.clone();
        let mut rest = Vec::new();
        for from in &old.branches {
            let name = name(self.old, *from);
            let found = come
                .iter()
                .position(|to| name.is_some() && name == self::name(self.new, *to));
            match found {
                Some(found) => pairs.push((*from, come.remove(found))),
                None => rest.push(*from),
            }
        }
        let mut gone = Vec::new();
        for from in rest {
            let found =
                (0..come.len()).find(|index| self.are_alike(&[from], &[come[*index]], direction));
            match found {
                Some(found) => pairs.push((from, come.remove(found))),
                None => gone.push(from),
            }
        }
        // Shapes without names that stand in the same order are the same ones, changed.
        let unnamed = |document: &'a Document, branches: &[At<'a>]| {
            branches
                .iter()
                .all(|branch| name(document, *branch).is_none())
        };
        if gone.len() == come.len() && unnamed(self.old, &gone) && unnamed(self.new, &come) {
            pairs.extend(gone.drain(..).zip(come.drain(..)));
        }
        (pairs, gone, come)
    }

    fn union_set(&mut self, old: &Shape<'a>, new: &Union<'a>, direction: Direction) {
        // The old schema may be one of the shapes now.
        if let Some(origin) = old.origin
            && old.unions.is_empty()
        {
            let alike = |engine: &mut Self, branch: &At<'a>| {
                engine.are_alike(&[origin], &[*branch], direction)
            };
            let found = new.branches.iter().position(|branch| alike(self, branch));
            if let Some(found) = found {
                for (index, branch) in new.branches.iter().enumerate() {
                    if index != found {
                        let message = format!("shape {} is new", label(self.new, *branch));
                        let places = (old.anywhere(), Some(*branch));
                        self.say("union-branch-added", direction, places.0, places.1, message);
                    }
                }
                return;
            }
        }
        let message = "the value must have one of several shapes now".to_owned();
        self.say(
            "union-set",
            direction,
            old.anywhere(),
            Some(new.list),
            message,
        );
    }

    fn union_unset(&mut self, old: &Union<'a>, new: &Shape<'a>, direction: Direction) {
        if let Some(origin) = new.origin
            && new.unions.is_empty()
        {
            let alike = |engine: &mut Self, branch: &At<'a>| {
                engine.are_alike(&[*branch], &[origin], direction)
            };
            let found = old.branches.iter().position(|branch| alike(self, branch));
            if let Some(found) = found {
                for (index, branch) in old.branches.iter().enumerate() {
                    if index != found {
                        let message = format!("shape {} is gone", label(self.old, *branch));
                        let places = (Some(*branch), new.anywhere());
                        self.say(
                            "union-branch-removed",
                            direction,
                            places.0,
                            places.1,
                            message,
                        );
                    }
                }
                return;
            }
        }
        let message = "the value no longer has one of several shapes".to_owned();
        self.say(
            "union-unset",
            direction,
            Some(old.list),
            new.anywhere(),
            message,
        );
    }

    /// Whether a union on one side alone took the whole schema in, so that nothing else is to compare.
    pub(super) fn is_wrapped(
        &mut self,
        old: &Shape<'a>,
        new: &Shape<'a>,
        direction: Direction,
    ) -> bool {
        let plain = |shape: &Shape<'a>| shape.unions.is_empty() && shape.origin.is_some();
        let only = |shape: &Shape<'a>| {
            shape.unions.len() == 1
                && shape.parts.iter().all(|(part, _)| {
                    part.node.get("discriminator").is_some()
                        && part.node.get("properties").is_none()
                })
        };
        if plain(old) && only(new) && !old.is_free() {
            self.union_set(old, &new.unions[0], direction);
            return true;
        }
        if only(old) && plain(new) && !new.is_free() {
            self.union_unset(&old.unions[0], new, direction);
            return true;
        }
        false
    }

    fn discriminators(&mut self, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
        let key = "discriminator";
        let (from, to) = (old.first(key), new.first(key));
        let places = (old.place(key), new.place(key));
        let name = |at: At<'a>| at.node.text_at("propertyName").unwrap_or_default();
        let (rule, message) = match (from, to) {
            (None, None) => return,
            (None, Some(to)) => {
                let message = format!("`{}` tells the shapes apart now", name(to));
                ("discriminator-added", message)
            }
            (Some(from), None) => {
                let message = format!("`{}` no longer tells the shapes apart", name(from));
                ("discriminator-removed", message)
            }
            (Some(from), Some(to)) if name(from) != name(to) => {
                let message = format!(
                    "`{}` tells the shapes apart where `{}` did",
                    name(to),
                    name(from)
                );
                ("discriminator-changed", message)
            }
            (Some(from), Some(to)) => {
                // A branch that came or went, or has another name, is said already.
                let (before, after) = (mapping(from, old), mapping(to, new));
                let moved: Vec<&String> = before
                    .iter()
                    .filter(|(value, shape)| after.get(*value).is_some_and(|now| now != *shape))
                    .map(|(value, _)| value)
                    .chain(mismatch(&before, &after))
                    .chain(mismatch(&after, &before))
                    .collect();
                if moved.is_empty() {
                    return;
                }
                let message = format!("{} stand for other shapes", super::listed(&moved));
                ("discriminator-mapping-changed", message)
            }
        };
        self.say(rule, direction, places.0, places.1, message);
    }
}

/// Values that the other mapping does not have although it has their shape.
fn mismatch<'m>(
    a: &'m BTreeMap<String, String>,
    b: &'m BTreeMap<String, String>,
) -> impl Iterator<Item = &'m String> {
    let lost = |(value, shape): &(&String, &String)| {
        !b.contains_key(*value) && b.values().any(|other| other == *shape)
    };
    a.iter().filter(lost).map(|(value, _)| value)
}

/// What each value of a discriminator stands for: what it says, and the names of shapes otherwise.
fn mapping(discriminator: At<'_>, shape: &Shape<'_>) -> BTreeMap<String, String> {
    let last = |target: &str| target.rsplit('/').next().unwrap_or_default().to_owned();
    let mut mapping: BTreeMap<String, String> = BTreeMap::new();
    let said = discriminator.get("mapping");
    for (value, target) in said.iter().flat_map(|said| said.entries()) {
        mapping.insert(
            value.to_owned(),
            last(target.node.text().unwrap_or_default()),
        );
    }
    let branches = shape.unions.iter().flat_map(|union| &union.branches);
    for target in branches.filter_map(|branch| branch.node.text_at("$ref")) {
        let name = last(target);
        if !mapping.values().any(|known| *known == name) {
            mapping.insert(name.clone(), name);
        }
    }
    mapping
}

fn name<'a>(document: &'a Document, branch: At<'a>) -> Option<&'a str> {
    let resolved = document.resolve(branch).ok()?;
    resolved.name.or_else(|| resolved.at.node.text_at("title"))
}

fn label(document: &Document, branch: At<'_>) -> String {
    let resolved = document.resolve(branch).ok();
    let name = resolved.and_then(|resolved| {
        let title = resolved.at.node.text_at("title");
        resolved.name.or(title).map(str::to_owned)
    });
    name.map_or_else(|| "without a name".to_owned(), |name| format!("`{name}`"))
}
