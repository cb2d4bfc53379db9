//! Reads what an operation takes and gives: one type each, JSON wherever it is offered.

use serde_json::{Map, Value};

use crate::sdk::shapes::{Shapes, Type};
use crate::sdk::source::{Source, below};
use crate::sdk::{Error, names, schemas};

use super::Success;

/// The type of the request's body, none without one.
pub(super) fn request(
    shapes: &mut Shapes<'_>,
    operation: &Map<String, Value>,
    at: &str,
) -> Result<Option<Type>, Error> {
    let Some(body) = operation.get("requestBody") else {
        return Ok(None);
    };
    let at = below(at, "requestBody");
    let (body, at) = shapes.source.resolve(body, &at)?;
    let name = format!("{}Body", names::pascal(id(operation)));
    match content(shapes, &body, &at, &name)? {
        Success::Json(ty) => Ok(Some(ty)),
        Success::Nothing => Ok(None),
        Success::Raw { media, .. } => Err(shapes.source.unsupported(
            &below(&at, "content"),
            format!("a request body that is only offered as `{media}` has no form in the SDK"),
            "offer application/json as well",
        )),
    }
}

/// What the operation's successes have in common.
pub(super) fn success(
    shapes: &mut Shapes<'_>,
    operation: &Map<String, Value>,
    at: &str,
) -> Result<Success, Error> {
    let name = format!("{}Response", names::pascal(id(operation)));
    let mut found: Option<Success> = None;
    for (_, response, at) in responses(shapes.source, operation, at, '2')? {
        let success = content(shapes, &response, &at, &name)?;
        match &found {
            Some(other) if *other != success => {
                return Err(shapes.source.unsupported(
                    &at,
                    "the operation's successes have different bodies",
                    "give them one schema, or split the operation",
                ));
            }
            _ => found = Some(success),
        }
    }
    found.ok_or_else(|| {
        shapes.source.unsupported(
            &below(at, "responses"),
            "the operation documents no success",
            "add its 2xx response",
        )
    })
}

/// Collects the error schema, of which a document has one.
#[derive(Default)]
pub(super) struct Errors {
    found: Option<(Type, String)>,
}

impl Errors {
    /// Takes in the failures of one operation.
    pub(super) fn collect(
        &mut self,
        shapes: &mut Shapes<'_>,
        operation: &Map<String, Value>,
        at: &str,
    ) -> Result<(), Error> {
        for class in ['4', '5'] {
            for (_, response, at) in responses(shapes.source, operation, at, class)? {
                let Success::Json(ty) = content(shapes, &response, &at, "ErrorBody")? else {
                    continue;
                };
                // A conflict told as plain text is kept by the transport as what it is.
                if ty == Type::Text {
                    continue;
                }
                match &self.found {
                    Some((other, first)) if *other != ty => {
                        return Err(shapes.source.unsupported(
                            &at,
                            format!("its error schema is not that of {first}"),
                            "a document has one error schema: refer to the same one everywhere",
                        ));
                    }
                    Some(_) => {}
                    None => self.found = Some((ty, at)),
                }
            }
        }
        Ok(())
    }

    /// The document's error type.
    pub(super) fn finish(self, source: Source<'_>) -> Result<Type, Error> {
        match self.found {
            Some((ty @ Type::Named(_), _)) => Ok(ty),
            _ => Err(source.unsupported(
                "/paths",
                "no operation documents a failure with an object as its body",
                "give the failures an error schema",
            )),
        }
    }
}

/// The responses of a class of status codes, sorted: code, response, place.
fn responses(
    source: Source<'_>,
    operation: &Map<String, Value>,
    at: &str,
    class: char,
) -> Result<Vec<(String, Value, String)>, Error> {
    let at = below(at, "responses");
    let all = operation.get("responses").and_then(Value::as_object);
    let mut found = Vec::new();
    for (code, response) in all.into_iter().flatten() {
        if code.starts_with(class) {
            let (response, at) = source.resolve(response, &below(&at, code))?;
            found.push((code.clone(), response, at));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

/// The one form of a `content` map that the SDK uses.
fn content(
    shapes: &mut Shapes<'_>,
    holder: &Value,
    at: &str,
    name: &str,
) -> Result<Success, Error> {
    let Some(content) = holder.get("content").and_then(Value::as_object) else {
        return Ok(Success::Nothing);
    };
    let at = below(at, "content");
    let json = content
        .iter()
        .find(|(media, _)| media.split(';').next() == Some("application/json"));
    let Some((media, value)) = json else {
        let first = content.iter().min_by_key(|(media, _)| *media);
        return Ok(first.map_or(Success::Nothing, |(media, value)| {
            let is = |word: &str, text: &str| value["schema"][word] == text;
            let text = is("type", "string") && !is("format", "binary");
            Success::Raw {
                media: media.clone(),
                text,
            }
        }));
    };
    let at = below(&at, media);
    let Some(Value::Object(schema)) = value.get("schema") else {
        return Err(shapes.source.unsupported(
            &at,
            "the JSON body has no `schema`",
            "describe it; an empty schema stands for anything",
        ));
    };
    Ok(Success::Json(schemas::read(
        shapes,
        schema,
        &below(&at, "schema"),
        name,
    )?))
}

fn id(operation: &Map<String, Value>) -> &str {
    operation
        .get("operationId")
        .and_then(Value::as_str)
        .unwrap_or_default()
}
