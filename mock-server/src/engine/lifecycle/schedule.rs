//! Schedules: objects that a cron expression makes, on the controller's clock and in UTC.

use std::str::FromStr;

use croner::Cron;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::flow::{Run, Start, cancel};
use crate::check::Problem;
use crate::engine::fill::Words;
use crate::engine::prepare::make;
use crate::secret::short_id;
use crate::store::Transaction;
use crate::table::{Kind, Schedule};
use crate::value;

/// The number under which a schedule waits, beside the flows of the lifecycle.
pub(super) const FLOW: usize = 0xffff;

/// Times that a schedule makes up for at the most when the clock has jumped over many: the latest ones. For those before
/// them nothing is made.
const MOST_MISSED: usize = 1_000;

/// Notes when the schedule of an object is due next; what was noted before is taken back.
pub(crate) fn arm(run: &Run<'_>, transaction: &mut Transaction, object: &Value, now: Timestamp) {
    let due = expression(run.kind, object).and_then(|cron| following(&cron, now));
    wait_until(run, transaction, due, now);
}

fn wait_until(
    run: &Run<'_>,
    transaction: &mut Transaction,
    due: Option<Timestamp>,
    now: Timestamp,
) {
    cancel(run.state, transaction, run.key, FLOW);
    if let Some(due) = due {
        let start = Start {
            flow: FLOW,
            step: 0,
            started: now,
        };
        run.wait(transaction, start, due);
    }
}

/// Makes what the schedule makes at a time that has come, unless it is suspended, and notes the next time. `armed` is
/// when that was noted: by now already, where the schedule is making up for times that were missed.
pub(super) fn fire(
    run: &Run<'_>,
    transaction: &mut Transaction,
    object: &Value,
    (armed, at, now): (Timestamp, Timestamp, Timestamp),
) {
    let (Some(schedule), Some(cron)) = (schedule_of(run.kind), expression(run.kind, object)) else {
        return;
    };
    if armed < now
        && let Some(first) = first_that_counts(&cron, at, now)
        && first > at
    {
        wait_until(run, transaction, Some(first), now);
        return;
    }
    wait_until(run, transaction, following(&cron, at), now);
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
        organization: run.organization,
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

fn expression(kind: &Kind, object: &Value) -> Option<Cron> {
    let text = value::text(object, schedule_of(kind)?.cron)?;
    Cron::from_str(text).ok()
}

/// The next time after one that an expression means.
fn following(cron: &Cron, time: Timestamp) -> Option<Timestamp> {
    let next = cron.find_next_occurrence(&time.to_zoned(TimeZone::UTC), false);
    next.ok().map(|next| next.timestamp())
}

/// Of the times from one on, the first that is among the last few before now; none where there are not so many.
fn first_that_counts(cron: &Cron, from: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let mut time = now;
    for index in 0..MOST_MISSED {
        let earlier = cron.find_previous_occurrence(&time.to_zoned(TimeZone::UTC), index == 0);
        time = earlier.ok()?.timestamp();
        if time <= from {
            return None;
        }
    }
    Some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_mean_times_in_utc() {
        let now: Timestamp = "2026-03-31T23:59:30Z".parse().unwrap();
        let after = |text: &str| following(&Cron::from_str(text).unwrap(), now);
        for (text, next) in [
            ("*/5 * * * *", "2026-04-01T00:00:00Z"),
            ("0 2 * * *", "2026-04-01T02:00:00Z"),
            ("30 1 1 1 *", "2027-01-01T01:30:00Z"),
        ] {
            assert_eq!(after(text), Some(next.parse().unwrap()), "{text}");
        }
        assert_eq!(after("0 0 30 2 *"), None, "there is no such day");
    }

    #[test]
    fn of_many_missed_times_the_latest_count() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let from = time("2026-01-01T00:01:00Z");
        let minutes = Cron::from_str("* * * * *").unwrap();
        for (now, first) in [
            // A thousand are made up for; of one more, the latest thousand.
            ("2026-01-01T16:40:59Z", None),
            ("2026-01-01T16:41:00Z", Some("2026-01-01T00:02:00Z")),
            ("2026-12-31T12:00:30Z", Some("2026-12-30T19:21:00Z")),
        ] {
            let found = first_that_counts(&minutes, from, time(now));
            assert_eq!(found, first.map(time), "{now}");
        }
        let days = Cron::from_str("0 0 * * *").unwrap();
        let year = first_that_counts(&days, from, time("2026-12-31T12:00:00Z"));
        assert_eq!(year, None, "a year of days is made up for whole");
    }
}
