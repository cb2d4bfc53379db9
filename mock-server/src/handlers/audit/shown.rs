//! A record as v3 shows it, and as a line of a table.

use serde_json::{Map, Value, json};

use crate::audit::AuditRecord;
use crate::hex;

/// How the call went, in one word.
pub(super) fn outcome(record: &AuditRecord) -> &'static str {
    match record.status() {
        ..400 => "succeeded",
        400..500 => "refused",
        _ => "failed",
    }
}

/// A record as the API shows it.
pub(super) fn shown(record: &AuditRecord) -> Value {
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

/// The columns of the table, which are the fields of a record.
pub(super) const COLUMNS: [&str; 23] = [
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
pub(super) fn cell(value: &Value) -> String {
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
