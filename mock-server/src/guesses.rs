//! Slowing down who guesses secrets: wrong ones are counted, by where they come from and by what they are for, and
//! past a limit nothing more is tried for a while.
//!
//! The counts are windows on the controller's clock, kept in memory and bounded. Nobody is kept from a right secret by
//! what comes from other addresses: the limit over all addresses stops only those that were wrong themselves.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// How many wrong secrets are too many.
#[derive(Debug)]
pub(crate) struct Limits {
    /// How long a wrong secret counts, from the first of its window.
    pub(crate) window: SignedDuration,
    /// From one address, for whatever it is.
    pub(crate) address: u32,
    /// From one address, for one thing.
    pub(crate) both: u32,
    /// For one thing, from wherever.
    pub(crate) subject: u32,
    /// Whether an address past its limit is still heard about things it was not wrong about: where nobody can guess
    /// the secret, whoever has it should not suffer from a neighbour's noise.
    pub(crate) hears_others: bool,
}

/// Limits for the secrets of API keys, which nobody guesses: they keep the noise down.
pub(crate) const KEYS: Limits = Limits {
    window: SignedDuration::from_mins(1),
    address: 60,
    both: 10,
    subject: 100,
    hears_others: true,
};

/// Limits for passwords, which people choose.
pub(crate) const PASSWORDS: Limits = Limits {
    window: SignedDuration::from_mins(15),
    address: 30,
    both: 5,
    subject: 50,
    hears_others: false,
};

/// So many counts are remembered, twice.
const MOST: usize = 10_000;

/// What is counted together. What it is for stands there as a hash, so that every count takes the same room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    From(Option<IpAddr>),
    Both(Option<IpAddr>, [u8; 16]),
    Of([u8; 16]),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    since: Timestamp,
    wrong: u32,
}

/// The wrong secrets of late.
#[derive(Debug)]
pub(crate) struct Guesses {
    limits: Limits,
    /// Milliseconds since 1970 until which anything counts at all, so that calls in peaceful times take no lock.
    until: AtomicI64,
    counts: Mutex<Counts>,
}

/// When the present half is full it becomes the former one, which is forgotten: the oldest counts give way.
#[derive(Debug, Default)]
struct Counts {
    present: HashMap<Place, Count>,
    former: HashMap<Place, Count>,
}

impl Guesses {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            until: AtomicI64::new(i64::MIN),
            counts: Mutex::default(),
        }
    }

    /// Whether a secret for a thing may be tried from an address; if not, the seconds until it may.
    pub(crate) fn admit(
        &self,
        address: Option<IpAddr>,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), u64> {
        if self.until.load(Ordering::Acquire) <= now.as_millisecond() {
            return Ok(());
        }
        let [from, both, of] = places(address, subject);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut live = |place| counts.live(place, &self.limits, now);
        let (from, both, of) = (live(from), live(both), live(of));
        let reached = |count: Option<Count>, limit| count.filter(|count| count.wrong >= limit);
        let is_heard = self.limits.hears_others && both.is_none();
        let full = [
            reached(from, self.limits.address).filter(|_| !is_heard),
            reached(both, self.limits.both),
            // Whoever was not wrong yet is heard once, whatever others did.
            reached(of, self.limits.subject).filter(|_| both.is_some()),
        ];
        let last = full.into_iter().flatten().map(|count| count.since).max();
        match last {
            None => Ok(()),
            Some(since) => Err(self.limits.seconds_left(since, now)),
        }
    }

    /// Counts a wrong secret. An address that was heard past its limit gets the seconds it has to wait.
    pub(crate) fn wrong(
        &self,
        address: Option<IpAddr>,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), u64> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let [from, both, of] = places(address, subject);
        let count = counts.add(from, &self.limits, now);
        counts.add(both, &self.limits, now);
        counts.add(of, &self.limits, now);
        let end = self.limits.end(now).as_millisecond();
        self.until.fetch_max(end, Ordering::AcqRel);
        if count.wrong > self.limits.address {
            return Err(self.limits.seconds_left(count.since, now));
        }
        Ok(())
    }

    /// Takes back one wrong secret that was counted before it was tried, and forgets the others for the thing from the
    /// address: whoever is right now may mistype again.
    pub(crate) fn right(&self, address: Option<IpAddr>, subject: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let [from, both, of] = places(address, subject);
        counts.forget(both);
        for place in [from, of] {
            counts.take_back(place);
        }
    }

    /// Takes back one wrong secret that was counted before it was tried, and nothing else: for a thing that several
    /// people share, so that what one of them knows helps nobody against the others.
    pub(crate) fn not_wrong(&self, address: Option<IpAddr>, subject: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for place in places(address, subject) {
            counts.take_back(place);
        }
    }

    /// Forgets everything; for a controller that goes back in time.
    pub(crate) fn clear(&self) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = Counts::default();
        self.until.store(i64::MIN, Ordering::Release);
    }
}

