//! Judges an answer by the document: its status, content type, headers and body must be declared for the operation.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use http::HeaderMap;
use jsonschema::Validator;
use rafay_spec::{Document, Operation};
use serde_json::Value;

use crate::documents::{Meaning, meaning};
use crate::json_schema;

/// A request and the answer to it.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'e> {
    /// Method of the request.
    pub method: &'e str,
    /// Path of the request, without the query.
    pub path: &'e str,
    /// Status of the answer.
    pub status: u16,
    /// Headers of the answer.
    pub headers: &'e HeaderMap,
    /// Body of the answer.
    pub body: &'e [u8],
}

/// What a request turned out to mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checked {
    /// Version of the document.
    pub version: &'static str,
    /// The operation; none where the request means none.
    pub operation: Option<&'static str>,
}

/// Validators by version and schema, made when they are first needed.
#[derive(Default)]
pub struct Checker(Mutex<HashMap<String, Arc<Validator>>>);

/// The header of every answer, which each document declares once in its description.
const OF_ALL: &str = "x-request-id";

/// Headers of HTTP itself, which no document declares.
const OF_HTTP: [&str; 6] = [
    "content-type",
    "content-length",
    "date",
    "connection",
    "vary",
    "transfer-encoding",
];

impl Checker {
    /// The checker that all tests of a binary share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Checker> = OnceLock::new();
        SHARED.get_or_init(Checker::default)
    }

    /// Says what is wrong with an answer, if anything is, and otherwise which operation it is of.
    pub fn check(&self, exchange: &Exchange<'_>) -> Result<Checked, String> {
        let told = |problem: String| {
            let Exchange {
                method,
                path,
                status,
                headers,
                body,
            } = exchange;
            format!(
                "{method} {path} -> {status}: {problem}\n{headers:?}\n{}",
                String::from_utf8_lossy(body)
            )
        };
        match meaning(exchange.method, exchange.path) {
            Meaning::Operation(document, operation) => {
                self.declared(document, operation, exchange)
                    .map_err(|problem| told(problem.clone()))?;
                Ok(Checked {
                    version: &document.version,
                    operation: Some(&operation.id),
                })
            }
            Meaning::OtherMethod(document, methods) => {
                self.missed(document, exchange, 405).map_err(&told)?;
                let allow = exchange
                    .headers
                    .get("allow")
                    .and_then(|allow| allow.to_str().ok())
                    .unwrap_or("");
                let mut allowed: Vec<_> = allow.split(", ").collect();
                allowed.sort_unstable();
                let mut methods = methods;
                methods.sort_unstable();
                if allowed != methods {
                    return Err(told(format!(
                        "Allow is {allow:?} and the path has {methods:?}"
                    )));
                }
                Ok(Checked {
                    version: &document.version,
                    operation: None,
                })
            }
            Meaning::Unknown(document) => {
                self.missed(document, exchange, 404).map_err(told)?;
                Ok(Checked {
                    version: &document.version,
                    operation: None,
                })
            }
        }
    }

    /// An answer to a request that means no operation: the status for that in the version's error shape.
    fn missed(
        &self,
        document: &Document,
        exchange: &Exchange<'_>,
        status: u16,
    ) -> Result<(), String> {
        if exchange.status != status {
            return Err(format!(
                "the request means no operation, so the status must be {status}"
            ));
        }
        let error = document
            .operations
            .iter()
            .flat_map(|operation| &operation.responses)
            .find(|response| response.status == "401")
            .and_then(|response| response.content.first())
            .map(|(_, schema)| schema)
            .ok_or("the document has no error answer")?;
        self.fits(document, error, exchange)
    }

    fn declared(
        &self,
        document: &Document,
        operation: &Operation,
        exchange: &Exchange<'_>,
    ) -> Result<(), String> {
        let status = exchange.status.to_string();
        let response = operation
            .responses
            .iter()
            .find(|response| response.status == status)
            .ok_or_else(|| format!("the status is not declared for {}", operation.id))?;
        headers(document, operation, &status, exchange.headers)?;
        if response.content.is_empty() {
            let typed = exchange.headers.contains_key("content-type");
            return if exchange.body.is_empty() && !typed {
                Ok(())
            } else {
                Err("the document declares no content for this answer".to_owned())
            };
        }
        let media_type = media_type(exchange.headers)?;
        let (_, schema) = response
            .content
            .iter()
            .find(|(declared, _)| *declared == media_type)
            .ok_or_else(|| format!("the content type {media_type} is not declared"))?;
        self.fits(document, schema, exchange)
    }

    fn fits(
        &self,
        document: &Document,
        schema: &Value,
        exchange: &Exchange<'_>,
    ) -> Result<(), String> {
        let media_type = media_type(exchange.headers)?;
        let mut body = read(media_type, exchange.body)?;
        if media_type != "application/json" && schema["type"] == "string" {
            // A file of the format, declared as the text that it is; it was read, so it is of the format.
            body = read("text/plain", exchange.body)?;
        }
        let validator = self.validator(document, schema);
        let problems: Vec<_> = validator
            .iter_errors(&body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "the body does not fit {schema}: {}",
                problems.join("; ")
            ))
        }
    }

    fn validator(&self, document: &Document, schema: &Value) -> Arc<Validator> {
        let name = format!("{} {schema}", document.version);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(name)
            .or_insert_with(|| Arc::new(json_schema::validator(&document.json, schema)))
            .clone()
    }
}

/// The headers that are declared as required must be there, and no other ones but those that are declared.
fn headers(
    document: &Document,
    operation: &Operation,
    status: &str,
    sent: &HeaderMap,
) -> Result<(), String> {
    let follow = |value: Option<&Value>| {
        let value = value?;
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => document.resolve(reference).cloned(),
            None => Some(value.clone()),
        }
    };
    let responses = document
        .json
        .pointer(&operation.pointer)
        .and_then(|operation| operation.get("responses"));
    let response =
        follow(responses.and_then(|responses| responses.get(status))).unwrap_or_default();
    let declared: HashMap<String, Value> = response
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, header)| {
            (
                name.to_lowercase(),
                follow(Some(header)).unwrap_or_default(),
            )
        })
        .collect();
    for (name, header) in &declared {
        if header["required"] == true && !sent.contains_key(name.as_str()) {
            return Err(format!("the required header {name} is missing"));
        }
    }
    for name in sent.keys() {
        let name = name.as_str();
        if !declared.contains_key(name) && !OF_HTTP.contains(&name) && name != OF_ALL {
            return Err(format!("the header {name} is not declared for this answer"));
        }
    }
    Ok(())
}

fn media_type(headers: &HeaderMap) -> Result<&str, String> {
    let sent = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .ok_or("there is no content type")?;
    Ok(sent.split(';').next().unwrap_or_default().trim())
}

/// A body as a value; one of a media type of its own is text.
fn read(media_type: &str, body: &[u8]) -> Result<Value, String> {
    let told = |error: &dyn std::fmt::Display| format!("the body is not {media_type}: {error}");
    match media_type {
        "application/json" => serde_json::from_slice(body).map_err(|error| told(&error)),
        "application/yaml" => serde_norway::from_slice(body).map_err(|error| told(&error)),
        _ => std::str::from_utf8(body)
            .map(Value::from)
            .map_err(|error| told(&error)),
    }
}
