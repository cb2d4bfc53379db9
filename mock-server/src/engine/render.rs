//! Answers made from one object by a template of the document: manifests, files to download, commands.

use serde_json::Value;

use super::fill::Words;
use super::place::{object_in_path, project_of};
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::{Content, Reply};
use crate::table::{Kind, Template};

/// The answer that a template makes from the object that the path names.
pub(crate) fn render(
    call: &Call<'_>,
    kind: &'static Kind,
    template: Template,
) -> Result<Reply, Refusal> {
    let (_, object) = object_in_path(call, kind)?;
    let value = object.value()?;
    let words = Words {
        now: call.now,
        id: &object.id,
        caller: call.caller.username(),
        object: &value,
        body: &Value::Null,
        project: project_of(call, kind),
        organization: call.caller.organization(),
    };
    Ok(match template {
        Template::Text(media_type, text) => {
            Reply::new(Content::Text(media_type, words.interpolate(text)))
        }
        Template::Json(json) => Reply::json(&words.json(json).unwrap_or_default()),
    })
}
