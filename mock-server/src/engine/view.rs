//! Views: how an older version shows a kind, and how what it writes goes back into the stored form.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::check::Problem;
use crate::identity::Organization;
use crate::refusal::Refusal;
use crate::reply::{from_stored, to_bytes};
use crate::schema::{Path, Schema};
use crate::table::{Context, Source, View};
use crate::value;

/// A stored object in the form of a view.
pub(super) fn show(
    view: &View,
    organization: &Organization,
    body: &[u8],
) -> Result<Bytes, Refusal> {
    let stored = from_stored(body)?;
    let mut shown = Value::Object(Map::new());
    for field in view.fields {
        let found = match field.from {
            Source::Kind(path) => value::get(&stored, path).cloned(),
            Source::Context(context) => Some(fact(context, organization)),
        };
        if let Some(found) = found {
            value::set(&mut shown, field.at, found);
        }
    }
    Ok(to_bytes(&shown))
}

/// Writes what a client sent in the form of a view over the stored object, or over nothing for a new one. Fields
/// the view does not show stay as they are; fields it shows and the client left out are taken away.
pub(super) fn write(view: &View, sent: &Value, stored: Option<&Value>) -> Value {
    let mut object = stored.cloned().unwrap_or_else(|| Value::Object(Map::new()));
    for field in view.fields {
        let Source::Kind(path) = field.from else {
            continue;
        };
        if field.read_only {
            continue;
        }
        match value::get(sent, field.at) {
            Some(new) => value::set(&mut object, path, new.clone()),
            None => value::remove(&mut object, path),
        }
    }
    object
}

/// Gives a new object the sections its kind requires and a view knows nothing of.
pub(super) fn complete(schema: &Schema, object: &mut Value) {
    let (Some(rules), Value::Object(map)) = (schema.as_object(), object) else {
        return;
    };
    for property in rules.properties.iter().filter(|property| property.required) {
        if property.schema.as_object().is_some() && !map.contains_key(property.name) {
            map.insert(property.name.to_owned(), Value::Object(Map::new()));
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
            Source::Context(_) => None,
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

/// A fact of the organization as JSON.
pub(super) fn fact(context: Context, organization: &Organization) -> Value {
    match context {
        Context::OrganizationId => Value::from(&*organization.id),
        Context::OrganizationName => Value::from(&*organization.name),
    }
}

/// Where a view shows a place of the kind.
pub(super) fn field_for(view: &View, place: Path) -> Option<Path> {
    view.fields
        .iter()
        .find(|field| matches!(field.from, Source::Kind(path) if path == place))
        .map(|field| field.at)
}
