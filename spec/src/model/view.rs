//! How an older version shows a kind: reads `x-view-of`, and `x-from` on properties.

use std::collections::BTreeSet;

use serde_json::Value;

use super::reader::Reader;
use super::reference::as_schema_pointer;
use super::walk::{self, Walk};
use super::{follow, words};
use crate::pointer;

/// A schema that shows a kind in another shape.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewField {
    /// The place in the view; `*` stands for each item.
    pub pointer: String,
    /// Where its value comes from.
    pub from: From,
    /// Whether a request cannot write it.
    pub read_only: bool,
}

/// Where a field of a view comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// From this place in the kind.
    Pointer(String),
    /// From this property (`id` or `name`) of the caller's organization.
    Organization(String),
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

fn read_from(reader: &mut Reader<'_>, at: &str, word: &Value) -> Option<From> {
    match word.as_str() {
        Some("$organization.id") => Some(From::Organization("id".to_owned())),
        Some("$organization.name") => Some(From::Organization("name".to_owned())),
        Some(pointer) if pointer.starts_with('/') => Some(From::Pointer(pointer.to_owned())),
        _ => {
            let message = "x-from must be a JSON pointer into the kind, $organization.id or \
                           $organization.name";
            reader.malformed(at, message);
            None
        }
    }
}
