//! How an older version shows a kind: reads `x-view-of`, and `x-from` on properties.

use std::collections::BTreeSet;

use serde_json::Value;

use super::reader::{Fields, Reader};
use super::reference::as_schema_pointer;
use super::walk::{self, Walk};
use super::{follow, words};
use crate::pointer;

/// A schema that shows a kind in another shape.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The schema's name.
    pub schema: String,
    /// The version of the document it is defined in.
    pub document: String,
    /// The schema name of the kind, perhaps of another document.
    pub kind: String,
    /// Its fields that say where they come from, sorted by place.
    pub fields: Vec<ViewField>,
}

/// One field of a view.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewField {
    /// The place in the view; `*` stands for each item.
    pub pointer: String,
    /// Where its value comes from.
    pub from: From,
    /// Whether a request cannot write it.
    pub read_only: bool,
}

/// Where a field of a view comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum From {
    /// From this place in the kind.
    Pointer(String),
    /// From a fact of the caller's organization or of the project.
    Context(Context),
    /// The stored form has no place for it: it is kept in an annotation of the object.
    Annotation,
    /// From a place in the kind, in other words.
    Map {
        /// The place.
        at: String,
        /// The words.
        words: Translation,
    },
    /// A list at a place in the kind, with members of its items in other words.
    Each {
        /// The place of the list.
        at: String,
        /// Members of an item and the translation of each, sorted by name.
        members: Vec<(String, Translation)>,
    },
    /// Always this value.
    Constant(Value),
}

/// Stored values and what is shown for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Translation {
    /// Stored value and the one shown for it.
    pub pairs: Vec<(Value, Value)>,
    /// What is shown for any other stored value.
    pub otherwise: Option<Value>,
    /// Of an item: another member of it that is looked at before, with the values that decide.
    pub first: Option<First>,
}

/// Another member of an item, and what is shown where that has one of these values.
#[derive(Clone, Debug, PartialEq)]
pub struct First {
    /// The name of the member.
    pub of: String,
    /// Its value and the one shown for it.
    pub pairs: Vec<(Value, Value)>,
}

/// A fact that is not stored with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The organization's id.
    OrganizationId,
    /// The organization's name.
    OrganizationName,
    /// The project's id.
    ProjectId,
    /// The project's name.
    ProjectName,
    /// The id of the organization's partner.
    PartnerId,
    /// The name of the organization's partner.
    PartnerName,
}

impl Context {
    /// Every fact with the word for it.
    pub const ALL: [(&str, Context); 6] = [
        ("$organization.id", Context::OrganizationId),
        ("$organization.name", Context::OrganizationName),
        ("$project.id", Context::ProjectId),
        ("$project.name", Context::ProjectName),
        ("$partner.id", Context::PartnerId),
        ("$partner.name", Context::PartnerName),
    ];
}

impl From {
    /// The place in the kind, where there is one.
    pub fn place(&self) -> Option<&str> {
        match self {
            From::Pointer(at) | From::Map { at, .. } | From::Each { at, .. } => Some(at),
            From::Context(_) | From::Annotation | From::Constant(_) => None,
        }
    }
}

/// The views of a document, sorted by schema name.
pub(super) fn read_all(reader: &mut Reader<'_>) -> Vec<View> {
    let enter = walk::reaching(reader.json, words::FROM);
    let mut views = Vec::new();
    for (name, schema) in reader.schemas() {
        let Some(word) = schema.get(words::VIEW_OF) else {
            continue;
        };
        let pointer = pointer::join("/components/schemas", name);
        let Some(kind) = word.as_str() else {
            let at = pointer::join(&pointer, words::VIEW_OF);
            reader.malformed(&at, "x-view-of must be the name of a kind");
            continue;
        };
        views.push(View {
            schema: name.clone(),
            document: reader.version.to_owned(),
            kind: kind.to_owned(),
            fields: fields(reader, schema, &pointer, &enter),
        });
    }
    views
}

