//! Reading the audit trail: a page of it, or all of it as a file. Nothing here writes.
//!
//! Who may read the trail of the whole organization sees all of it; who may read that of projects sees what was done
//! in those, and one's own calls. The partner reads that of any of its organizations, deleted ones included.

mod events;
mod filter;
mod shown;
mod trail;

use serde_json::{Value, json};

use crate::audit::AuditRecord;
use crate::pipeline::Call;
use crate::refusal::Refusal;
use crate::reply::{Content, Reply, to_bytes};
use crate::table::Page;

pub(crate) use events::audit_events;
use filter::{Wanted, Whose};
use shown::{COLUMNS, cell, shown};
use trail::{Trail, organizations};

/// Records in one exported file at the most.
const MOST_EXPORTED: usize = 100_000;
/// A page is so long when the caller does not say.
const PAGE: usize = 100;

/// A page of the records that the caller may see.
pub(crate) fn audit_list(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wanted = Wanted::of(call, Whose::Visible)?;
    Ok(page(call, &Trail::own(call), &wanted))
}

/// A page of the caller's own records.
pub(crate) fn audit_list_own(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wanted = Wanted::of(call, Whose::Own)?;
    Ok(page(call, &Trail::own(call), &wanted))
}

/// A page of the records of an organization of the partner.
pub(crate) fn audit_list_of(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wanted = Wanted::of(call, Whose::Everybodys)?;
    Ok(page(call, &Trail::named(call)?, &wanted))
}

/// The records that the list would show, as a table.
pub(crate) fn audit_export_csv(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wanted = Wanted::of(call, Whose::Visible)?;
    Ok(csv(call, &Trail::own(call), &wanted))
}

/// The same of an organization of the partner.
pub(crate) fn audit_export_csv_of(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wanted = Wanted::of(call, Whose::Everybodys)?;
    Ok(csv(call, &Trail::named(call)?, &wanted))
}

/// The records that the list would show, as one array.
pub(crate) fn audit_export_json(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wanted = Wanted::of(call, Whose::Visible)?;
    Ok(array(call, &Trail::own(call), &wanted))
}

/// The same of an organization of the partner.
pub(crate) fn audit_export_json_of(call: &Call<'_>) -> Result<Reply, Refusal> {
    let wanted = Wanted::of(call, Whose::Everybodys)?;
    Ok(array(call, &Trail::named(call)?, &wanted))
}

/// The trails that the partner may read, a page of them.
#[expect(clippy::unnecessary_wraps, reason = "it has the form of every handler")]
pub(crate) fn audit_trails(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (limit, offset) = place(call);
    let found = organizations(call);
    let items: Vec<Value> = found.iter().skip(offset).take(limit).cloned().collect();
    Ok(Reply::json(&json!({
        "items": items,
        "metadata": {"count": found.len(), "limit": limit, "offset": offset},
    })))
}

fn csv(call: &Call<'_>, trail: &Trail, wanted: &Wanted<'_>) -> Reply {
    let mut table = COLUMNS.join(",") + "\r\n";
    export(call, trail, wanted, |record| {
        let record = shown(record);
        let cells: Vec<String> = COLUMNS
            .iter()
            .map(|column| cell(&record[*column]))
            .collect();
        table.push_str(&cells.join(","));
        table.push_str("\r\n");
    });
    Reply::new(Content::Text("text/csv", table))
}

fn array(call: &Call<'_>, trail: &Trail, wanted: &Wanted<'_>) -> Reply {
    let mut text = vec![b'['];
    export(call, trail, wanted, |record| {
        if text.len() > 1 {
            text.push(b',');
        }
        text.extend_from_slice(&to_bytes(&shown(record)));
    });
    text.push(b']');
    Reply::new(Content::Json(text.into()))
}

fn export(
    call: &Call<'_>,
    trail: &Trail,
    wanted: &Wanted<'_>,
    mut write: impl FnMut(&AuditRecord),
) {
    let mut number = 0;
    trail.walk(call, wanted.before, |record| {
        if wanted.has(call, record) {
            write(record);
            number += 1;
        }
        number < MOST_EXPORTED
    });
}

fn page(call: &Call<'_>, trail: &Trail, wanted: &Wanted<'_>) -> Reply {
    let (limit, offset) = place(call);
    let (mut items, mut count) = (Vec::new(), 0);
    trail.walk(call, wanted.before, |record| {
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

/// How long a page is, and where it begins.
fn place(call: &Call<'_>) -> (usize, usize) {
    let limit = call.query.number(Page::Limit).unwrap_or(PAGE);
    (limit, call.query.number(Page::Offset).unwrap_or(0))
}
