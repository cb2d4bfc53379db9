//! Whether two values are the same but for what says nothing: for the parts of a document that no
//! rule takes apart.

use std::collections::HashSet;

use super::shape::TRIVIA;
use crate::diff::document::{At, Document};
use crate::diff::node::{Data, Node};

/// How deep two values are looked at before they count as different.
const MAX_DEPTH: usize = 60;

pub(super) fn same(old: &Document, new: &Document, a: At<'_>, b: At<'_>) -> bool {
    Same {
        old,
        new,
        open: HashSet::new(),
    }
    .values(a, b, 0)
}

struct Same<'d> {
    old: &'d Document,
    new: &'d Document,
    /// Pairs that are being looked at or were found the same.
    open: HashSet<(usize, usize)>,
}

impl Same<'_> {
    fn values(&mut self, a: At<'_>, b: At<'_>, depth: usize) -> bool {
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
                let counts = |key: &str| {
                    let says = matches!(key, "$ref" | "allOf" | "nullable");
                    says || !(key.starts_with("x-") || TRIVIA.contains(&key))
                };
                let x: Vec<_> = x.iter().filter(|(key, _)| counts(key)).collect();
                let y: Vec<_> = y.iter().filter(|(key, _)| counts(key)).collect();
                x.len() == y.len()
                    && x.iter().zip(y).all(|((key, value), (other, with))| {
                        key == other && self.values(a.with(value), b.with(with), depth + 1)
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
                pairs.all(|(x, y)| self.values(a.with(x), b.with(y), depth + 1))
            }
            _ => a.node.canonical() == b.node.canonical(),
        }
    }
}
