//! Reads one schema into a type. What has no form in Rust is refused with its place.

use serde_json::{Map, Value};

use super::Error;
use super::names;
use super::shapes::{Body, Field, Shape, Shapes, Type, Variant};
use super::source::below;

type Object = Map<String, Value>;

/// The type of the schema at `pointer`; an inline object, enumeration or union gets `name`.
pub(super) fn read(
    shapes: &mut Shapes<'_>,
    schema: &Object,
    pointer: &str,
    name: &str,
) -> Result<Type, Error> {
    if let Some(reference) = text(schema, "$ref") {
        return match reference.strip_prefix("#/components/schemas/") {
            Some(component) => shapes.component(component, pointer),
            None => Err(shapes.source.unsupported(
                pointer,
                format!("`{reference}` is not a schema component"),
                "refer to `#/components/schemas/...`",
            )),
        };
    }
    for word in ["anyOf", "not"] {
        if schema.contains_key(word) {
            return Err(shapes.source.unsupported(
                pointer,
                format!("`{word}` has no form in the SDK"),
                "use `oneOf` of objects that differ in their properties, or one object",
            ));
        }
    }
    if let Some(Value::Array(parts)) = schema.get("allOf") {
        return all_of(shapes, parts, pointer, name);
    }
    if let Some(Value::Array(parts)) = schema.get("oneOf") {
        return union(shapes, schema, parts, pointer, name);
    }
    let ty = text(schema, "type").unwrap_or(if schema.contains_key("properties") {
        "object"
    } else {
        ""
    });
    match ty {
        "string" => enumeration(shapes, schema, pointer, name),
        "boolean" => Ok(Type::Bool),
        "integer" if text(schema, "format") == Some("int32") => Ok(Type::Int32),
        "integer" => Ok(Type::Int64),
        "number" => Ok(Type::Number),
        "array" => match schema.get("items") {
            Some(Value::Object(items)) => {
                let item = read(
                    shapes,
                    items,
                    &below(pointer, "items"),
                    &format!("{name}Item"),
                )?;
                Ok(Type::List(Box::new(item)))
            }
            _ => Ok(Type::List(Box::new(Type::Any))),
        },
        "object" => object(shapes, schema, pointer, name),
        "" => Ok(Type::Any),
        other => Err(shapes.source.unsupported(
            pointer,
            format!("`type: {other}` is not a type of OpenAPI 3.0"),
            "use string, boolean, integer, number, array or object",
        )),
    }
}

fn all_of(
    shapes: &mut Shapes<'_>,
    parts: &[Value],
    pointer: &str,
    name: &str,
) -> Result<Type, Error> {
    // The usual way to put a description beside a reference.
    if let [Value::Object(only)] = parts {
        return read(shapes, only, &below(&below(pointer, "allOf"), "0"), name);
    }
    Err(shapes.source.unsupported(
        pointer,
        "`allOf` of several schemas has no form in the SDK",
        "write the properties out in one object",
    ))
}

fn enumeration(
    shapes: &mut Shapes<'_>,
    schema: &Object,
    pointer: &str,
    name: &str,
) -> Result<Type, Error> {
    let Some(Value::Array(values)) = schema.get("enum") else {
        // Both the standard's word for it and ours.
        let secret = text(schema, "format") == Some("password") || schema.get("x-secret").is_some();
        return Ok(if secret { Type::Secret } else { Type::Text });
    };
    let mut variants: Vec<(String, String)> = Vec::new();
    for value in values.iter().filter_map(Value::as_str) {
        let variant = match names::pascal(value).as_str() {
            // The name of the variant that holds what the document does not list.
            "Unknown" => "UnknownValue".to_owned(),
            other => other.to_owned(),
        };
        if let Some((_, other)) = variants.iter().find(|(taken, _)| *taken == variant) {
            return Err(shapes.source.unsupported(
                &below(pointer, "enum"),
                format!("`{value}` and `{other}` have one Rust name, `{variant}`"),
                "drop one of the values, or drop the enumeration",
            ));
        }
        variants.push((variant, value.to_owned()));
    }
    if variants.is_empty() {
        return Ok(Type::Text);
    }
    shapes.add(shape(schema, pointer, name, Body::Texts(variants)))
}

fn object(
    shapes: &mut Shapes<'_>,
    schema: &Object,
    pointer: &str,
    name: &str,
) -> Result<Type, Error> {
    let Some(Value::Object(properties)) = schema
        .get("properties")
        .filter(|p| p.as_object().is_some_and(|p| !p.is_empty()))
    else {
        return match schema.get("additionalProperties") {
            Some(Value::Object(value)) => {
                let at = below(pointer, "additionalProperties");
                let value = read(shapes, value, &at, &format!("{name}Value"))?;
                Ok(Type::Map(Box::new(value)))
            }
            _ => Ok(Type::Map(Box::new(Type::Any))),
        };
    };
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let mut fields: Vec<Field> = Vec::new();
    // Sorted, so that the output does not depend on how the JSON was read.
    let mut sorted: Vec<(&String, &Value)> = properties.iter().collect();
    sorted.sort_by_key(|(wire, _)| *wire);
    for (wire, property) in sorted {
        let at = below(&below(pointer, "properties"), wire);
        let field = field(
            shapes,
            property,
            &at,
            name,
            wire,
            required.contains(&wire.as_str()),
        )?;
        let taken = fields.iter().find(|other| other.name == field.name);
        if taken.is_some() || field.name == "unknown_fields" {
            let other = taken.map_or("the map of unknown fields", |field| &field.wire);
            return Err(shapes.source.unsupported(
                &at,
                format!("its Rust name `{}` is also that of `{other}`", field.name),
                "rename one of the two properties",
            ));
        }
        fields.push(field);
    }
    shapes.add(shape(schema, pointer, name, Body::Struct(fields)))
}