pub(super) fn fields<'a>(
    reader: &mut Reader<'a>,
    schema: &'a Value,
    schema_pointer: &str,
    enter: &BTreeSet<String>,
) -> Vec<ViewField> {
    let mut found: Vec<(String, &'a Value)> = Vec::new();
    Walk::new(reader.json, enter).run(&mut String::new(), schema, &mut |at, part| {
        if part.get(words::FROM).is_some() {
            found.push((at.to_owned(), part));
        }
        // A view inside a view says itself what its fields are.
        at.is_empty() || part.get(words::VIEW_OF).is_none()
    });
    let mut fields: Vec<ViewField> = Vec::new();
    for (pointer, part) in found {
        let at = format!(
            "{schema_pointer}{}/{}",
            as_schema_pointer(&pointer),
            words::FROM
        );
        let Some(from) = read_from(reader, &at, &part[words::FROM]) else {
            continue;
        };
        let is_read_only = |schema: &Value| schema.get("readOnly") == Some(&Value::Bool(true));
        let read_only = is_read_only(part) || is_read_only(follow(reader.json, part));
        if !fields.iter().any(|known| known.pointer == pointer) {
            fields.push(ViewField {
                pointer,
                from,
                read_only,
            });
        }
    }
    fields.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    fields
}

fn read_from<'a>(reader: &mut Reader<'a>, at: &str, word: &'a Value) -> Option<From> {
    if let Some(text) = word.as_str() {
        if let Some((_, context)) = Context::ALL.iter().find(|(known, _)| *known == text) {
            return Some(From::Context(*context));
        }
        if text == "$annotation" {
            return Some(From::Annotation);
        }
        if text.starts_with('/') {
            return Some(From::Pointer(text.to_owned()));
        }
        let known: Vec<&str> = Context::ALL.iter().map(|(known, _)| *known).collect();
        let message = format!(
            "x-from must be a JSON pointer into the kind, $annotation or one of {}",
            known.join(", ")
        );
        reader.malformed(at, message);
        return None;
    }
    let fields = reader.fields(at, word, &["at", "map", "otherwise", "each", "value"])?;
    if let Some(value) = fields.get("value") {
        return Some(From::Constant(value.clone()));
    }
    let place = fields.text("at", reader)?;
    let Some(each) = fields.get("each") else {
        let words = read_words(reader, &fields)?;
        return Some(From::Map { at: place, words });
    };
    let Value::Object(members) = each else {
        let message = "`each` must be a mapping from a member of the items to its words";
        reader.malformed(&fields.at("each"), message);
        return None;
    };
    let members = members
        .iter()
        .map(|(name, word)| {
            let at = pointer::join(&fields.at("each"), name);
            let fields = reader.fields(&at, word, &["map", "otherwise", "first"])?;
            let mut words = read_words(reader, &fields)?;
            if let Some(first) = fields.get("first") {
                let fields = reader.fields(&fields.at("first"), first, &["of", "map"])?;
                words.first = Some(First {
                    of: fields.text("of", reader)?,
                    pairs: read_pairs(reader, &fields)?,
                });
            }
            Some((name.clone(), words))
        })
        .collect::<Option<_>>()?;
    Some(From::Each { at: place, members })
}

fn read_words<'a>(reader: &mut Reader<'a>, fields: &Fields<'a>) -> Option<Translation> {
    Some(Translation {
        pairs: read_pairs(reader, fields)?,
        otherwise: fields.get("otherwise").cloned(),
        first: None,
    })
}

fn read_pairs<'a>(reader: &mut Reader<'a>, fields: &Fields<'a>) -> Option<Vec<(Value, Value)>> {
    let map = fields.require("map", reader)?;
    let pairs = map.as_object().map(|map| {
        map.iter()
            .map(|(stored, shown)| (Value::from(stored.as_str()), shown.clone()))
            .collect()
    });
    if pairs.is_none() {
        let message = "`map` must be a mapping from stored to shown values";
        reader.malformed(&fields.at("map"), message);
    }
    pairs
}
