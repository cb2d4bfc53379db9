//! When a request is sent again, and after how long.
//!
//! A request that cannot do harm twice (a read, a delete, a write by name) is sent again after a
//! broken connection and after 429, 502, 503 and 504. Any other one only when the controller
//! certainly did not act on it: no connection came about, or it answered 429.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

/// How failed requests are tried again.
///
/// ```
/// use std::time::Duration;
/// let patient = rafay_sdk::Retry::new(8).with_pauses(Duration::from_secs(1), Duration::from_secs(60));
/// let never = rafay_sdk::Retry::off();
/// # let _ = (patient, never);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    retries: u32,
    first: Duration,
    longest: Duration,
}

/// What became of one try.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    Answer {
        status: u16,
        retry_after: Option<u64>,
    },
    /// No connection came about.
    NotSent,
    /// The connection broke, or took too long, somewhere on the way.
    Broken,
    Final,
}

impl Retry {
    /// At most `retries` tries after the first one, with the default pauses: a fifth of a second,
    /// doubling up to ten seconds.
    pub fn new(retries: u32) -> Self {
        Self {
            retries,
            first: Duration::from_millis(200),
            longest: Duration::from_secs(10),
        }
    }

    /// Every request is sent once.
    pub fn off() -> Self {
        Self::new(0)
    }

    /// The first pause, which doubles with each try, and the longest one. A controller that asks
    /// (by `Retry-After`, in seconds) for a longer pause than that is not tried again.
    #[must_use]
    pub fn with_pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// How long to wait before the next try; none if there is to be none.
    pub(super) fn pause(
        &self,
        outcome: &Outcome,
        repeatable: bool,
        failed: u32,
    ) -> Option<Duration> {
        if failed >= self.retries {
            return None;
        }
        let asked = match outcome {
            Outcome::Answer {
                status: 429,
                retry_after,
            } => *retry_after,
            Outcome::Answer {
                status: 502..=504,
                retry_after,
            } if repeatable => *retry_after,
            Outcome::NotSent => None,
            Outcome::Broken if repeatable => None,
            Outcome::Answer { .. } | Outcome::Broken | Outcome::Final => return None,
        };
        if let Some(seconds) = asked {
            let asked = Duration::from_secs(seconds);
            return (asked <= self.longest).then_some(asked);
        }
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(failed));
        // Clients that failed together should not come back together.
        let share = RandomState::new().hash_one(failed) % 50;
        let percent = 100 - u32::try_from(share).unwrap_or_default();
        Some(doubled.min(self.longest) * percent / 100)
    }
}

impl Default for Retry {
    /// Three tries after the first one.
    fn default() -> Self {
        Self::new(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<u64>) -> Outcome {
        Outcome::Answer {
            status,
            retry_after,
        }
    }

    #[test]
    fn only_what_may_be_repeated_is_repeated() {
        let retry = Retry::new(1);
        for (outcome, repeatable, other) in [
            (answer(429, None), true, true),
            (answer(502, None), true, false),
            (answer(503, None), true, false),
            (answer(504, None), true, false),
            (answer(500, None), false, false),
            (answer(501, None), false, false),
            (answer(404, None), false, false),
            (answer(200, None), false, false),
            (Outcome::NotSent, true, true),
            (Outcome::Broken, true, false),
            (Outcome::Final, false, false),
        ] {
            assert_eq!(
                retry.pause(&outcome, true, 0).is_some(),
                repeatable,
                "{outcome:?}"
            );
            assert_eq!(
                retry.pause(&outcome, false, 0).is_some(),
                other,
                "{outcome:?}"
            );
            assert_eq!(retry.pause(&outcome, true, 1), None);
            assert_eq!(Retry::off().pause(&outcome, true, 0), None);
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_bend_to_the_controller() {
        let retry = Retry::new(99).with_pauses(Duration::from_secs(1), Duration::from_secs(6));
        for (failed, most) in [(0, 1), (1, 2), (2, 4), (3, 6), (98, 6)] {
            let pause = retry.pause(&Outcome::Broken, true, failed).unwrap();
            let most = Duration::from_secs(most);
            assert!(pause <= most && pause >= most / 2, "{failed}: {pause:?}");
        }
        assert_eq!(
            retry.pause(&answer(503, Some(6)), true, 0),
            Some(Duration::from_secs(6))
        );
        assert_eq!(retry.pause(&answer(503, Some(7)), true, 0), None);
    }
}
