//! Views: how an older version shows a kind, and how what it writes goes back into the stored form.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::check::Problem;
use crate::generated::kinds::CONTAINER;
use crate::identity::Organization;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::{from_stored, to_bytes};
use crate::schema::{Path, Schema};
use crate::store::Key;
use crate::table::{Context, Source, Translation, View, ViewField, Words};
use crate::value;

/// What a view may show that is not stored with the object.
pub(super) struct Facts<'f> {
    organization: &'f Arc<Organization>,
    project: &'f str,
    project_id: Option<&'f str>,
}

impl<'f> Facts<'f> {
    /// The facts of a call.
    pub(super) fn of(call: &'f Call<'_>) -> Self {
        let organization = call.caller.organization();
        let key = Key::object(&organization.id, CONTAINER.name, "", &call.project);
        Self {
            organization,
            project: &call.project,
            project_id: call.state.object(&key).map(|project| &*project.id),
        }
    }

    fn get(&self, context: Context) -> Option<Value> {
        match context {
            Context::ProjectId => self.project_id.map(Value::from),
            Context::ProjectName => Some(self.project.into()),
            Context::OrganizationId
            | Context::OrganizationName
            | Context::PartnerId
            | Context::PartnerName => Some(fact(context, self.organization)),
        }
    }
}

/// A stored object in the form of a view.
pub(super) fn show(view: &View, facts: &Facts<'_>, body: &[u8]) -> Result<Bytes, Refusal> {
    let stored = from_stored(body)?;
    let mut shown = Value::Object(Map::new());
    for field in view.fields {
        let found = match field.from {
            Source::Kind(path) => value::get(&stored, path).cloned(),
            Source::Context(context) => facts.get(context),
            Source::Annotation(key) => annotation(&stored, key),
            Source::Map(translation) => {
                translate_to(&translation.words, value::get(&stored, translation.at))
            }
            Source::Each(at, members) => {
                value::get(&stored, at).map(|list| translate_each(list, members))
            }
            Source::Constant(json) => serde_json::from_str(json).ok(),
        };
        if let Some(found) = found {
            value::set(&mut shown, field.at, found);
        }
    }
    Ok(to_bytes(&shown))
}

/// Where the value comes from that stands at a place of what is shown.
pub(super) fn source_of(view: Option<&'static View>, place: Path) -> Source {
    let field = view.and_then(|view| view.fields.iter().find(|field| field.at == place));
    field.map_or(Source::Kind(place), |field| field.from)
}

/// Whether a stored object has a text where a value comes from.
pub(super) fn tells(source: Source, stored: &Value, text: &str) -> bool {
    match source {
        Source::Kind(place) => value::text(stored, place) == Some(text),
        Source::Annotation(key) => {
            annotation(stored, key).is_some_and(|kept| kept.as_str() == Some(text))
        }
        Source::Map(translation) => {
            translate_to(&translation.words, value::get(stored, translation.at))
                .is_some_and(|shown| shown.as_str() == Some(text))
        }
        Source::Context(_) | Source::Each(..) | Source::Constant(_) => false,
    }
}

/// The value kept under an annotation.
fn annotation(stored: &Value, key: &str) -> Option<Value> {
    let text = stored.get("metadata")?.get("annotations")?.get(key)?;
    serde_json::from_str(text.as_str()?).ok()
}

/// What a view shows for a stored value.
fn translate_to(words: &Words, stored: Option<&Value>) -> Option<Value> {
    let text = match stored {
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
        None => None,
    };
    let pair = words
        .pairs
        .iter()
        .find(|(known, _)| Some(*known) == text.as_deref());
    match pair.map(|(_, shown)| *shown).or(words.otherwise) {
        Some(shown) => serde_json::from_str(shown).ok(),
        None => stored.cloned(),
    }
}

/// A list with members of its items in other words.
fn translate_each(list: &Value, members: &[(&str, Words)]) -> Value {
    let mut list = list.clone();
    for item in list.as_array_mut().into_iter().flatten() {
        for (name, words) in members {
            let told = words.first.and_then(|(other, pairs)| {
                let text = item.get(other)?.as_str()?;
                let (_, shown) = pairs.iter().find(|(known, _)| *known == text)?;
                serde_json::from_str(shown).ok()
            });
            if let Some(shown) = told.or_else(|| translate_to(words, item.get(name)))
                && let Value::Object(item) = item
            {
                item.insert((*name).to_owned(), shown);
            }
        }
    }
    list
}

/// What is stored for a value that a view shows; as it is, where the document names no other. Nothing is stored for the
/// value that stands for everything else.
fn translate_back(translation: &Translation, shown: &Value) -> Option<Value> {
    let text = shown.to_string();
    let words = &translation.words;
    let mut pairs = words.pairs.iter();
    match pairs.find(|(_, known)| *known == text) {
        Some((stored, _)) => Some(Value::from(*stored)),
        None if words.otherwise == Some(text.as_str()) => None,
        None => Some(shown.clone()),
    }
}

