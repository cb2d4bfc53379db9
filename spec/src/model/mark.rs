//! Places of a kind that are marked: reads `x-immutable` and `x-secret`, which are a plain `true`, and `x-secret: hash`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::reader::Reader;
use super::walk::{self, Walk};
use super::words;

/// One marking word with the schemas from which it can be reached.
pub(super) struct Mark {
    word: &'static str,
    enter: BTreeSet<String>,
    counts: fn(&str, &Value) -> bool,
}

impl Mark {
    pub(super) fn new(reader: &Reader<'_>, word: &'static str) -> Self {
        Self {
            word,
            enter: walk::reaching(reader.json, word),
            counts: is_valid,
        }
    }

    /// Secrets that are kept as a hash.
    pub(super) fn hashed(reader: &Reader<'_>) -> Self {
        Self {
            counts: |_, value| *value == HASH,
            ..Self::new(reader, words::SECRET)
        }
    }

    /// The marked places of values of the schema, sorted; `*` stands for each item.
    pub(super) fn places(&self, reader: &Reader<'_>, schema: &Value) -> Vec<String> {
        let mut places = BTreeSet::new();
        Walk::new(reader.json, &self.enter).run(&mut String::new(), schema, &mut |at, part| {
            if part
                .get(self.word)
                .is_some_and(|value| (self.counts)(self.word, value))
            {
                places.insert(at.to_owned());
            }
            true
        });
        places.into_iter().collect()
    }
}

/// The value of `x-secret` for a secret of which a hash is kept.
const HASH: &str = "hash";

/// Whether the word has a form it may have.
pub(crate) fn is_valid(word: &str, value: &Value) -> bool {
    *value == Value::Bool(true) || (word == words::SECRET && *value == HASH)
}
