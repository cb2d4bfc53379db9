//! Properties of objects: there or not, required or not, open or closed.

use std::collections::BTreeMap;

use super::Engine;
use super::lifecycle::{Fate, PART};
use super::shape::{Shape, shape};
use crate::diff::document::{At, Document};
use crate::diff::rules::Direction;

/// A property of one side.
struct Property<'a> {
    schemas: Vec<At<'a>>,
    shape: Shape<'a>,
    required: Option<At<'a>>,
}

impl<'a> Property<'a> {
    /// Whether it is sent in a direction.
    fn is_sent(&self, direction: Direction) -> bool {
        match direction {
            Direction::Request => !self.shape.flag("readOnly"),
            Direction::Response => !self.shape.flag("writeOnly"),
            Direction::Neither => true,
        }
    }

    /// Where its deprecation is said: on itself, or where its reference leads.
    fn own(&self) -> Option<At<'a>> {
        let written = self.schemas.first().copied();
        let says = |at: &At<'a>| at.node.get("deprecated").is_some();
        let target = self.shape.parts.first().map(|(at, _)| *at);
        written.filter(says).or(target).or(written)
    }

    fn place(&self) -> Option<At<'a>> {
        self.schemas.first().copied().or(self.required)
    }
}

fn properties<'a>(document: &'a Document, object: &Shape<'a>) -> BTreeMap<&'a str, Property<'a>> {
    let mut schemas: BTreeMap<&'a str, (Vec<At<'a>>, Option<At<'a>>)> = BTreeMap::new();
    for list in object.all("properties") {
        for (name, schema) in list.entries() {
            schemas.entry(name).or_default().0.push(schema);
        }
    }
    for list in object.all("required") {
        for item in list.items() {
            if let Some(name) = item.node.text() {
                schemas.entry(name).or_default().1.get_or_insert(item);
            }
        }
    }
    let property = |(name, (schemas, required)): (&'a str, (Vec<At<'a>>, Option<At<'a>>))| {
        let property = Property {
            shape: shape(document, &schemas),
            schemas,
            required,
        };
        (name, property)
    };
    schemas.into_iter().map(property).collect()
}

/// What an object says of properties that it does not name.
enum Others<'a> {
    Free,
    Closed,
    Typed(Vec<At<'a>>),
}

fn others<'a>(object: &Shape<'a>) -> Others<'a> {
    let mut typed = Vec::new();
    for value in object
        .all("additionalProperties")
        .chain(object.all("unevaluatedProperties"))
    {
        if value.node.is_false() {
            return Others::Closed;
        }
        if !value.node.entries().is_empty() {
            typed.push(value);
        }
    }
    if typed.is_empty() {
        Others::Free
    } else {
        Others::Typed(typed)
    }
}

impl<'a> Engine<'a> {
    pub(super) fn properties(&mut self, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
        let before = properties(self.old, old);
        let after = properties(self.new, new);
        let was_closed = matches!(others(old), Others::Closed);
        let is_closed = matches!(others(new), Others::Closed);
        for (name, property) in &before {
            match after.get(name) {
                Some(other) => self.property(name, property, other, direction),
                None if property.is_sent(direction) => {
                    let fate = property.own().map(|at| self.fate(at.node));
                    let rule = match (property.required.is_some(), is_closed) {
                        _ if fate == Some(Fate::Announced) => "property-removed-after-sunset",
                        (false, false) => "property-removed",
                        (false, true) => "property-removed-from-closed",
                        (true, false) => "required-property-removed",
                        (true, true) => "required-property-removed-from-closed",
                    };
                    let message = format!("property `{name}` is gone");
                    self.say(
                        rule,
                        direction,
                        property.place(),
                        new.place("properties"),
                        message,
                    );
                }
                None => {}
            }
        }
        for (name, property) in &after {
            if before.contains_key(name) || !property.is_sent(direction) {
                continue;
            }
            let has_default = property.shape.first("default").is_some();
            let (rule, must) = match (property.required.is_some(), was_closed) {
                (false, false) => ("property-added", ""),
                (false, true) => ("property-added-to-closed", ""),
                (true, true) => ("required-property-added-to-closed", " and must be there"),
                (true, false) if has_default => {
                    ("required-property-added-with-default", " and must be there")
                }
                (true, false) => ("required-property-added", " and must be there"),
            };
            let message = format!("property `{name}` is new{must}");
            self.say(
                rule,
                direction,
                old.place("properties"),
                property.place(),
                message,
            );
        }
        self.others(old, new, direction);
    }

    fn property(
        &mut self,
        name: &str,
        old: &Property<'a>,
        new: &Property<'a>,
        direction: Direction,
    ) {
        let places = (old.place(), new.place());
        let mut say = |rule, message: String| {
            self.say(rule, direction, places.0, places.1, message);
        };
        match (old.is_sent(direction), new.is_sent(direction)) {
            (false, false) => return,
            (true, false) => {
                let (rule, what) = match direction {
                    Direction::Response => ("property-became-write-only", "no longer in answers"),
                    _ => ("property-became-read-only", "only read now"),
                };
                return say(rule, format!("property `{name}` is {what}"));
            }
            (false, true) => {
                let (rule, what) = match direction {
                    Direction::Response => ("property-no-longer-write-only", "in answers now"),
                    _ => ("property-no-longer-read-only", "no longer only read"),
                };
                return say(rule, format!("property `{name}` is {what}"));
            }
            (true, true) => {}
        }
        match (old.required.is_some(), new.required.is_some()) {
            (false, true) => {
                let message = format!("property `{name}` must be there now");
                say("property-became-required", message);
            }
            (true, false) => {
                let message = format!("property `{name}` may be missing now");
                say("property-became-optional", message);
            }
            _ => {}
        }
        if let (Some(old), Some(new)) = (old.own(), new.own()) {
            self.deprecation(old, new, direction, PART);
        }
        self.pair(&old.schemas, &new.schemas, direction);
    }

    fn others(&mut self, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
        let key = "additionalProperties";
        let places = (old.place(key), new.place(key));
        let (rule, message) = match (others(old), others(new)) {
            (Others::Typed(old), Others::Typed(new)) => return self.pair(&old, &new, direction),
            (Others::Free, Others::Free) | (Others::Closed, Others::Closed) => return,
            (_, Others::Closed) => (
                "additional-properties-closed",
                "no other properties are allowed any more",
            ),
            (Others::Closed, _) => (
                "additional-properties-opened",
                "other properties are allowed now",
            ),
            (Others::Free, Others::Typed(_)) => (
                "additional-properties-typed",
                "other properties must have a certain shape now",
            ),
            (Others::Typed(_), Others::Free) => (
                "additional-properties-untyped",
                "other properties may have any shape now",
            ),
        };
        self.say(rule, direction, places.0, places.1, message.to_owned());
    }
}
