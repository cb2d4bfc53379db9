//! Whether the bodies of an operation have examples.

use rafay_spec::{Document, Operation};
use serde_json::Value;

/// What has an example: the request and the statuses that answer a success with a body. The first place without one is
/// the error.
pub(super) fn found(document: &Document, operation: &Operation) -> Result<String, String> {
    let root = at(document, &operation.pointer).ok_or("the operation")?;
    let mut places = Vec::new();
    if let Some(request) = root.get("requestBody") {
        let request = follow(document, request).ok_or("requestBody")?;
        places.extend(judge(document, "request", request)?);
    }
    let responses = root["responses"].as_object();
    for (status, response) in responses.into_iter().flatten() {
        if status.starts_with('2') {
            let response = follow(document, response).ok_or_else(|| status.clone())?;
            places.extend(judge(document, status, response)?);
        }
    }
    if places.is_empty() {
        return Ok("no body".to_owned());
    }
    Ok(places.join(" "))
}

fn at<'d>(document: &'d Document, reference: &str) -> Option<&'d Value> {
    document.json.pointer(reference.trim_start_matches('#'))
}

/// What is written at a place, or what it refers to.
fn follow<'d>(document: &'d Document, value: &'d Value) -> Option<&'d Value> {
    match value["$ref"].as_str() {
        Some(reference) => at(document, reference),
        None => Some(value),
    }
}

/// The name of the place, if it has content, with an example in it, in its schema or that of its items, or of the
/// same schema as another content type.
fn judge(document: &Document, place: &str, body: &Value) -> Result<Option<String>, String> {
    let content = body["content"].as_object();
    let Some(content) = content.filter(|content| !content.is_empty()) else {
        return Ok(None);
    };
    let has_own = |of_type: &&Value| {
        let several = of_type["examples"].as_object();
        let schemas = [&of_type["schema"], &of_type["schema"]["items"]];
        let mut schemas = schemas.map(|schema| follow(document, schema)).into_iter();
        of_type.get("example").is_some()
            || several.is_some_and(|examples| !examples.is_empty())
            || schemas.any(|schema| schema.is_some_and(|schema| schema.get("example").is_some()))
    };
    let shown: Vec<&Value> = content.values().filter(has_own).collect();
    for (media_type, of_type) in content {
        if !shown
            .iter()
            .any(|shown| shown["schema"] == of_type["schema"])
        {
            return Err(format!("{place} {media_type}"));
        }
    }
    Ok(Some(place.to_owned()))
}
