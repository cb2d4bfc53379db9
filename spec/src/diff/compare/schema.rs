//! One pair of schemas, in one direction.

use super::shape::{Shape, counts};
use super::{Engine, values};
use crate::diff::document::At;
use crate::diff::rules::Direction;

/// How many shapes, media types, ways or servers may stand in one place: each is compared with each.
const MAX_MEMBERS: usize = 1_000;

/// The words of a schema that have rules; any other word that differs cannot be judged.
const JUDGED: [&str; 33] = [
    "additionalProperties",
    "const",
    "default",
    "discriminator",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "type",
    "uniqueItems",
    "unevaluatedProperties",
    "writeOnly",
    "x-extensible-enum",
    "x-immutable",
    "x-kind",
    "x-lifecycle",
    "x-secret",
    "xml",
    "x-from",
];

impl<'a> Engine<'a> {
    pub(super) fn schema(&mut self, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
        for (shape, is_old) in [(old, true), (new, false)] {
            for broken in &shape.broken {
                self.broken(broken, is_old);
            }
        }
        if !old.broken.is_empty() || !new.broken.is_empty() {
            return;
        }
        if self.is_wrapped(old, new, direction) {
            return;
        }
        let reduced = self.all_of_branches(old, new, direction);
        let (old, new) = reduced.as_ref().map_or((old, new), |(old, new)| (old, new));
        if !self.kinds(old, new, direction) {
            return;
        }
        values::formats(self, old, new, direction);
        values::enums(self, old, new, direction);
        values::limits(self, old, new, direction);
        values::defaults(self, old, new, direction);
        self.properties(old, new, direction);
        let items = |shape: &Shape<'a>| shape.all("items").collect::<Vec<_>>();
        let (old_items, new_items) = (items(old), items(new));
        if !old_items.is_empty() || !new_items.is_empty() {
            self.pair(&old_items, &new_items, direction);
        }
        self.unions(old, new, direction);
        self.schema_words(old, new, direction);
        self.unknown_words(old, new);
    }

    /// Null and types; false when the values have so little in common that one finding says it all.
    fn kinds(&mut self, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) -> bool {
        let (old_types, new_types) = (values::types(old), values::types(new));
        let places = (old.place("type"), new.place("type"));
        if old_types != new_types {
            let rule = if old_types & new_types == old_types {
                "type-widened"
            } else if old_types & new_types == new_types {
                "type-narrowed"
            } else {
                "type-changed"
            };
            let message = format!(
                "the type was {} and is {}",
                values::type_names(old_types),
                values::type_names(new_types)
            );
            self.say(rule, direction, places.0, places.1, message);
            if rule == "type-changed" || old.is_free() || new.is_free() {
                return false;
            }
        }
        // What has no type allows null already.
        if old.nullable != new.nullable && !old.is_free() && !new.is_free() {
            let (rule, message) = if new.nullable {
                ("became-nullable", "the value may be null now")
            } else {
                ("became-not-nullable", "the value may no longer be null")
            };
            self.say(rule, direction, places.0, places.1, message.to_owned());
        }
        true
    }