fn field(
    shapes: &mut Shapes<'_>,
    property: &Value,
    pointer: &str,
    owner: &str,
    wire: &str,
    required: bool,
) -> Result<Field, Error> {
    let empty = Map::new();
    let schema = property.as_object().unwrap_or(&empty);
    let inline = format!("{owner}{}", names::pascal(wire));
    let ty = read(shapes, schema, pointer, &inline)?;
    let mut declared = schema.get("default").and_then(|value| default(&ty, value));
    // The one type here that has no default of its own.
    if ty == Type::Number {
        declared = declared.or_else(|| Some("0.into()".to_owned()));
    }
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    // What is never returned is missing from every object that was read: it would come back as an empty text.
    let required = required && schema.get("x-secret").is_none();
    Ok(Field {
        wire: wire.to_owned(),
        name: names::snake(wire),
        doc: text(schema, "description").unwrap_or_default().to_owned(),
        required,
        nullable,
        default: declared.filter(|_| required && !nullable),
        boxed: false,
        ty,
    })
}

/// The Rust expression of a declared default, where it says more than the type's own default.
fn default(ty: &Type, value: &Value) -> Option<String> {
    match (ty, value) {
        (Type::Bool, Value::Bool(true)) => Some("true".to_owned()),
        (Type::Int32 | Type::Int64, Value::Number(number)) => {
            number.as_i64().filter(|n| *n != 0).map(|n| n.to_string())
        }
        (Type::Number, Value::Number(number)) => number.as_i64().map(|n| format!("{n}.into()")),
        (Type::Text | Type::Secret | Type::Named(_), Value::String(text)) if !text.is_empty() => {
            Some(format!("{text:?}.into()"))
        }
        _ => None,
    }
}

fn union(
    shapes: &mut Shapes<'_>,
    schema: &Object,
    parts: &[Value],
    pointer: &str,
    name: &str,
) -> Result<Type, Error> {
    let mut variants: Vec<Variant> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let at = below(&below(pointer, "oneOf"), &index.to_string());
        let empty = Map::new();
        let part = part.as_object().unwrap_or(&empty);
        let ty = read(shapes, part, &at, &format!("{name}Variant{}", index + 1))?;
        if variants.iter().any(|other| other.ty == ty) {
            return Err(shapes.source.unsupported(
                &at,
                "another variant of the union has the same type",
                "keep one of the two",
            ));
        }
        variants.push(Variant {
            name: variant_name(&ty, name, index),
            ty,
        });
    }
    for index in 1..variants.len() {
        let (before, rest) = variants.split_at(index);
        if before.iter().any(|other| other.name == rest[0].name) {
            let at = below(&below(pointer, "oneOf"), &index.to_string());
            return Err(shapes.source.unsupported(
                &at,
                format!(
                    "its Rust name `{}` is also that of another variant",
                    rest[0].name
                ),
                "rename the schema of the variant",
            ));
        }
    }
    shapes.add(shape(schema, pointer, name, Body::Union(variants)))
}

/// What a variant is called: its type, without the words it begins or ends with that the union's
/// own name begins or ends with too.
fn variant_name(ty: &Type, union: &str, index: usize) -> String {
    let Type::Named(name) = ty else {
        return match ty {
            Type::Text | Type::Secret => "Text",
            Type::Bool => "Bool",
            Type::List(_) => "List",
            Type::Map(_) => "Map",
            Type::Any => "Any",
            Type::Int32 | Type::Int64 | Type::Number | Type::Named(_) => "Number",
        }
        .to_owned();
    };
    let (words, union) = (names::words(name), names::words(union));
    let shared = |pairs: &mut dyn Iterator<Item = (&String, &String)>| {
        pairs.take_while(|(a, b)| a == b).count()
    };
    let before = shared(&mut words.iter().zip(&union));
    let after = shared(&mut words[before..].iter().rev().zip(union.iter().rev()));
    let rest = words[before..words.len() - after].concat();
    match rest.as_str() {
        // `Other` is the variant for what none of the others fits.
        "" | "Other" => format!("Variant{}", index + 1),
        rest if rest.starts_with(char::is_alphabetic) => rest.to_owned(),
        _ => name.clone(),
    }
}

fn shape(schema: &Object, pointer: &str, name: &str, body: Body) -> Shape {
    Shape {
        name: name.to_owned(),
        pointer: pointer.to_owned(),
        doc: text(schema, "description").unwrap_or_default().to_owned(),
        body,
    }
}

fn text<'a>(schema: &'a Object, word: &str) -> Option<&'a str> {
    schema.get(word).and_then(Value::as_str)
}
