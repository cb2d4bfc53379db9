//! Answers: the success of an operation, and how a list is wrapped.

use rafay_spec::{Document, Operation, Verb};
use serde_json::Value;

use super::{component, kind_of};
use crate::mock::text::{Error, unsupported};

pub(super) struct Success<'d> {
    pub(super) status: &'d str,
    pub(super) schema: Option<&'d Value>,
}

pub(super) fn success<'d>(
    document: &Document,
    operation: &'d Operation,
) -> Result<Success<'d>, Error> {
    let response = operation
        .responses
        .iter()
        .find(|response| response.is_success());
    let response =
        response.ok_or_else(|| unsupported(document, &operation.pointer, "declares no success"))?;
    Ok(Success {
        status: &response.status,
        schema: response.content.first().map(|(_, schema)| schema),
    })
}

/// The media type of a successful answer that is text.
pub(super) fn success_type<'d>(
    document: &Document,
    operation: &'d Operation,
) -> Result<&'d str, Error> {
    let mut responses = operation.responses.iter();
    let success = responses.find(|response| response.is_success());
    let found = success.and_then(|response| response.content.first());
    found
        .map(|(media_type, _)| media_type.as_str())
        .ok_or_else(|| {
            let message = "renders a text and declares no content for it";
            unsupported(document, &operation.pointer, message)
        })
}

/// Name of the list property and schema of the items of a list answer; no name for a bare array.
pub(super) fn items<'d>(
    document: &'d Document,
    answer: &'d Value,
) -> Option<(Option<&'d str>, &'d Value)> {
    let schema = answer["$ref"]
        .as_str()
        .and_then(|reference| document.resolve(reference))
        .unwrap_or(answer);
    if schema["type"] == "array" {
        return Some((None, &schema["items"]));
    }
    let properties = schema["properties"].as_object()?;
    let (name, list) = properties
        .iter()
        .find(|(_, property)| property["type"] == "array")?;
    Some((Some(name), &list["items"]))
}

pub(super) fn envelope(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
    answer: Option<&Value>,
) -> Result<Option<String>, Error> {
    if operation.behavior.verb() != Some(Verb::List) {
        return Ok(None);
    }
    let answer = answer
        .ok_or_else(|| unsupported(document, &operation.pointer, "is a list without an answer"))?;
    let schema = answer["$ref"]
        .as_str()
        .and_then(|reference| document.resolve(reference))
        .unwrap_or(answer);
    let found = items(document, answer).ok_or_else(|| {
        unsupported(
            document,
            &operation.pointer,
            "is a list whose answer holds no array",
        )
    })?;
    let (Some(list), Some(properties)) = (found.0, schema["properties"].as_object()) else {
        return Ok(None);
    };
    let known = kind_of(documents, document, operation)?;
    let mut members: Vec<(&str, String)> = Vec::new();
    for (name, property) in properties {
        let is_text = property["type"] == "string";
        let member = match (name.as_str(), known) {
            (name, _) if name == list => "Member::Items".to_owned(),
            ("apiVersion", Some(kind)) if is_text => format!(
                "Member::Text({:?})",
                format!("{}/{}", kind.group, kind.version)
            ),
            ("kind", _) if is_text => {
                format!("Member::Text({:?})", component(answer).unwrap_or_default())
            }
            ("count", _) => "Member::Count".to_owned(),
            ("next", _) => "Member::Next".to_owned(),
            ("previous", _) => "Member::Previous".to_owned(),
            ("metadata", _) => "Member::Metadata".to_owned(),
            _ => {
                return Err(unsupported(
                    document,
                    &operation.pointer,
                    format!("its list has a member {name} that the mock cannot fill"),
                ));
            }
        };
        members.push((name, member));
    }
    members.sort();
    let members: Vec<String> = members
        .iter()
        .map(|(name, member)| format!("({name:?}, {member})"))
        .collect();
    Ok(Some(members.join(", ")))
}
