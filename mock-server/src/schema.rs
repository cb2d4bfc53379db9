//! The documents' schemas as static tables.

use crate::pattern::Pattern;

/// A place in an object: the reference tokens of a JSON pointer, `*` standing for every item of a list.
pub(crate) type Path = &'static [&'static str];

/// What a value may be.
#[derive(Debug)]
pub(crate) enum Schema {
    /// Anything.
    Any,
    /// Text.
    Text(Text),
    /// A whole number within bounds.
    Integer {
        /// Least value.
        minimum: i64,
        /// Greatest value.
        maximum: i64,
    },
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A list of values of one schema.
    List(&'static Schema),
    /// Free keys with values of one schema.
    Map(&'static Schema),
    /// Named properties.
    Object(Object),
    /// Exactly one of several.
    OneOf(&'static [&'static Schema]),
    /// The schema, or null.
    Nullable(&'static Schema),
}

/// Rules for text.
#[derive(Debug)]
pub(crate) struct Text {
    /// Allowed values; empty for any.
    pub(crate) allowed: &'static [&'static str],
    /// Least number of characters.
    pub(crate) min: usize,
    /// Greatest number of characters.
    pub(crate) max: usize,
    /// Regular expression it must match.
    pub(crate) pattern: Option<&'static Pattern>,
    /// Named form it must have.
    pub(crate) form: Form,
}

/// Forms of text that the documents name with `format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// No particular form.
    Free,
    /// RFC 3339 date and time.
    DateTime,
    /// Base64.
    Bytes,
}

/// Rules for an object.
#[derive(Debug)]
pub(crate) struct Object {
    /// Properties in alphabetical order.
    pub(crate) properties: &'static [Property],
    /// Whether other fields are refused.
    pub(crate) closed: bool,
    /// The controller alone writes values of this schema, wherever it is used.
    pub(crate) read_only: bool,
}

/// One property of an object.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of the document, and they combine freely"
)]
pub(crate) struct Property {
    /// Name of the property.
    pub(crate) name: &'static str,
    /// What it may hold.
    pub(crate) schema: &'static Schema,
    /// Whether an object without it is refused.
    pub(crate) required: bool,
    /// Whether the controller alone writes it.
    pub(crate) read_only: bool,
    /// Whether it is taken in but never kept or shown.
    pub(crate) secret: bool,
    /// Whether a hash of the secret is kept beside the object.
    pub(crate) hashed: bool,
    /// Whether it may not change once set.
    pub(crate) immutable: bool,
    /// JSON of the value used where a required property is left out.
    pub(crate) default: Option<&'static str>,
}

impl Schema {
    /// Any text.
    pub(crate) const TEXT: Schema = Schema::Text(Text::ANY);
    /// A date and time.
    pub(crate) const DATE_TIME: Schema = Schema::Text(Text {
        form: Form::DateTime,
        ..Text::ANY
    });
    /// A whole number of 32 bits.
    pub(crate) const INT32: Schema = Schema::Integer {
        minimum: i32::MIN as i64,
        maximum: i32::MAX as i64,
    };
    /// A whole number of 64 bits.
    pub(crate) const INT64: Schema = Schema::Integer {
        minimum: i64::MIN,
        maximum: i64::MAX,
    };

    /// An object with the properties, in alphabetical order, that lets other fields pass.
    pub(crate) const fn object(properties: &'static [Property]) -> Self {
        Schema::Object(Object {
            properties,
            closed: false,
            read_only: false,
        })
    }

    /// One of a few texts.
    pub(crate) const fn one_of_texts(allowed: &'static [&'static str]) -> Self {
        Schema::Text(Text {
            allowed,
            ..Text::ANY
        })
    }
}

impl Text {
    /// Text without rules.
    pub(crate) const ANY: Text = Text {
        allowed: &[],
        min: 0,
        max: usize::MAX,
        pattern: None,
        form: Form::Free,
    };
}

impl Property {
    /// A property that may be left out and that a client may write.
    pub(crate) const fn new(name: &'static str, schema: &'static Schema) -> Self {
        Self {
            name,
            schema,
            required: false,
            read_only: false,
            secret: false,
            hashed: false,
            immutable: false,
            default: None,
        }
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    pub(crate) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    pub(crate) const fn hashed(mut self) -> Self {
        self.hashed = true;
        self
    }

    pub(crate) const fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    pub(crate) const fn default(mut self, json: &'static str) -> Self {
        self.default = Some(json);
        self
    }
}

impl Schema {
    /// The rules for an object, where this is one.
    pub(crate) fn as_object(&self) -> Option<&Object> {
        match self {
            Schema::Object(object) => Some(object),
            Schema::Nullable(inner) => inner.as_object(),
            _ => None,
        }
    }

    /// Whether null is a value of its own and not the same as leaving the field out.
    pub(crate) fn takes_null(&self) -> bool {
        matches!(self, Schema::Any | Schema::Nullable(_))
    }

    /// What the schema wants, for messages.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Schema::Any | Schema::OneOf(_) => "a value",
            Schema::Text(_) => "text",
            Schema::Integer { .. } => "a whole number",
            Schema::Number => "a number",
            Schema::Boolean => "true or false",
            Schema::List(_) => "a list",
            Schema::Map(_) | Schema::Object(_) => "an object",
            Schema::Nullable(inner) => inner.name(),
        }
    }
}

impl Property {
    /// Whether the controller alone writes the value, by the property's own word or its schema's.
    pub(crate) fn controller_writes(&self) -> bool {
        self.read_only
            || self
                .schema
                .as_object()
                .is_some_and(|object| object.read_only)
    }
}

impl Text {
    /// What is wrong with a text, if anything.
    pub(crate) fn problem(&self, text: &str) -> Option<String> {
        if !self.allowed.is_empty() && !self.allowed.contains(&text) {
            return Some(format!(
                "is {text:?}; it must be one of {}",
                self.allowed.join(", ")
            ));
        }
        if self.min > 0 || self.max < usize::MAX {
            let length = text.chars().count();
            if length < self.min || length > self.max {
                let bounds = match (self.min, self.max) {
                    (min, usize::MAX) => format!("at least {min}"),
                    (0, max) => format!("at most {max}"),
                    (min, max) => format!("from {min} to {max}"),
                };
                return Some(format!("has {length} characters; it must have {bounds}"));
            }
        }
        if let Some(pattern) = self.pattern
            && !pattern.matches(text)
        {
            return Some(format!("is {text:?}; it must match {}", pattern.source()));
        }
        match self.form {
            Form::DateTime if text.parse::<jiff::Timestamp>().is_err() => Some(format!(
                "is {text:?}; it must be a date and time such as 2026-01-31T12:00:00Z"
            )),
            Form::Bytes if !is_base64(text) => Some("must be base64 text".to_owned()),
            _ => None,
        }
    }
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
}
