//! Places of a kind that are marked with a plain `true`: reads `x-immutable` and `x-secret`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::reader::Reader;
use super::walk::{self, Walk};

/// One marking word with the schemas from which it can be reached.
pub(super) struct Mark {
    word: &'static str,
    enter: BTreeSet<String>,
}

impl Mark {
    pub(super) fn new(reader: &Reader<'_>, word: &'static str) -> Self {
        Self {
            word,
            enter: walk::reaching(reader.json, word),
        }
    }

    /// The marked places of values of the schema, sorted; `*` stands for each item.
    pub(super) fn places(&self, reader: &Reader<'_>, schema: &Value) -> Vec<String> {
        let mut places = BTreeSet::new();
        Walk::new(reader.json, &self.enter).run(&mut String::new(), schema, &mut |at, part| {
            if part.get(self.word).is_some_and(is_valid) {
                places.insert(at.to_owned());
            }
            true
        });
        places.into_iter().collect()
    }
}

/// Whether the word has its only form.
pub(crate) fn is_valid(word: &Value) -> bool {
    *word == Value::Bool(true)
}
