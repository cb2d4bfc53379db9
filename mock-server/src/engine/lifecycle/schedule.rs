//! Schedules: objects that a cron expression makes, on the controller's clock and in UTC.

use std::str::FromStr;

use croner::Cron;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::flow::{Run, Start, cancel};
use crate::check::Problem;
use crate::engine::fill::Words;
use crate::engine::write::make;
use crate::secret::short_id;
use crate::store::Transaction;
use crate::table::{Kind, Schedule};
use crate::value;

/// The number under which a schedule waits, beside the flows of the lifecycle.
pub(super) const FLOW: usize = 0xffff;

/// Notes when the schedule of an object is due next; what was noted before is taken back.
pub(crate) fn arm(run: &Run<'_>, transaction: &mut Transaction, object: &Value, now: Timestamp) {
    let Some(schedule) = schedule_of(run.kind) else {
        return;
    };
    cancel(run.state, transaction, run.key, FLOW);
    if let Some(due) = value::text(object, schedule.cron).and_then(|text| after(text, now)) {
        let start = Start {
            flow: FLOW,
            step: 0,
            started: now,
        };
        run.wait(transaction, start, due);
    }
}

/// Makes what the schedule makes, unless it is suspended, and notes the next time.
pub(super) fn fire(run: &Run<'_>, transaction: &mut Transaction, object: &Value, at: Timestamp) {
    let Some(schedule) = schedule_of(run.kind) else {
        return;
    };
    arm(run, transaction, object, at);
    let suspended = schedule
        .unless
        .and_then(|place| value::get(object, place))
        .and_then(Value::as_bool)
        .unwrap_or(false);
    if suspended {
        return;
    }
    let id = short_id();
    let words = Words {
        now: at,
        id: &id,
        caller: run.caller,
        object,
        body: &Value::Null,
        project: run.project,
        organization: &run.organization.name,
    };
    if let Some(made) = words.json(schedule.spawn.body)
        // A run that cannot be made is left out; the next one may be.
        && let Ok(part) = make(run, schedule.spawn.kind, made, at)
    {
        transaction.join(part);
    }
}

/// What is wrong with the cron expression of an object, if anything.
pub(crate) fn cron_problem(kind: &Kind, object: &Value) -> Option<Problem> {
    let place = schedule_of(kind)?.cron;
    let text = value::text(object, place)?;
    let error = Cron::from_str(text).err()?;
    Some(Problem {
        pointer: value::pointer(place),
        detail: format!("is {text:?}, which is no cron expression of five fields: {error}"),
    })
}

fn schedule_of(kind: &Kind) -> Option<&'static Schedule> {
    kind.lifecycle?.schedule.as_ref()
}

/// The next time after one that an expression means.
fn after(text: &str, now: Timestamp) -> Option<Timestamp> {
    let cron = Cron::from_str(text).ok()?;
    let next = cron.find_next_occurrence(&now.to_zoned(TimeZone::UTC), false);
    next.ok().map(|next| next.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_mean_times_in_utc() {
        let now: Timestamp = "2026-03-31T23:59:30Z".parse().unwrap();
        for (text, next) in [
            ("*/5 * * * *", "2026-04-01T00:00:00Z"),
            ("0 2 * * *", "2026-04-01T02:00:00Z"),
            ("30 1 1 1 *", "2027-01-01T01:30:00Z"),
        ] {
            assert_eq!(after(text, now), Some(next.parse().unwrap()), "{text}");
        }
        assert_eq!(after("nonsense", now), None);
        assert_eq!(after("0 0 30 2 *", now), None, "there is no such day");
    }
}
