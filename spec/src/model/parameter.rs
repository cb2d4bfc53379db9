//! What an operation takes besides its body.

use serde_json::Value;

use super::reader::Reader;
use super::{follow, words};
use crate::pointer;

/// A parameter, its `$ref` followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it stands in a request.
    pub location: ParameterIn,
    /// Whether a request must have it.
    pub required: bool,
    /// Its schema, as written: a `$ref` or inline.
    pub schema: Value,
    /// For a path parameter: the place in the kind that it is (`x-from`), when written.
    pub from: Option<ParameterFrom>,
    /// For a query parameter: what a list does with it (`x-page`).
    pub page: Option<Page>,
}

/// What the value of a path parameter is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterFrom {
    /// The value at this place of the kind.
    Place(String),
    /// The object's name, or its id where nothing has the name.
    NameOrId,
    /// The id of the project that the operation works in.
    ProjectId,
    /// The id of the organization that the operation works in.
    OrganizationId,
    /// The id of an object of another kind.
    IdOf {
        /// The schema name of that kind.
        kind: String,
        /// The place of the operation's own kind that has the name of the object, which ties it to that as a parent.
        at: Option<String>,
    },
}

impl ParameterFrom {
    /// The place of the operation's kind that it speaks of.
    pub fn place(&self) -> Option<&str> {
        match self {
            ParameterFrom::Place(place) => Some(place),
            ParameterFrom::IdOf { at, .. } => at.as_deref(),
            ParameterFrom::NameOrId | ParameterFrom::ProjectId | ParameterFrom::OrganizationId => {
                None
            }
        }
    }
}

/// What a list does with a query parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// How many objects a page holds.
    Limit,
    /// How many objects come before the page.
    Offset,
    /// `ASC` or `DESC`.
    Order,
    /// By what the objects are sorted.
    OrderBy,
    /// A part of the name.
    Search,
    /// The name.
    Name,
    /// Labels that objects must have.
    Selector,
    /// What must stand at this place of an entry.
    Place(String),
}

impl Page {
    /// Every use with its name in the documents.
    pub const ALL: [(&str, Page); 7] = [
        ("limit", Page::Limit),
        ("offset", Page::Offset),
        ("order", Page::Order),
        ("order-by", Page::OrderBy),
        ("search", Page::Search),
        ("name", Page::Name),
        ("selector", Page::Selector),
    ];
}

/// Where a parameter stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterIn {
    /// In the path.
    Path,
    /// After the question mark.
    Query,
    /// Among the headers.
    Header,
}

impl ParameterIn {
    /// Every location with its name in the documents.
    pub const ALL: [(&str, ParameterIn); 3] = [
        ("path", ParameterIn::Path),
        ("query", ParameterIn::Query),
        ("header", ParameterIn::Header),
    ];

    /// The name in the documents.
    pub fn as_str(self) -> &'static str {
        match self {
            ParameterIn::Path => "path",
            ParameterIn::Query => "query",
            ParameterIn::Header => "header",
        }
    }
}

/// The parameters of a list and of the list around it, which the first one overrides.
pub(super) fn read_all<'a>(
    reader: &mut Reader<'a>,
    own: (&str, Option<&'a Value>),
    shared: (&str, Option<&'a Value>),
) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for (is_own, (pointer, list)) in [(true, own), (false, shared)] {
        let Some(list) = list else { continue };
        let Value::Array(items) = list else {
            reader.malformed(pointer, "parameters must be a list");
            continue;
        };
        for (index, item) in items.iter().enumerate() {
            let at = pointer::join(pointer, &index.to_string());
            let Some(parameter) = read(reader, &at, item) else {
                continue;
            };
            let same = |other: &Parameter| {
                other.name == parameter.name && other.location == parameter.location
            };
            if !parameters.iter().any(same) {
                parameters.push(parameter);
            } else if is_own {
                let message = format!("the parameter `{}` is given twice", parameter.name);
                reader.malformed(&at, message);
            }
        }
    }
    parameters
}

fn read<'a>(reader: &mut Reader<'a>, pointer: &str, value: &'a Value) -> Option<Parameter> {
    let (pointer, value) = match value.get("$ref").and_then(Value::as_str) {
        // A mistake in a shared parameter is noted where the parameter is written.
        Some(reference) => (
            reference.trim_start_matches('#'),
            follow(reader.json, value),
        ),
        None => (pointer, value),
    };
    let fields = reader.fields(
        pointer,
        value,
        &[
            "name",
            "in",
            "required",
            "schema",
            "description",
            "example",
            "examples",
            "style",
            "explode",
            "deprecated",
            "allowEmptyValue",
            "allowReserved",
            words::FROM,
            words::PAGE,
        ],
    )?;
    let name = fields.text("name", reader);
    let location = fields.choice("in", &ParameterIn::ALL, reader);
    let schema = fields.require("schema", reader);
    let from = fields
        .get(words::FROM)
        .and_then(|from| read_from(reader, &fields.at(words::FROM), from));
    let page = fields
        .get(words::PAGE)
        .and_then(|word| match word.as_str() {
            Some(place) if place.starts_with('/') => Some(Page::Place(place.to_owned())),
            _ => fields.choice(words::PAGE, &Page::ALL, reader),
        });
    let (name, location) = (name?, location?);
    let required = fields
        .get("required")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    if location == ParameterIn::Path && !required {
        let message = format!("the path parameter `{name}` must have `required: true`");
        reader.malformed(pointer, message);
    }
    if location != ParameterIn::Path && from.is_some() {
        let message = format!("x-from stands on a path parameter, not on `{name}`");
        reader.malformed(&fields.at(words::FROM), message);
    }
    if location != ParameterIn::Query && page.is_some() {
        let message = format!("x-page stands on a query parameter, not on `{name}`");
        reader.malformed(&fields.at(words::PAGE), message);
    }
    Some(Parameter {
        name,
        location,
        required,
        schema: schema?.clone(),
        from,
        page,
    })
}

fn read_from<'a>(reader: &mut Reader<'a>, at: &str, from: &'a Value) -> Option<ParameterFrom> {
    if from.is_object() {
        let fields = reader.fields(at, from, &["id-of", "at"])?;
        let kind = fields.text("id-of", reader)?;
        let at = fields.optional_text("at", reader);
        return Some(ParameterFrom::IdOf { kind, at });
    }
    match from.as_str() {
        Some("$name-or-id") => Some(ParameterFrom::NameOrId),
        Some("$project.id") => Some(ParameterFrom::ProjectId),
        Some("$organization.id") => Some(ParameterFrom::OrganizationId),
        Some(place) if place.starts_with('/') => Some(ParameterFrom::Place(place.to_owned())),
        _ => {
            let message = "x-from of a path parameter is a JSON pointer into the kind, $name-or-id, $project.id, $organization.id or {id-of: Kind, at: place}";
            reader.malformed(at, message);
            None
        }
    }
}
