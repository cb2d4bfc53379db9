//! The command line, and the plan it makes.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::load::Limits;

/// Measures the mock server against a bare axum server that gives the same answers.
#[derive(Debug, Parser)]
#[command(name = "bench")]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) server: Option<Server>,

    /// Turns that each server gets for each kind of request [default: 5].
    #[arg(long)]
    rounds: Option<usize>,

    /// Seconds of load in each turn [default: 1].
    #[arg(long, value_parser = seconds)]
    seconds: Option<Duration>,

    /// Connections with a request on its way each.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(3..=1000))]
    connections: u16,

    /// Numbers of stored objects [default: 10,1000,100000].
    #[arg(long, value_delimiter = ',', value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    objects: Vec<u32>,

    /// Threads of each server, and of the load generator [default: half of the machine's].
    #[arg(long)]
    threads: Option<usize>,

    /// Whether to look at the memory after 1,000,000 requests [default: unless --quick].
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    million: Option<bool>,

    /// A few seconds in all, to see that everything works; the figures mean little.
    #[arg(long)]
    quick: bool,

    /// Measures the apply that is on disk before it is answered, and nothing else.
    #[arg(long)]
    durable_only: bool,

    /// Fails when a budget is missed.
    #[arg(long)]
    pub(crate) strict: bool,

    /// File for the same figures as JSON.
    #[arg(long, default_value = "target/bench.json", value_name = "PATH")]
    pub(crate) json: PathBuf,
}

/// The servers that the benchmark starts as processes of their own.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Server {
    /// The yardstick.
    #[command(hide = true)]
    ServeBare,
    /// The mock with objects in it.
    #[command(hide = true)]
    ServeMock,
}

/// What is measured, and for how long.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) objects: Vec<usize>,
    pub(crate) connections: usize,
    pub(crate) threads: usize,
    pub(crate) rounds: usize,
    pub(crate) duration: Duration,
    pub(crate) warm_up: Duration,
    pub(crate) starts: usize,
    pub(crate) binary_starts: usize,
    /// Requests before the memory under load is read.
    pub(crate) requests: u64,
    /// Requests before it is read again.
    pub(crate) requests_in_all: Option<u64>,
    pub(crate) durable_only: bool,
}

impl Options {
    pub(crate) fn plan(&self) -> Plan {
        let quick = self.quick;
        let pick = |quickly, usually| if quick { quickly } else { usually };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let default_objects = if quick {
            vec![10, 1000]
        } else {
            vec![10, 1000, 100_000]
        };
        let default_duration = Duration::from_millis(if quick { 200 } else { 1000 });
        Plan {
            objects: if self.objects.is_empty() {
                default_objects
            } else {
                self.objects.iter().map(|number| *number as usize).collect()
            },
            connections: self.connections.into(),
            threads: self.threads.unwrap_or(cores / 2).max(1),
            rounds: self.rounds.unwrap_or(pick(1, 5)).max(1),
            duration: self.seconds.unwrap_or(default_duration),
            warm_up: default_duration / 4,
            starts: pick(5, 20),
            binary_starts: pick(3, 10),
            requests: if quick { 10_000 } else { 100_000 },
            requests_in_all: self.million.unwrap_or(!quick).then_some(1_000_000),
            durable_only: self.durable_only,
        }
    }
}

impl Plan {
    /// A load for a time, bounded in count as well.
    pub(crate) fn limits(&self, duration: Duration) -> Limits {
        const MOST: u64 = 50_000_000;
        Limits {
            duration,
            each: MOST / self.connections.max(1) as u64,
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.05..=600.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "expected a number of seconds from 0.05 to 600".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Options::command().debug_assert();
    }

    #[test]
    fn a_million_requests_are_the_rule_and_not_for_a_quick_run() {
        let all = |flags: &[&str]| {
            let flags = std::iter::once("bench").chain(flags.iter().copied());
            Options::parse_from(flags).plan().requests_in_all.is_some()
        };
        assert!(all(&[]));
        assert!(!all(&["--million=false"]));
        assert!(!all(&["--quick"]));
        assert!(all(&["--quick", "--million"]));
    }
}