    /// Where one side has a branch of `allOf` more, says that once and takes it out of the comparison.
    fn all_of_branches(
        &mut self,
        old: &Shape<'a>,
        new: &Shape<'a>,
        direction: Direction,
    ) -> Option<(Shape<'a>, Shape<'a>)> {
        if old.parts.len() == new.parts.len() || old.parts.is_empty() || new.parts.is_empty() {
            return None;
        }
        let added = new.parts.len() > old.parts.len();
        let (less, more) = if added { (old, new) } else { (new, old) };
        let mut extras = more.parts.clone();
        for part in &less.parts {
            let found = extras
                .iter()
                .position(|other| is_same_part(*part, *other))?;
            extras.remove(found);
        }
        let mut rest = more.clone();
        let is_extra = |part: &At<'a>| {
            let mut extras = extras.iter();
            extras.any(|(extra, _)| extra.node.address() == part.node.address())
        };
        rest.parts.retain(|(part, _)| !is_extra(part));
        let (old_rest, new_rest) = if added {
            (old.clone(), rest)
        } else {
            (rest, new.clone())
        };
        let differs = {
            let olds: Vec<_> = old.parts.iter().map(|(part, _)| *part).collect();
            let news: Vec<_> = new.parts.iter().map(|(part, _)| *part).collect();
            !self.are_alike(&olds, &news, direction)
        };
        if !differs {
            return None;
        }
        for (extra, name) in &extras {
            let name = name.map_or("a schema".to_owned(), |name| format!("`{name}`"));
            if added {
                let message = format!("a value must fit {name} too");
                let at = old.anywhere();
                self.say("all-of-branch-added", direction, at, Some(*extra), message);
            } else {
                let message = format!("a value no longer has to fit {name}");
                let at = new.anywhere();
                self.say(
                    "all-of-branch-removed",
                    direction,
                    Some(*extra),
                    at,
                    message,
                );
            }
        }
        Some((old_rest, new_rest))
    }

    fn unknown_words(&mut self, old: &Shape<'a>, new: &Shape<'a>) {
        let mut keys: Vec<&'a str> = Vec::new();
        for (part, _) in old.parts.iter().chain(&new.parts) {
            let entries = part.node.entries().iter().map(|(key, _)| key.as_ref());
            keys.extend(entries.filter(|key| !key.starts_with("x-") && counts(key)));
        }
        keys.retain(|key| !JUDGED.contains(key));
        keys.sort_unstable();
        keys.dedup();
        // 3.1 has no `nullable`, and yet some tools go by it.
        if self.old.is_3_1 && self.new.is_3_1 {
            keys.push("nullable");
        }
        for key in keys {
            if key == "$dynamicRef" {
                self.dynamic(old, new);
            }
            let find = |shape: &Shape<'a>| shape.parts.iter().find_map(|(part, _)| part.get(key));
            self.unknown(key, find(old), find(new), (old.anywhere(), new.anywhere()));
        }
    }

    /// Says that there are more members than can be compared with one another.
    pub(super) fn too_many(&mut self, what: &str, old: At<'a>, new: At<'a>) -> bool {
        let count = |at: At<'a>| at.node.items().len().max(at.node.entries().len());
        let many = count(old).max(count(new)) > MAX_MEMBERS;
        if many {
            let message = format!("more than {MAX_MEMBERS} {what} are not compared");
            self.say(
                "unhandled",
                Direction::Neither,
                Some(old),
                Some(new),
                message,
            );
        }
        many
    }

    /// Says that something differs which no rule judges.
    pub(super) fn unknown(
        &mut self,
        key: &str,
        old: Option<At<'a>>,
        new: Option<At<'a>>,
        around: (Option<At<'a>>, Option<At<'a>>),
    ) {
        let differs = match (old, new) {
            (Some(old), Some(new)) => !super::same::same(self.old, self.new, old, new),
            (None, None) => false,
            _ => true,
        };
        if differs {
            let message = format!("`{key}` differs, and no rule judges it");
            let places = (old.or(around.0), new.or(around.1));
            self.say("unhandled", Direction::Neither, places.0, places.1, message);
        }
    }
}

type Part<'a> = (At<'a>, Option<&'a str>);

/// Whether a part of `allOf` stands for the other: by its name, or by what it says itself.
fn is_same_part(a: Part<'_>, b: Part<'_>) -> bool {
    if let (Some(a), Some(b)) = (a.1, b.1) {
        return a == b;
    }
    let own = |part: At<'_>| -> Vec<(Box<str>, String)> {
        let entries = part.node.entries().iter().filter(|(key, _)| counts(key));
        entries
            .map(|(key, value)| (key.clone(), value.canonical()))
            .collect()
    };
    own(a.0) == own(b.0)
}
