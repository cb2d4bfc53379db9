//! A schema with its references followed and its `allOf` taken apart: what counts, however it is
//! written.
//!
//! A schema and an `allOf` of it alone, a reference and its target written in place, a union of one
//! shape, null by `nullable`, by a list of types or by a branch of a union: all of them have the same
//! shape, so they never differ.

use std::collections::HashSet;

use crate::diff::document::{At, Broken, Document};
use crate::diff::node::{Data, Node};

/// How deep `allOf` may nest through references.
const MAX_NESTING: usize = 50;

/// What says nothing about values.
pub(super) const TRIVIA: [&str; 16] = [
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "definitions",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "summary",
    "title",
    "$ref",
    "allOf",
];

/// Extension words on schemas that are judged.
pub(super) const WORDS: [&str; 9] = [
    "x-extensible-enum",
    "x-from",
    "x-immutable",
    "x-kind",
    "x-lifecycle",
    "x-references",
    "x-rust-name",
    "x-rust-type",
    "x-secret",
];

/// The conjunction of some schemas.
#[derive(Clone, Default)]
pub(super) struct Shape<'a> {
    /// The first schema as it was given, before any reference is followed.
    pub(super) origin: Option<At<'a>>,
    /// The first schema where its reference leads.
    pub(super) definition: Option<At<'a>>,
    /// The name under which it was referred to.
    pub(super) name: Option<&'a str>,
    /// Every schema that must hold, each with the name by which it was referred to.
    pub(super) parts: Vec<(At<'a>, Option<&'a str>)>,
    /// Every `oneOf` and `anyOf` of more than one shape.
    pub(super) unions: Vec<Union<'a>>,
    pub(super) nullable: bool,
    /// `false`: no value fits.
    pub(super) never: bool,
    pub(super) broken: Vec<Broken<'a>>,
}

/// A `oneOf` or `anyOf`.
#[derive(Clone)]
pub(super) struct Union<'a> {
    pub(super) is_one_of: bool,
    pub(super) list: At<'a>,
    pub(super) branches: Vec<At<'a>>,
}

pub(super) fn shape<'a>(document: &'a Document, schemas: &[At<'a>]) -> Shape<'a> {
    let mut shape = Shape {
        origin: schemas.first().copied(),
        ..Shape::default()
    };
    let mut builder = Builder {
        document,
        shape: &mut shape,
        path: Vec::new(),
        seen: HashSet::new(),
    };
    for schema in schemas {
        builder.add(*schema, None);
    }
    // `allOf` of one reference is that reference, and so is its name.
    if shape.name.is_none()
        && let [(part, Some(name))] = shape.parts[..]
        && shape.unions.is_empty()
    {
        (shape.name, shape.definition) = (Some(name), Some(part));
    }
    shape.settle_null(document.is_3_1);
    shape
}

struct Builder<'a, 's> {
    document: &'a Document,
    shape: &'s mut Shape<'a>,
    path: Vec<usize>,
    /// What is taken apart already: without it, an `allOf` that forks at each level would take for ever.
    seen: HashSet<usize>,
}

impl<'a> Builder<'a, '_> {
    fn add(&mut self, at: At<'a>, outer: Option<&'a str>) {
        let resolved = match self.document.resolve(at) {
            Ok(resolved) => resolved,
            Err(broken) => {
                self.shape.broken.push(broken);
                return;
            }
        };
        if self.path.is_empty() && self.shape.definition.is_none() {
            self.shape.definition = Some(resolved.at);
            self.shape.name = resolved.name;
        }
        let name = resolved.name.or(outer);
        let target = resolved.at;
        let address = target.node.address();
        if self.path.contains(&address) || self.path.len() > MAX_NESTING {
            let message = "a schema is part of itself by `allOf`".to_owned();
            self.shape.broken.push(Broken { at, message });
            return;
        }
        if !self.seen.insert(address) {
            return;
        }
        self.path.push(address);
        // Beside a `$ref`, 3.1 lets other words hold too; 3.0 ignores them.
        if self.document.is_3_1 && address != at.node.address() {
            self.own(at, None);
        }
        self.own(target, name);
        self.path.pop();
    }

    fn own(&mut self, at: At<'a>, name: Option<&'a str>) {
        if at.node.is_false() {
            self.shape.never = true;
        }
        let known = self.shape.parts.iter();
        if known
            .clone()
            .any(|(part, _)| part.node.address() == at.node.address())
        {
            return;
        }
        let says_something = at.node.entries().iter().any(|(key, _)| counts(key));
        if says_something {
            self.shape.parts.push((at, name));
        }
        // In 3.1 `nullable` is no word.
        let may_be_null = at.node.flag("nullable") && !self.document.is_3_1;
        if may_be_null && at.node.get("type").is_none() {
            self.shape.nullable = true;
        }
        if let Some(list) = at.get("allOf") {
            for branch in list.items() {
                self.add(branch, None);
            }
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(list) = at.get(key) {
                self.union(list, key == "oneOf");
            }
        }
    }

    fn union(&mut self, list: At<'a>, is_one_of: bool) {
        let (nulls, branches): (Vec<_>, Vec<_>) = list.items().partition(|branch| {
            self.document
                .resolve(*branch)
                .is_ok_and(|r| is_null(r.at.node))
        });
        if !nulls.is_empty() {
            self.shape.nullable = true;
        }
        match branches[..] {
            [] => {}
            [only] => self.add(only, None),
            _ => self.shape.unions.push(Union {
                is_one_of,
                list,
                branches,
            }),
        }
    }
}

