//! Which records a call asks for.

use jiff::Timestamp;

use super::shown::outcome;
use crate::audit::AuditRecord;
use crate::generated::roles::Permission;
use crate::pipeline::Call;
use crate::refusal::{Reason, Refusal};

/// Whose records are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The caller's own.
    Own,
    /// All that the caller may see in its organization.
    Visible,
    /// All there are, for a caller who may read the whole trail.
    Everybodys,
}

/// Which records are asked for.
pub(super) struct Wanted<'c> {
    whose: Whose,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    user: Option<&'c str>,
    kind: Option<&'c str>,
    project: Option<&'c str>,
    client: Option<&'c str>,
    outcome: Option<&'c str>,
    text: Option<String>,
    pub(super) before: Option<u64>,
}

impl<'c> Wanted<'c> {
    pub(super) fn of(call: &'c Call<'_>, whose: Whose) -> Result<Self, Refusal> {
        let time = |name: &str| {
            let text = call.query.named(name);
            text.map(|text| text.parse::<Timestamp>().map_err(|_| no_time(name, text)))
                .transpose()
        };
        Ok(Self {
            whose,
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

    pub(super) fn has(&self, call: &Call<'_>, record: &AuditRecord) -> bool {
        let actor = record.actor();
        let is = |wanted: Option<&str>, found: &str| wanted.is_none_or(|wanted| wanted == found);
        self.from.is_none_or(|from| record.time() >= from)
            && self.to.is_none_or(|to| record.time() < to)
            && is(self.user, actor.map_or("", |actor| &*actor.username))
            && is(self.kind, record.kind())
            && is(self.project, record.project())
            && is(self.client, record.client().as_str())
            && is(self.outcome, outcome(record))
            && self.whose.has(call, record)
            && self
                .text
                .as_deref()
                .is_none_or(|text| mentions(record, text))
    }
}

impl Whose {
    fn has(self, call: &Call<'_>, record: &AuditRecord) -> bool {
        match self {
            Whose::Own => is_own(call, record),
            Whose::Visible => may_see(call, record),
            Whose::Everybodys => true,
        }
    }
}

/// Whether the caller made the call.
fn is_own(call: &Call<'_>, record: &AuditRecord) -> bool {
    let actor = record.actor();
    actor.is_some_and(|actor| &*actor.user_id == call.caller.user_id())
}

/// Whether the caller may see a record of its organization.
pub(super) fn may_see(call: &Call<'_>, record: &AuditRecord) -> bool {
    let caller = &call.caller;
    let project = record.project();
    is_own(call, record)
        || caller.may_everywhere(Permission::AuditRead)
        || (!project.is_empty() && caller.may_in(project, Permission::AuditRead))
}

fn no_time(name: &str, text: &str) -> Refusal {
    Refusal::at(
        Reason::Invalid,
        name,
        format!("is {text:?}; it must be a time such as 2026-01-01T00:00:00Z, its + written %2B"),
    )
}

/// Whether a record has a text somewhere that is in small letters.
pub(super) fn mentions(record: &AuditRecord, text: &str) -> bool {
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
