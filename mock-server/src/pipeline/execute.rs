//! Step five: a standard verb of the engine, or the handler the document names.

use http::HeaderMap;
use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};

use crate::engine;
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::table::{Behavior, Verb};

pub(crate) fn execute(call: Call<'_>) -> Result<Reply, Refusal> {
    match call.operation.behavior {
        Behavior::Handler(handler) => handler(&call),
        Behavior::Act(kind, flow) => engine::act(call, kind, flow),
        Behavior::Render(kind, template) => engine::render(&call, kind, template),
        Behavior::Verb(verb, kind) => match verb {
            Verb::List => engine::list(&call, kind),
            Verb::Get | Verb::Status | Verb::Artifacts => engine::get(&call, kind),
            Verb::Delete => engine::delete(&call, kind),
            Verb::Apply | Verb::Create | Verb::Replace => engine::write(call, kind, verb),
        },
    }
}

/// What the request's entity tags say of a stored revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Nothing stands in the way.
    Met,
    /// The client already holds the revision.
    NotModified,
}

impl Precondition {
    pub(crate) fn is_not_modified(self) -> bool {
        self == Precondition::NotModified
    }
}

/// Compares the entity tags of a request with what is stored.
pub(crate) fn precondition(
    headers: &HeaderMap,
    stored: Option<u64>,
    reading: bool,
) -> Result<Precondition, Refusal> {
    if let Some(tags) = header(headers, &IF_MATCH)
        && !lists(tags, stored, Compare::Strong)
    {
        let now = stored.map_or_else(
            || "there is no such object".to_owned(),
            |revision| format!("the stored revision is \"{revision}\""),
        );
        return Err(failed(format!(
            "If-Match is {tags} and {now}; read it again and repeat the change"
        )));
    }
    match header(headers, &IF_NONE_MATCH) {
        Some(tags) if lists(tags, stored, Compare::Weak) && reading => {
            Ok(Precondition::NotModified)
        }
        Some(tags) if lists(tags, stored, Compare::Weak) => Err(failed(format!(
            "If-None-Match is {tags} and the object is there already"
        ))),
        _ => Ok(Precondition::Met),
    }
}

fn failed(message: String) -> Refusal {
    Refusal::new(Reason::PreconditionFailed, message)
}

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers
        .get(name)
        .map(|value| value.to_str().unwrap_or("").trim())
}

/// How entity tags are compared: a weak one says too little for a write to rely on (RFC 9110, 13.1.1).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compare {
    Strong,
    Weak,
}

/// Whether a list of entity tags holds that of the stored revision.
fn lists(tags: &str, stored: Option<u64>, compare: Compare) -> bool {
    let Some(revision) = stored else { return false };
    let revision_of = |tag: &str| {
        let strong = tag
            .strip_prefix("W/")
            .filter(|_| compare == Compare::Weak)
            .unwrap_or(tag);
        strong
            .strip_prefix('"')?
            .strip_suffix('"')?
            .parse::<u64>()
            .ok()
    };
    tags == "*"
        || tags
            .split(',')
            .any(|tag| revision_of(tag.trim()) == Some(revision))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn entity_tags_decide() {
        let outcome = |name, value, stored, reading| {
            precondition(&headers(name, value), stored, reading).map_err(|refusal| refusal.reason)
        };
        assert_eq!(
            outcome("if-match", "\"7\"", Some(7), false),
            Ok(Precondition::Met)
        );
        assert_eq!(
            outcome("if-match", "\"6\", \"7\"", Some(7), false),
            Ok(Precondition::Met)
        );
        assert_eq!(
            outcome("if-match", "\"6\"", Some(7), false),
            Err(Reason::PreconditionFailed)
        );
        assert_eq!(
            outcome("if-match", "W/\"7\"", Some(7), false),
            Err(Reason::PreconditionFailed)
        );
        assert_eq!(
            outcome("if-match", "*", None, false),
            Err(Reason::PreconditionFailed)
        );
        assert_eq!(
            outcome("if-match", "nonsense", Some(7), false),
            Err(Reason::PreconditionFailed)
        );
        assert_eq!(
            outcome("if-none-match", "W/\"7\"", Some(7), true),
            Ok(Precondition::NotModified)
        );
        assert_eq!(
            outcome("if-none-match", "*", Some(7), false),
            Err(Reason::PreconditionFailed)
        );
        assert_eq!(
            outcome("if-none-match", "*", None, false),
            Ok(Precondition::Met)
        );
    }
}
