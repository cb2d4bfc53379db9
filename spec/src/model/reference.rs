//! Which other objects an object needs: reads `x-references`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::reader::{Fields, Reader};
use super::walk::Walk;
use super::words;
use crate::pointer;

/// A place in a kind that holds the name of another object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The place in the kind; `*` stands for each item.
    pub pointer: String,
    /// The schema name of the kind that is named there.
    pub kind: String,
    /// Further kinds, an object of which may be meant instead.
    pub or: Vec<String>,
    /// Names that need no object.
    pub builtin: Vec<String>,
    /// Whether the named object lives in the same project.
    pub same_project: bool,
    /// The place in the kind where the name of the project stands that the named object lives in; `*` is the item in
    /// which the reference stands.
    pub project_at: Option<String>,
    /// Whether the named object owns this one, which goes when its owner goes.
    pub owner: bool,
}

/// The references of the kind whose schema is `schema`. `enter` are the schemas that reach the word.
pub(super) fn read_all<'a>(
    reader: &mut Reader<'a>,
    schema: &'a Value,
    schema_pointer: &str,
    enter: &BTreeSet<String>,
) -> Vec<Reference> {
    let mut found: Vec<(String, &'a Value)> = Vec::new();
    Walk::new(reader.json, enter).run(&mut String::new(), schema, &mut |at, part| {
        if let Some(word) = part.get(words::REFERENCES) {
            found.push((at.to_owned(), word));
        }
        true
    });
    let mut references: Vec<Reference> = Vec::new();
    for (pointer, word) in found {
        if !references.iter().any(|known| known.pointer == pointer) {
            references.extend(read(reader, schema_pointer, pointer, word));
        }
    }
    references.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    references
}

fn read<'a>(
    reader: &mut Reader<'a>,
    schema_pointer: &str,
    pointer: String,
    word: &'a Value,
) -> Option<Reference> {
    // The word may stand in another schema; the kind and the place in it say which one is meant.
    let at = format!("{schema_pointer}{}", as_schema_pointer(&pointer));
    let fields = reader.fields(&at, word, &["kind", "or", "builtin", "project", "owner"])?;
    let kind = fields.text("kind", reader);
    let (same_project, project_at) = match fields.optional_text("project", reader).as_deref() {
        None | Some("same") => (true, None),
        Some("none") => (false, None),
        Some(relative) => {
            let place = from_here(&pointer, relative);
            if place.is_none() {
                let message = "`project` must be same, none, or a relative JSON pointer to the project's name";
                reader.malformed(&fields.at("project"), message);
            }
            (false, place)
        }
    };
    let owner = fields.flag("owner", reader);
    let or = names(reader, &fields, "or");
    let builtin = names(reader, &fields, "builtin");
    Some(Reference {
        pointer,
        kind: kind?,
        or,
        builtin,
        same_project,
        project_at,
        owner,
    })
}

/// The place that a relative JSON pointer means from another place: so many levels up, and down from there.
fn from_here(here: &str, relative: &str) -> Option<String> {
    let (up, down) = relative.split_at(relative.find('/')?);
    let mut place = here;
    for _ in 0..up.parse::<usize>().ok()? {
        place = &place[..place.rfind('/')?];
    }
    Some(format!("{place}{down}"))
}

/// A list of names; empty where it is left out.
fn names<'a>(reader: &mut Reader<'a>, fields: &Fields<'a>, key: &str) -> Vec<String> {
    let Some(word) = fields.get(key) else {
        return Vec::new();
    };
    let texts = word.as_array().and_then(|list| {
        let texts = list.iter().map(|name| name.as_str().map(str::to_owned));
        texts.collect::<Option<Vec<String>>>()
    });
    if texts.is_none() {
        reader.malformed(&fields.at(key), format!("`{key}` must be a list of names"));
    }
    texts.unwrap_or_default()
}

impl Reference {
    /// Every kind of which an object may be meant.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.kind.as_str()).chain(self.or.iter().map(String::as_str))
    }
}

/// `/spec/items/*` as it stands in the schema when nothing on the way is a `$ref`.
pub(crate) fn as_schema_pointer(pointer: &str) -> String {
    let mut at = String::new();
    for segment in pointer::segments(pointer).unwrap_or_default() {
        if segment == "*" {
            at.push_str("/items");
        } else {
            at.push_str("/properties");
            pointer::push(&mut at, &segment);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::from_here;

    #[test]
    fn a_relative_pointer_goes_up_and_down_again() {
        let here = "/spec/roles/*/namespaces/*";
        let project = from_here(here, "2/project/name");
        assert_eq!(project.as_deref(), Some("/spec/roles/*/project/name"));
        assert_eq!(from_here(here, "5/x").as_deref(), Some("/x"));
        for none in ["6/x", "2", "/x", "two/x", ""] {
            assert_eq!(from_here(here, none), None, "{none}");
        }
    }
}
