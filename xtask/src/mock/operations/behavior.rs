//! What an operation does, as the table says it.

use rafay_spec::model::Template;
use rafay_spec::{Behavior, Document, Operation};

use super::answers::success_type;
use super::kind_of;
use crate::mock::kinds::action_index;
use crate::mock::text::{Error, constant, json, unsupported, variant};

pub(super) fn behavior(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
) -> Result<String, Error> {
    let kind = kind_of(documents, document, operation)?;
    Ok(match (&operation.behavior, kind) {
        (Behavior::Handler(code), _) => format!("Behavior::Handler(handlers::{})", code.name),
        (Behavior::Verb { verb, kind }, _) => format!(
            "Behavior::Verb(Verb::{}, &kinds::{})",
            variant(verb.as_str()),
            constant(kind)
        ),
        (Behavior::Action { kind: name, action }, kind) => {
            let index = kind.and_then(|kind| action_index(kind, action));
            let index = index.ok_or_else(|| {
                let message = format!("starts `{action}`, which is no action of `{name}`");
                unsupported(document, &operation.pointer, message)
            })?;
            format!("Behavior::Act(&kinds::{}, {index})", constant(name))
        }
        (Behavior::Render { kind, template }, _) => {
            let template = match template {
                Template::Json(value) => format!("Template::Json({})", json(value)),
                Template::Text(text) => {
                    let media_type = success_type(document, operation)?;
                    format!("Template::Text({media_type:?}, {text:?})")
                }
            };
            format!("Behavior::Render(&kinds::{}, {template})", constant(kind))
        }
    })
}
