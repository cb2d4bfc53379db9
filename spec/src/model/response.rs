//! The bodies of an operation: what it takes and what it answers.

use serde_json::Value;

use super::follow;
use super::reader::Reader;
use crate::pointer;

/// What an operation takes as its body.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestBody {
    /// Whether a request must have one.
    pub required: bool,
    /// The content types, sorted.
    pub content_types: Vec<String>,
    /// The schema, as written: a `$ref` or inline; that of JSON when there are several.
    pub schema: Value,
}

/// One answer of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The status code, or `default`.
    pub status: String,
    /// Content types, sorted, each with its schema as written.
    pub content: Vec<(String, Value)>,
    /// Names of the declared headers, sorted.
    pub headers: Vec<String>,
    /// When this is answered.
    pub description: String,
}

impl Response {
    /// Whether the answer says that the request went well.
    pub fn is_success(&self) -> bool {
        self.status.starts_with('2')
    }

    /// Whether the answer is a refusal or a failure.
    pub fn is_error(&self) -> bool {
        self.status.starts_with(['4', '5']) || self.status == "default"
    }
}

pub(super) fn read_request<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    value: &'a Value,
) -> Option<RequestBody> {
    let fields = reader.fields(pointer, value, &["description", "required", "content"])?;
    let content = fields.require("content", reader)?;
    let content = self::content(reader, &fields.at("content"), content);
    let json = content
        .iter()
        .find(|(content_type, _)| content_type == "application/json");
    let Some((_, schema)) = json.or(content.first()) else {
        reader.malformed(
            &fields.at("content"),
            "a body needs at least one content type",
        );
        return None;
    };
    Some(RequestBody {
        required: fields
            .get("required")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        schema: schema.clone(),
        content_types: content
            .iter()
            .map(|(content_type, _)| content_type.clone())
            .collect(),
    })
}

pub(super) fn read_responses<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    value: &'a Value,
) -> Vec<Response> {
    let Value::Object(entries) = value else {
        reader.malformed(
            pointer,
            "responses must be a mapping from status code to response",
        );
        return Vec::new();
    };
    let mut entries: Vec<_> = entries
        .iter()
        .filter(|(key, _)| !key.starts_with("x-"))
        .collect();
    entries.sort_by_key(|(status, _)| *status);
    let mut responses = Vec::new();
    for (status, value) in entries {
        let at = pointer::join(pointer, status);
        let is_code = status.len() == 3
            && status.starts_with(|c: char| ('1'..='5').contains(&c))
            && (status.ends_with("XX") || status.chars().all(|c| c.is_ascii_digit()));
        if !is_code && status != "default" {
            reader.malformed(&at, format!("`{status}` is not a status code"));
            continue;
        }
        responses.extend(read_response(reader, &at, status, value));
    }
    responses
}

fn read_response<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    status: &str,
    value: &'a Value,
) -> Option<Response> {
    let (pointer, value) = match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => (
            reference.trim_start_matches('#'),
            follow(reader.json, value),
        ),
        None => (pointer, value),
    };
    let allowed = ["description", "headers", "content", "links"];
    let fields = reader.fields(pointer, value, &allowed)?;
    let content = match fields.get("content") {
        Some(value) => content(reader, &fields.at("content"), value),
        None => Vec::new(),
    };
    let headers = fields.get("headers").and_then(Value::as_object);
    let mut headers: Vec<String> = headers
        .into_iter()
        .flat_map(|h| h.keys().cloned())
        .collect();
    headers.sort();
    let description = fields
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Some(Response {
        status: status.to_owned(),
        content,
        headers,
        description: description.to_owned(),
    })
}

fn content<'a>(reader: &mut Reader<'a>, pointer: &str, value: &'a Value) -> Vec<(String, Value)> {
    let Value::Object(entries) = value else {
        reader.malformed(
            pointer,
            "content must be a mapping from content type to media type",
        );
        return Vec::new();
    };
    let mut content = Vec::new();
    for (content_type, media_type) in entries {
        match media_type.get("schema") {
            Some(schema) => content.push((content_type.clone(), schema.clone())),
            None => reader.malformed(
                &pointer::join(pointer, content_type),
                format!("the content type `{content_type}` has no schema"),
            ),
        }
    }
    content.sort_by(|(a, _), (b, _)| a.cmp(b));
    content
}
