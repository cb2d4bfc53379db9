//! What an operation does: reads `x-behavior`.

use std::fmt;

use serde_json::Value;

use super::reader::{Fields, Reader};

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
    /// An action of a kind's lifecycle, started on one object.
    Action {
        /// The schema name of the kind.
        kind: String,
        /// The name of the action in the kind's `x-lifecycle`.
        action: String,
    },
    /// A text or a JSON value made from one object.
    Render {
        /// The schema name of the kind.
        kind: String,
        /// What it is made by.
        template: Template,
    },
    /// Code written for it.
    Handler(Code),
}

/// Code of its own that an operation has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The name of the function.
    pub name: String,
    /// The kind and the action of its lifecycle that the code starts, if any.
    pub starts: Option<(String, String)>,
}

/// What an answer is made by; `${...}` in texts stands for a place of the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    /// A text.
    Text(String),
    /// A JSON value; an object with `base64` alone becomes the base64 of its text.
    Json(Value),
}

impl Behavior {
    /// The schema name of the kind that the operation is about; none for code of its own.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Behavior::Verb { kind, .. }
            | Behavior::Action { kind, .. }
            | Behavior::Render { kind, .. } => Some(kind),
            Behavior::Handler(_) => None,
        }
    }

    /// The standard verb, where it is one.
    pub fn verb(&self) -> Option<Verb> {
        match self {
            Behavior::Verb { verb, .. } => Some(*verb),
            _ => None,
        }
    }
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
    let allowed = [
        "verb", "kind", "handler", "action", "template", "body", "starts",
    ];
    let fields = reader.fields(pointer, value, &allowed)?;
    if fields.get("handler").is_some() {
        return read_handler(reader, pointer, &fields);
    }
    let verb = fields.text("verb", reader);
    let kind = fields.text("kind", reader);
    let (verb, kind) = (verb?, kind?);
    let own: &[&str] = match verb.as_str() {
        "act" => &["action"],
        "render" => &["template", "body"],
        _ => &[],
    };
    for key in ["action", "template", "body", "starts"] {
        if fields.get(key).is_some() && !own.contains(&key) {
            reader.malformed(&fields.at(key), format!("`{verb}` has no `{key}`"));
        }
    }
    match verb.as_str() {
        "act" => {
            let action = fields.text("action", reader)?;
            return Some(Behavior::Action { kind, action });
        }
        "render" => {
            let template = match (fields.get("template"), fields.get("body")) {
                (Some(_), None) => Template::Text(fields.text("template", reader)?),
                (None, Some(body)) => Template::Json(body.clone()),
                _ => {
                    reader.malformed(pointer, "`render` needs a `template` or a `body`");
                    return None;
                }
            };
            return Some(Behavior::Render { kind, template });
        }
        _ => {}
    }
    let verb = fields.choice("verb", &Verb::ALL, reader)?;
    Some(Behavior::Verb { verb, kind })
}

fn read_handler<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    fields: &Fields<'a>,
) -> Option<Behavior> {
    if ["verb", "kind", "action", "template", "body"]
        .iter()
        .any(|key| fields.get(key).is_some())
    {
        reader.malformed(pointer, "either a verb with a kind, or a handler, not both");
        return None;
    }
    let name = fields.text("handler", reader)?;
    if !is_snake_case(&name) {
        let message = format!("the handler `{name}` must be snake_case: it names a function");
        reader.malformed(&fields.at("handler"), message);
        return None;
    }
    let starts = match fields.get("starts") {
        None => None,
        Some(word) => {
            let fields = reader.fields(&fields.at("starts"), word, &["kind", "action"])?;
            let kind = fields.text("kind", reader);
            let action = fields.text("action", reader);
            Some((kind?, action?))
        }
    };
    Some(Behavior::Handler(Code { name, starts }))
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
