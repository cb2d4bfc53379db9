//! The controller's clock, the only source of time in the crate. Tests move it; nothing sleeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// A clock. Clones share one time: what moves one moves all.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Runs with the system's clock, or stands still.
    runs: bool,
    /// Milliseconds since 1970 for a clock that stands still, ahead of the system's for one that runs.
    millis: AtomicI64,
}

/// The last moment a clock can show, the year 9999; moving on from there stands still.
const LAST: i64 = 253_402_207_200_000;

impl Clock {
    /// A clock that stands still at a moment until it is moved. Fractions of a millisecond are dropped.
    pub fn frozen_at(moment: Timestamp) -> Self {
        Self(Arc::new(Inner {
            runs: false,
            millis: AtomicI64::new(moment.as_millisecond()),
        }))
    }

    /// A clock that stands still at the present moment, to the second, until it is moved.
    pub fn frozen() -> Self {
        Self::frozen_at(moment(system_millis() / 1000 * 1000))
    }

    /// A clock that runs with the system's, and can be moved ahead of it.
    pub fn system() -> Self {
        Self(Arc::new(Inner {
            runs: true,
            millis: AtomicI64::new(0),
        }))
    }

    /// The present time, to the millisecond.
    pub fn now(&self) -> Timestamp {
        let millis = self.0.millis.load(Ordering::Acquire);
        moment(if self.0.runs {
            millis + system_millis()
        } else {
            millis
        })
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(LAST).min(LAST);
        let moved = |millis: i64| Some(millis.saturating_add(by).min(LAST));
        // The closure always gives a value, so the update cannot fail.
        let _ = self
            .0
            .millis
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, moved);
    }

    /// Sets the clock to a moment, later or earlier.
    pub fn set(&self, to: Timestamp) {
        let base = if self.0.runs { system_millis() } else { 0 };
        self.0
            .millis
            .store(to.as_millisecond() - base, Ordering::Release);
    }

    /// How far the clock's state is from its start, for putting it back.
    pub(crate) fn save(&self) -> i64 {
        self.0.millis.load(Ordering::Acquire)
    }

    /// Puts a saved state back.
    pub(crate) fn restore(&self, saved: i64) {
        self.0.millis.store(saved, Ordering::Release);
    }
}

fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis.min(LAST)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The one place that asks the system for the time.
fn system_millis() -> i64 {
    Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen_at("2026-01-01T00:00:00Z".parse().unwrap());
        clock.clone().advance(Duration::from_hours(1));
        assert_eq!(clock.now().to_string(), "2026-01-01T01:00:00Z");
        clock.set("2025-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(clock.now().to_string(), "2025-01-01T00:00:00Z");
    }

    #[test]
    fn an_enormous_step_ends_at_the_last_moment() {
        let clock = Clock::frozen();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now().to_string().starts_with("9999-12-3"));
    }
}
