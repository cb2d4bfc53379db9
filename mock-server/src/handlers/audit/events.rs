//! The trail as scripts of the console read it: events in the form of a search engine's answer, with the numbers of
//! them by type, user, project and so on.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode;
use serde_json::{Map, Value, json};

use super::filter::{may_see, mentions};
use super::place;
use super::shown::outcome;
use super::trail::Trail;
use crate::audit::{AuditRecord, ClientKind};
use crate::generated::kinds::{CLUSTER, KINDS, NAMESPACE};
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;

/// One part of an event, as text; empty where there is none.
type Part = fn(&AuditRecord) -> String;

/// The parts of an event by which the events are counted, under the names that clients know.
const GROUPS: [(&str, Part); 7] = [
    ("group_by_type", kind_of_event),
    ("group_by_username", |record| username(record).to_owned()),
    ("group_by_project", |record| record.project().to_owned()),
    ("group_by_kind", |record| record.kind().to_owned()),
    ("group_by_method", |record| record.method().to_owned()),
    ("group_by_cluster", |record| name_of(record, CLUSTER.name)),
    ("group_by_namespace", |record| {
        name_of(record, NAMESPACE.name)
    }),
];

/// A page of the events that the caller may see, and the numbers of all of them.
pub(crate) fn audit_events(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wanted = Filter::of(call)?;
    let (limit, offset) = place(call);
    let mut numbers: [BTreeMap<String, u64>; GROUPS.len()] = Default::default();
    let (mut hits, mut count) = (Vec::new(), 0);
    Trail::own(call).walk(call, None, |record| {
        if wanted.has(record) && may_see(call, record) {
            for (numbers, (_, part)) in numbers.iter_mut().zip(GROUPS) {
                let part = part(record);
                if !part.is_empty() {
                    *numbers.entry(part).or_default() += 1;
                }
            }
            if count >= offset && hits.len() < limit {
                hits.push(json!({"_source": {"json": event(call, record)}}));
            }
            count += 1;
        }
        true
    });
    let aggregations: Map<String, Value> = GROUPS
        .iter()
        .zip(numbers)
        .map(|((name, _), numbers)| ((*name).to_owned(), buckets(numbers)))
        .collect();
    Ok(Reply::json(
        &json!({"aggregations": aggregations, "hits": {"hits": hits}}),
    ))
}

/// The largest numbers first.
fn buckets(numbers: BTreeMap<String, u64>) -> Value {
    let mut numbers: Vec<(String, u64)> = numbers.into_iter().collect();
    numbers.sort_by_key(|(_, number)| Reverse(*number));
    let buckets: Value = numbers
        .into_iter()
        .map(|(key, number)| json!({"doc_count": number, "key": key}))
        .collect();
    json!({"buckets": buckets})
}

/// A record as an event.
fn event(call: &Call<'_>, record: &AuditRecord) -> Value {
    let actor = match record.actor() {
        None => "UNKNOWN",
        Some(actor) if actor.user_id.is_empty() => "SYSTEM",
        Some(_) => "USER",
    };
    let of_partner = record.organization() == &*call.caller.organization().home().id;
    json!({
        "actor": {"type": actor, "account": {"username": username(record)}, "groups": []},
        "category": "AUDIT",
        "client": {
            "type": client(record.client()),
            "ip": record.peer().map(|peer| peer.to_string()).unwrap_or_default(),
            "host": "",
            "user_agent": record.user_agent(),
        },
        "detail": {"message": message(record), "meta": meta(record)},
        "origin": "core",
        "portal": if of_partner { "OPS" } else { "ADMIN" },
        "project": record.project(),
        "timestamp": record.time().to_string(),
        "type": kind_of_event(record),
        "version": record.version(),
    })
}

fn message(record: &AuditRecord) -> String {
    let who = match username(record) {
        "" => "somebody unknown",
        known => known,
    };
    let what = match record.operation() {
        "" => record.target(),
        known => known,
    };
    let on = match (record.kind(), record.name()) {
        (_, "") => String::new(),
        (kind, name) => format!(" on {kind} {name}"),
    };
    let how = match outcome(record) {
        "succeeded" => "which succeeded",
        "refused" => "which was refused",
        _ => "which failed",
    };
    let status = record.status();
    let why = record
        .reason()
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    format!("{who} called {what}{on}, {how} with {status}{why}")
}

fn meta(record: &AuditRecord) -> Map<String, Value> {
    let parts = [
        ("kind", record.kind().to_owned()),
        ("name", record.name().to_owned()),
        ("cluster_name", name_of(record, CLUSTER.name)),
        ("namespace_name", name_of(record, NAMESPACE.name)),
        ("operation", record.operation().to_owned()),
        ("method", record.method().to_owned()),
        ("path", record.target().to_owned()),
        ("status", record.status().to_string()),
        ("outcome", outcome(record).to_owned()),
        ("role", record.role().unwrap_or_default().to_owned()),
        ("request_id", record.request_id()),
        ("number", record.number().to_string()),
    ];
    let there = parts.into_iter().filter(|(_, part)| !part.is_empty());
    there
        .map(|(name, part)| (name.to_owned(), part.into()))
        .collect()
}

fn username(record: &AuditRecord) -> &str {
    record.actor().map_or("", |actor| &actor.username)
}

/// The name of the object, where it is of a kind.
fn name_of(record: &AuditRecord, kind: &str) -> String {
    let name = if record.kind() == kind {
        record.name()
    } else {
        ""
    };
    name.to_owned()
}

