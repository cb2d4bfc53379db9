//! The parts of a document, each met once however often it is referred to, with what its own form
//! says about it. All rules look at this list and none walks the document again.
//!
//! References are followed from a queue and not by the call stack, so that neither a circle nor a long
//! chain of them can hurt.

use std::collections::{HashSet, VecDeque};

use super::Findings;
use super::form;
use super::shape::{Kind, Shape, fields, others};
use crate::diff::document::{At, Document};
use crate::lint::rules;

/// An object of a document.
pub(super) struct Part<'a> {
    pub(super) at: At<'a>,
    pub(super) kind: Kind,
    /// The key that it stands under; empty for an item of a list.
    pub(super) key: &'a str,
    /// The field of the object around it that it belongs to.
    pub(super) field: &'a str,
    /// The object around it, which is the one that refers to it first when it stands elsewhere.
    pub(super) parent: Option<usize>,
}

/// A `$ref`.
pub(super) struct Reference<'a> {
    pub(super) at: At<'a>,
    /// What is needed there.
    pub(super) kind: Kind,
}

/// Everything in a document.
pub(super) struct Layout<'a> {
    pub(super) document: &'a Document,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) references: Vec<Reference<'a>>,
    /// Definitions of the first file that nothing leads to: the section and the definition.
    pub(super) unused: Vec<(&'a str, &'a str, At<'a>)>,
    seen: HashSet<(usize, Kind)>,
    queue: VecDeque<Open<'a>>,
}

