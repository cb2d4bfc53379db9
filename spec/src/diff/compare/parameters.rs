//! Parameters of an operation, those of its path included.

use std::collections::BTreeMap;

use super::Engine;
use super::lifecycle::{Fate, PART};
use super::messages::{media_type_pairs, media_types};
use super::operations::{Op, variables};
use crate::diff::document::At;
use crate::diff::node::Node;
use crate::diff::rules::Direction::{self, Request};

/// Place and name; names of headers in lower case, variables of the path by their order.
type Name = (String, String);

fn is_ignored(place: &str, name: &str) -> bool {
    // OpenAPI says that these header parameters are to be ignored.
    let names = ["accept", "content-type", "authorization"];
    place == "header" && names.contains(&name.to_ascii_lowercase().as_str())
}

fn style(at: At<'_>, place: &str) -> (String, bool, bool) {
    let usual = if matches!(place, "query" | "cookie") {
        "form"
    } else {
        "simple"
    };
    let style = at.node.text_at("style").unwrap_or(usual);
    let explode = at
        .node
        .get("explode")
        .map_or(style == "form", Node::is_true);
    (style.to_owned(), explode, at.node.flag("allowReserved"))
}

impl<'a> Engine<'a> {
    fn parameters_of(&mut self, op: Op<'a>, is_old: bool) -> BTreeMap<Name, At<'a>> {
        let variables = variables(op.path);
        let mut found = BTreeMap::new();
        for at in [op.path_item, op.at] {
            for parameter in at.get("parameters").into_iter().flat_map(At::items) {
                let Some(at) = self.resolve_one(parameter, is_old) else {
                    continue;
                };
                let place = at.node.text_at("in").unwrap_or_default();
                let name = at.node.text_at("name").unwrap_or_default();
                if is_ignored(place, name) {
                    continue;
                }
                let name = match place {
                    "header" => name.to_ascii_lowercase(),
                    "path" => match variables.iter().position(|variable| *variable == name) {
                        Some(index) => format!("{index}"),
                        None => name.to_owned(),
                    },
                    _ => name.to_owned(),
                };
                found.insert((place.to_owned(), name), at);
            }
        }
        found
    }

    pub(super) fn parameters(&mut self, old: Op<'a>, new: Op<'a>) {
        let mut before = self.parameters_of(old, true);
        let mut after = self.parameters_of(new, false);
        let around = (Some(old.at), Some(new.at));
        let common: Vec<Name> = before
            .keys()
            .filter(|key| after.contains_key(*key))
            .cloned()
            .collect();
        for key in common {
            if let (Some(from), Some(to)) = (before.remove(&key), after.remove(&key)) {
                self.parameter(&key.0, from, to);
            }
        }
        let title = |at: At<'a>| at.node.text_at("name").unwrap_or_default();
        for (key, from) in before {
            let moved = after
                .iter()
                .find(|(_, to)| title(**to).eq_ignore_ascii_case(title(from)))
                .map(|(key, _)| key.clone());
            let name = title(from);
            if let Some((place, to)) =
                moved.and_then(|key| Some((key.0.clone(), after.remove(&key)?)))
            {
                let message = format!("parameter `{name}` was in {} and is in {place}", key.0);
                let rule = "parameter-location-changed";
                self.say(rule, Request, Some(from), Some(to), message);
            } else {
                let message = format!("parameter `{name}` in {} is gone", key.0);
                let rule = match self.fate(from.node) {
                    Fate::Announced => "parameter-removed-after-sunset",
                    Fate::Early | Fate::Unannounced => "parameter-removed",
                };
                self.say(rule, Request, Some(from), around.1, message);
            }
        }
        for (key, to) in after {
            let (rule, must) = if to.node.flag("required") {
                ("required-parameter-added", " and must be given")
            } else {
                ("optional-parameter-added", "")
            };
            let message = format!("parameter `{}` in {} is new{must}", title(to), key.0);
            self.say(rule, Request, around.0, Some(to), message);
        }
    }

    fn parameter(&mut self, place: &str, old: At<'a>, new: At<'a>) {
        let name = new.node.text_at("name").unwrap_or_default();
        let at = |key: &str| (old.get(key).or(Some(old)), new.get(key).or(Some(new)));
        if place != "path" {
            let places = at("required");
            match (old.node.flag("required"), new.node.flag("required")) {
                (false, true) => {
                    let message = format!("parameter `{name}` must be given now");
                    self.say(
                        "parameter-became-required",
                        Request,
                        places.0,
                        places.1,
                        message,
                    );
                }
                (true, false) => {
                    let message = format!("parameter `{name}` may be left out now");
                    self.say(
                        "parameter-became-optional",
                        Request,
                        places.0,
                        places.1,
                        message,
                    );
                }
                _ => {}
            }
        }
        let places = at("allowEmptyValue");
        match (
            old.node.flag("allowEmptyValue"),
            new.node.flag("allowEmptyValue"),
        ) {
            (true, false) => {
                let message = format!("parameter `{name}` may no longer be empty");
                self.say(
                    "allow-empty-value-removed",
                    Request,
                    places.0,
                    places.1,
                    message,
                );
            }
            (false, true) => {
                let message = format!("parameter `{name}` may be empty now");
                self.say(
                    "allow-empty-value-added",
                    Request,
                    places.0,
                    places.1,
                    message,
                );
            }
            _ => {}
        }
        self.deprecation(old, new, Request, PART);
        self.content_or_schema(place, name, old, new, Request);
        self.parameter_words(old, new);
    }

    /// What a parameter or a header holds: a schema, or one media type.
    pub(super) fn content_or_schema(
        &mut self,
        place: &str,
        name: &str,
        old: At<'a>,
        new: At<'a>,
        direction: Direction,
    ) {
        let (before, after) = (media_types(old), media_types(new));
        let (pairs, gone, come) = media_type_pairs(&before, &after);
        let same_way = match (before.is_empty(), after.is_empty()) {
            (true, true) => style(old, place) == style(new, place),
            (false, false) => gone.is_empty() && come.is_empty(),
            _ => false,
        };
        if !same_way {
            let rule = "parameter-serialization-changed";
            let message = format!("`{name}` is written in another way");
            self.say(rule, direction, Some(old), Some(new), message);
        }
        let schema = |at: At<'a>| at.get("schema");
        let schemas = if before.is_empty() && after.is_empty() {
            vec![(schema(old), schema(new))]
        } else {
            let pair = |(a, b): (At<'a>, At<'a>)| (a.get("schema"), b.get("schema"));
            pairs.into_iter().map(pair).collect()
        };
        for (a, b) in schemas {
            let list = |schema: Option<At<'a>>| schema.into_iter().collect::<Vec<_>>();
            self.pair(&list(a), &list(b), direction);
        }
    }
}
