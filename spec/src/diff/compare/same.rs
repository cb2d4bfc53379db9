//! Whether two values are the same but for what says nothing: for the parts of a document that no
//! rule takes apart.

use std::collections::HashSet;

use super::shape::TRIVIA;
use crate::diff::document::{At, Document};
use crate::diff::node::{Data, Node};

/// The words under which keys are names that the author chose, and none of them says nothing.
const NAMES: [&str; 17] = [
    "$defs",
    "callbacks",
    "content",
    "dependentRequired",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "patternProperties",
    "properties",
    "responses",
    "schemas",
    "scopes",
    "variables",
];
/// The words under which data stands, in which nothing is a word.
const DATA: [&str; 3] = ["const", "default", "enum"];

/// How deep two values are looked at before they count as different.
const MAX_DEPTH: usize = 60;

pub(super) fn same(old: &Document, new: &Document, a: At<'_>, b: At<'_>) -> bool {
    Same {
        old,
        new,
        open: HashSet::new(),
    }
    .values(a, b, 0, false)
}

struct Same<'d> {
    old: &'d Document,
    new: &'d Document,
    /// Pairs that are being looked at or were found the same.
    open: HashSet<(usize, usize)>,
}

impl Same<'_> {
    /// `is_names` tells that the keys of the values are names.
    fn values(&mut self, a: At<'_>, b: At<'_>, depth: usize, is_names: bool) -> bool {
        // In 3.1 other words hold beside a reference.
        let beside = |document: &Document, at: At<'_>| {
            document.is_3_1 && at.node.get("$ref").is_some() && at.node.entries().len() > 1
        };
        if (beside(self.old, a) || beside(self.new, b)) && !self.beside(a, b, depth) {
            return false;
        }
        let (Ok(a), Ok(b)) = (self.old.resolve(a), self.new.resolve(b)) else {
            return false;
        };
        let (a, b) = (a.at, b.at);
        if depth > MAX_DEPTH {
            return false;
        }
        if !self.open.insert((a.node.address(), b.node.address())) {
            return true;
        }
        match (&a.node.data, &b.node.data) {
            (Data::Map(x), Data::Map(y)) => {
                let counts = |key: &str| is_names || counts(key);
                let x: Vec<_> = x.iter().filter(|(key, _)| counts(key)).collect();
                let y: Vec<_> = y.iter().filter(|(key, _)| counts(key)).collect();
                x.len() == y.len()
                    && x.iter().zip(y).all(|((key, value), (other, with))| {
                        let key: &str = key;
                        if !is_names && DATA.contains(&key) && value.items().is_empty() {
                            return *key == **other && value.canonical() == with.canonical();
                        }
                        let names = !is_names && NAMES.contains(&key);
                        *key == **other
                            && self.values(a.with(value), b.with(with), depth + 1, names)
                    })
            }
            (Data::List(x), Data::List(y)) if x.len() == y.len() => {
                let scalar = |data: &Data| !matches!(data, Data::Map(_) | Data::List(_));
                if x.iter().chain(y).all(|item| scalar(&item.data)) {
                    let set = |items: &[Node]| {
                        let mut texts: Vec<_> = items.iter().map(Node::canonical).collect();
                        texts.sort();
                        texts
                    };
                    return set(x) == set(y);
                }
                let mut pairs = x.iter().zip(y);
                pairs.all(|(x, y)| self.values(a.with(x), b.with(y), depth + 1, false))
            }
            _ => a.node.canonical() == b.node.canonical(),
        }
    }

    /// What stands beside two references, or beside one and in the other value.
    fn beside(&mut self, a: At<'_>, b: At<'_>, depth: usize) -> bool {
        let words = |document: &Document, at: At<'_>| -> Vec<String> {
            let is_read = document.is_3_1 && at.node.get("$ref").is_some();
            let entries = at.node.entries().iter();
            let entries = entries.filter(|(key, _)| is_read && &**key != "$ref" && counts(key));
            entries.map(|(key, _)| key.to_string()).collect()
        };
        let (x, y) = (words(self.old, a), words(self.new, b));
        x == y
            && x.iter().all(|key| match (a.get(key), b.get(key)) {
                (Some(x), Some(y)) => self.values(x, y, depth + 1, NAMES.contains(&key.as_str())),
                _ => false,
            })
    }
}

/// Whether a word says something.
fn counts(key: &str) -> bool {
    let says = matches!(key, "$ref" | "allOf" | "nullable");
    says || !(key.starts_with("x-") || TRIVIA.contains(&key))
}