/// Writes what a client sent in the form of a view over the stored object, or over nothing for a new one. Fields
/// the view does not show stay as they are; fields it shows and the client left out are taken away.
pub(super) fn write(view: &View, sent: &Value, stored: Option<&Value>) -> Value {
    let mut object = stored.cloned().unwrap_or_else(|| Value::Object(Map::new()));
    for field in view.fields {
        put(field, value::get(sent, field.at), &mut object, true);
    }
    object
}

/// Writes what a client sent in the form of a view into the stored object; what the client left out stays.
pub(super) fn merge(view: &View, sent: &Value, object: &mut Value) {
    for field in view.fields {
        put(field, value::get(sent, field.at), object, false);
    }
}

fn put(field: &ViewField, sent: Option<&Value>, object: &mut Value, removes: bool) {
    if field.read_only {
        return;
    }
    match (field.from, sent) {
        (Source::Kind(path), Some(new)) => value::set(object, path, new.clone()),
        (Source::Kind(path), None) if removes => value::remove(object, path),
        (Source::Map(translation), Some(new)) => match translate_back(translation, new) {
            Some(new) => value::set(object, translation.at, new),
            None => value::remove(object, translation.at),
        },
        (Source::Map(translation), None) if removes => value::remove(object, translation.at),
        (Source::Annotation(key), Some(new)) => {
            value::set(
                object,
                &["metadata", "annotations", key],
                new.to_string().into(),
            );
        }
        (Source::Annotation(key), None) if removes => {
            value::remove(object, &["metadata", "annotations", key]);
        }
        _ => {}
    }
}

/// Annotations that hold what only views show begin like this.
const KEPT: &str = "rafay.dev/view.";

/// Keeps what only views show when an object is written in its own form, which knows nothing of it.
pub(super) fn keep(before: &Value, object: &mut Value) {
    let Some(kept) = before["metadata"]["annotations"].as_object() else {
        return;
    };
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    for (key, text) in kept.iter().filter(|(key, _)| key.starts_with(KEPT)) {
        let annotations = metadata
            .entry("annotations")
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(annotations) = annotations {
            annotations
                .entry(key.clone())
                .or_insert_with(|| text.clone());
        }
    }
}

/// Gives an object the sections its kind requires and a view knows nothing of, or showed empty; sections of sections
/// too.
pub(super) fn complete(schema: &Schema, object: &mut Value) {
    let (Some(rules), Value::Object(map)) = (schema.as_object(), object) else {
        return;
    };
    for property in rules.properties.iter().filter(|property| property.required) {
        if property.schema.as_object().is_some() {
            let section = map
                .entry(property.name)
                .or_insert_with(|| Value::Object(Map::new()));
            complete(property.schema, section);
        }
    }
}

/// Names places of the kind as the view shows them, in a refusal of what came in through the view.
pub(super) fn translate(view: &View, refusal: Refusal) -> Refusal {
    let shown = |pointer: &str| {
        view.fields.iter().find_map(|field| match field.from {
            Source::Kind(path) => {
                let rest = pointer.strip_prefix(value::pointer(path).as_str())?;
                (rest.is_empty() || rest.starts_with('/')).then(|| value::pointer(field.at) + rest)
            }
            Source::Map(translation) => {
                (value::pointer(translation.at) == pointer).then(|| value::pointer(field.at))
            }
            Source::Context(_) | Source::Annotation(_) | Source::Each(..) | Source::Constant(_) => {
                None
            }
        })
    };
    if refusal.problems.is_empty() {
        return refusal;
    }
    let problems = refusal
        .problems
        .into_iter()
        .map(|problem| Problem {
            pointer: shown(&problem.pointer).unwrap_or(problem.pointer),
            ..problem
        })
        .collect();
    Refusal {
        reason: refusal.reason,
        ..Refusal::of_problems("body", problems)
    }
}

/// Where the kind stores what stands at a pointer of a view.
pub(super) fn stored_at(view: &View, pointer: &str) -> Option<String> {
    view.fields.iter().find_map(|field| match field.from {
        Source::Kind(path) => {
            let rest = pointer.strip_prefix(value::pointer(field.at).as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| value::pointer(path) + rest)
        }
        _ => None,
    })
}

/// A fact of the organization as JSON.
pub(super) fn fact(context: Context, organization: &Arc<Organization>) -> Value {
    match context {
        Context::OrganizationId => Value::from(&*organization.id),
        Context::PartnerId => Value::from(&*organization.home().id),
        Context::PartnerName => Value::from(&*organization.home().name),
        // A stored kind has no project of its own to tell of.
        Context::OrganizationName | Context::ProjectId | Context::ProjectName => {
            Value::from(&*organization.name)
        }
    }
}

/// Where a view shows a place of the kind.
pub(super) fn field_for(view: &View, place: Path) -> Option<Path> {
    view.fields
        .iter()
        .find(|field| matches!(field.from, Source::Kind(path) if path == place))
        .map(|field| field.at)
}

#[cfg(test)]
mod tests;
