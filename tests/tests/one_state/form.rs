//! What a face must show of a stored object, told from the document alone.

use std::collections::BTreeSet;

use rafay_spec::Kind;
use rafay_spec::model::{Context, From, Translation, View, ViewField};
use rafay_tests::spec;
use serde_json::{Value, json};

use crate::face::Form;

/// What stands around an object.
pub(crate) struct Around {
    pub(crate) project: Value,
    pub(crate) organization: Value,
    /// The partner of the organization.
    pub(crate) partner: Value,
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

    /// What the form must show of a stored object.
    pub(crate) fn of(self, stored: &Value, around: &Around) -> Value {
        let Form::View(view) = self else {
            return stored.clone();
        };
        let mut shown = json!({});
        // Sorted by place, so what stands in another field comes after it and over it.
        for field in &view.fields {
            let Some(value) = expected(field, stored, around) else {
                continue;
            };
            let mut at = &mut shown;
            for token in field.pointer.split('/').skip(1) {
                at = &mut at[token];
            }
            *at = value;
        }
        shown
    }
}

/// Where two values differ, and how, each place in a line.
pub(crate) fn differences(found: &Value, expected: &Value) -> Vec<String> {
    fn descend(found: &Value, expected: &Value, at: &str, told: &mut Vec<String>) {
        match (found, expected) {
            (Value::Object(one), Value::Object(other)) => {
                let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
                for name in names {
                    descend(&found[name], &expected[name], &format!("{at}/{name}"), told);
                }
            }
            _ if found == expected => {}
            _ => told.push(format!("{at} is {found}, not {expected}")),
        }
    }
    let mut told = Vec::new();
    descend(found, expected, "", &mut told);
    told
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

/// What a field must show; none where it is left out.
fn expected(field: &ViewField, stored: &Value, around: &Around) -> Option<Value> {
    match &field.from {
        From::Pointer(place) => stored.pointer(place).cloned(),
        From::Constant(value) => Some(value.clone()),
        From::Context(fact) => Some(match fact {
            Context::ProjectId => around.project["metadata"]["id"].clone(),
            Context::ProjectName => around.project["metadata"]["name"].clone(),
            Context::OrganizationId => around.organization["id"].clone(),
            Context::OrganizationName => around.organization["name"].clone(),
            Context::PartnerId => around.partner["id"].clone(),
            Context::PartnerName => around.partner["name"].clone(),
        }),
        From::Annotation => {
            let kept = stored["metadata"]["annotations"].as_object()?;
            let end = field.pointer.replace('/', ".");
            let is_its =
                |key: &str| key.starts_with("rafay.dev/view.") && key.ends_with(end.as_str());
            let (_, text) = kept.iter().find(|(key, _)| is_its(key))?;
            let text = text.as_str().expect("an annotation is text");
            Some(serde_json::from_str(text).expect("an annotation of a view holds JSON"))
        }
        From::Map { at, words } => translated(words, stored.pointer(at)),
        From::Each { at, members } => {
            let mut list = stored.pointer(at)?.clone();
            for item in list.as_array_mut().into_iter().flatten() {
                for (name, words) in members {
                    let first = words.first.as_ref().and_then(|first| {
                        let other = item.get(&first.of)?;
                        let mut pairs = first.pairs.iter();
                        let (_, shown) = pairs.find(|(known, _)| known == other)?;
                        Some(shown.clone())
                    });
                    if let Some(shown) = first.or_else(|| translated(words, item.get(name))) {
                        item[name.as_str()] = shown;
                    }
                }
            }
            Some(list)
        }
    }
}

fn translated(words: &Translation, stored: Option<&Value>) -> Option<Value> {
    let text = stored.map(|stored| {
        let text = stored.as_str().map(str::to_owned);
        json!(text.unwrap_or_else(|| stored.to_string()))
    });
    let mut pairs = words.pairs.iter();
    let pair = pairs.find(|(known, _)| Some(known) == text.as_ref());
    let shown = pair.map(|(_, shown)| shown).or(words.otherwise.as_ref());
    shown.or(stored).cloned()
}

/// The identity of an object in a form: its name and its id, as far as the form shows them.
pub(crate) fn identity(kind: &Kind, form: Form, shown: &Value) -> [Option<String>; 2] {
    [&kind.identity.name, &kind.identity.id].map(|stored| {
        let place = form.place(stored)?;
        shown.pointer(&place)?.as_str().map(str::to_owned)
    })
}
