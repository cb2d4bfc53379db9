//! Whether a schema admits a value, and if not, why not: in one line, with the place in the value.

use regex_lite::Regex;

use super::layout::Layout;
use crate::diff::document::At;
use crate::diff::node::{Data, Node};

/// How deep a value and its schema are followed.
const MAX_DEPTH: usize = 64;
/// How many steps all values of a document may take; what is over is not judged.
const MAX_STEPS: usize = 2_000_000;

pub(super) struct Judge<'a, 'l> {
    layout: &'l Layout<'a>,
    steps: usize,
}

/// Whether a value is of a type.
pub(super) fn is_of(kind: &str, value: &Node) -> bool {
    match (kind, &value.data) {
        ("string", Data::Text(_))
        | ("boolean", Data::Bool(_))
        | ("number", Data::Number(_))
        | ("array", Data::List(_))
        | ("object", Data::Map(_))
        | ("null", Data::Null) => true,
        ("integer", Data::Number(number)) => number.as_f64().is_some_and(|n| n.fract() == 0.0),
        // A type that there is not is told elsewhere.
        (other, _) => !super::shape::TYPES.contains(&other) && other != "null",
    }
}

impl<'a, 'l> Judge<'a, 'l> {
    pub(super) fn new(layout: &'l Layout<'a>) -> Self {
        Self { layout, steps: 0 }
    }

    /// Why the schema does not admit the value.
    pub(super) fn misfit(&mut self, schema: At<'a>, value: At<'a>) -> Option<String> {
        self.judge(schema, value.node, "", 0)
    }

    fn judge(&mut self, schema: At<'a>, value: &Node, place: &str, depth: usize) -> Option<String> {
        self.steps += 1;
        if depth > MAX_DEPTH || self.steps > MAX_STEPS {
            return None;
        }
        let schema = self.layout.resolve(schema)?;
        let node = schema.node;
        if node.is_false() {
            return Some(told(place, "nothing may stand here"));
        }
        if matches!(value.data, Data::Null) && node.flag("nullable") {
            return None;
        }
        own(node, value)
            .map(|why| told(place, &why))
            .or_else(|| self.parts(schema, value, place, depth))
            .or_else(|| self.unions(schema, value, place, depth))
    }

    /// What stands in the value.
    fn parts(&mut self, schema: At<'a>, value: &Node, place: &str, depth: usize) -> Option<String> {
        if let (Some(items), Data::List(list)) = (schema.get("items"), &value.data) {
            let start = schema
                .get("prefixItems")
                .map_or(0, |all| all.items().count());
            for (index, item) in list.iter().enumerate().skip(start) {
                let at = format!("{place}/{index}");
                if let Some(why) = self.judge(items, item, &at, depth + 1) {
                    return Some(why);
                }
            }
        }
        let Data::Map(entries) = &value.data else {
            return None;
        };
        let properties = schema.get("properties");
        let additional = schema.get("additionalProperties");
        let has_patterns = schema.node.get("patternProperties").is_some();
        for (name, inner) in entries {
            let at = format!("{place}/{name}");
            let known = properties.and_then(|all| all.get(name));
            let why = match (known, additional) {
                (Some(property), _) => self.judge(property, inner, &at, depth + 1),
                (None, Some(additional)) if !has_patterns && additional.node.is_false() => {
                    Some(told(&at, "there is no such property"))
                }
                (None, Some(additional)) if !has_patterns && additional.node.is_map() => {
                    self.judge(additional, inner, &at, depth + 1)
                }
                _ => None,
            };
            if why.is_some() {
                return why;
            }
        }
        for name in schema.node.texts("required") {
            // Only one side sends what is readOnly or writeOnly, and an example may be of the other.
            let property = properties.and_then(|all| self.layout.resolve(all.get(name)?));
            let one_way =
                property.is_some_and(|at| at.node.flag("readOnly") || at.node.flag("writeOnly"));
            if !one_way && value.get(name).is_none() {
                return Some(told(place, &format!("`{name}` is missing")));
            }
        }
        None
    }

    fn unions(
        &mut self,
        schema: At<'a>,
        value: &Node,
        place: &str,
        depth: usize,
    ) -> Option<String> {
        for part in schema.get("allOf").into_iter().flat_map(At::items) {
            if let Some(why) = self.judge(part, value, place, depth + 1) {
                return Some(why);
            }
        }
        for word in ["oneOf", "anyOf"] {
            let mut first = None;
            let mut fits = schema.get(word).is_none();
            for variant in schema.get(word).into_iter().flat_map(At::items) {
                match self.judge(variant, value, place, depth + 1) {
                    None => {
                        fits = true;
                        break;
                    }
                    Some(why) => first = first.or(Some(why)),
                }
            }
            if let (false, Some(why)) = (fits, first) {
                return Some(format!("none of the variants fits ({why})"));
            }
        }
        None
    }
}

