//! Reading the audit trail: a page of it, or all of it as a file. Nothing here writes.
//!
//! Who may read the trail of the whole organization sees all of it; who may read that of projects sees what was done
//! in those, and one's own calls.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::audit::AuditRecord;
use crate::generated::roles::Permission;
use crate::hex;
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};
use crate::reply::{Content, Reply, to_bytes};

/// Records in one exported file at the most.
const MOST_EXPORTED: usize = 100_000;
/// A page is so long when the caller does not say.
const PAGE: usize = 100;

/// A page of the records that the caller may see.
pub(crate) fn audit_list(call: &Call<'_>) -> Result<Reply, Refusal> {
    Ok(page(call, &Wanted::of(call, false)?))
}

/// A page of the caller's own records.
pub(crate) fn audit_list_own(call: &Call<'_>) -> Result<Reply, Refusal> {
    Ok(page(call, &Wanted::of(call, true)?))
}

/// The records that the list would show, as a table.
pub(crate) fn audit_export_csv(call: &Call<'_>) -> Result<Reply, Refusal> {
    let mut table = COLUMNS.join(",") + "\r\n";
    export(call, |record| {
        let record = shown(record);
        let cells: Vec<String> = COLUMNS
            .iter()
            .map(|column| cell(&record[*column]))
            .collect();
        table.push_str(&cells.join(","));
        table.push_str("\r\n");
    })?;
    Ok(Reply::new(Content::Text("text/csv", table)))
}

/// The records that the list would show, as one array.
pub(crate) fn audit_export_json(call: &Call<'_>) -> Result<Reply, Refusal> {
    let mut text = vec![b'['];
    export(call, |record| {
        if text.len() > 1 {
            text.push(b',');
        }
        text.extend_from_slice(&to_bytes(&shown(record)));
    })?;
    text.push(b']');
    Ok(Reply::new(Content::Json(text.into())))
}

/// The columns of the table, which are the fields of a record.
const COLUMNS: [&str; 23] = [
    "number",
    "time",
    "organizationID",
    "user",
    "userID",
    "keyID",
    "role",
    "operation",
    "kind",
    "name",
    "project",
    "status",
    "outcome",
    "reason",
    "changes",
    "method",
    "path",
    "version",
    "client",
    "address",
    "userAgent",
    "requestID",
    "hash",
];

/// A value as a cell of a table. What a spreadsheet would take for a formula is made a text.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => String::new(),
        other => other.to_string(),
    };
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if formula { "'" } else { "" };
    if !formula && !text.contains([',', '"', '\n', '\r']) {
        return text;
    }
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

fn export(call: &Call<'_>, mut write: impl FnMut(&AuditRecord)) -> Result<(), Refusal> {
    let wanted = Wanted::of(call, false)?;
    let mut number = 0;
    walk(call, wanted.before, |record| {
        if wanted.has(call, record) {
            write(record);
            number += 1;
        }
        number < MOST_EXPORTED
    });
    Ok(())
}

fn page(call: &Call<'_>, wanted: &Wanted<'_>) -> Reply {
    let number = |name: &str, otherwise: usize| {
        let text = call.query.named(name);
        text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let (limit, offset) = (number("limit", PAGE), number("offset", 0));
    let (mut items, mut count) = (Vec::new(), 0);
    walk(call, wanted.before, |record| {
        if wanted.has(call, record) {
            if count >= offset && items.len() < limit {
                items.push(shown(record));
            }
            count += 1;
        }
        true
    });
    Reply::json(&json!({
        "items": items,
        "metadata": {"count": count, "limit": limit, "offset": offset},
    }))
}

/// Shows the records of the caller's organization, newest first, until it has been enough: those in memory, and behind
/// them those that are on disk alone.
fn walk(call: &Call<'_>, below: Option<u64>, mut show: impl FnMut(&AuditRecord) -> bool) {
    let store = call.controller.store();
    // What was answered so far is on record, though not yet in the chain.
    store.chain_noted();
    let state = store.keep();
    let organization = &call.caller.organization().id;
    let below = below.unwrap_or(u64::MAX);
    let mut oldest = below.min(state.audit.head(organization).number + 1);
    for record in state.audit.of(organization).rev() {
        if record.number() < below {
            oldest = record.number();
            if !show(record) {
                return;
            }
        }
    }
    if let Some(archive) = call.controller.archive() {
        archive.below(organization, oldest, |record| show(&record));
    }
}

/// Whether the caller may see a record.
fn may_see(call: &Call<'_>, record: &AuditRecord) -> bool {
    let caller = &call.caller;
    let own = record
        .actor()
        .is_some_and(|actor| &*actor.user_id == caller.user_id());
    let project = record.project();
    own || caller.may_everywhere(Permission::AuditRead)
        || (!project.is_empty() && caller.may_in(project, Permission::AuditRead))
}

/// Which records are asked for.
struct Wanted<'c> {
    only_own: bool,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    user: Option<&'c str>,
    kind: Option<&'c str>,
    project: Option<&'c str>,
    client: Option<&'c str>,
    outcome: Option<&'c str>,
    text: Option<String>,
    before: Option<u64>,
}