impl Limits {
    fn end(&self, since: Timestamp) -> Timestamp {
        since.checked_add(self.window).unwrap_or(Timestamp::MAX)
    }

    /// How long a window that began then stays open, in whole seconds, at least one.
    fn seconds_left(&self, since: Timestamp, now: Timestamp) -> u64 {
        let left = self.end(since).duration_since(now).as_millis();
        u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1)
    }
}

impl Counts {
    /// The count of a place, if its window is open.
    fn live(&mut self, place: Place, limits: &Limits, now: Timestamp) -> Option<Count> {
        let count = *self
            .present
            .get(&place)
            .or_else(|| self.former.get(&place))?;
        // A clock that was set back opens new windows.
        (count.since <= now && now < limits.end(count.since)).then_some(count)
    }

    fn add(&mut self, place: Place, limits: &Limits, now: Timestamp) -> Count {
        let count = self.live(place, limits, now);
        let next = Count {
            since: count.map_or(now, |count| count.since),
            wrong: count.map_or(1, |count| count.wrong.saturating_add(1)),
        };
        if self.present.len() >= MOST && !self.present.contains_key(&place) {
            self.former = std::mem::take(&mut self.present);
        }
        self.present.insert(place, next);
        next
    }

    fn forget(&mut self, place: Place) {
        self.present.remove(&place);
        self.former.remove(&place);
    }

    fn take_back(&mut self, place: Place) {
        let in_present = self.present.get_mut(&place);
        let count = match in_present {
            Some(count) => Some(count),
            None => self.former.get_mut(&place),
        };
        if let Some(count) = count {
            count.wrong = count.wrong.saturating_sub(1);
        }
    }
}

/// What a wrong secret counts for: its address, its address and subject, its subject.
fn places(address: Option<IpAddr>, subject: &str) -> [Place; 3] {
    let address = address.map(household);
    let mut digest = [0; 16];
    digest.copy_from_slice(&blake3::hash(subject.as_bytes()).as_bytes()[..16]);
    [
        Place::From(address),
        Place::Both(address, digest),
        Place::Of(digest),
    ]
}

