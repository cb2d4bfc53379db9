//! What a face must show of a stored object, told from the document alone.

use rafay_spec::Kind;
use rafay_spec::model::{Context, From, ViewField};
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

    /// Where the form shows a place of the kind and lets it be written.
    pub(crate) fn writable(self, stored: &str) -> Option<String> {
        let place = self.place(stored)?;
        let Form::View(view) = self else {
            return Some(place);
        };
        let mut fields = view.fields.iter();
        let field = fields.find(|field| field.pointer == place)?;
        (!field.read_only).then_some(place)
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
        From::Map {
            at: place,
            pairs,
            otherwise,
        } => {
            let found = at(place);
            let text = found
                .as_str()
                .map_or_else(|| found.to_string(), str::to_owned);
            let pair = pairs.iter().find(|(known, _)| *known == json!(text));
            match (pair, otherwise) {
                (Some((_, shown)), _) => shown.clone(),
                (None, Some(otherwise)) => otherwise.clone(),
                (None, None) => found,
            }
        }
    })
}

/// The identity of an object in a form: its name and its id, as far as the form shows them.
pub(crate) fn identity(kind: &Kind, form: Form, shown: &Value) -> [Option<String>; 2] {
    [&kind.identity.name, &kind.identity.id].map(|stored| {
        let place = form.place(stored)?;
        shown.pointer(&place)?.as_str().map(str::to_owned)
    })
}
