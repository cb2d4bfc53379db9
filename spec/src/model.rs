//! The typed view of a bundled document: what the generator and the lints work with.
//!
//! Each word of the extension vocabulary is read in exactly one file here. Reading never stops at the
//! first mistake: what cannot be read is left out and noted in [`Document::problems`].

pub(crate) mod behavior;
mod kind;
mod lifecycle;
pub(crate) mod mark;
mod operation;
mod parameter;
mod permission;
mod reader;
pub(crate) mod reference;
mod response;
mod view;
pub(crate) mod walk;
pub(crate) mod words;

pub use behavior::{Behavior, Code, Template, Verb};
pub use kind::{Authority, Identity, Initial, InitialOf, Kind, Login};
pub use lifecycle::{
    Action, After, Also, Changed, Failure, Flow, Lifecycle, Schedule, Spawn, Step,
};
pub use operation::Operation;
pub use parameter::{Page, Parameter, ParameterFrom, ParameterIn};
pub use permission::{Of, Permission, Scope};
pub use reference::Reference;
pub use response::{RequestBody, Response};
pub use view::{Context, From, Translation, View, ViewField};

use serde_json::Value;

use crate::bundle::Bundle;
use crate::finding::{self, Finding};
use crate::lint::rules;
use crate::pointer;
use crate::source::SourceMap;
use reader::Reader;

/// One version of the API.
#[derive(Clone, Debug)]
pub struct Document {
    /// The name of its folder, such as `v3`.
    pub version: String,
    /// The bundled document.
    pub json: Value,
    /// Where each value was written.
    pub sources: SourceMap,
    /// The operations, sorted by id.
    pub operations: Vec<Operation>,
    /// The kinds, sorted by name.
    pub kinds: Vec<Kind>,
    /// The views, sorted by schema name.
    pub views: Vec<View>,
    /// What could not be read into the model, and definitions the bundle left out as unused.
    pub problems: Vec<Finding>,
}

impl Document {
    /// Reads a bundle.
    pub fn new(version: &str, bundle: Bundle) -> Self {
        let mut reader = Reader::new(version, &bundle.json, &bundle.sources);
        let operations = operation::read_all(&mut reader);
        let kinds = kind::read_all(&mut reader);
        let views = view::read_all(&mut reader);
        let mut problems = reader.problems;
        problems.extend(bundle.unused.into_iter().map(|unused| Finding {
            rule: rules::UNUSED_COMPONENT,
            message: "nothing in the document refers to this; use it or remove it".to_owned(),
            pointer: unused.pointer,
            location: Some(unused.location),
            document: version.to_owned(),
        }));
        finding::arrange(&mut problems);
        Self {
            version: version.to_owned(),
            json: bundle.json,
            sources: bundle.sources,
            operations,
            kinds,
            views,
            problems,
        }
    }

    /// The value that a reference such as `#/components/schemas/Cluster` names.
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        resolve(&self.json, reference)
    }
}

/// The kind called `name` as the document `version` understands it: its own, or the one of another
/// document.
pub fn find_kind<'a>(documents: &'a [Document], version: &str, name: &str) -> Option<&'a Kind> {
    let own = documents
        .iter()
        .filter(|document| document.version == version);
    // Newest first, as far as names tell: a v1 view of a kind that v2 and v3 have means v3's.
    let others = documents
        .iter()
        .rev()
        .filter(|document| document.version != version);
    own.chain(others)
        .flat_map(|document| &document.kinds)
        .find(|kind| kind.name == name)
}

/// The value that a reference in a bundled document names.
pub(crate) fn resolve<'a>(json: &'a Value, reference: &str) -> Option<&'a Value> {
    pointer::find(json, reference.strip_prefix('#')?)
}

/// The value itself, or what its `$ref` leads to; a circle of bare `$ref`s leads nowhere.
pub(crate) fn follow<'a>(json: &'a Value, value: &'a Value) -> &'a Value {
    let mut at = value;
    for _ in 0..16 {
        match at.get("$ref").and_then(Value::as_str) {
            None => return at,
            Some(reference) => at = resolve(json, reference).unwrap_or(&Value::Null),
        }
    }
    &Value::Null
}

#[cfg(test)]
mod tests;
