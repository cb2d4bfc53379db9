//! Paths: their form, their variables, and whether they can be told apart.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::layout::{Layout, Part};
use super::shape::Kind;
use crate::diff::document::At;
use crate::grammar::METHODS;
use crate::lint::request::template_names;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let mut items: Vec<Path<'a>> = Vec::new();
    for paths in layout.of(Kind::Paths) {
        for (path, at) in paths.at.entries() {
            if path.starts_with("x-") {
                continue;
            }
            check_form(path, at, findings);
            let item = layout.resolve(at);
            let methods = item.map(methods).unwrap_or_default();
            if item.is_some() && methods.is_empty() {
                let message = format!("`{path}` has no operation");
                findings.add(rules::EMPTY_PATH_ITEM, at, message);
            }
            items.push(Path {
                text: path,
                at,
                methods,
                segments: path.split('/').map(Segment::of).collect(),
            });
        }
    }
    check_apart(&items, findings);
    check_templates(layout, findings);
}

struct Path<'a> {
    text: &'a str,
    at: At<'a>,
    methods: BTreeSet<&'a str>,
    segments: Vec<Segment<'a>>,
}

/// A segment of a path: a fixed text, or one with variables in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Segment<'a> {
    Fixed(&'a str),
    /// Nothing but one variable.
    Any,
    /// Variables within a text, such as `{name}.json`: the fixed text before and after them.
    Mixed(&'a str, &'a str),
}

impl<'a> Segment<'a> {
    fn of(text: &'a str) -> Self {
        match (text.find('{'), text.rfind('}')) {
            (Some(start), Some(end)) if start < end => match (&text[..start], &text[end + 1..]) {
                ("", "") => Self::Any,
                (before, after) => Self::Mixed(before, after),
            },
            _ => Self::Fixed(text),
        }
    }

    /// Whether some text fits both.
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Fixed(a), Self::Fixed(b)) => a == b,
            (Self::Fixed(text), Self::Mixed(before, after))
            | (Self::Mixed(before, after), Self::Fixed(text)) => {
                text.len() >= before.len() + after.len()
                    && text.starts_with(before)
                    && text.ends_with(after)
            }
            (Self::Mixed(a, b), Self::Mixed(c, d)) => {
                (a.starts_with(c) || c.starts_with(a)) && (b.ends_with(d) || d.ends_with(b))
            }
            (Self::Fixed(text), Self::Any) | (Self::Any, Self::Fixed(text)) => !text.is_empty(),
            (Self::Any, _) | (_, Self::Any) => true,
        }
    }

    /// How narrow it is: a fixed text before one with variables, and these before a variable alone.
    fn rank(self) -> u8 {
        match self {
            Self::Fixed(_) => 0,
            Self::Mixed(..) => 1,
            Self::Any => 2,
        }
    }
}

fn methods(item: At<'_>) -> BTreeSet<&str> {
    let entries = item.entries().map(|(key, _)| key);
    entries.filter(|key| METHODS.contains(key)).collect()
}

fn check_form<'a>(path: &str, at: At<'a>, findings: &mut Findings<'a>) {
    let mut wrong = |what: &str| {
        findings.add(rules::PATH_FORM, at, format!("`{path}` {what}"));
    };
    // A variable may be called anything.
    let mut outside = String::new();
    let mut depth = 0_usize;
    for c in path.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    if !path.starts_with('/') {
        wrong("does not begin with a slash");
    } else if outside.contains(['?', '#']) {
        wrong("has a query or fragment");
    } else if path.contains("//") {
        wrong("has an empty segment");
    }
}

fn check_apart<'a>(items: &[Path<'a>], findings: &mut Findings<'a>) {
    let mut by_shape: BTreeMap<String, &Path<'a>> = BTreeMap::new();
    let mut by_length: BTreeMap<usize, Vec<&Path<'a>>> = BTreeMap::new();
    let known: BTreeSet<&str> = items.iter().map(|item| item.text).collect();
    for item in items {
        let path = item.text;
        if let Some(short) = path.strip_suffix('/')
            && known.contains(short)
        {
            let message = format!("`{path}` and `{short}` differ in the slash at the end alone");
            findings.add(rules::TRAILING_SLASH_TWIN, item.at, message);
        }
        if let Some(first) = by_shape.get(&shape(path)) {
            let message = format!(
                "`{path}` and `{}` differ in the names of variables alone",
                first.text
            );
            findings.add(rules::IDENTICAL_PATHS, item.at, message);
            continue;
        }
        by_shape.insert(shape(path), item);
        let others = by_length.entry(item.segments.len()).or_default();
        if let Some(other) = others.iter().find(|other| are_ambiguous(item, other)) {
            let message = format!("some addresses fit both `{path}` and `{}`", other.text);
            findings.add(rules::AMBIGUOUS_PATHS, item.at, message);
        }
        others.push(item);
    }
}

/// The path without the names of its variables.
fn shape(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        if c == '}' {
            inside = false;
        }
        if !inside {
            out.push(c);
        }
        if c == '{' {
            inside = true;
        }
    }
    out
}

/// Whether an address can fit both for the same method, and neither is the narrower one throughout.
fn are_ambiguous(a: &Path<'_>, b: &Path<'_>) -> bool {
    let mut narrower = (false, false);
    for (a, b) in a.segments.iter().zip(&b.segments) {
        if !a.meets(*b) {
            return false;
        }
        narrower.0 |= a.rank() < b.rank();
        narrower.1 |= b.rank() < a.rank();
    }
    let both_narrower = narrower.0 && narrower.1;
    let none_narrower = !narrower.0 && !narrower.1;
    (both_narrower || none_narrower) && !a.methods.is_disjoint(&b.methods)
}

fn check_templates<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for call in layout.operations() {
        let path = call.path;
        let at = call.operation.at;
        let Some(names) = template_names(path) else {
            if told.insert(path) {
                let message = format!("the braces in `{path}` do not pair up");
                findings.add(rules::PATH_TEMPLATE, call.item.at, message);
            }
            continue;
        };
        let twice = names
            .iter()
            .find(|name| path.matches(&format!("{{{name}}}")).count() > 1);
        if let Some(name) = twice
            && told.insert(path)
        {
            let message = format!("`{{{name}}}` stands twice in `{path}`");
            findings.add(rules::PATH_TEMPLATE, call.item.at, message);
        }
        let Some(declared) = declared(layout, call.item, call.operation) else {
            continue;
        };
        for name in names.iter().filter(|name| !declared.contains_key(**name)) {
            let message = format!("`{{{name}}}` of the path is not declared as a path parameter");
            findings.add(rules::PATH_TEMPLATE, at, message);
        }
        for (name, parameter) in declared {
            if !names.contains(name) {
                let message = format!("the path parameter `{name}` is not in the path `{path}`");
                findings.add(rules::PATH_TEMPLATE, parameter, message);
            }
        }
    }
}

/// The path parameters of an operation and where they are written; nothing when one leads nowhere.
fn declared<'a>(
    layout: &Layout<'a>,
    item: &Part<'a>,
    operation: &Part<'a>,
) -> Option<BTreeMap<&'a str, At<'a>>> {
    let mut declared = BTreeMap::new();
    for owner in [item, operation] {
        for at in owner.at.get("parameters").into_iter().flat_map(At::items) {
            let node = layout.resolve(at)?.node;
            if node.text_at("in") == Some("path")
                && let Some(name) = node.text_at("name")
            {
                declared.insert(name, at);
            }
        }
    }
    Some(declared)
}
