//! Writes the types: structs in full, enumerations and unions as tables for the SDK's macros.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::docs;
use super::shapes::{Body, Field, Shape, Type, Types, Variant};

/// The text of `types.rs`, without its header.
pub(super) fn write(types: &Types) -> String {
    let mut out = String::new();
    let mut defaults = String::new();
    for shape in types.values() {
        out.push('\n');
        match &shape.body {
            Body::Struct(fields) => structure(&mut out, &mut defaults, shape, fields),
            Body::Texts(values) => texts(&mut out, shape, values),
            Body::Union(variants) => union(&mut out, types, shape, variants),
        }
    }
    if !defaults.is_empty() {
        let _ = write!(
            out,
            "\nmod defaults {{\n{}}}\n",
            defaults.trim_start_matches('\n')
        );
    }
    out
}

/// The Rust type as the types' module names it.
pub(super) fn rust(ty: &Type) -> String {
    match ty {
        Type::Any => "serde_json::Value".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Number => "serde_json::Number".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Secret => "crate::Secret".to_owned(),
        Type::List(item) => format!("Vec<{}>", rust(item)),
        Type::Map(value) if **value == Type::Any => FREE.to_owned(),
        Type::Map(value) => format!("std::collections::BTreeMap<String, {}>", rust(value)),
        Type::Named(name) => name.clone(),
    }
}

/// The Rust type as another crate names it, the types' module being `module`.
pub(super) fn path(ty: &Type, module: &str) -> String {
    match ty {
        Type::Secret => "rafay_sdk::Secret".to_owned(),
        Type::List(item) => format!("Vec<{}>", path(item, module)),
        Type::Map(value) if **value != Type::Any => {
            let value = path(value, module);
            format!("std::collections::BTreeMap<String, {value}>")
        }
        Type::Named(name) => format!("{module}::{name}"),
        other => rust(other),
    }
}

const FREE: &str = "serde_json::Map<String, serde_json::Value>";

fn structure(out: &mut String, defaults: &mut String, shape: &Shape, fields: &[Field]) {
    let has_defaults = fields.iter().any(|field| field.default.is_some());
    out.push_str(&doc(shape));
    let derived = if has_defaults {
        "Clone, Debug, PartialEq"
    } else {
        "Clone, Debug, Default, PartialEq"
    };
    let _ = writeln!(
        out,
        "#[derive({derived}, serde::Deserialize, serde::Serialize)]"
    );
    let camel = fields.iter().all(|field| camel(&field.name) == field.wire);
    if camel && fields.iter().any(|field| field.name != field.wire) {
        out.push_str("#[serde(rename_all = \"camelCase\")]\n");
    }
    let _ = writeln!(out, "pub struct {} {{", shape.name);
    for field in fields {
        out.push_str(&docs::comment(&field.doc, 4));
        let attributes = attributes(shape, field, camel);
        if !attributes.is_empty() {
            let _ = writeln!(out, "    #[serde({})]", attributes.join(", "));
        }
        let _ = writeln!(out, "    pub {}: {},", field.name, held(field));
    }
    out.push_str("    /// Members that the document does not know, kept as they came.\n");
    let _ = writeln!(
        out,
        "    #[serde(flatten)]\n    pub unknown_fields: {FREE},\n}}"
    );
    if has_defaults {
        let _ = writeln!(
            out,
            "\nimpl Default for {} {{\n    fn default() -> Self {{\n        Self {{",
            shape.name
        );
        for field in fields {
            let value = match &field.default {
                Some(value) => {
                    let function = default_function(shape, field);
                    let ty = super_path(&field.ty);
                    let _ = write!(
                        defaults,
                        "\n    pub(super) fn {function}() -> {ty} {{\n        {value}\n    }}\n"
                    );
                    format!("defaults::{function}()")
                }
                None => "Default::default()".to_owned(),
            };
            let _ = writeln!(out, "            {}: {value},", field.name);
        }
        out.push_str("            unknown_fields: Default::default(),\n        }\n    }\n}\n");
    }
}

/// The type as seen from the `defaults` module.
fn super_path(ty: &Type) -> String {
    match ty {
        Type::Named(name) => format!("super::{name}"),
        other => rust(other),
    }
}

fn default_function(shape: &Shape, field: &Field) -> String {
    super::names::snake(&format!("{}_{}", shape.name, field.name))
}

