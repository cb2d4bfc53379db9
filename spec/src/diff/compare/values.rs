//! Types, formats, enums, bounds and defaults.

use std::collections::BTreeMap;

use super::shape::Shape;
use super::{Engine, listed};
use crate::diff::document::At;
use crate::diff::node::{Data, Node};
use crate::diff::rules::Direction;

const NAMES: [(&str, u8); 6] = [
    ("boolean", 1),
    ("integer", 2),
    ("number", 2 + 4),
    ("string", 8),
    ("array", 16),
    ("object", 32),
];
const ANY: u8 = 63;

/// The types of values that fit, null aside; every integer is a number.
pub(super) fn types(shape: &Shape<'_>) -> u8 {
    let parts = shape.parts.iter().map(|(part, _)| types_of(part.node));
    parts.fold(ANY, |all, types| all & types)
}

fn types_of(schema: &Node) -> u8 {
    let bits = |name: &str| {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(0, |(_, bits)| *bits)
    };
    if let Some(types) = schema.get("type") {
        return match &types.data {
            Data::Text(name) if &**name == "null" => ANY,
            Data::Text(name) => bits(name),
            _ => types
                .items()
                .iter()
                .filter_map(Node::text)
                .map(bits)
                .fold(0, |a, b| a | b),
        };
    }
    // What is said of objects and lists is meant for objects and lists.
    let has = |key: &str| schema.get(key).is_some();
    if has("properties") || has("required") || has("additionalProperties") {
        return bits("object");
    }
    if has("items") {
        return bits("array");
    }
    if let Some(values) = schema.get("enum") {
        return values
            .items()
            .iter()
            .map(type_of_value)
            .fold(0, |a, b| a | b);
    }
    schema.get("const").map_or(ANY, type_of_value)
}

fn type_of_value(value: &Node) -> u8 {
    match &value.data {
        Data::Null => 0,
        Data::Bool(_) => 1,
        Data::Number(number) if number.is_f64() => 6,
        Data::Number(_) => 2,
        Data::Text(_) => 8,
        Data::List(_) => 16,
        Data::Map(_) => 32,
    }
}

pub(super) fn type_names(types: u8) -> String {
    if types == ANY {
        return "anything".to_owned();
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, bits) in NAMES {
        let is_integer = name == "integer" && types & 4 != 0;
        if types & bits == bits && !is_integer {
            names.push(name);
        }
    }
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names.join(" or ")
}

pub(super) fn formats<'a>(
    engine: &mut Engine<'a>,
    old: &Shape<'a>,
    new: &Shape<'a>,
    direction: Direction,
) {
    const WIDER: [(&str, &str); 2] = [("int32", "int64"), ("float", "double")];
    if types(old) != types(new) {
        return;
    }
    let format = |shape: &Shape<'a>| shape.first("format").and_then(|format| format.node.text());
    let (from, to) = (format(old), format(new));
    let (rule, message) = match (from, to) {
        (Some(from), Some(to)) if from != to => {
            let rule = if WIDER.contains(&(from, to)) {
                "format-widened"
            } else if WIDER.contains(&(to, from)) {
                "format-narrowed"
            } else {
                "format-changed"
            };
            (rule, format!("the format was `{from}` and is `{to}`"))
        }
        (None, Some(to)) => ("format-added", format!("the format is `{to}` now")),
        (Some(from), None) => (
            "format-removed",
            format!("the format is no longer `{from}`"),
        ),
        _ => return,
    };
    let places = (old.place("format"), new.place("format"));
    engine.say(rule, direction, places.0, places.1, message);
}

/// The values of an enum as texts, and whether more may come.
struct Enum<'a> {
    values: Option<BTreeMap<String, At<'a>>>,
    extensible: bool,
    at: Option<At<'a>>,
}

