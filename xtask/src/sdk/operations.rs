//! Reads the operations a client calls, and writes the document progenitor is given: only what it
//! handles, in the one form that suits this SDK.
//!
//! Aliases are left out. Header parameters are left out: the conditional ones belong to `Api<K>`.
//! JSON is the format wherever it is offered; another answer stays raw. Whatever successes an
//! operation documents are one `2XX`, and every failure, documented or not, is the document's one
//! error schema (a `default` would count as a success too).

mod bodies;
mod parameters;

use std::collections::BTreeMap;

use rafay_spec::model::{Behavior, Operation as Model, Verb};
use serde_json::{Map, Value, json};

use super::shapes::{Shapes, Type};
use super::source::{Source, below};
use super::{Error, SdkInput, docs, names};

/// The operations of one document.
pub(super) struct Operations {
    /// Sorted by id.
    pub(super) all: Vec<Operation>,
    /// The type of every failure's body.
    pub(super) error: Type,
}

/// One operation, as far as a client is concerned.
pub(super) struct Operation {
    pub(super) id: String,
    method: String,
    pub(super) path: String,
    summary: String,
    description: String,
    parameters: Vec<parameters::Parameter>,
    request: Option<Type>,
    success: Success,
    /// The standard verb it carries out, on which kind.
    pub(super) verb: Option<(Verb, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Success {
    Nothing,
    Json(Type),
    /// Something other than JSON: text as a whole, anything else handed on as it comes.
    Raw {
        media: String,
        text: bool,
    },
}

/// The methods reqwest has a function for.
const METHODS: [&str; 6] = ["get", "put", "post", "delete", "head", "patch"];

/// Reads every operation that is not an alias.
pub(super) fn read(input: &SdkInput, shapes: &mut Shapes<'_>) -> Result<Operations, Error> {
    let source = Source::new(&input.version, &input.json);
    let models: BTreeMap<&str, &Model> = input
        .operations
        .iter()
        .map(|model| (model.id.as_str(), model))
        .collect();
    let mut all: Vec<Operation> = Vec::new();
    let mut methods: BTreeMap<String, &str> = BTreeMap::new();
    let mut errors = bodies::Errors::default();
    for entry in entries(source)? {
        let at = &entry.at;
        let id = entry
            .operation
            .get("operationId")
            .and_then(Value::as_str)
            .ok_or_else(|| {
                source.unsupported(at, "the operation has no `operationId`", "give it one")
            })?;
        let model = models.get(id).copied();
        if model.is_some_and(|model| model.alias_of.is_some()) {
            continue;
        }
        if let Some(other) = methods.insert(names::snake(id), id) {
            return Err(source.unsupported(
                &below(at, "operationId"),
                format!("`{id}` is the same method as `{other}`"),
                "give one of the two another id",
            ));
        }
        errors.collect(shapes, entry.operation, at)?;
        all.push(Operation {
            id: id.to_owned(),
            method: entry.method.to_owned(),
            path: entry.path.to_owned(),
            summary: prose(entry.operation, "summary"),
            description: prose(entry.operation, "description"),
            parameters: parameters::read(shapes, &entry)?,
            request: bodies::request(shapes, entry.operation, at)?,
            success: bodies::success(shapes, entry.operation, at)?,
            verb: model.and_then(verb),
        });
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    let error = errors.finish(source)?;
    Ok(Operations { all, error })
}

/// An operation where it stands.
struct Entry<'a> {
    path: &'a str,
    item: &'a Map<String, Value>,
    method: &'a str,
    operation: &'a Map<String, Value>,
    at: String,
}

/// Every operation, by path and method, so that errors do not depend on how the JSON was read.
fn entries(source: Source<'_>) -> Result<Vec<Entry<'_>>, Error> {
    let mut all = Vec::new();
    for (path, item) in source.object("/paths").into_iter().flatten() {
        let Some(item) = item.as_object() else {
            continue;
        };
        for (method, operation) in item {
            let at = below(&below("/paths", path), method);
            if ["options", "trace"].contains(&method.as_str()) {
                return Err(source.unsupported(
                    &at,
                    format!("`{method}` operations have no form in the SDK"),
                    "remove the operation",
                ));
            }
            if let Some(operation) = operation.as_object()
                && METHODS.contains(&method.as_str())
            {
                all.push(Entry {
                    path,
                    item,
                    method,
                    operation,
                    at,
                });
            }
        }
    }
    all.sort_by(|a, b| (a.path, a.method).cmp(&(b.path, b.method)));
    Ok(all)
}

fn verb(model: &Model) -> Option<(Verb, String)> {
    match &model.behavior {
        Behavior::Verb { verb, kind } => Some((*verb, kind.clone())),
        _ => None,
    }
}

fn prose(operation: &Map<String, Value>, word: &str) -> String {
    let text = operation
        .get(word)
        .and_then(Value::as_str)
        .unwrap_or_default();
    docs::lines(text).join("\n")
}

impl Operations {
    /// The operation that carries out `verb` on `kind`; the one with the shortest path where the kind is also served
    /// under its parents.
    pub(super) fn standard(&self, verb: Verb, kind: &str) -> Option<&Operation> {
        let does = |operation: &&Operation| {
            let known = operation.verb.as_ref();
            known.is_some_and(|(v, k)| *v == verb && k == kind)
        };
        let all = self.all.iter().filter(does);
        all.min_by_key(|operation| operation.path.len())
    }

    /// The document for progenitor. Schemas are empty: every one of them is replaced by a type
    /// generated here.
    pub(super) fn document(&self, input: &SdkInput, names: &[&str]) -> Value {
        let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for operation in &self.all {
            paths
                .entry(&operation.path)
                .or_default()
                .insert(operation.method.clone(), operation.document(&self.error));
        }
        let schemas: Map<String, Value> = names
            .iter()
            .map(|name| ((*name).to_owned(), json!({})))
            .collect();
        json!({
            "openapi": "3.0.3",
            "info": {"title": "the controller's API", "version": input.version},
            "paths": paths,
            "components": {"schemas": schemas},
        })
    }
}

impl Operation {
    /// Whether sending it twice leaves what sending it once leaves, although its method does not
    /// say so.
    pub(super) fn is_idempotent_post(&self) -> bool {
        self.method == "post" && matches!(self.verb, Some((Verb::Apply, _)))
    }

    /// Whether it answers with text that is not JSON.
    pub(super) fn answers_text(&self) -> bool {
        matches!(self.success, Success::Raw { text: true, .. })
    }

    fn document(&self, error: &Type) -> Value {
        let json = |ty: &Type| json!({"application/json": {"schema": schema(ty)}});
        let success = match &self.success {
            Success::Nothing => json!({"description": ""}),
            Success::Json(ty) => json!({"description": "", "content": json(ty)}),
            Success::Raw { media, .. } => json!({
                "description": "",
                "content": {media: {"schema": {"type": "string"}}},
            }),
        };
        let error = json!({"description": "", "content": json(error)});
        let mut out = json!({
            "operationId": self.id,
            "summary": self.summary,
            "description": self.description,
            "parameters": self.parameters.iter().map(parameters::Parameter::document).collect::<Vec<_>>(),
            "responses": {"2XX": success, "4XX": error, "5XX": error},
        });
        if let Some(ty) = &self.request {
            out["requestBody"] = json!({"required": true, "content": json(ty)});
        }
        out
    }
}

/// A schema that progenitor turns into `ty`.
fn schema(ty: &Type) -> Value {
    match ty {
        Type::Any => json!({}),
        Type::Bool => json!({"type": "boolean"}),
        Type::Int32 => json!({"type": "integer", "format": "int32"}),
        Type::Int64 => json!({"type": "integer", "format": "int64"}),
        Type::Number => json!({"type": "number"}),
        Type::Text | Type::Secret => json!({"type": "string"}),
        Type::List(item) => json!({"type": "array", "items": schema(item)}),
        Type::Map(value) => json!({"type": "object", "additionalProperties": schema(value)}),
        Type::Named(name) => json!({"$ref": format!("#/components/schemas/{name}")}),
    }
}
