//! The types of one document, collected while they are referred to, each under its Rust name.

use std::collections::BTreeMap;

use rafay_spec::model::Kind;

use super::{Error, names, schemas, source::Source};

/// How a value is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Any,
    Bool,
    Int32,
    /// Also read from text: 64-bit integers often travel as strings.
    Int64,
    /// Any JSON number, kept as it was written.
    Number,
    Text,
    /// Text that no log or error may show.
    Secret,
    List(Box<Type>),
    Map(Box<Type>),
    /// A generated type, by Rust name.
    Named(String),
}

impl Type {
    /// The generated type that it is, or that it is a list or a map of.
    fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Map(inner) => inner.name(),
            _ => None,
        }
    }
}

/// A generated type.
pub(super) struct Shape {
    pub(super) name: String,
    /// Where its schema stands.
    pub(super) pointer: String,
    pub(super) doc: String,
    pub(super) body: Body,
}

pub(super) enum Body {
    Struct(Vec<Field>),
    /// Enumerated texts: Rust variant, text.
    Texts(Vec<(String, String)>),
    Union(Vec<Variant>),
}

pub(super) struct Field {
    /// The member's name in JSON.
    pub(super) wire: String,
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) ty: Type,
    pub(super) required: bool,
    pub(super) nullable: bool,
    /// A required scalar's declared default, as a Rust expression.
    pub(super) default: Option<String>,
    /// Held behind a `Box`, because the type would contain itself otherwise.
    pub(super) boxed: bool,
}

pub(super) struct Variant {
    pub(super) name: String,
    pub(super) ty: Type,
}

/// The finished types, by Rust name.
pub(super) type Types = BTreeMap<String, Shape>;

/// Collects shapes. Whatever an operation or a kind refers to is generated, nothing else.
pub(super) struct Shapes<'a> {
    pub(super) source: Source<'a>,
    done: Types,
    /// Named components under way or done: name in the document, what refers to it holds.
    components: BTreeMap<String, Option<Type>>,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        Self {
            source,
            done: BTreeMap::new(),
            components: BTreeMap::new(),
        }
    }

    /// The type of a schema component. `from` is where it is referred to.
    pub(super) fn component(&mut self, name: &str, from: &str) -> Result<Type, Error> {
        let rust = names::type_name(name);
        match self.components.get(name) {
            Some(Some(ty)) => return Ok(ty.clone()),
            // Under way: a schema that contains itself, which only a generated type can do.
            Some(None) => return Ok(Type::Named(rust)),
            None => {}
        }
        let pointer = super::source::below("/components/schemas", name);
        let schema = self.source.object(&pointer).ok_or_else(|| {
            self.source.unsupported(
                from,
                format!("there is no schema component `{name}`"),
                "bundle the document again, or correct the reference",
            )
        })?;
        self.components.insert(name.to_owned(), None);
        let ty = schemas::read(self, schema, &pointer, &rust)?;
        self.components.insert(name.to_owned(), Some(ty.clone()));
        Ok(ty)
    }

    /// The components that were referred to, by name, with their types.
    pub(super) fn components(&self) -> Vec<(&str, &Type)> {
        let done = self.components.iter();
        done.filter_map(|(name, ty)| Some((name.as_str(), ty.as_ref()?)))
            .collect()
    }

    /// Takes in a generated type; two schemas with one Rust name are an error naming both.
    pub(super) fn add(&mut self, shape: Shape) -> Result<Type, Error> {
        let ty = Type::Named(shape.name.clone());
        if let Some(other) = self.done.get(&shape.name) {
            if other.pointer == shape.pointer {
                return Ok(ty);
            }
            return Err(self.source.unsupported(
                &shape.pointer,
                format!(
                    "its Rust name `{}` is also that of {}",
                    shape.name, other.pointer
                ),
                "rename one of the two schemas, or the property that gives it its name",
            ));
        }
        self.done.insert(shape.name.clone(), shape);
        Ok(ty)
    }

    /// The collected types, once everything that is to be generated has been referred to.
    pub(super) fn finish(mut self, kinds: &[Kind]) -> Result<Types, Error> {
        for kind in kinds {
            // An object without metadata is no object: kinds always hold theirs.
            if let Some(Shape {
                body: Body::Struct(fields),
                ..
            }) = self.done.get_mut(&names::type_name(&kind.name))
            {
                for field in fields.iter_mut().filter(|f| f.wire == "metadata") {
                    field.required = true;
                }
            }
        }
        self.check_closed()?;
        let boxed: Vec<(String, String)> = self
            .fields_by_value()
            .filter(|(owner, _, target)| self.reaches(target, owner))
            .map(|(owner, field, _)| (owner.to_owned(), field.to_owned()))
            .collect();
        for (owner, wire) in boxed {
            if let Some(Shape {
                body: Body::Struct(fields),
                ..
            }) = self.done.get_mut(&owner)
            {
                fields
                    .iter_mut()
                    .filter(|f| f.wire == wire)
                    .for_each(|f| f.boxed = true);
            }
        }
        Ok(self.done)
    }

    /// A component that refers to itself without a generated type in between has no form.
    fn check_closed(&self) -> Result<(), Error> {
        for (name, ty) in &self.components {
            let named = ty.as_ref().and_then(Type::name);
            if named.is_some_and(|rust| !self.done.contains_key(rust)) {
                return Err(self.source.unsupported(
                    &super::source::below("/components/schemas", name),
                    "the schema is made of nothing but itself",
                    "give it properties",
                ));
            }
        }
        Ok(())
    }

    /// Owner, member and type of every field that holds a generated type in itself.
    fn fields_by_value(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.done.values().flat_map(|shape| {
            match &shape.body {
                Body::Struct(fields) => fields.as_slice(),
                Body::Texts(_) | Body::Union(_) => &[],
            }
            .iter()
            .filter_map(|field| match &field.ty {
                Type::Named(target) => {
                    Some((shape.name.as_str(), field.wire.as_str(), target.as_str()))
                }
                _ => None,
            })
        })
    }

    /// Whether a value of type `from` holds one of type `to` in itself.
    fn reaches(&self, from: &str, to: &str) -> bool {
        let mut seen = Vec::new();
        let mut open = vec![from];
        while let Some(name) = open.pop() {
            if name == to {
                return true;
            }
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let held: Vec<&Type> = match self.done.get(name).map(|shape| &shape.body) {
                Some(Body::Struct(fields)) => fields.iter().map(|f| &f.ty).collect(),
                Some(Body::Union(variants)) => variants.iter().map(|v| &v.ty).collect(),
                Some(Body::Texts(_)) | None => Vec::new(),
            };
            open.extend(held.into_iter().filter_map(|ty| match ty {
                Type::Named(name) => Some(name.as_str()),
                _ => None,
            }));
        }
        false
    }
}