fn enum_of<'a>(shape: &Shape<'a>) -> Enum<'a> {
    let mut found = Enum {
        values: None,
        extensible: false,
        at: shape.anywhere(),
    };
    for (part, _) in &shape.parts {
        let growing = part.get("x-extensible-enum");
        found.extensible |= growing.is_some_and(|word| !word.node.is_false());
        let lists = [
            part.get("enum"),
            growing.filter(|word| !word.node.items().is_empty()),
        ];
        let constant = part.get("const").map(|value| (value, vec![value]));
        let lists = lists
            .into_iter()
            .flatten()
            .map(|list| (list, list.items().collect()));
        for (at, items) in lists.chain(constant) {
            let items: Vec<At<'a>> = items;
            let here: BTreeMap<String, At<'a>> = items
                .into_iter()
                .filter(|item| !matches!(item.node.data, Data::Null))
                .map(|item| (item.node.canonical(), item))
                .collect();
            found.at = Some(at);
            // Two enums must both hold.
            found.values = Some(match found.values.take() {
                None => here,
                Some(before) => {
                    let both = before
                        .into_iter()
                        .filter(|(text, _)| here.contains_key(text));
                    both.collect()
                }
            });
        }
    }
    found
}

pub(super) fn enums<'a>(
    engine: &mut Engine<'a>,
    old: &Shape<'a>,
    new: &Shape<'a>,
    direction: Direction,
) {
    let (old, new) = (enum_of(old), enum_of(new));
    let places = (old.at, new.at);
    let mut say = |rule, message| engine.say(rule, direction, places.0, places.1, message);
    match (&old.values, &new.values) {
        (Some(from), Some(to)) => {
            let missing = |a: &BTreeMap<String, At<'a>>, b: &BTreeMap<String, At<'a>>| {
                let texts = a.keys().filter(|text| !b.contains_key(*text));
                texts
                    .map(|text| text.trim_matches('"').to_owned())
                    .collect::<Vec<_>>()
            };
            let (gone, come) = (missing(from, to), missing(to, from));
            if !gone.is_empty() {
                say(
                    "enum-value-removed",
                    format!("{} no longer allowed", listed(&gone)),
                );
            }
            if !come.is_empty() {
                let rule = if old.extensible {
                    "enum-value-added-to-extensible"
                } else {
                    "enum-value-added"
                };
                say(rule, format!("{} allowed now", listed(&come)));
            }
            if old.extensible != new.extensible {
                let (rule, message) = if new.extensible {
                    ("enum-became-extensible", "the enum may grow")
                } else {
                    ("enum-no-longer-extensible", "the enum no longer grows")
                };
                say(rule, message.to_owned());
            }
        }
        (None, Some(to)) if !new.extensible => {
            let values: Vec<_> = to.keys().map(|text| text.trim_matches('"')).collect();
            say("enum-set", format!("only {} allowed now", listed(&values)));
        }
        (Some(_), None) if !old.extensible => {
            say("enum-unset", "any value is allowed now".to_owned());
        }
        _ => {}
    }
}

/// Words for upper and lower bounds.
const UPPER: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];
const LOWER: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];

/// The tightest bound with whether the number itself is out of it.
fn bound(shape: &Shape<'_>, key: &'static str, upper: bool) -> Option<(f64, bool)> {
    let exclusive = match key {
        "maximum" => Some("exclusiveMaximum"),
        "minimum" => Some("exclusiveMinimum"),
        _ => None,
    };
    let mut bounds: Vec<(f64, bool)> = Vec::new();
    for (part, _) in &shape.parts {
        let word = exclusive.and_then(|word| part.get(word));
        let is_out = word.is_some_and(|word| word.node.is_true());
        bounds.extend(
            part.get(key)
                .and_then(|v| v.node.number())
                .map(|n| (n, is_out)),
        );
        bounds.extend(word.and_then(|word| word.node.number()).map(|n| (n, true)));
    }
    // No length is below zero, so a lower bound of zero says nothing.
    if exclusive.is_none() && !upper {
        bounds.retain(|(number, _)| *number > 0.0);
    }
    let tighter = |a: (f64, bool), b: (f64, bool)| if is_tighter(b, a, upper) { b } else { a };
    bounds.into_iter().reduce(tighter)
}

fn is_tighter(a: (f64, bool), b: (f64, bool), upper: bool) -> bool {
    let closer = if upper { a.0 < b.0 } else { a.0 > b.0 };
    closer || (a.0.total_cmp(&b.0).is_eq() && a.1 && !b.1)
}