/// The addresses that one household has: of IPv6, 2^64 of them.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
            address.to_bits() & !u128::from(u64::MAX),
        )),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEW: Limits = Limits {
        window: SignedDuration::from_secs(10),
        address: 5,
        both: 3,
        subject: 8,
        hears_others: false,
    };

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "it stands where an address may be missing"
    )]
    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    fn later(millis: i64) -> Timestamp {
        now() + SignedDuration::from_millis(millis)
    }

    #[test]
    fn one_address_is_stopped_for_one_thing_until_its_window_ends() {
        let guesses = Guesses::new(FEW);
        for try_ in 0..3 {
            let moment = later(1000 * try_);
            assert_eq!(guesses.admit(address(1), "a", moment), Ok(()));
            let _ = guesses.wrong(address(1), "a", moment);
        }
        assert_eq!(guesses.admit(address(1), "a", later(2000)), Err(8));
        assert_eq!(guesses.admit(address(1), "a", later(9999)), Err(1));
        assert_eq!(guesses.admit(address(1), "a", later(10_000)), Ok(()));
        // Neither others at other addresses nor other things are concerned.
        assert_eq!(guesses.admit(address(2), "a", later(2000)), Ok(()));
        assert_eq!(guesses.admit(address(1), "b", later(2000)), Ok(()));
        assert_eq!(guesses.admit(None, "a", later(2000)), Ok(()));
    }

    #[test]
    fn one_address_is_stopped_whatever_it_guesses() {
        let guesses = Guesses::new(FEW);
        for subject in ["a", "b", "c", "d", "e"] {
            let _ = guesses.wrong(address(1), subject, now());
        }
        assert_eq!(guesses.admit(address(1), "f", now()), Err(10));
        assert_eq!(guesses.admit(address(2), "a", now()), Ok(()));
    }

    #[test]
    fn where_others_are_heard_an_address_past_its_limit_is_refused_only_where_it_is_wrong() {
        let guesses = Guesses::new(Limits {
            hears_others: true,
            ..FEW
        });
        for subject in ["a", "b", "c", "d", "e"] {
            assert_eq!(guesses.wrong(address(1), subject, now()), Ok(()));
        }
        assert_eq!(guesses.admit(address(1), "a", later(1)), Err(10));
        assert_eq!(guesses.admit(address(1), "f", later(1)), Ok(()));
        assert_eq!(guesses.wrong(address(1), "f", later(1000)), Err(9));
        assert_eq!(guesses.admit(address(1), "f", later(1000)), Err(9));
    }

    #[test]
    fn many_addresses_are_stopped_but_nobody_who_was_not_wrong() {
        let guesses = Guesses::new(FEW);
        for last in 0..8 {
            let _ = guesses.wrong(address(last), "a", now());
        }
        assert!(guesses.admit(address(0), "a", now()).is_err());
        assert_eq!(guesses.admit(address(9), "a", now()), Ok(()));
        let _ = guesses.wrong(address(9), "a", now());
        assert!(guesses.admit(address(9), "a", now()).is_err());
        assert_eq!(guesses.admit(address(0), "b", now()), Ok(()));
    }

    #[test]
    fn a_right_secret_forgets_the_wrong_ones_of_its_own() {
        let guesses = Guesses::new(FEW);
        for _ in 0..3 {
            let _ = guesses.wrong(address(1), "a", now());
        }
        guesses.right(address(1), "a");
        assert_eq!(guesses.admit(address(1), "a", now()), Ok(()));
        for _ in 0..3 {
            let _ = guesses.wrong(address(1), "b", now());
        }
        assert!(
            guesses.admit(address(1), "c", now()).is_err(),
            "2 for a, 3 for b"
        );
    }

    #[test]
    fn a_household_of_ipv6_is_one_address() {
        let guesses = Guesses::new(FEW);
        let of = |text: &str| Some(text.parse().unwrap());
        for last in 0..3 {
            let _ = guesses.wrong(of(&format!("2001:db8::{last}")), "a", now());
        }
        assert!(guesses.admit(of("2001:db8::ffff"), "a", now()).is_err());
        assert_eq!(guesses.admit(of("2001:db8:0:1::1"), "a", now()), Ok(()));
        for _ in 0..3 {
            let _ = guesses.wrong(of("::ffff:192.0.2.7"), "a", now());
        }
        assert!(guesses.admit(address(7), "a", now()).is_err());
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nobody_longer() {
        let guesses = Guesses::new(FEW);
        for _ in 0..3 {
            let _ = guesses.wrong(address(1), "a", now());
        }
        assert_eq!(guesses.admit(address(1), "a", later(-60_000)), Ok(()));
        assert!(guesses.admit(address(1), "a", now()).is_err());
        guesses.clear();
        assert_eq!(guesses.admit(address(1), "a", now()), Ok(()));
    }

    #[test]
    fn memory_is_bounded_and_the_latest_are_remembered() {
        let guesses = Guesses::new(FEW);
        for number in 0..30_000_u32 {
            let [_, a, b, c] = number.to_be_bytes();
            let _ = guesses.wrong(
                Some(IpAddr::from([10, a, b, c])),
                &number.to_string(),
                now(),
            );
        }
        for _ in 0..3 {
            let _ = guesses.wrong(address(1), "a", now());
        }
        let counts = guesses.counts.lock().unwrap();
        assert!(counts.present.len() <= MOST && counts.former.len() <= MOST);
        drop(counts);
        assert!(guesses.admit(address(1), "a", now()).is_err());
    }
}
