//! The form of an object: the fields it must have, those it may have, and what stands in them.

use super::Findings;
use super::shape::{Field, Kind, Shape, TYPES, fields, others};
use crate::diff::document::{At, Document};
use crate::lint::rules;

/// Words of Swagger 2.0 that people leave behind, and what 3.0 has in their place.
const OLD_WORDS: [(&str, &str); 7] = [
    ("definitions", "`components/schemas`"),
    ("securityDefinitions", "`components/securitySchemes`"),
    ("consumes", "the keys of `content`"),
    ("produces", "the keys of `content`"),
    ("basePath", "`servers`"),
    ("host", "`servers`"),
    ("schemes", "`servers`"),
];

pub(super) fn check<'a>(document: &Document, at: At<'a>, kind: Kind, findings: &mut Findings<'a>) {
    let known = fields(kind);
    // A reference stands for the whole object.
    let refers = at.node.get("$ref").is_some();
    for field in known {
        let excused = kind == Kind::Operation && document.is_3_1;
        if field.needed && !excused && !refers && at.node.get(field.name).is_none() {
            let message = format!("`{}` is missing", field.name);
            findings.add(rules::MISSING_FIELD, at, message);
        }
    }
    check_together(document, at, kind, findings);
    for (key, value) in at.entries() {
        if others(kind).is_some() {
            if kind == Kind::Requirement && value.node.items().is_empty() && !is_list(value) {
                findings.add(rules::FIELD_TYPE, value, "a list of scopes is needed here");
            }
            continue;
        }
        if key == "$ref" && value.node.text().is_none() {
            findings.add(rules::FIELD_TYPE, value, "`$ref` must be a text");
        }
        if key == "$ref" || key.starts_with("x-") {
            continue;
        }
        match known.iter().find(|field| field.name == key) {
            Some(field) if field.is_new && !document.is_3_1 => {
                let message = format!("`{key}` is a word of OpenAPI 3.1, and this is 3.0");
                findings.add(rules::UNKNOWN_FIELD, value, message);
            }
            Some(field) => check_value(document, field, value, findings),
            // JSON Schema lets a schema have any word.
            None if kind == Kind::Schema && document.is_3_1 => {}
            None => findings.add(rules::UNKNOWN_FIELD, value, unknown(key, known)),
        }
    }
}

fn is_list(at: At<'_>) -> bool {
    matches!(at.node.data, crate::diff::node::Data::List(_))
}

fn unknown(key: &str, known: &[Field]) -> String {
    if let Some((_, instead)) = OLD_WORDS.iter().find(|(word, _)| *word == key) {
        return format!("`{key}` is a word of Swagger 2.0; in its place there is {instead}");
    }
    let near = known.iter().find(|field| is_near(field.name, key));
    match near {
        Some(field) => format!("`{key}` is no field here; was `{}` meant?", field.name),
        None => format!("`{key}` is no field here"),
    }
}

/// Whether two words differ in case, or in one letter.
fn is_near(a: &str, b: &str) -> bool {
    if a.eq_ignore_ascii_case(b) {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    a.len() - end <= 1 && b.len() - end <= 1 && start + end > 2
}

/// Fields that need one another.
fn check_together<'a>(document: &Document, at: At<'a>, kind: Kind, findings: &mut Findings<'a>) {
    let mut need = |names: &[&str], why: &str| {
        for name in names.iter().filter(|name| at.node.get(name).is_none()) {
            findings.add(
                rules::MISSING_FIELD,
                at,
                format!("`{name}` is missing: {why}"),
            );
        }
    };
    match (kind, at.node.text_at("type")) {
        (Kind::Document, _) if !document.is_3_1 => need(&["paths"], "OpenAPI 3.0 asks for it"),
        (Kind::SecurityScheme, Some("apiKey")) => {
            need(&["name", "in"], "an apiKey has a name and a place");
        }
        (Kind::SecurityScheme, Some("http")) => {
            need(&["scheme"], "http needs a scheme such as bearer");
        }
        (Kind::SecurityScheme, Some("oauth2")) => need(&["flows"], "oauth2 works by flows"),
        (Kind::SecurityScheme, Some("openIdConnect")) => {
            need(&["openIdConnectUrl"], "OpenID is found by its address");
        }
        _ => {}
    }
}

fn check_value<'a>(document: &Document, field: &Field, at: At<'a>, findings: &mut Findings<'a>) {
    use crate::diff::node::Data;
    let node = at.node;
    let is_flag = matches!(node.data, Data::Bool(_));
    let mut wrong = |needed: &str| {
        let message = format!("`{}` must be {needed}", field.name);
        findings.add(rules::FIELD_TYPE, at, message);
    };
    match field.shape {
        Shape::Text if node.text().is_none() => wrong("a text; quotes make one"),
        Shape::Flag if !is_flag => wrong("true or false"),
        Shape::Number if node.number().is_none() => wrong("a number"),
        Shape::Count if !node.number().is_some_and(|n| n >= 0.0 && n.fract() == 0.0) => {
            wrong("a whole number that is not negative");
        }
        Shape::Exclusive if document.is_3_1 && node.number().is_none() => {
            wrong("a number; true and false are of 3.0");
        }
        Shape::Exclusive if !document.is_3_1 && !is_flag => {
            wrong("true or false beside the limit; numbers are of 3.1");
        }
        Shape::Additional if !is_flag && !node.is_map() => wrong("true, false or a schema"),
        Shape::List(_) if !is_list(at) => wrong("a list"),
        Shape::Map(_) if !node.is_map() => wrong("a mapping"),
        Shape::List(Shape::Text) if node.items().iter().any(|item| item.text().is_none()) => {
            wrong("a list of texts");
        }
        Shape::Word(words) => match node.text() {
            None => wrong("a text"),
            Some(word) if !words.contains(&word) => {
                let message = format!("`{word}` is none of {}", words.join(", "));
                findings.add(rules::UNKNOWN_VALUE, at, message);
            }
            Some(_) => {}
        },
        Shape::Type => check_type(document, at, findings),
        _ => {}
    }
}

fn check_type<'a>(document: &Document, at: At<'a>, findings: &mut Findings<'a>) {
    let mut word = |at: At<'a>| match at.node.text() {
        None => findings.add(rules::FIELD_TYPE, at, "`type` must be a text"),
        Some("null") if document.is_3_1 => {}
        Some("null") => {
            let message =
                "there is no type null in 3.0; write `nullable: true` beside another type";
            findings.add(rules::UNKNOWN_VALUE, at, message);
        }
        Some(word) if !TYPES.contains(&word) => {
            let message = format!("`{word}` is none of {}", TYPES.join(", "));
            findings.add(rules::UNKNOWN_VALUE, at, message);
        }
        Some(_) => {}
    };
    if !is_list(at) {
        word(at);
    } else if document.is_3_1 {
        at.items().for_each(word);
    } else {
        let message = "`type` is one word in 3.0; a list is of 3.1";
        findings.add(rules::FIELD_TYPE, at, message);
    }
}
