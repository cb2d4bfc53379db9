//! What a face must show of a stored object, told from the document alone.

use rafay_spec::Kind;
use rafay_spec::model::{Context, From, Translation, View, ViewField};
use rafay_tests::spec;
use serde_json::{Value, json};

use crate::face::Form;

/// What stands around an object.
pub(crate) struct Around {
    pub(crate) project: Value,
    pub(crate) organization: Value,
}

impl Form {
    /// Where the form shows a place of the kind.
    pub(crate) fn place(self, stored: &str) -> Option<String> {
        let Form::View(view) = self else {
            return Some(stored.to_owned());
        };
        let mut fields = view.fields.iter();
        let field = fields.find(|field| field.from == From::Pointer(stored.to_owned()))?;
        Some(field.pointer.clone())
    }

    /// The first place, stored and shown, that holds free text which a client may write and nothing depends on.
    pub(crate) fn free_text(self, kind: &Kind, shown: &Value) -> Option<(String, String)> {
        let described = "/metadata/description".to_owned();
        let Form::View(view) = self else {
            return Some((described.clone(), described));
        };
        let is_free = |stored: &String| {
            let is_name = *stored == kind.identity.name || kind.immutable.contains(stored);
            !is_name
                && kind
                    .references
                    .iter()
                    .all(|reference| reference.pointer != *stored)
        };
        let fields = view.fields.iter().filter(|field| !field.read_only);
        let mut places = fields.filter_map(|field| match &field.from {
            From::Pointer(stored) => Some((stored.clone(), field.pointer.clone())),
            _ => None,
        });
        let described = places.clone().find(|(stored, _)| *stored == described);
        described.or_else(|| {
            places.find(|(stored, at)| {
                is_free(stored)
                    && shown.pointer(at).is_some_and(Value::is_string)
                    && is_text(view, at)
            })
        })
    }

    /// How what is shown differs from what is stored, each difference in a line.
    pub(crate) fn differences(self, shown: &Value, stored: &Value, around: &Around) -> Vec<String> {
        let Form::View(view) = self else {
            let same = shown == stored;
            return if same {
                Vec::new()
            } else {
                vec![format!("{shown} is not {stored}")]
            };
        };
        let mut differences = Vec::new();
        for field in &view.fields {
            let Some(expected) = expected(field, stored, around) else {
                continue;
            };
            let found = shown.pointer(&field.pointer).cloned().unwrap_or_default();
            if found != expected {
                differences.push(format!("{} is {found}, not {expected}", field.pointer));
            }
        }
        differences
    }
}

/// Whether a view's schema takes any text at a place.
fn is_text(view: &View, pointer: &str) -> bool {
    let document = spec().document(&view.document).expect("a view's document");
    let follow = |schema: &'static Value| match schema["$ref"].as_str() {
        Some(reference) => document.resolve(reference).unwrap_or(schema),
        None => schema,
    };
    let name = format!("#/components/schemas/{}", view.schema);
    let mut schema = document.resolve(&name).expect("a view's schema");
    for token in pointer.split('/').skip(1) {
        schema = follow(&follow(schema)["properties"][token]);
    }
    let is_bound = ["enum", "format", "pattern"]
        .into_iter()
        .any(|word| schema.get(word).is_some());
    schema["type"] == "string" && !is_bound
}

/// What a field must show; null for nothing, and none where the stored form does not tell.
fn expected(field: &ViewField, stored: &Value, around: &Around) -> Option<Value> {
    let at = |place: &str| stored.pointer(place).cloned().unwrap_or_default();
    Some(match &field.from {
        From::Pointer(place) if place.contains('*') => return None,
        From::Pointer(place) => at(place),
        From::Constant(value) => value.clone(),
        From::Context(Context::ProjectId) => around.project["metadata"]["id"].clone(),
        From::Context(Context::ProjectName) => around.project["metadata"]["name"].clone(),
        From::Context(Context::OrganizationId) => around.organization["id"].clone(),
        From::Context(Context::OrganizationName) => around.organization["name"].clone(),
        From::Annotation => {
            let kept = stored["metadata"]["annotations"].as_object();
            let end = field.pointer.trim_start_matches('/').replace('/', ".");
            let ends =
                |key: &str| key.starts_with("rafay.dev/view.") && key.ends_with(&format!(".{end}"));
            let text = kept?.iter().find(|(key, _)| ends(key))?.1.as_str()?;
            serde_json::from_str(text).expect("an annotation holds JSON")
        }
        From::Map { at: place, words } => translated(words, &at(place)),
        From::Each { at: place, members } => {
            let mut list = at(place);
            for item in list.as_array_mut().into_iter().flatten() {
                for (name, words) in members {
                    let shown = translated(words, &item[name.as_str()]);
                    if !shown.is_null() {
                        item[name.as_str()] = shown;
                    }
                }
            }
            list
        }
    })
}

fn translated(words: &Translation, stored: &Value) -> Value {
    let text = stored
        .as_str()
        .map_or_else(|| stored.to_string(), str::to_owned);
    let mut pairs = words.pairs.iter();
    let pair = pairs.find(|(known, _)| *known == json!(text));
    let shown = pair.map(|(_, shown)| shown).or(words.otherwise.as_ref());
    shown.unwrap_or(stored).clone()
}

/// The identity of an object in a form: its name and its id, as far as the form shows them.
pub(crate) fn identity(kind: &Kind, form: Form, shown: &Value) -> [Option<String>; 2] {
    [&kind.identity.name, &kind.identity.id].map(|stored| {
        let place = form.place(stored)?;
        shown.pointer(&place)?.as_str().map(str::to_owned)
    })
}
