//! Chance that is the same in every run: values made from schemas, with what a controller may add or leave out.

use rafay_spec::Document;
use serde_json::{Map, Value, json};

use crate::places::{follow, requires};

/// `SplitMix64`: enough for choosing, and no crate.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    /// True in so many of a hundred cases.
    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What is sent and what is to come back.
#[derive(Clone, Default)]
pub(crate) struct Made {
    pub(crate) sent: Value,
    pub(crate) wanted: Value,
}

impl Made {
    fn same(value: Value) -> Self {
        Self {
            wanted: value.clone(),
            sent: value,
        }
    }
}

/// What a maker has put into its values.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) objects: usize,
    pub(crate) unknown_fields: usize,
    pub(crate) nulls: usize,
    pub(crate) forms: usize,
    pub(crate) unlisted: usize,
    pub(crate) maps: usize,
}

/// Makes values of a document's schemas.
pub(crate) struct Maker<'a> {
    pub(crate) document: &'a Document,
    pub(crate) chance: Chance,
    pub(crate) counts: Counts,
}

impl<'a> Maker<'a> {
    /// A value of the schema. Below some depth nothing optional is made: schemas may hold themselves.
    pub(crate) fn value(&mut self, schema: &'a Value, depth: usize) -> Made {
        let schema = follow(self.document, schema);
        if let Some(variants) = schema["oneOf"].as_array() {
            self.counts.forms += 1;
            let variant = self.chance.one_of(variants);
            return self.value(variant, depth);
        }
        if let Some(listed) = schema["enum"].as_array() {
            if self.chance.percent(20) {
                self.counts.unlisted += 1;
                return Made::same(json!("LaterThanTheDocument"));
            }
            return Made::same(self.chance.one_of(listed).clone());
        }
        match schema["type"].as_str() {
            Some("string") => Made::same(self.text()),
            Some("boolean") => Made::same(json!(self.chance.percent(50))),
            Some("integer") if schema["format"] == "int32" => Made::same(
                self.chance
                    .one_of(&[json!(0), json!(-1), json!(i32::MAX)])
                    .clone(),
            ),
            Some("integer") => {
                let all = [
                    json!(0),
                    json!(7),
                    json!(i64::MIN),
                    json!(9_007_199_254_740_993_i64),
                ];
                Made::same(self.chance.one_of(&all).clone())
            }
            Some("number") => {
                let all = [
                    json!(0),
                    json!(0.5),
                    json!(-1e30),
                    json!(u64::MAX),
                    json!(3.0),
                ];
                Made::same(self.chance.one_of(&all).clone())
            }
            Some("array") => self.list(schema, depth),
            _ if schema["properties"].is_object() => self.object(schema, depth),
            _ if schema["additionalProperties"].is_object() => self.map(schema, depth),
            Some("object") => {
                let fields = (0..self.chance.below(3)).map(|n| (format!("free {n}"), self.free(2)));
                Made::same(Value::Object(fields.collect()))
            }
            _ => Made::same(self.free(2)),
        }
    }

    fn text(&mut self) -> Value {
        let all = [
            "",
            "text",
            "12",
            "null",
            "two\nlines",
            "\"quoted\\\"",
            "Grüße, 世界 🦀",
            "\u{0}",
        ];
        json!(self.chance.one_of(&all))
    }

    /// Anything at all.
    fn free(&mut self, depth: usize) -> Value {
        match self.chance.below(if depth == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(u64::MAX),
            3 => json!(-0.25),
            4 => self.text(),
            5 => (0..self.chance.below(3))
                .map(|_| self.free(depth - 1))
                .collect(),
            _ => json!({"unknown_fields": self.free(depth - 1), "kind": self.free(depth - 1)}),
        }
    }

    fn list(&mut self, schema: &'a Value, depth: usize) -> Made {
        let count = if depth == 0 { 0 } else { self.chance.below(4) };
        let items: Vec<Made> = (0..count)
            .map(|_| self.value(&schema["items"], depth - 1))
            .collect();
        Made {
            sent: items.iter().map(|item| item.sent.clone()).collect(),
            wanted: items.into_iter().map(|item| item.wanted).collect(),
        }
    }

    fn map(&mut self, schema: &'a Value, depth: usize) -> Made {
        self.counts.maps += 1;
        let count = if depth == 0 { 0 } else { self.chance.below(4) };
        let (mut sent, mut wanted) = (Map::new(), Map::new());
        for key in ["app", "example.com/tier", ""].into_iter().take(count) {
            let made = self.value(&schema["additionalProperties"], depth - 1);
            sent.insert(key.to_owned(), made.sent);
            wanted.insert(key.to_owned(), made.wanted);
        }
        Made {
            sent: sent.into(),
            wanted: wanted.into(),
        }
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Made {
        self.counts.objects += 1;
        let (mut sent, mut wanted) = (Map::new(), Map::new());
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let followed = follow(self.document, property);
            let required = requires(schema, key);
            // An object without metadata is none, whatever the document requires of it.
            let always = required || (key == "metadata" && schema.get("x-kind").is_some());
            if always && !(required && property["nullable"] == true && self.chance.percent(30)) {
                let made = self.value(property, depth.saturating_sub(1));
                sent.insert(key.clone(), made.sent);
                wanted.insert(key.clone(), made.wanted);
            } else if always {
                self.counts.nulls += 1;
                sent.insert(key.clone(), Value::Null);
                wanted.insert(key.clone(), Value::Null);
            } else if depth > 0 && self.chance.percent(55) {
                // A place for anything keeps a `null` apart from nothing only where it must be there.
                let made = self.value(property, depth - 1);
                let absent = made.sent.is_null();
                sent.insert(key.clone(), made.sent);
                if !absent {
                    wanted.insert(key.clone(), made.wanted);
                }
            } else if self.chance.percent(15) || followed["nullable"] == true {
                self.counts.nulls += 1;
                sent.insert(key.clone(), Value::Null);
            }
        }
        if self.chance.percent(40) {
            self.counts.unknown_fields += 1;
            let value = self.free(2);
            for key in ["laterField", "unknown_fields"]
                .into_iter()
                .take(1 + self.chance.below(2))
            {
                sent.insert(key.to_owned(), value.clone());
                wanted.insert(key.to_owned(), value.clone());
            }
        }
        Made {
            sent: sent.into(),
            wanted: wanted.into(),
        }
    }
}
