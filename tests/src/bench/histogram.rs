//! Latencies in little room: counts per bucket, the buckets growing with the value, so that a quantile is right to
//! three per cent from nanoseconds to hours and recording costs an addition.

use std::time::Duration;

/// Buckets per doubling, as a power of two.
const BITS: u32 = 5;
const STEPS: usize = 1 << BITS;
/// Enough for every number of nanoseconds that fits 64 bits.
const BUCKETS: usize = (64 - BITS as usize + 1) * STEPS;

/// How often each latency was seen.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    buckets: Vec<u64>,
    count: u64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            buckets: vec![0; BUCKETS],
            count: 0,
        }
    }

    /// Takes one latency in.
    pub(crate) fn record(&mut self, latency: Duration) {
        let nanos = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        self.buckets[bucket(nanos)] += 1;
        self.count += 1;
    }

    /// Takes in everything another one has seen.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (own, more) in self.buckets.iter_mut().zip(&other.buckets) {
            *own += more;
        }
        self.count += other.count;
    }

    /// How many latencies it has seen.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The latency that so many of a hundred do not exceed; nothing was seen gives zero.
    pub(crate) fn percentile(&self, percent: u64) -> Duration {
        let wanted = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let found = self.buckets.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        Duration::from_nanos(found.map_or(0, least_of))
    }
}

/// The bucket of a value: the place of its highest bit, then the next few bits.
fn bucket(value: u64) -> usize {
    let doubling = (u64::BITS - value.leading_zeros()).saturating_sub(BITS + 1);
    // Below two to the sixth after the shift, so it fits.
    let step = usize::try_from(value >> doubling).unwrap_or(0);
    doubling as usize * STEPS + step
}

/// The least value of a bucket.
fn least_of(bucket: usize) -> u64 {
    let doubling = (bucket / STEPS).saturating_sub(1);
    ((bucket - doubling * STEPS) as u64) << doubling
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_bucket_that_starts_close_below_it() {
        for value in [0, 1, 31, 32, 63, 64, 1000, 123_456_789, u64::MAX] {
            let least = least_of(bucket(value));
            assert!(
                least <= value && value - least <= value / 32,
                "{value} {least}"
            );
        }
    }

    #[test]
    fn percentiles_count_from_below_and_survive_a_merge() {
        let mut low = Histogram::new();
        let mut high = Histogram::new();
        for micros in 1..=50 {
            low.record(Duration::from_micros(micros));
            high.record(Duration::from_micros(50 + micros));
        }
        low.merge(&high);
        assert_eq!(low.count(), 100);
        let near = |percent, micros: u128| {
            let nanos = low.percentile(percent).as_nanos();
            assert!(
                (micros * 960..=micros * 1000).contains(&nanos),
                "{percent}: {nanos}"
            );
        };
        near(50, 50);
        near(99, 99);
        near(100, 100);
        assert_eq!(Histogram::new().percentile(99), Duration::ZERO);
    }
}
