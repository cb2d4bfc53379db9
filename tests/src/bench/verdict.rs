//! The budgets, and whether a run kept them.

use std::fmt;

use serde::Serialize;

use crate::durable::{self, Durable};
use crate::memory::Memory;
use crate::rows::{Measurements, Row};
use crate::start::Starts;
use crate::work::Work;

const IN_PROCESS_START_MS: f64 = 2.0;
const BINARY_START_MS: f64 = 25.0;
const IDLE_MB: f64 = 15.0;
const AFTER_ALL_MB: f64 = 60.0;
const GROWTH: f64 = 1.5;

/// One budget against what was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Verdict {
    pub(crate) what: String,
    /// None where this run or this system has no figure.
    pub(crate) measured: Option<f64>,
    pub(crate) budget: f64,
    /// Whether the budget is a floor; otherwise it is a ceiling.
    pub(crate) at_least: bool,
    pub(crate) unit: &'static str,
}

impl Verdict {
    fn at_least(what: String, measured: f64, budget: f64) -> Self {
        Self {
            what,
            measured: Some(measured),
            budget,
            at_least: true,
            unit: "",
        }
    }

    fn at_most(what: &str, measured: Option<f64>, budget: f64, unit: &'static str) -> Self {
        Self {
            what: what.to_owned(),
            measured,
            budget,
            at_least: false,
            unit,
        }
    }

    /// Whether the budget was kept; none without a figure.
    pub(crate) fn met(&self) -> Option<bool> {
        let measured = self.measured?;
        Some(if self.at_least {
            measured >= self.budget
        } else {
            measured <= self.budget
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.met() {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "n/a",
        };
        let sign = if self.at_least { ">=" } else { "<=" };
        let (what, budget, unit) = (&self.what, self.budget, self.unit);
        match self.measured {
            Some(measured) => write!(
                f,
                "{what:<58} {measured:>8.2} {sign} {budget:<5.2} {unit:<3} {verdict}"
            ),
            None => write!(
                f,
                "{what:<58} {:>8} {sign} {budget:<5.2} {unit:<3} {verdict}",
                "-"
            ),
        }
    }
}

/// All budgets, in the order of the design.
pub(crate) fn verdicts(
    measured: &[Measurements],
    durable: &[Durable],
    starts: Option<&Starts>,
    memory: Option<&Memory>,
) -> Vec<Verdict> {
    let rows = || measured.iter().flat_map(|measured| &measured.rows);
    let mut verdicts: Vec<Verdict> = rows()
        .map(|row| {
            let what = format!("{}, {} objects: part of bare", row.work.name(), row.objects);
            Verdict::at_least(what, row.ratio, row.work.budget())
        })
        .collect();
    // A client alone waits for the disk, whatever the server does.
    if let Some(Durable { clients, row }) = durable.last() {
        let what = format!("durable apply, {clients} clients: part of bare");
        verdicts.push(Verdict::at_least(what, row.ratio, durable::BUDGET));
    }
    if let Some(starts) = starts {
        let (started, answered) = (Some(starts.in_process), Some(starts.binary));
        let binary = "binary's start to first answer";
        verdicts.extend([
            Verdict::at_most("in-process start", started, IN_PROCESS_START_MS, "ms"),
            Verdict::at_most(binary, answered, BINARY_START_MS, "ms"),
        ]);
    }
    if let Some(memory) = memory {
        let all = memory.after_all.as_ref();
        let all = all.and_then(|reading| reading.megabytes);
        verdicts.extend([
            Verdict::at_most("memory idle", memory.idle, IDLE_MB, "MB"),
            Verdict::at_most("memory after 1,000,000 requests", all, AFTER_ALL_MB, "MB"),
        ]);
    }
    for work in Work::ALL {
        let mut of_work: Vec<&Row> = rows().filter(|row| row.work == work).collect();
        of_work.sort_by_key(|row| row.objects);
        if let [fewest, .., most] = of_work.as_slice() {
            let what = format!(
                "{}: cost at {} objects to {}",
                work.name(),
                most.objects,
                fewest.objects
            );
            verdicts.push(Verdict::at_most(
                &what,
                Some(growth(fewest, most)),
                GROWTH,
                "",
            ));
        }
    }
    verdicts
}

/// How much more a request costs with the most objects than with the fewest. The bare server, which has none, tells
/// how fast the machine was at either time.
fn growth(fewest: &Row, most: &Row) -> f64 {
    fewest.ratio / most.ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_and_ceilings() {
        assert_eq!(Verdict::at_least(String::new(), 0.8, 0.8).met(), Some(true));
        assert_eq!(
            Verdict::at_least(String::new(), 0.79, 0.8).met(),
            Some(false)
        );
        let ceiling = |measured| Verdict::at_most("memory", measured, 15.0, "MB");
        assert_eq!(ceiling(Some(15.1)).met(), Some(false));
        assert_eq!(ceiling(None).met(), None);
        assert!(ceiling(Some(15.1)).to_string().ends_with("MISSED"));
    }
}
