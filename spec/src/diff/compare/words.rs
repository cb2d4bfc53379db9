//! Extension words, by a table: any word that is not here is free to change.

use super::Engine;
use super::shape::Shape;
use crate::diff::document::At;
use crate::diff::rules::Direction::{self, Neither, Request};

const ON_OPERATIONS: [(&str, &str); 3] = [
    ("x-alias-of", "alias-changed"),
    ("x-behavior", "meaning-word-changed"),
    ("x-rust-name", "generation-word-changed"),
];
const ON_PARAMETERS: [(&str, &str); 3] = [
    ("x-from", "meaning-word-changed"),
    ("x-page", "meaning-word-changed"),
    ("x-rust-name", "generation-word-changed"),
];
const ON_SCHEMAS: [(&str, &str); 6] = [
    ("x-from", "meaning-word-changed"),
    ("x-kind", "meaning-word-changed"),
    ("x-lifecycle", "meaning-word-changed"),
    ("x-references", "meaning-word-changed"),
    ("x-rust-name", "generation-word-changed"),
    ("x-rust-type", "generation-word-changed"),
];

impl<'a> Engine<'a> {
    pub(super) fn operation_words(&mut self, old: At<'a>, new: At<'a>) {
        for (key, rule) in ON_OPERATIONS {
            self.word(
                key,
                rule,
                Neither,
                (old.get(key), new.get(key)),
                (Some(old), Some(new)),
            );
        }
    }

    pub(super) fn parameter_words(&mut self, old: At<'a>, new: At<'a>) {
        for (key, rule) in ON_PARAMETERS {
            self.word(
                key,
                rule,
                Request,
                (old.get(key), new.get(key)),
                (Some(old), Some(new)),
            );
        }
    }

    pub(super) fn schema_words(&mut self, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
        let around = (old.anywhere(), new.anywhere());
        for (key, rule) in ON_SCHEMAS {
            self.word(
                key,
                rule,
                direction,
                (old.first(key), new.first(key)),
                around,
            );
        }
        for (key, set, unset, what) in [
            (
                "x-immutable",
                "property-became-immutable",
                "property-no-longer-immutable",
                "set once",
            ),
            (
                "x-secret",
                "property-became-secret",
                "property-no-longer-secret",
                "masked in answers",
            ),
        ] {
            // `hash` keeps what callers can be checked against, and shows as little as `true`.
            let is_set = |shape: &Shape<'a>| {
                let mut values = shape.all(key);
                values.any(|at| at.node.is_true() || at.node.text() == Some("hash"))
            };
            let (rule, message) = match (is_set(old), is_set(new)) {
                (false, true) => (set, format!("the value is {what} now")),
                (true, false) => (unset, format!("the value is no longer {what}")),
                _ => continue,
            };
            self.say(rule, direction, old.place(key), new.place(key), message);
        }
        let key = "xml";
        self.word(
            key,
            "xml-changed",
            direction,
            (old.first(key), new.first(key)),
            around,
        );
    }

    fn word(
        &mut self,
        key: &str,
        rule: &'static str,
        direction: Direction,
        values: (Option<At<'a>>, Option<At<'a>>),
        around: (Option<At<'a>>, Option<At<'a>>),
    ) {
        let text = |at: Option<At<'a>>| at.map(|at| at.node.canonical());
        if text(values.0) != text(values.1) {
            let message = format!("`{key}` differs");
            let places = (values.0.or(around.0), values.1.or(around.1));
            self.say(rule, direction, places.0, places.1, message);
        }
    }
}
