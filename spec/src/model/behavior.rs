//! What an operation does: reads `x-behavior`.

use std::fmt;

use serde_json::Value;

use super::reader::Reader;

/// What an operation does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behavior {
    /// A standard verb on a kind.
    Verb {
        /// What is done.
        verb: Verb,
        /// The schema name of the kind it is done to, perhaps of another document.
        kind: String,
    },
    /// Code written for it, by this name.
    Handler(String),
}

/// What can be done to any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// A page of the objects.
    List,
    /// Create or replace, whichever is needed.
    Apply,
    /// Create; an error when it exists.
    Create,
    /// One object.
    Get,
    /// Replace; an error when it does not exist.
    Replace,
    /// Delete one object.
    Delete,
    /// The status of one object.
    Status,
    /// The files that belong to one object.
    Artifacts,
}

impl Verb {
    /// Every verb with its name in the documents.
    pub const ALL: [(&str, Verb); 8] = [
        ("list", Verb::List),
        ("apply", Verb::Apply),
        ("create", Verb::Create),
        ("get", Verb::Get),
        ("replace", Verb::Replace),
        ("delete", Verb::Delete),
        ("status", Verb::Status),
        ("artifacts", Verb::Artifacts),
    ];

    /// The name in the documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::List => "list",
            Verb::Apply => "apply",
            Verb::Create => "create",
            Verb::Get => "get",
            Verb::Replace => "replace",
            Verb::Delete => "delete",
            Verb::Status => "status",
            Verb::Artifacts => "artifacts",
        }
    }

    /// Whether it stores an object from the request's body.
    pub fn writes_body(self) -> bool {
        matches!(self, Verb::Apply | Verb::Create | Verb::Replace)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads the word; `None` after noting what is wrong with it.
pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    value: &'a Value,
) -> Option<Behavior> {
    let fields = reader.fields(pointer, value, &["verb", "kind", "handler"])?;
    if fields.get("handler").is_none() {
        let verb = fields.choice("verb", &Verb::ALL, reader);
        let kind = fields.text("kind", reader);
        return Some(Behavior::Verb {
            verb: verb?,
            kind: kind?,
        });
    }
    if fields.get("verb").is_some() || fields.get("kind").is_some() {
        reader.malformed(pointer, "either a verb with a kind, or a handler, not both");
        return None;
    }
    let name = fields.text("handler", reader)?;
    if !is_snake_case(&name) {
        let message = format!("the handler `{name}` must be snake_case: it names a function");
        reader.malformed(&fields.at("handler"), message);
        return None;
    }
    Some(Behavior::Handler(name))
}

/// Lower-case words, joined by single underscores, the first starting with a letter.
pub(crate) fn is_snake_case(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('_').all(is_word)
}
