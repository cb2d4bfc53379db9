//! One operation of a document, with everything that the words on it say: reads `operationId` and
//! `x-alias-of`.

use serde_json::Value;

use super::parameter::{self, Parameter, ParameterFrom};
use super::permission::{self, Permission};
use super::reader::Reader;
use super::response::{self, RequestBody, Response};
use super::{Behavior, behavior, words};
use crate::grammar::METHODS;
use crate::lint::rules;
use crate::pointer;

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// `<plural>_<verb>`, unique in its document.
    pub id: String,
    /// The HTTP method in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The first tag; empty when there is none.
    pub tag: String,
    /// The summary; empty when there is none.
    pub summary: String,
    /// The description; empty when there is none.
    pub description: String,
    /// Where it stands in the bundled document.
    pub pointer: String,
    /// What a caller needs.
    pub permission: Permission,
    /// What it does.
    pub behavior: Behavior,
    /// The operation that this one is an old spelling of.
    pub alias_of: Option<String>,
    /// The path item's parameters and its own.
    pub parameters: Vec<Parameter>,
    /// The request's body.
    pub request: Option<RequestBody>,
    /// The answers, sorted by status.
    pub responses: Vec<Response>,
}

impl Operation {
    /// The path parameter called `name`.
    pub fn path_parameter(&self, name: &str) -> Option<&Parameter> {
        let mut parameters = self.parameters.iter();
        parameters.find(|p| p.location == super::ParameterIn::Path && p.name == name)
    }

    /// Whether a path parameter ties the object to another one, its parent.
    pub fn has_parent(&self) -> bool {
        let ties = |parameter: &Parameter| {
            let place = parameter.from.as_ref().and_then(ParameterFrom::place);
            place.is_some_and(|place| place.starts_with("/spec"))
        };
        self.parameters.iter().any(ties)
    }

    /// Whether it answers with this status.
    pub fn answers(&self, status: &str) -> bool {
        self.responses
            .iter()
            .any(|response| response.status == status)
    }
}

/// The operations of a document, sorted by id.
pub(super) fn read_all(reader: &mut Reader<'_>) -> Vec<Operation> {
    let paths = reader.json.get("paths").and_then(Value::as_object);
    let mut paths: Vec<_> = paths.into_iter().flatten().collect();
    paths.sort_by_key(|(path, _)| *path);
    let mut operations = Vec::new();
    for (path, item) in paths
        .into_iter()
        .filter(|(path, _)| !path.starts_with("x-"))
    {
        for method in METHODS {
            if let Some(value) = item.get(method) {
                operations.extend(read(reader, path, item, method, value));
            }
        }
    }
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    operations
}

fn read<'a>(
    reader: &mut Reader<'a>,
    path: &str,
    item: &'a Value,
    method: &str,
    value: &'a Value,
) -> Option<Operation> {
    let item_pointer = pointer::join("/paths", path);
    let pointer = pointer::join(&item_pointer, method);
    let at = |key: &str| pointer::join(&pointer, key);
    let Value::Object(entries) = value else {
        reader.malformed(&pointer, "an operation must be a mapping");
        return None;
    };
    let mut missing = |rule, what: &str| {
        let name = format!("{} {path}", method.to_uppercase());
        reader.report(rule, &pointer, format!("{name} has no {what}"));
    };
    let id = entries
        .get("operationId")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty());
    if id.is_none() {
        missing(rules::MISSING_OPERATION_ID, "operationId");
    }
    let permission = entries.get(words::PERMISSION);
    if permission.is_none() {
        missing(rules::MISSING_PERMISSION, words::PERMISSION);
    }
    let behavior = entries.get(words::BEHAVIOR);
    if behavior.is_none() {
        missing(rules::MISSING_BEHAVIOR, words::BEHAVIOR);
    }
    let permission = permission.and_then(|p| permission::read(reader, &at(words::PERMISSION), p));
    let behavior = behavior.and_then(|b| behavior::read(reader, &at(words::BEHAVIOR), b));
    let alias_of = entries.get(words::ALIAS_OF);
    if alias_of.is_some_and(|alias| !alias.is_string()) {
        reader.malformed(&at(words::ALIAS_OF), "x-alias-of must be an operationId");
    }
    let parameters = parameter::read_all(
        reader,
        (&at("parameters"), entries.get("parameters")),
        (
            &pointer::join(&item_pointer, "parameters"),
            item.get("parameters"),
        ),
    );
    let request = entries
        .get("requestBody")
        .and_then(|body| response::read_request(reader, &at("requestBody"), body));
    let responses = entries
        .get("responses")
        .map(|value| response::read_responses(reader, &at("responses"), value));
    let text = |key: &str| {
        entries
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Some(Operation {
        id: id?.to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        tag: value
            .pointer("/tags/0")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        summary: text("summary"),
        description: text("description"),
        permission: permission?,
        behavior: behavior?,
        alias_of: alias_of.and_then(Value::as_str).map(str::to_owned),
        parameters,
        request,
        responses: responses.unwrap_or_default(),
        pointer,
    })
}