pub(super) fn limits<'a>(
    engine: &mut Engine<'a>,
    old: &Shape<'a>,
    new: &Shape<'a>,
    direction: Direction,
) {
    let keys = UPPER.iter().map(|key| (*key, true));
    for (key, upper) in keys.chain(LOWER.iter().map(|key| (*key, false))) {
        let text = |(number, out): (f64, bool)| {
            format!("{number}{}", if out { " (excluded)" } else { "" })
        };
        let (rule, message) = match (bound(old, key, upper), bound(new, key, upper)) {
            (Some(from), Some(to)) if from != to => {
                let rule = if is_tighter(to, from, upper) {
                    "limit-tightened"
                } else {
                    "limit-loosened"
                };
                (
                    rule,
                    format!("`{key}` was {} and is {}", text(from), text(to)),
                )
            }
            (None, Some(to)) => ("limit-set", format!("`{key}` is {} now", text(to))),
            (Some(from), None) => (
                "limit-unset",
                format!("`{key}` is no longer {}", text(from)),
            ),
            _ => continue,
        };
        engine.say(rule, direction, old.place(key), new.place(key), message);
    }
    multiples(engine, old, new, direction);
    patterns(engine, old, new, direction);
    let places = (old.place("uniqueItems"), new.place("uniqueItems"));
    let (rule, message) = match (old.flag("uniqueItems"), new.flag("uniqueItems")) {
        (false, true) => ("unique-items-set", "no item may come twice now"),
        (true, false) => ("unique-items-unset", "items may come twice now"),
        _ => return,
    };
    engine.say(rule, direction, places.0, places.1, message.to_owned());
}

fn multiples<'a>(engine: &mut Engine<'a>, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
    let multiple = |shape: &Shape<'a>| shape.first("multipleOf").and_then(|v| v.node.number());
    let divides = |a: f64, b: f64| a != 0.0 && ((b / a).round() * a - b).abs() < 1e-9;
    let (rule, message) = match (multiple(old), multiple(new)) {
        (Some(from), Some(to)) if from.total_cmp(&to).is_ne() => {
            let rule = if divides(from, to) {
                "limit-tightened"
            } else if divides(to, from) {
                "limit-loosened"
            } else {
                "multiple-of-changed"
            };
            (rule, format!("`multipleOf` was {from} and is {to}"))
        }
        (None, Some(to)) => ("limit-set", format!("`multipleOf` is {to} now")),
        (Some(from), None) => ("limit-unset", format!("`multipleOf` is no longer {from}")),
        _ => return,
    };
    let places = (old.place("multipleOf"), new.place("multipleOf"));
    engine.say(rule, direction, places.0, places.1, message);
}

fn patterns<'a>(engine: &mut Engine<'a>, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
    let patterns = |shape: &Shape<'a>| {
        let mut texts: Vec<&'a str> = shape.all("pattern").filter_map(|p| p.node.text()).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    };
    let (from, to) = (patterns(old), patterns(new));
    let (rule, message) = match (&from[..], &to[..]) {
        _ if from == to => return,
        ([], _) => (
            "pattern-set",
            format!("texts must match {} now", listed(&to)),
        ),
        (_, []) => (
            "pattern-unset",
            format!("texts need not match {} any more", listed(&from)),
        ),
        _ => {
            let message = format!("the pattern was {} and is {}", listed(&from), listed(&to));
            ("pattern-changed", message)
        }
    };
    let places = (old.place("pattern"), new.place("pattern"));
    engine.say(rule, direction, places.0, places.1, message);
}

pub(super) fn defaults<'a>(
    engine: &mut Engine<'a>,
    old: &Shape<'a>,
    new: &Shape<'a>,
    direction: Direction,
) {
    let default = |shape: &Shape<'a>| shape.first("default").map(|v| v.node.canonical());
    let (rule, message) = match (default(old), default(new)) {
        (Some(from), Some(to)) if from != to => (
            "default-changed",
            format!("the default was {from} and is {to}"),
        ),
        (None, Some(to)) => ("default-added", format!("the default is {to} now")),
        (Some(from), None) => (
            "default-removed",
            format!("there is no default {from} any more"),
        ),
        _ => return,
    };
    let places = (old.place("default"), new.place("default"));
    engine.say(rule, direction, places.0, places.1, message);
}
