//! The schemas of request bodies and stored kinds as static tables.

use std::collections::{BTreeMap, BTreeSet};

use rafay_spec::Document;
use serde_json::Value;

use super::text::{self, Error, constant, unsupported};

const COMPONENT: &str = "#/components/schemas/";

pub(super) fn generate(document: &Document) -> Result<String, Error> {
    let mut writer = Writer {
        document,
        patterns: BTreeMap::new(),
    };
    let mut code = String::new();
    for name in needed(document) {
        let pointer = format!("/components/schemas/{name}");
        let schema = document
            .resolve(&format!("{COMPONENT}{name}"))
            .ok_or_else(|| unsupported(document, &pointer, "is referred to and not there"))?;
        let written = writer.schema(schema, &pointer)?;
        code += &format!(
            "pub(crate) static {}: Schema = {written};\n",
            constant(&name)
        );
    }
    for (source, name) in &writer.patterns {
        code += &format!("static {name}: Pattern = Pattern::new({source:?});\n");
    }
    let mut uses = "use crate::schema::{Form, Object, Property, Schema, Text};\n".to_owned();
    if !writer.patterns.is_empty() {
        uses = "use crate::pattern::Pattern;\n".to_owned() + &uses;
    }
    text::table(
        &format!(
            "Schemas of the bodies that {} takes and of the kinds it stores.",
            document.version
        ),
        &(uses + &code),
    )
}

/// Component schemas reachable from request bodies and kinds; answers need none.
fn needed(document: &Document) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let mut todo: Vec<&str> = document
        .kinds
        .iter()
        .map(|kind| kind.name.as_str())
        .collect();
    let bodies = document
        .operations
        .iter()
        .filter_map(|operation| operation.request.as_ref());
    for body in bodies {
        references(&body.schema, &mut todo);
    }
    while let Some(name) = todo.pop() {
        if needed.insert(name.to_owned())
            && let Some(schema) = document.resolve(&format!("{COMPONENT}{name}"))
        {
            references(schema, &mut todo);
        }
    }
    needed
}

fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|r| r.strip_prefix(COMPONENT))
            {
                found.push(name);
            }
            map.values().for_each(|item| references(item, found));
        }
        Value::Array(list) => list.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The expression for the schema of a query parameter. Those of paths and headers are text to the router and to the
/// steps that read them.
pub(super) fn parameter(
    document: &Document,
    schema: &Value,
    pointer: &str,
) -> Result<String, Error> {
    let mut writer = Writer {
        document,
        patterns: BTreeMap::new(),
    };
    let written = writer.schema(schema, pointer)?;
    if !writer.patterns.is_empty() {
        return Err(unsupported(
            document,
            pointer,
            "has a pattern; the mock checks patterns in bodies alone",
        ));
    }
    Ok(written)
}

struct Writer<'d> {
    document: &'d Document,
    patterns: BTreeMap<String, String>,
}

