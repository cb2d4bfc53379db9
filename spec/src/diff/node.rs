//! A value of a document with the place where it was written.
//!
//! Other people's documents are read into this and not into `serde_json::Value`: the place of each
//! value costs eight bytes here, and two values are the same one when their addresses are.

use serde_json::Number;

/// A value with its line and column, both from one. The place of a mapping's entry is that of its key.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) data: Data,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Number(Number),
    Text(Box<str>),
    List(Vec<Node>),
    /// Entries sorted by key; no key comes twice.
    Map(Vec<(Box<str>, Node)>),
}

impl Node {
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        let entries = self.entries();
        let found = entries.binary_search_by(|(known, _)| known.as_ref().cmp(key));
        found.ok().map(|index| &entries[index].1)
    }

    /// The entries of a mapping; none for anything else.
    pub(crate) fn entries(&self) -> &[(Box<str>, Node)] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        matches!(self.data, Data::Bool(true))
    }

    pub(crate) fn is_false(&self) -> bool {
        matches!(self.data, Data::Bool(false))
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.data, Data::Map(_))
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match &self.data {
            Data::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// The text under a key.
    pub(crate) fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Whether `true` stands under a key.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(Node::is_true)
    }

    /// The texts of a list under a key.
    pub(crate) fn texts(&self, key: &str) -> impl Iterator<Item = &str> {
        let items = self.get(key).map(Node::items).unwrap_or_default();
        items.iter().filter_map(Node::text)
    }

    /// What tells this value from every other one while the documents live.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// The value as JSON, keys sorted, `1.0` and `1` alike: equal values give equal texts.
    pub(crate) fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        match &self.data {
            Data::Null => out.push_str("null"),
            Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Data::Number(number) => match (number.as_i64(), number.as_f64()) {
                // Whole numbers have one spelling, and `f64` prints them without a fraction.
                (None, Some(float)) => out.push_str(&float.to_string()),
                _ => out.push_str(&number.to_string()),
            },
            Data::Text(value) => out.push_str(&text(value)),
            Data::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Data::Map(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&text(key));
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}