/// What a field is declared as.
fn held(field: &Field) -> String {
    let mut ty = rust(&field.ty);
    if field.boxed {
        ty = format!("Box<{ty}>");
    }
    if field.required && !field.nullable {
        ty
    } else {
        format!("Option<{ty}>")
    }
}

fn attributes(shape: &Shape, field: &Field, camel_case: bool) -> Vec<String> {
    let mut all = Vec::new();
    if !camel_case && field.name != field.wire {
        all.push(format!("rename = {:?}", field.wire));
    }
    match (field.required, field.nullable) {
        (true, false) => {
            // A controller may leave a required member out, or send `null` for an empty one.
            match &field.default {
                Some(_) => all.push(format!(
                    "default = \"defaults::{}\"",
                    default_function(shape, field)
                )),
                None => all.push("default".to_owned()),
            }
            match &field.ty {
                Type::Int64 => all.push("deserialize_with = \"crate::wire::int64\"".to_owned()),
                Type::List(_) | Type::Map(_) | Type::Named(_) => {
                    all.push("deserialize_with = \"crate::wire::or_default\"".to_owned());
                }
                _ => {}
            }
        }
        (required, _) => {
            let int64 = field.ty == Type::Int64;
            if required || int64 {
                all.push("default".to_owned());
            }
            if int64 {
                all.push("deserialize_with = \"crate::wire::optional_int64\"".to_owned());
            }
            if !required {
                all.push("skip_serializing_if = \"Option::is_none\"".to_owned());
            }
        }
    }
    all
}

fn texts(out: &mut String, shape: &Shape, values: &[(String, String)]) {
    out.push_str("crate::wire::string_enum! {\n");
    out.push_str(&indented(&doc(shape)));
    let _ = writeln!(out, "    pub enum {} {{", shape.name);
    for (variant, value) in values {
        let _ = writeln!(out, "        {variant} = {value:?},");
    }
    out.push_str("    }\n}\n");
}

fn union(out: &mut String, types: &Types, shape: &Shape, variants: &[Variant]) {
    out.push_str("crate::wire::union! {\n");
    out.push_str(&indented(&doc(shape)));
    let _ = writeln!(out, "    pub enum {} {{", shape.name);
    for variant in variants {
        let ty = rust(&variant.ty);
        // Otherwise every object would be as large as the largest form of its unions.
        let held = match variant.ty {
            Type::Named(_) => format!("Box<{ty}>"),
            _ => ty.clone(),
        };
        let form = form(types, &variant.ty);
        let _ = writeln!(out, "        {}({ty} as {held}): {form},", variant.name);
    }
    out.push_str("    }\n}\n");
}

/// By what a union recognises a variant.
fn form(types: &Types, ty: &Type) -> String {
    match ty {
        Type::Any => "Any".to_owned(),
        Type::Bool => "Bool".to_owned(),
        Type::Int32 | Type::Int64 | Type::Number => "Number".to_owned(),
        Type::Text | Type::Secret => "Text".to_owned(),
        Type::List(_) => "List".to_owned(),
        Type::Map(_) => "Map".to_owned(),
        Type::Named(name) => match types.get(name).map(|shape| &shape.body) {
            Some(Body::Struct(fields)) => {
                let list = |fields: BTreeSet<&str>| {
                    fields
                        .iter()
                        .map(|name| format!("{name:?}"))
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                let known = list(fields.iter().map(|f| f.wire.as_str()).collect());
                let required = list(
                    fields
                        .iter()
                        .filter(|f| f.required)
                        .map(|f| f.wire.as_str())
                        .collect(),
                );
                format!("Object {{ known: &[{known}], required: &[{required}] }}")
            }
            Some(Body::Texts(_)) => "Text".to_owned(),
            Some(Body::Union(_)) | None => "Any".to_owned(),
        },
    }
}

fn doc(shape: &Shape) -> String {
    let text = docs::comment(&shape.doc, 0);
    // The document may be silent, the SDK's documentation not.
    if text.is_empty() {
        format!("/// The document's `{}`.\n", shape.name)
    } else {
        text
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// What serde makes of a field's name under `rename_all = "camelCase"`.
fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut capital = false;
    for c in name.chars() {
        if c == '_' {
            capital = true;
        } else if capital {
            out.push(c.to_ascii_uppercase());
            capital = false;
        } else {
            out.push(c);
        }
    }
    out
}