#[derive(Clone, Copy)]
struct Open<'a> {
    at: At<'a>,
    kind: Kind,
    key: &'a str,
    field: &'a str,
    parent: Option<usize>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(document: &'a Document, findings: &mut Findings<'a>) -> Self {
        let mut layout = Layout {
            document,
            parts: Vec::new(),
            references: Vec::new(),
            unused: Vec::new(),
            seen: HashSet::new(),
            queue: VecDeque::new(),
        };
        layout.open(document.root(), Kind::Document, "", "", None);
        layout.drain(findings);
        while layout.inherit() {
            layout.drain(findings);
        }
        layout.take_security();
        layout.drain(findings);
        layout.take_rest(findings);
        layout
    }

    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Part<'a>> {
        self.parts.iter().filter(move |part| part.kind == kind)
    }

    pub(super) fn parent(&self, part: &Part<'a>) -> Option<&Part<'a>> {
        Some(&self.parts[part.parent?])
    }

    /// The operations under paths with the path, its item and the method.
    pub(super) fn operations(&self) -> impl Iterator<Item = Call<'a, '_>> {
        self.of(Kind::Operation).filter_map(|operation| {
            let item = self.parent(operation)?;
            let around = self.parent(item)?;
            (around.kind == Kind::Paths).then_some(Call {
                path: item.key,
                method: operation.field,
                item,
                operation,
            })
        })
    }

    /// What a value refers to in the end, or the value itself; nothing when it leads nowhere.
    pub(super) fn resolve(&self, at: At<'a>) -> Option<At<'a>> {
        Some(self.document.resolve(at).ok()?.at)
    }

    fn open(
        &mut self,
        at: At<'a>,
        kind: Kind,
        key: &'a str,
        field: &'a str,
        parent: Option<usize>,
    ) {
        self.queue.push_back(Open {
            at,
            kind,
            key,
            field,
            parent,
        });
    }

    fn drain(&mut self, findings: &mut Findings<'a>) {
        while let Some(open) = self.queue.pop_front() {
            self.visit(open, findings);
        }
    }

    fn visit(&mut self, open: Open<'a>, findings: &mut Findings<'a>) {
        let Open {
            at,
            kind,
            key,
            field,
            parent,
        } = open;
        if !self.seen.insert((at.node.address(), kind)) {
            return;
        }
        if let Some(target) = at.node.text_at("$ref") {
            self.references.push(Reference { at, kind });
            // What cannot be followed is told by a rule of its own.
            if let Ok(next) = self.document.locate(at.file, target) {
                // A schema with a name is no part of the one that refers to it.
                let field = if kind == Kind::Schema { "$ref" } else { field };
                self.open(next, kind, key, field, parent);
            }
            // In 3.1 a schema's words hold beside its reference.
            let goes_on = kind == Kind::PathItem || (kind == Kind::Schema && self.document.is_3_1);
            if !goes_on || at.node.entries().len() == 1 {
                return;
            }
        }
        if !at.node.is_map() {
            let is_flag = at.node.is_true() || at.node.is_false();
            if !(kind == Kind::Schema && self.document.is_3_1 && is_flag) {
                findings.add(rules::FIELD_TYPE, at, "an object is needed here");
            }
            return;
        }
        let index = self.parts.len();
        self.parts.push(Part {
            at,
            kind,
            key,
            field,
            parent,
        });
        form::check(self.document, at, kind, findings);
        self.enter(at, kind, index);
    }

    fn enter(&mut self, at: At<'a>, kind: Kind, index: usize) {
        for (key, value) in at.entries() {
            let free = others(kind).filter(|_| !key.starts_with("x-") || kind == Kind::Requirement);
            let known = || {
                let mut fields = fields(kind).iter();
                fields.find(|field| field.name == key).map(|f| f.shape)
            };
            let Some(shape) = free.or_else(known) else {
                continue;
            };
            // Definitions count when something leads to them, and are looked at last.
            if kind == Kind::Document && key == "components" {
                continue;
            }
            self.take(value, shape, (key, key), index);
        }
        if kind == Kind::Discriminator {
            self.take_mapping(at, index);
        }
    }

    /// Goes into a value by its form.
    fn take(&mut self, at: At<'a>, shape: Shape, (field, key): (&'a str, &'a str), parent: usize) {
        match shape {
            Shape::Object(kind) | Shape::Referable(kind) => {
                self.open(at, kind, key, field, Some(parent));
            }
            Shape::Additional if at.node.is_map() => {
                self.open(at, Kind::Schema, key, field, Some(parent));
            }
            Shape::List(inner) => {
                for item in at.items() {
                    self.take(item, *inner, (field, ""), parent);
                }
            }
            Shape::Map(inner) => {
                for (key, value) in at.entries() {
                    if !(key.starts_with("x-") && value.node.text_at("$ref").is_none())
                        || matches!(field, "properties" | "headers" | "schemas")
                    {
                        self.take(value, *inner, (field, key), parent);
                    }
                }
            }
            _ => {}
        }
    }

    /// The values of a discriminator's mapping are references that are not written as such.
    fn take_mapping(&mut self, at: At<'a>, index: usize) {
        let Some(mapping) = at.get("mapping") else {
            return;
        };
        for (_, value) in mapping.entries() {
            if let Some(target) = self.mapped(value) {
                self.open(target, Kind::Schema, "", "mapping", Some(index));
            }
        }
    }

    /// Where a value of a mapping leads: a reference, or the name of a schema.
    pub(super) fn mapped(&self, value: At<'a>) -> Option<At<'a>> {
        let text = value.node.text()?;
        let schemas = self.document.root().get("components");
        let schemas = schemas.and_then(|components| components.get("schemas"));
        let named = schemas.and_then(|schemas| schemas.get(text));
        named.or_else(|| self.document.locate(value.file, text).ok())
    }

    /// Schemas that are built on a used one that a discriminator tells apart are used too, although
    /// nothing refers to them. Tells whether there were any.
    fn inherit(&mut self) -> bool {
        for (name, schema) in self.definitions("schemas") {
            if self.is_seen(schema) {
                continue;
            }
            let parts = schema.get("allOf").into_iter().flat_map(At::items);
            let mut bases = parts.filter_map(|part| self.resolve(part));
            let is_variant = bases.any(|base| {
                let node = base.node;
                let open = node.get("oneOf").is_none() && node.get("anyOf").is_none();
                self.is_seen(base) && open && node.get("discriminator").is_some()
            });
            if is_variant {
                self.open(schema, Kind::Schema, name, "schemas", None);
            }
        }
        !self.queue.is_empty()
    }

    fn is_seen(&self, at: At<'a>) -> bool {
        let address = at.node.address();
        KINDS
            .iter()
            .any(|(_, kind)| self.seen.contains(&(address, *kind)))
    }

    /// The definitions of a section of the first file.
    pub(super) fn definitions(
        &self,
        section: &str,
    ) -> impl Iterator<Item = (&'a str, At<'a>)> + use<'a> {
        let components = self.document.root().get("components");
        let section = components.and_then(|components| components.get(section));
        section.into_iter().flat_map(At::entries)
    }

    /// Security schemes are used by name.
    fn take_security(&mut self) {
        let requirements = self.of(Kind::Requirement);
        let names: HashSet<&str> = requirements
            .flat_map(|part| part.at.entries().map(|(name, _)| name))
            .collect();
        for (name, scheme) in self.definitions("securitySchemes") {
            if names.contains(name) {
                let kind = Kind::SecurityScheme;
                self.open(scheme, kind, name, "securitySchemes", None);
            }
        }
    }

    /// What nothing leads to is looked at too, and noted as unused where the document has operations.
    fn take_rest(&mut self, findings: &mut Findings<'a>) {
        let root = self.document.root();
        let has_calls = self.operations().next().is_some() || root.get("webhooks").is_some();
        if has_calls {
            for (section, _) in KINDS {
                for (name, definition) in self.definitions(section) {
                    if !self.is_seen(definition) {
                        self.unused.push((section, name, definition));
                    }
                }
            }
        }
        if let Some(components) = root.get("components") {
            let kind = Kind::Components;
            self.open(components, kind, "components", "components", Some(0));
        }
        self.drain(findings);
    }
}

/// An operation with where it stands.
pub(super) struct Call<'a, 'l> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) item: &'l Part<'a>,
    pub(super) operation: &'l Part<'a>,
}

impl Call<'_, '_> {
    /// The operation as people say it: `GET /a`.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// The sections of the components, and what they hold.
pub(super) const KINDS: [(&str, Kind); 10] = [
    ("schemas", Kind::Schema),
    ("responses", Kind::Response),
    ("parameters", Kind::Parameter),
    ("examples", Kind::Example),
    ("requestBodies", Kind::RequestBody),
    ("headers", Kind::Header),
    ("securitySchemes", Kind::SecurityScheme),
    ("links", Kind::Link),
    ("callbacks", Kind::Callback),
    ("pathItems", Kind::PathItem),
];