fn client(kind: ClientKind) -> &'static str {
    match kind {
        ClientKind::Browser => "BROWSER",
        ClientKind::Rctl => "CLI",
        ClientKind::Sdk => "SDK",
        ClientKind::Other => "OTHER",
    }
}

/// The standard verbs, as the last part of an operation's name and as the past tense in an event's type.
const PAST: [(&str, &str); 7] = [
    ("list", "listed"),
    ("get", "read"),
    ("create", "created"),
    ("apply", "applied"),
    ("replace", "updated"),
    ("delete", "deleted"),
    ("publish", "published"),
];

/// The type of an event: the kind of object and what was asked for; empty for what no document has.
fn kind_of_event(record: &AuditRecord) -> String {
    let Some((noun, verb)) = record.operation().rsplit_once('_') else {
        return record.operation().to_owned();
    };
    let is_kind = KINDS.iter().any(|kind| kind.name == record.kind());
    let noun = if is_kind { record.kind() } else { noun };
    let noun = noun.to_lowercase().replace('_', ".");
    let past = PAST.iter().find(|(known, _)| *known == verb);
    format!("{noun}.{}", past.map_or(verb, |(_, past)| past))
}

/// Which events are asked for.
struct Filter<'c> {
    kind_of_event: Option<&'c str>,
    user: Option<&'c str>,
    client: Option<&'c str>,
    from: Option<Timestamp>,
    kind: Option<&'c str>,
    method: Option<&'c str>,
    cluster: Option<&'c str>,
    namespace: Option<&'c str>,
    projects: Vec<String>,
    text: Option<String>,
}

impl<'c> Filter<'c> {
    fn of(call: &'c Call<'_>) -> Result<Self, Refusal> {
        let named = |name: &str| call.query.named(name);
        let from = named(FROM).map(|text| {
            since(text, call.now).ok_or_else(|| {
                let detail = format!(
                    "is {text:?}; it must be a time such as 2026-01-01T00:00:00Z, or so long ago as now-24h"
                );
                Refusal::at(Reason::Invalid, FROM, detail)
            })
        });
        Ok(Self {
            kind_of_event: named("filter.type"),
            user: named("filter.user"),
            client: named("filter.client"),
            from: from.transpose()?,
            kind: named("filter.kind"),
            method: named("filter.method"),
            cluster: named("filter.cluster"),
            namespace: named("filter.namespace"),
            projects: all(call.parts.uri.query().unwrap_or_default(), PROJECTS),
            text: named("filter.queryString").map(str::to_lowercase),
        })
    }

    fn has(&self, record: &AuditRecord) -> bool {
        let is = |wanted: Option<&str>, found: &str| wanted.is_none_or(|wanted| wanted == found);
        let by_name = |wanted: Option<&str>, kind| {
            wanted.is_none_or(|wanted| name_of(record, kind) == wanted)
        };
        let project = record.project();
        self.from.is_none_or(|from| record.time() >= from)
            && is(self.user, username(record))
            && is(self.client, client(record.client()))
            && is(self.kind, record.kind())
            && is(self.method, record.method())
            && (self.projects.is_empty() || self.projects.iter().any(|wanted| wanted == project))
            && by_name(self.cluster, CLUSTER.name)
            && by_name(self.namespace, NAMESPACE.name)
            && self
                .kind_of_event
                .is_none_or(|wanted| kind_of_event(record) == wanted)
            && self
                .text
                .as_deref()
                .is_none_or(|text| mentions(record, text))
    }
}

const FROM: &str = "filter.timefrom";
const PROJECTS: &str = "filter.projects";

/// All values of a query parameter that may stand there several times. That they are text was checked before.
fn all(query: &str, name: &str) -> Vec<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let values = pairs.filter(|(known, _)| *known == name);
    values
        .filter_map(|(_, value)| {
            let spaced = value.replace('+', " ");
            let text = percent_decode(spaced.as_bytes()).decode_utf8().ok()?;
            (!text.is_empty()).then(|| text.into_owned())
        })
        .collect()
}

/// The moment that a text means: a time, or so long before now.
fn since(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let ago = text.strip_prefix("now-").unwrap_or(text);
    let unit = ago.chars().next_back()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let number: u32 = ago[..ago.len() - unit.len_utf8()].parse().ok()?;
    let ago = SignedDuration::from_secs(i64::from(number) * seconds);
    // Longer ago than time goes back is ever since.
    Some(now.checked_sub(ago).unwrap_or(Timestamp::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_full_or_as_so_long_ago() {
        let now: Timestamp = "2026-01-08T12:00:00Z".parse().unwrap();
        for (text, wanted) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("now-30s", "2026-01-08T11:59:30Z"),
            ("now-5m", "2026-01-08T11:55:00Z"),
            ("24h", "2026-01-07T12:00:00Z"),
            ("now-7d", "2026-01-01T12:00:00Z"),
            ("1w", "2026-01-01T12:00:00Z"),
        ] {
            assert_eq!(since(text, now), wanted.parse().ok(), "{text}");
        }
        assert_eq!(since("now-4294967295w", now), Some(Timestamp::MIN));
        for wrong in [
            "",
            "now",
            "now-",
            "h",
            "5",
            "-5m",
            "5y",
            "5é",
            "4294967296s",
        ] {
            assert_eq!(since(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn a_parameter_may_stand_there_several_times() {
        let query = "filter.projects=a&x=1&filter.projects=b%2Fc+d&filter.projects=";
        assert_eq!(all(query, PROJECTS), ["a", "b/c d"]);
        assert!(all("", PROJECTS).is_empty());
    }
}
