//! Request bodies, answers, media types and headers.

use std::collections::BTreeMap;

use super::Engine;
use crate::diff::document::At;
use crate::diff::rules::Direction::{self, Request, Response};

/// Media types with what they hold; parameters such as `charset` are left away where that is clear.
pub(super) fn media_types(at: At<'_>) -> Vec<(String, At<'_>)> {
    let Some(content) = at.get("content") else {
        return Vec::new();
    };
    let plain = |name: &str| {
        let essence = name.split(';').next().unwrap_or(name);
        essence.trim().to_ascii_lowercase()
    };
    let names: Vec<String> = content.entries().map(|(name, _)| plain(name)).collect();
    let is_single = |name: &String| names.iter().filter(|known| *known == name).count() == 1;
    content
        .entries()
        .zip(&names)
        .map(|((full, at), name)| {
            let name = if is_single(name) {
                name.clone()
            } else {
                full.to_ascii_lowercase()
            };
            (name, at)
        })
        .collect()
}

type Media<'a> = [(String, At<'a>)];
type Named<'a> = (String, At<'a>);

/// What became what, what is gone, and what has come. A range such as `*/*` stands for its members.
pub(super) fn media_type_pairs<'a>(
    old: &Media<'a>,
    new: &Media<'a>,
) -> (Vec<(At<'a>, At<'a>)>, Vec<Named<'a>>, Vec<Named<'a>>) {
    let covers = |range: &str, name: &str| {
        range == name
            || range == "*/*"
            || range
                .strip_suffix('*')
                .is_some_and(|prefix| name.starts_with(prefix))
    };
    let find = |list: &Media<'a>, name: &str| {
        let exact = list.iter().find(|(known, _)| known == name);
        exact
            .or_else(|| list.iter().find(|(range, _)| covers(range, name)))
            .cloned()
    };
    let (mut pairs, mut gone) = (Vec::new(), Vec::new());
    for (name, at) in old {
        match find(new, name) {
            Some((_, other)) => pairs.push((*at, other)),
            None => gone.push((name.clone(), *at)),
        }
    }
    let mut come = Vec::new();
    for (name, at) in new {
        if old.iter().any(|(known, _)| known == name) {
            continue;
        }
        // A range where its members were brings more; a member where the range was brings nothing.
        if !old.iter().any(|(range, _)| covers(range, name)) {
            come.push((name.clone(), *at));
        } else if let Some((_, other)) = find(old, name)
            && gone
                .iter()
                .any(|(_, at)| at.node.address() == other.node.address())
        {
            pairs.push((other, *at));
        }
    }
    (pairs, gone, come)
}

