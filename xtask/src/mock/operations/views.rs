//! The views in which a version shows kinds, and the one that an operation speaks of.

use rafay_spec::model::{From, Translation};
use rafay_spec::{Behavior, Document, Operation, Verb, View};
use serde_json::Value;

use super::answers::items;
use super::component;
use crate::mock::kinds::context;
use crate::mock::text::{Error, constant, json, path, unsupported};

fn view_name(view: &View) -> String {
    format!(
        "{}_{}_VIEW",
        constant(&view.document),
        constant(&view.schema)
    )
}

pub(super) fn view_table(view: &View) -> String {
    let fields: Vec<String> = view
        .fields
        .iter()
        .map(|field| {
            format!(
                "    ViewField {{ at: {}, from: {}, read_only: {} }},\n",
                path(&field.pointer),
                source(view, &field.pointer, &field.from),
                field.read_only
            )
        })
        .collect();
    format!(
        "static {}: View = View {{ fields: &[\n{}] }};\n",
        view_name(view),
        fields.concat()
    )
}

fn source(view: &View, pointer: &str, from: &From) -> String {
    match from {
        From::Pointer(place) => format!("Source::Kind({})", path(place)),
        From::Context(fact) => format!("Source::Context({})", context(*fact)),
        From::Annotation => {
            let field = pointer.trim_start_matches('/').replace('/', ".");
            format!(
                "Source::Annotation(\"rafay.dev/view.{}.{field}\")",
                view.document
            )
        }
        From::Constant(value) => format!("Source::Constant({})", json(value)),
        From::Map { at, words } => format!(
            "Source::Map(&Translation {{ at: {}, words: {} }})",
            path(at),
            translation(words)
        ),
        From::Each { at, members } => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, words)| format!("({name:?}, {})", translation(words)))
                .collect();
            format!("Source::Each({}, &[{}])", path(at), members.join(", "))
        }
    }
}

fn translation(words: &Translation) -> String {
    let pairs = |pairs: &[(Value, Value)]| {
        let written = pairs
            .iter()
            .map(|(stored, shown)| format!("({stored}, {})", json(shown)));
        written.collect::<Vec<_>>().join(", ")
    };
    let otherwise = words
        .otherwise
        .as_ref()
        .map_or("None".to_owned(), |value| format!("Some({})", json(value)));
    let first = words.first.as_ref().map_or("None".to_owned(), |first| {
        format!("Some(({:?}, &[{}]))", first.of, pairs(&first.pairs))
    });
    format!(
        "Words {{ pairs: &[{}], otherwise: {otherwise}, first: {first} }}",
        pairs(&words.pairs)
    )
}

/// The view an operation speaks of: that of its body or answer, or of the items of its list.
pub(super) fn view(
    document: &Document,
    operation: &Operation,
    answer: Option<&Value>,
) -> Result<Option<String>, Error> {
    let found = |name: &str| document.views.iter().find(|view| view.schema == name);
    let answered = answer.map(|schema| match schema["type"].as_str() {
        Some("array") => &schema["items"],
        _ => schema,
    });
    let Some(kind) = operation.behavior.kind() else {
        // Code of its own shows an account, say, in the form that its answer has.
        let view = answered.and_then(component).and_then(found);
        return Ok(view.map(view_name));
    };
    let body = operation.request.as_ref().map(|request| &request.schema);
    let shown = match &operation.behavior {
        Behavior::Render { .. } => return Ok(None),
        Behavior::Action { .. } => answered,
        Behavior::Verb {
            verb: Verb::List, ..
        } => answer
            .and_then(|schema| items(document, schema))
            .map(|(_, item)| item),
        _ => body.or(answered),
    };
    let Some(name) = shown.and_then(component) else {
        return Ok(None);
    };
    if name == kind && document.kinds.iter().any(|known| known.name == *kind) {
        return Ok(None);
    }
    match found(name).filter(|view| view.kind == *kind) {
        Some(view) => Ok(Some(view_name(view))),
        None => Err(unsupported(
            document,
            &operation.pointer,
            format!("shows {name}, which is neither the kind {kind} nor a view of it"),
        )),
    }
}

/// The view that an action's body has, if it is one: it may be anything else.
pub(super) fn merges(document: &Document, operation: &Operation) -> Option<String> {
    let body = operation.request.as_ref().map(|request| &request.schema);
    let view = match &operation.behavior {
        Behavior::Action { kind, .. } => body.and_then(component).and_then(|name| {
            let mut views = document.views.iter();
            views.find(|view| view.schema == name && view.kind == *kind)
        }),
        _ => None,
    };
    view.map(view_name)
}