impl<'c> Wanted<'c> {
    fn of(call: &'c Call<'_>, only_own: bool) -> Result<Self, Refusal> {
        let time = |name: &str| {
            let text = call.query.named(name);
            text.map(|text| text.parse::<Timestamp>().map_err(|_| no_time(name, text)))
                .transpose()
        };
        Ok(Self {
            only_own,
            from: time("from")?,
            to: time("to")?,
            user: call.query.named("user"),
            kind: call.query.named("kind"),
            project: call.query.named("project"),
            client: call.query.named("client"),
            outcome: call.query.named("outcome"),
            text: call.query.named("text").map(str::to_lowercase),
            before: call
                .query
                .named("before")
                .and_then(|text| text.parse().ok()),
        })
    }

    fn has(&self, call: &Call<'_>, record: &AuditRecord) -> bool {
        let actor = record.actor();
        let is = |wanted: Option<&str>, found: &str| wanted.is_none_or(|wanted| wanted == found);
        let own = || actor.is_some_and(|actor| &*actor.user_id == call.caller.user_id());
        self.from.is_none_or(|from| record.time() >= from)
            && self.to.is_none_or(|to| record.time() < to)
            && is(self.user, actor.map_or("", |actor| &*actor.username))
            && is(self.kind, record.kind())
            && is(self.project, record.project())
            && is(self.client, record.client().as_str())
            && is(self.outcome, outcome(record))
            && if self.only_own {
                own()
            } else {
                may_see(call, record)
            }
            && self
                .text
                .as_deref()
                .is_none_or(|text| mentions(record, text))
    }
}

fn no_time(name: &str, text: &str) -> Refusal {
    Refusal::at(
        Reason::Invalid,
        name,
        format!("is {text:?}; it must be a time such as 2026-01-01T00:00:00Z, its + written %2B"),
    )
}

/// Whether a record has a text somewhere that is in small letters.
fn mentions(record: &AuditRecord, text: &str) -> bool {
    let has = |part: &str| part.to_lowercase().contains(text);
    has(record.target())
        || has(record.name())
        || has(record.operation())
        || has(record.kind())
        || has(record.user_agent())
        || has(record.changes_text())
        || record.reason().is_some_and(has)
        || record.actor().is_some_and(|actor| has(&actor.username))
        || has(&record.request_id())
        || record.peer().is_some_and(|peer| has(&peer.to_string()))
}

fn outcome(record: &AuditRecord) -> &'static str {
    match record.status() {
        ..400 => "succeeded",
        400..500 => "refused",
        _ => "failed",
    }
}

/// A record as the API shows it.
fn shown(record: &AuditRecord) -> Value {
    let mut shown = Map::new();
    let mut add = |name: &str, value: Value| {
        let left_out = value.is_null();
        if !left_out {
            shown.insert(name.to_owned(), value);
        }
    };
    let told = |text: &str| Value::from((!text.is_empty()).then_some(text));
    add("number", record.number().into());
    add("time", record.time().to_string().into());
    add("organizationID", record.organization().into());
    if let Some(actor) = record.actor() {
        add("userID", (*actor.user_id).into());
        add("user", (*actor.username).into());
        add("keyID", (*actor.key_id).into());
    }
    add("role", record.role().into());
    add("version", record.version().into());
    add("operation", record.operation().into());
    add("kind", record.kind().into());
    add("name", told(record.name()));
    add("project", told(record.project()));
    add("method", record.method().into());
    add("path", record.target().into());
    add("requestID", record.request_id().into());
    add("address", record.peer().map(|peer| peer.to_string()).into());
    add("client", record.client().as_str().into());
    add("userAgent", told(record.user_agent()));
    add("status", record.status().into());
    add("outcome", outcome(record).into());
    add("reason", record.reason().into());
    let changes = record.changes().into_iter().map(|change| {
        let mut shown = json!({"pointer": change.pointer});
        for (name, value) in [("before", change.before), ("after", change.after)] {
            if let Some(value) = value {
                shown[name] = value.to_string().into();
            }
        }
        shown
    });
    add("changes", changes.collect());
    add("previousHash", hex::text(record.before()).into());
    add("hash", hex::text(record.hash()).into());
    Value::Object(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_is_no_formula() {
        for (value, text) in [
            (json!("plain"), "plain"),
            (json!("a,\"b\""), "\"a,\"\"b\"\"\""),
            (json!("=1+1"), "\"'=1+1\""),
            (json!("@x"), "\"'@x\""),
            (json!(null), ""),
            (json!([]), ""),
            (json!(7), "7"),
            (json!([{"a": 1}]), "\"[{\"\"a\"\":1}]\""),
        ] {
            assert_eq!(cell(&value), text);
        }
    }
}