fn told(place: &str, why: &str) -> String {
    if place.is_empty() {
        why.to_owned()
    } else {
        format!("{place}: {why}")
    }
}

/// What the schema's own words say about the value itself.
fn own(schema: &Node, value: &Node) -> Option<String> {
    if let Some(kind) = schema.get("type") {
        let fits = match kind.text() {
            Some(kind) => is_of(kind, value),
            None => kind.items().is_empty() || schema.texts("type").any(|kind| is_of(kind, value)),
        };
        if !fits {
            let kinds = kind.text().map_or_else(|| kind.canonical(), str::to_owned);
            return Some(format!("{} is no {kinds}", short(value)));
        }
    }
    if let Some(list) = schema.get("enum") {
        let own = value.canonical();
        if !list.items().iter().any(|entry| entry.canonical() == own) {
            return Some(format!("{} is not in the enum", short(value)));
        }
    }
    if let Some(only) = schema.get("const")
        && only.canonical() != value.canonical()
    {
        return Some(format!("{} is not {}", short(value), short(only)));
    }
    let limit = |key: &str| schema.get(key).and_then(Node::number);
    let over = |size: f64, low: &str, high: &str| {
        let few = limit(low).filter(|limit| size < *limit);
        let many = limit(high).filter(|limit| size > *limit);
        few.map(|limit| format!("{size} is under `{low}` {limit}"))
            .or_else(|| many.map(|limit| format!("{size} is over `{high}` {limit}")))
    };
    #[expect(clippy::cast_precision_loss, reason = "no value has so many parts")]
    let count = |count: usize| count as f64;
    match &value.data {
        Data::Number(_) => number(schema, value.number()?),
        Data::Text(text) => over(count(text.chars().count()), "minLength", "maxLength")
            .or_else(|| pattern(schema, text))
            .or_else(|| format(schema, text)),
        Data::List(items) => over(count(items.len()), "minItems", "maxItems").or_else(|| {
            let mut all: Vec<String> = items.iter().map(Node::canonical).collect();
            all.sort();
            let twice = all.windows(2).any(|pair| pair[0] == pair[1]);
            (twice && schema.flag("uniqueItems")).then(|| "an item comes twice".to_owned())
        }),
        Data::Map(entries) => over(count(entries.len()), "minProperties", "maxProperties"),
        _ => None,
    }
}

fn number(schema: &Node, value: f64) -> Option<String> {
    let limit = |key: &str| schema.get(key).and_then(Node::number);
    // A limit that is exclusive is a flag in 3.0 and a number in 3.1.
    let under = limit("minimum")
        .is_some_and(|limit| value < limit || (schema.flag("exclusiveMinimum") && value <= limit))
        || limit("exclusiveMinimum").is_some_and(|limit| value <= limit);
    let over = limit("maximum")
        .is_some_and(|limit| value > limit || (schema.flag("exclusiveMaximum") && value >= limit))
        || limit("exclusiveMaximum").is_some_and(|limit| value >= limit);
    let small = schema.text_at("format") == Some("int32") && value.abs() > 2_147_483_648.0;
    if under || over || small {
        return Some(format!("{value} is out of range"));
    }
    let steps = limit("multipleOf").filter(|step| *step > 0.0)?;
    let rest = (value / steps - (value / steps).round()).abs();
    (rest > 1e-9).then(|| format!("{value} is no multiple of {steps}"))
}

fn pattern(schema: &Node, text: &str) -> Option<String> {
    let pattern = schema.text_at("pattern")?;
    // What this reader of expressions does not know is not judged.
    let known = Regex::new(pattern).ok()?;
    (!known.is_match(text)).then(|| format!("it does not match `{pattern}`"))
}

fn format(schema: &Node, text: &str) -> Option<String> {
    let format = schema.text_at("format")?;
    let expected = match format {
        "date" => "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "date-time" => {
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
        }
        "uuid" => "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
        _ => return None,
    };
    let is_form = Regex::new(expected).is_ok_and(|expected| expected.is_match(text));
    (!is_form).then(|| format!("it is no {format}"))
}

fn short(value: &Node) -> String {
    let text = value.canonical();
    if text.chars().count() <= 40 {
        return text;
    }
    let start: String = text.chars().take(40).collect();
    format!("{start}…")
}