impl Writer<'_> {
    /// A schema as an expression.
    fn schema(&mut self, schema: &Value, pointer: &str) -> Result<String, Error> {
        if let Some(all) = schema
            .get("allOf")
            .or(schema.get("anyOf"))
            .or(schema.get("not"))
        {
            let _ = all;
            return Err(unsupported(
                self.document,
                pointer,
                "uses allOf, anyOf or not; write one object or a oneOf",
            ));
        }
        let written = if let Some(variants) = schema["oneOf"].as_array() {
            let variants: Vec<String> = variants
                .iter()
                .enumerate()
                .map(|(index, variant)| self.borrowed(variant, &format!("{pointer}/oneOf/{index}")))
                .collect::<Result<_, _>>()?;
            format!("Schema::OneOf(&[{}])", variants.join(", "))
        } else {
            match schema["type"].as_str() {
                Some("string") => self.text(schema, pointer)?,
                Some("integer") => integer(schema),
                Some("number") => "Schema::Number".to_owned(),
                Some("boolean") => "Schema::Boolean".to_owned(),
                Some("array") => format!(
                    "Schema::List({})",
                    self.borrowed(&schema["items"], &format!("{pointer}/items"))?
                ),
                Some("object") => self.object(schema, pointer)?,
                None => "Schema::Any".to_owned(),
                Some(other) => {
                    return Err(unsupported(
                        self.document,
                        pointer,
                        format!("has the unknown type {other}"),
                    ));
                }
            }
        };
        Ok(if schema["nullable"] == Value::Bool(true) {
            format!("Schema::Nullable(&{written})")
        } else {
            written
        })
    }

    /// A schema as an expression of a static reference.
    fn borrowed(&mut self, schema: &Value, pointer: &str) -> Result<String, Error> {
        match schema["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix(COMPONENT))
        {
            Some(name) => Ok(format!("&{}", constant(name))),
            None => Ok(format!("&{}", self.schema(schema, pointer)?)),
        }
    }

    fn text(&mut self, schema: &Value, pointer: &str) -> Result<String, Error> {
        let allowed: Vec<String> = schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|value| format!("{value:?}"))
            .collect();
        let length = |key: &str| schema[key].as_u64();
        let max = length("maxLength").map_or("usize::MAX".to_owned(), |max| max.to_string());
        let pattern = match schema["pattern"].as_str() {
            None => "None".to_owned(),
            Some(source) => {
                regex_lite::Regex::new(source).map_err(|error| {
                    unsupported(
                        self.document,
                        pointer,
                        format!("has a pattern that is none: {error}"),
                    )
                })?;
                let next = format!("PATTERN_{}", self.patterns.len());
                format!(
                    "Some(&{})",
                    self.patterns.entry(source.to_owned()).or_insert(next)
                )
            }
        };
        let form = match schema["format"].as_str() {
            Some("date-time") => "DateTime",
            Some("byte") => "Bytes",
            _ => "Free",
        };
        let min = length("minLength").unwrap_or(0);
        let plain = min == 0 && max == "usize::MAX" && pattern == "None";
        Ok(match (allowed.is_empty(), plain, form) {
            (true, true, "Free") => "Schema::TEXT".to_owned(),
            (true, true, "DateTime") => "Schema::DATE_TIME".to_owned(),
            (false, true, "Free") => format!("Schema::one_of_texts(&[{}])", allowed.join(", ")),
            _ => format!(
                "Schema::Text(Text {{ allowed: &[{}], min: {min}, max: {max}, pattern: {pattern}, form: Form::{form} }})",
                allowed.join(", ")
            ),
        })
    }

    fn object(&mut self, schema: &Value, pointer: &str) -> Result<String, Error> {
        let properties = schema["properties"].as_object();
        let values = &schema["additionalProperties"];
        let Some(properties) = properties else {
            return Ok(if values.is_object() {
                format!(
                    "Schema::Map({})",
                    self.borrowed(values, &format!("{pointer}/additionalProperties"))?
                )
            } else {
                "Schema::Map(&Schema::Any)".to_owned()
            });
        };
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut sorted: Vec<_> = properties.iter().collect();
        sorted.sort_by_key(|(name, _)| *name);
        let mut written = String::new();
        for (name, property) in sorted {
            let says = |word: &str| property[word] == Value::Bool(true);
            let is_required = required.contains(&name.as_str());
            let marks: String = [
                (is_required, ".required()"),
                (says("readOnly"), ".read_only()"),
                (says("x-secret"), ".secret()"),
                (property["x-secret"] == "hash", ".secret().hashed()"),
                (says("x-immutable"), ".immutable()"),
            ]
            .iter()
            .filter(|(marked, _)| *marked)
            .map(|(_, mark)| *mark)
            .collect();
            // What only shows kinds fills its own defaults, so that what is made through it is whole.
            let only_shows = self.document.kinds.is_empty();
            let default = property
                .get("default")
                .filter(|_| is_required || only_shows);
            let default = default.map_or(String::new(), |value| {
                format!(".default({})", text::json(value))
            });
            let schema = self.borrowed(property, &format!("{pointer}/properties/{name}"))?;
            written += &format!("    Property::new({name:?}, {schema}){marks}{default},\n");
        }
        let closed = *values == Value::Bool(false);
        let read_only = schema["readOnly"] == Value::Bool(true);
        if !closed && !read_only {
            return Ok(format!("Schema::object(&[\n{written}])"));
        }
        Ok(format!(
            "Schema::Object(Object {{ closed: {closed}, read_only: {read_only}, properties: &[\n{written}] }})"
        ))
    }
}

fn integer(schema: &Value) -> String {
    let (least, most) = if schema["format"] == "int32" {
        (i64::from(i32::MIN), i64::from(i32::MAX))
    } else {
        (i64::MIN, i64::MAX)
    };
    let bound = |key: &str, otherwise: i64| match schema[key].as_i64().unwrap_or(otherwise) {
        i64::MIN => "i64::MIN".to_owned(),
        i64::MAX => "i64::MAX".to_owned(),
        bound => bound.to_string(),
    };
    if schema.get("minimum").is_none() && schema.get("maximum").is_none() {
        return if least == i64::MIN {
            "Schema::INT64"
        } else {
            "Schema::INT32"
        }
        .to_owned();
    }
    format!(
        "Schema::Integer {{ minimum: {}, maximum: {} }}",
        bound("minimum", least),
        bound("maximum", most)
    )
}