/// Statuses of an answer, in one spelling.
fn statuses(responses: Option<At<'_>>) -> BTreeMap<String, At<'_>> {
    let entries = responses.into_iter().flat_map(At::entries);
    entries
        .filter(|(status, _)| !status.starts_with("x-"))
        .map(|(status, at)| (status.to_ascii_uppercase(), at))
        .collect()
}

fn is_success(status: &str) -> bool {
    status.starts_with('2') || status.starts_with('1') || status.starts_with('3')
}

/// The status itself, or the range such as `2XX` that it is in.
fn covering(statuses: &BTreeMap<String, At<'_>>, status: &str) -> Option<String> {
    if statuses.contains_key(status) {
        return Some(status.to_owned());
    }
    let range = format!("{}XX", status.get(..1)?);
    statuses.contains_key(&range).then_some(range)
}

impl<'a> Engine<'a> {
    pub(super) fn request_body(&mut self, old: At<'a>, new: At<'a>) {
        let (before, after) = (old.get("requestBody"), new.get("requestBody"));
        match (before, after) {
            (None, None) => {}
            (None, Some(to)) => {
                let Some(end) = self.resolve_one(to, false) else {
                    return;
                };
                let (rule, message) = if end.node.flag("required") {
                    ("required-request-body-added", "a body must be sent now")
                } else {
                    ("optional-request-body-added", "a body may be sent now")
                };
                self.say(rule, Request, Some(old), Some(to), message.to_owned());
            }
            (Some(from), None) => {
                let message = "no body is taken any more".to_owned();
                self.say(
                    "request-body-removed",
                    Request,
                    Some(from),
                    Some(new),
                    message,
                );
            }
            (Some(from), Some(to)) => {
                let Some((from, to)) = self.resolve(from, to) else {
                    return;
                };
                match (from.node.flag("required"), to.node.flag("required")) {
                    (false, true) => {
                        let message = "the body must be sent now".to_owned();
                        let rule = "request-body-became-required";
                        self.say(rule, Request, Some(from), Some(to), message);
                    }
                    (true, false) => {
                        let message = "the body may be left out now".to_owned();
                        let rule = "request-body-became-optional";
                        self.say(rule, Request, Some(from), Some(to), message);
                    }
                    _ => {}
                }
                self.content(from, to, Request);
            }
        }
    }

    fn content(&mut self, old: At<'a>, new: At<'a>, direction: Direction) {
        if let (Some(old), Some(new)) = (old.get("content"), new.get("content"))
            && self.too_many("media types", old, new)
        {
            return;
        }
        let (before, after) = (media_types(old), media_types(new));
        let (pairs, gone, come) = media_type_pairs(&before, &after);
        let is_request = direction == Request;
        let around = |at: At<'a>| at.get("content").or(Some(at));
        for (name, at) in gone {
            let (rule, verb) = if is_request {
                ("request-media-type-removed", "taken")
            } else {
                ("response-media-type-removed", "sent")
            };
            let message = format!("`{name}` is no longer {verb}");
            self.say(rule, direction, Some(at), around(new), message);
        }
        for (name, at) in come {
            let (rule, verb) = if is_request {
                ("request-media-type-added", "taken")
            } else {
                ("response-media-type-added", "sent")
            };
            let message = format!("`{name}` is {verb} now");
            self.say(rule, direction, around(old), Some(at), message);
        }
        for (from, to) in pairs {
            let list = |at: At<'a>| at.get("schema").into_iter().collect::<Vec<_>>();
            self.pair(&list(from), &list(to), direction);
            let (a, b) = (from.get("encoding"), to.get("encoding"));
            let differs = match (a, b) {
                (Some(a), Some(b)) => !super::same::same(self.old, self.new, a, b),
                (None, None) => false,
                _ => true,
            };
            if differs {
                let places = (a.or(Some(from)), b.or(Some(to)));
                let message = "the encoding of the parts differs".to_owned();
                self.say(
                    "media-type-encoding-changed",
                    direction,
                    places.0,
                    places.1,
                    message,
                );
            }
        }
    }

    pub(super) fn responses(&mut self, old: At<'a>, new: At<'a>) {
        let (old_at, new_at) = (old.get("responses"), new.get("responses"));
        let (before, after) = (statuses(old_at), statuses(new_at));
        let around = (old_at.or(Some(old)), new_at.or(Some(new)));
        for (status, from) in &before {
            if let Some(found) = covering(&after, status) {
                self.response(status, *from, after[&found]);
                continue;
            }
            // A range of which a status is left is paired when that status is looked at.
            let digit = status.get(..1).unwrap_or_default();
            if status.ends_with("XX") && after.keys().any(|known| known.starts_with(digit)) {
                continue;
            }
            let rule = match status.as_str() {
                "DEFAULT" => "response-default-removed",
                status if is_success(status) => "response-success-removed",
                _ => "response-error-removed",
            };
            let message = format!("status {} is gone", status.to_ascii_lowercase());
            self.say(rule, Response, Some(*from), around.1, message);
        }
        for (status, to) in &after {
            if before.contains_key(status) {
                continue;
            }
            if let Some(range) = covering(&before, status) {
                self.response(status, before[&range], *to);
                continue;
            }
            let digit = status.get(..1).unwrap_or_default();
            let is_range = status.ends_with("XX");
            // A range in place of all its statuses brings others, but those old ones are in it.
            let rule = match status.as_str() {
                "DEFAULT" => "response-default-added",
                _ if is_range && before.keys().any(|known| known.starts_with(digit)) => continue,
                status if is_success(status) => "response-success-added",
                _ => "response-error-added",
            };
            let message = format!("status {} is new", status.to_ascii_lowercase());
            self.say(rule, Response, around.0, Some(*to), message);
        }
    }

    fn response(&mut self, status: &str, old: At<'a>, new: At<'a>) {
        let Some((from, to)) = self.resolve(old, new) else {
            return;
        };
        match (media_types(from).is_empty(), media_types(to).is_empty()) {
            (true, true) => {}
            (false, true) => {
                let message = format!("status {status} has no body any more");
                self.say(
                    "response-body-removed",
                    Response,
                    Some(from),
                    Some(to),
                    message,
                );
            }
            (true, false) => {
                let message = format!("status {status} has a body now");
                self.say(
                    "response-body-added",
                    Response,
                    Some(from),
                    Some(to),
                    message,
                );
            }
            (false, false) => self.content(from, to, Response),
        }
        self.headers(from, to);
    }

    fn headers(&mut self, old: At<'a>, new: At<'a>) {
        let headers = |at: At<'a>| -> BTreeMap<String, At<'a>> {
            let entries = at.get("headers").into_iter().flat_map(At::entries);
            let named = entries.map(|(name, at)| (name.to_ascii_lowercase(), at));
            named.filter(|(name, _)| name != "content-type").collect()
        };
        let (before, after) = (headers(old), headers(new));
        let around = |at: At<'a>| at.get("headers").or(Some(at));
        for (name, at) in &before {
            if after.contains_key(name) {
                continue;
            }
            let Some(from) = self.resolve_one(*at, true) else {
                continue;
            };
            let rule = if from.node.flag("required") {
                "required-response-header-removed"
            } else {
                "response-header-removed"
            };
            let message = format!("header `{name}` is gone");
            self.say(rule, Response, Some(from), around(new), message);
        }
        for (name, at) in &after {
            let Some(to) = self.resolve_one(*at, false) else {
                continue;
            };
            let Some(from) = before.get(name) else {
                let rule = if to.node.flag("required") {
                    "required-response-header-added"
                } else {
                    "response-header-added"
                };
                let message = format!("header `{name}` is new");
                self.say(rule, Response, around(old), Some(to), message);
                continue;
            };
            let Some(from) = self.resolve_one(*from, true) else {
                continue;
            };
            match (from.node.flag("required"), to.node.flag("required")) {
                (true, false) => {
                    let message = format!("header `{name}` may be missing now");
                    let rule = "response-header-became-optional";
                    self.say(rule, Response, Some(from), Some(to), message);
                }
                (false, true) => {
                    let message = format!("header `{name}` is always sent now");
                    let rule = "response-header-became-required";
                    self.say(rule, Response, Some(from), Some(to), message);
                }
                _ => {}
            }
            self.content_or_schema("header", name, from, to, Response);
        }
    }
}