/// Whether a word of a schema says something of its own, beside its unions and its `allOf`.
pub(super) fn counts(key: &str) -> bool {
    if key.starts_with("x-") {
        return WORDS.contains(&key);
    }
    !TRIVIA.contains(&key) && key != "anyOf" && key != "oneOf"
}

fn is_null(schema: &Node) -> bool {
    let only_null = |node: &Node| matches!(node.items(), [item] if matches!(item.data, Data::Null));
    schema.text_at("type") == Some("null") || schema.get("enum").is_some_and(only_null)
}

impl<'a> Shape<'a> {
    /// Null is allowed when every part with a type allows it, or something around them does.
    fn settle_null(&mut self, is_3_1: bool) {
        let allows = |part: &Node| {
            let listed = part.get("type").map(Node::items).unwrap_or_default();
            (part.flag("nullable") && !is_3_1)
                || listed.iter().any(|item| item.text() == Some("null"))
        };
        let mut typed = self.parts.iter().map(|(part, _)| part.node);
        let mut typed = typed
            .by_ref()
            .filter(|part| part.get("type").is_some())
            .peekable();
        if typed.peek().is_some() && typed.all(allows) {
            self.nullable = true;
        }
    }

    /// What tells the shape from others: two places with one key are one schema.
    pub(super) fn key(&self) -> Box<[usize]> {
        let mut key: Vec<usize> = self
            .parts
            .iter()
            .map(|(part, _)| part.node.address())
            .collect();
        key.extend(self.unions.iter().map(|union| union.list.node.address()));
        key.extend(self.broken.iter().map(|broken| broken.at.node.address()));
        key.push(usize::from(self.nullable) + 2 * usize::from(self.never));
        key.into()
    }

    /// The values under a word, one from each part that has it.
    pub(super) fn all(&self, key: &'static str) -> impl Iterator<Item = At<'a>> {
        self.parts.iter().filter_map(move |(part, _)| part.get(key))
    }

    /// The first value under a word.
    pub(super) fn first(&self, key: &'static str) -> Option<At<'a>> {
        self.all(key).next()
    }

    pub(super) fn flag(&self, key: &'static str) -> bool {
        self.all(key).any(|value| value.node.is_true())
    }

    /// Where to point for something the schema does not have.
    pub(super) fn anywhere(&self) -> Option<At<'a>> {
        let part = self.parts.first().map(|(part, _)| *part);
        let union = self.unions.first().map(|union| union.list);
        part.or(union).or(self.definition).or(self.origin)
    }

    /// The place of a word, or the schema's.
    pub(super) fn place(&self, key: &'static str) -> Option<At<'a>> {
        self.first(key).or_else(|| self.anywhere())
    }

    /// Whether it allows everything.
    pub(super) fn is_free(&self) -> bool {
        self.parts.is_empty() && self.unions.is_empty() && !self.never
    }
}
