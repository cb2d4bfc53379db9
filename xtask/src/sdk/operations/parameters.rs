//! Reads an operation's parameters: paths and queries become arguments.

use serde_json::{Map, Value, json};

use crate::sdk::shapes::{Shapes, Type};
use crate::sdk::source::below;
use crate::sdk::{Error, docs, names};

use super::{Entry, schema};

/// An argument of a generated method.
pub(super) struct Parameter {
    name: String,
    place: &'static str,
    required: bool,
    ty: Type,
    description: String,
}

impl Parameter {
    pub(super) fn document(&self) -> Value {
        json!({
            "name": self.name,
            "in": self.place,
            "required": self.required,
            "description": self.description,
            "schema": schema(&self.ty),
        })
    }
}

/// The path item's parameters and the operation's own, which override them.
pub(super) fn read(shapes: &mut Shapes<'_>, entry: &Entry<'_>) -> Result<Vec<Parameter>, Error> {
    let Entry {
        item,
        operation,
        path,
        at,
        ..
    } = entry;
    let item_at = below("/paths", path);
    let mut all: Vec<Parameter> = Vec::new();
    for (owner, owner_at) in [(item, &item_at), (operation, at)] {
        let listed = owner.get("parameters").and_then(Value::as_array);
        for (index, value) in listed.into_iter().flatten().enumerate() {
            let at = below(&below(owner_at, "parameters"), &index.to_string());
            let Some(parameter) = parameter(shapes, value, &at, operation)? else {
                continue;
            };
            all.retain(|p| {
                (p.name.as_str(), p.place) != (parameter.name.as_str(), parameter.place)
            });
            let argument = names::snake(&parameter.name);
            if argument == "body" || all.iter().any(|p| names::snake(&p.name) == argument) {
                return Err(shapes.source.unsupported(
                    &at,
                    format!("another argument of the method is called `{argument}` too"),
                    "rename the parameter",
                ));
            }
            all.push(parameter);
        }
    }
    check_path(shapes, &all, path, at)?;
    all.sort_by(|a, b| (a.place, &a.name).cmp(&(b.place, &b.name)));
    Ok(all)
}

fn parameter(
    shapes: &mut Shapes<'_>,
    value: &Value,
    at: &str,
    operation: &Map<String, Value>,
) -> Result<Option<Parameter>, Error> {
    // A shared parameter names its own types; an inline one goes by its operation.
    let shared = value.get("$ref").is_some();
    let source = shapes.source;
    let place_of =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let (value, target) = source.resolve(value, at)?;
    let at = target.as_str();
    let name = place_of(&value, "name").unwrap_or_default();
    let required = value.get("required") == Some(&Value::Bool(true));
    let place = match place_of(&value, "in").as_deref() {
        Some("path") => "path",
        Some("query") => "query",
        Some("header") if !required => return Ok(None),
        other => {
            return Err(source.unsupported(
                at,
                format!(
                    "a required parameter in `{}` has no form in the SDK",
                    other.unwrap_or("?")
                ),
                "put it into the path or the query, or make the header optional",
            ));
        }
    };
    let form = if place == "path" { "simple" } else { "form" };
    if place_of(&value, "style").is_some_and(|style| style != form) {
        return Err(source.unsupported(
            &below(at, "style"),
            format!("only the style `{form}` has a form in the SDK for a parameter in `{place}`"),
            "drop `style`",
        ));
    }
    let Some(Value::Object(object)) = value.get("schema") else {
        return Err(source.unsupported(
            at,
            "the parameter has no `schema`",
            "describe it by a schema, not by `content`",
        ));
    };
    let owner = if shared {
        at.rsplit('/').next().unwrap_or_default().to_owned()
    } else {
        let id = operation
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        format!("{id}_{name}")
    };
    let ty =
        crate::sdk::schemas::read(shapes, object, &below(at, "schema"), &names::pascal(&owner))?;
    let plain = |ty: &Type| !matches!(ty, Type::Any | Type::Map(_) | Type::List(_));
    let fits = match &ty {
        Type::List(item) => place == "query" && plain(item),
        ty => plain(ty),
    };
    if !fits {
        return Err(source.unsupported(
            &below(at, "schema"),
            "a parameter that is not a plain value (or, in the query, a list of them) has no form",
            "give it a scalar type",
        ));
    }
    let description = place_of(&value, "description").unwrap_or_default();
    let description = docs::lines(&description).join(" ");
    Ok(Some(Parameter {
        name,
        place,
        required: required || place == "path",
        ty,
        description,
    }))
}

/// Path parameters and the places for them in the path must be the same set.
fn check_path(shapes: &Shapes<'_>, all: &[Parameter], path: &str, at: &str) -> Result<(), Error> {
    let places: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect();
    let given: Vec<&str> = all
        .iter()
        .filter(|p| p.place == "path")
        .map(|p| p.name.as_str())
        .collect();
    for (name, other, what) in places
        .iter()
        .map(|name| {
            (
                name,
                &given,
                "is in the path, but is no parameter of the operation",
            )
        })
        .chain(
            given
                .iter()
                .map(|name| (name, &places, "is a path parameter, but not in the path")),
        )
    {
        if !other.contains(name) {
            return Err(shapes.source.unsupported(
                at,
                format!("`{name}` {what}"),
                "declare the one or correct the other",
            ));
        }
    }
    Ok(())
}
