//! What a list is asked for: filters, order, and the page of what is left.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::place::parents;
use super::view;
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::schema::Path;
use crate::store::Object;
use crate::table::{Kind, Page as Role, Source};
use crate::value;

/// The objects of one page and the number of all.
pub(super) struct Page<'s> {
    pub(super) objects: Vec<&'s Object>,
    pub(super) total: usize,
}

/// The filters and the order of a list.
pub(super) struct Wanted<'c> {
    name: Option<&'c str>,
    /// A part of the name, in small letters.
    part: Option<String>,
    labels: Vec<Requirement<'c>>,
    /// Places and what must stand there, for objects of a parent.
    parents: Vec<(Path, &'c str)>,
    /// By what to sort; none for the name.
    by: Option<Path>,
    /// Where the wanted texts stand, in the form in which the operation shows an object.
    shown: Vec<(Source, &'c str)>,
    reversed: bool,
    malformed: Option<&'c str>,
}

/// One requirement of a label selector.
enum Requirement<'c> {
    Equals(&'c str, &'c str),
    Differs(&'c str, &'c str),
    Exists(&'c str),
    Lacks(&'c str),
}

impl<'c> Wanted<'c> {
    pub(super) fn of(call: &'c Call<'_>, kind: &'static Kind) -> Self {
        let text = |role| call.query.text(role);
        let by = match text(Role::OrderBy) {
            Some(field) if field.starts_with("created") => Some(kind.created_at),
            Some(field) if field.starts_with("modified") => Some(kind.modified_at),
            _ => None,
        };
        let selector = text(Role::Selector).unwrap_or_default();
        let mut labels = Vec::new();
        let mut malformed = None;
        for part in selector.split(',').filter(|part| !part.trim().is_empty()) {
            match requirement(part.trim()) {
                Some(requirement) => labels.push(requirement),
                None => malformed = Some(part),
            }
        }
        Self {
            name: text(Role::Name),
            part: text(Role::Search).map(str::to_lowercase),
            labels,
            parents: parents(call).collect(),
            shown: call
                .query
                .places()
                .map(|(place, wanted)| (view::source_of(call.operation.view, place), wanted))
                .collect(),
            by,
            reversed: text(Role::Order).is_some_and(|order| order.eq_ignore_ascii_case("desc")),
            malformed,
        }
    }

    /// Whether all objects are wanted, in the order by name or the reverse of it.
    pub(super) fn is_everything(&self) -> bool {
        self.name.is_none()
            && self.part.is_none()
            && self.labels.is_empty()
            && self.malformed.is_none()
            && self.parents.is_empty()
            && self.shown.is_empty()
            && self.by.is_none()
    }

    pub(super) fn reversed(&self) -> bool {
        self.reversed
    }

    pub(super) fn name(&self) -> Option<&'c str> {
        self.name
    }

    /// The page of what passes the filters.
    pub(super) fn page<'s>(
        &self,
        all: Vec<&'s Object>,
        limit: usize,
        offset: usize,
    ) -> Result<Page<'s>, Refusal> {
        if let Some(part) = self.malformed {
            return Err(Refusal::new(
                Reason::BadRequest,
                format!("the selector holds {part:?}; write key=value, key!=value, key or !key"),
            ));
        }
        let mut found: Vec<(Option<Arc<Value>>, &Object)> = Vec::new();
        let reads = self.by.is_some()
            || !(self.labels.is_empty() && self.parents.is_empty() && self.shown.is_empty());
        for object in all {
            if !self.has_name(object) {
                continue;
            }
            let body = if reads { Some(object.value()?) } else { None };
            if body.as_ref().is_none_or(|body| self.fits(body)) {
                found.push((body, object));
            }
        }
        if let Some(by) = self.by {
            // Times are written alike, so their texts sort as they do; the name decides between equals.
            found.sort_by_cached_key(|(body, object)| {
                let time = body.as_ref().and_then(|body| value::text(body, by));
                (time.unwrap_or_default().to_owned(), object.name.clone())
            });
        }
        if self.reversed {
            found.reverse();
        }
        let total = found.len();
        let page = found.into_iter().skip(offset).take(limit);
        Ok(Page {
            objects: page.map(|(_, object)| object).collect(),
            total,
        })
    }

    fn has_name(&self, object: &Object) -> bool {
        let part = self.part.as_ref();
        self.name.is_none_or(|name| *object.name == *name)
            && part.is_none_or(|part| object.name.to_lowercase().contains(part))
    }

    fn fits(&self, body: &Value) -> bool {
        let mut parents = self.parents.iter();
        parents.all(|(place, wanted)| value::text(body, place) == Some(wanted))
            && self
                .shown
                .iter()
                .all(|(source, wanted)| view::tells(*source, body, wanted))
            && has_labels(&self.labels, &body["metadata"]["labels"])
    }
}

fn requirement(part: &str) -> Option<Requirement<'_>> {
    let found = if let Some((key, value)) = part.split_once("!=") {
        Requirement::Differs(key.trim(), value.trim())
    } else if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        Requirement::Equals(key.trim(), value.trim())
    } else if let Some(key) = part.strip_prefix('!') {
        Requirement::Lacks(key.trim())
    } else {
        Requirement::Exists(part)
    };
    let (Requirement::Equals(key, _)
    | Requirement::Differs(key, _)
    | Requirement::Exists(key)
    | Requirement::Lacks(key)) = &found;
    let is_key = !key.is_empty() && !key.contains(char::is_whitespace);
    is_key.then_some(found)
}

fn has_labels(requirements: &[Requirement<'_>], labels: &Value) -> bool {
    let label = |key: &str| labels.get(key).map(text_of);
    requirements.iter().all(|requirement| match requirement {
        Requirement::Equals(key, value) => label(key).as_deref() == Some(value),
        Requirement::Differs(key, value) => label(key).as_deref() != Some(value),
        Requirement::Exists(key) => label(key).is_some(),
        Requirement::Lacks(key) => label(key).is_none(),
    })
}

fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Whether labels fit a selector in the syntax of Kubernetes; a selector that is none fits nothing.
pub(crate) fn selects(selector: &str, labels: &Value) -> bool {
    let parts = selector
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let requirements: Option<Vec<_>> = parts.map(requirement).collect();
    requirements.is_some_and(|requirements| has_labels(&requirements, labels))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn selectors_are_those_of_kubernetes() {
        let labels = json!({"site": "berlin", "tier": "lab"});
        for selector in [
            "",
            "site=berlin",
            "site==berlin,tier",
            "tier!=prod",
            "!gone",
            " site = berlin ",
        ] {
            assert!(selects(selector, &labels), "{selector}");
        }
        for selector in ["site=bonn", "tier!=lab", "gone", "!site", "=x", "a b"] {
            assert!(!selects(selector, &labels), "{selector}");
        }
    }
}
