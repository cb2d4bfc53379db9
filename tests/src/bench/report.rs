//! What a run found, as a table to read and as JSON.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use crate::durable::Durable;
use crate::memory::{Memory, Reading};
use crate::options::Plan;
use crate::rows::{Measurements, Row, Side};
use crate::start::Starts;
use crate::verdict::{Verdict, verdicts};

/// Everything a run found.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) plan: Plan,
    pub(crate) measured: Vec<Measurements>,
    pub(crate) durable: Vec<Durable>,
    /// None where nothing else was to be measured.
    pub(crate) starts: Option<Starts>,
    pub(crate) memory: Option<Memory>,
}

impl Report {
    pub(crate) fn verdicts(&self) -> Vec<Verdict> {
        verdicts(
            &self.measured,
            &self.durable,
            self.starts.as_ref(),
            self.memory.as_ref(),
        )
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.measured.iter().flat_map(|measured| &measured.rows)
    }

    /// The most that the load generator was busy in any round.
    fn generator_busy(&self) -> Option<f64> {
        self.rows()
            .filter_map(|row| row.generator_busy)
            .reduce(f64::max)
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "optimised": !cfg!(debug_assertions),
            "connections": self.plan.connections,
            "server_threads": self.plan.threads,
            "rounds": self.plan.rounds,
            "seconds": self.plan.duration.as_secs_f64(),
            "rows": self.rows().collect::<Vec<_>>(),
            "durable_apply": self.durable,
            "starts_ms": self.starts,
            "memory_mb": self.memory,
            "loaded_memory_mb": self.measured.iter().zip(&self.plan.objects)
                .map(|(measured, objects)| json!({"objects": objects, "megabytes": measured.memory}))
                .collect::<Vec<_>>(),
            "budgets": self.verdicts().iter().map(judged).collect::<Vec<_>>(),
        })
    }
}

fn judged(verdict: &Verdict) -> Value {
    #[derive(Serialize)]
    struct Judged<'v> {
        #[serde(flatten)]
        verdict: &'v Verdict,
        met: Option<bool>,
    }
    json!(Judged {
        verdict,
        met: verdict.met(),
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = &self.plan;
        if cfg!(debug_assertions) {
            writeln!(
                f,
                "Built without optimisations: the figures mean nothing. Use `cargo xtask bench`."
            )?;
        }
        writeln!(
            f,
            "{} connections, {} thread(s) for each server and the generator, {} round(s) of {:.1} s in turns",
            plan.connections,
            plan.threads,
            plan.rounds,
            plan.duration.as_secs_f64(),
        )?;
        if let Some(busy) = self.generator_busy() {
            writeln!(
                f,
                "the generator computed up to {:.0} % of the time in a round",
                busy * 100.0
            )?;
        }
        writeln!(f)?;
        header(f)?;
        for row in self.rows() {
            line(f, row.work.name(), row)?;
        }
        for Durable { clients, row } in &self.durable {
            line(f, &format!("durable apply, {clients} at once"), row)?;
        }
        writeln!(f)?;
        self.rest(f)?;
        writeln!(f)?;
        for verdict in self.verdicts() {
            writeln!(f, "{verdict}")?;
        }
        Ok(())
    }
}

impl Report {
    fn rest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(starts), Some(memory)) = (&self.starts, &self.memory) else {
            return Ok(());
        };
        writeln!(
            f,
            "start: in process {:.2} ms (the first {:.2} ms), binary to first answer {:.1} ms",
            starts.in_process, starts.in_process_first, starts.binary
        )?;
        write!(f, "memory of the binary: idle {}", megabytes(memory.idle))?;
        for Reading {
            requests,
            megabytes: reading,
        } in std::iter::once(&memory.after_load).chain(&memory.after_all)
        {
            write!(f, ", after {requests} requests {}", megabytes(*reading))?;
        }
        writeln!(f)?;
        write!(f, "memory of the mock in process after its load:")?;
        for (measured, objects) in self.measured.iter().zip(&self.plan.objects) {
            write!(f, " {objects} objects {};", megabytes(measured.memory))?;
        }
        writeln!(f)
    }
}

fn header(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let side = |name| {
        format!(
            "{:>9} {:>7} {:>7} {:>6}",
            format!("{name}/s"),
            "p50 ms",
            "p99 ms",
            "us"
        )
    };
    writeln!(
        f,
        "{:<26} {:>7} |{} |{} | {:>5} {:>5} {:>5}",
        "",
        "objects",
        side("bare"),
        side("mock"),
        "ratio",
        "best",
        "cpu"
    )
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, row: &Row) -> fmt::Result {
    writeln!(
        f,
        "{:<26} {:>7} |{} |{} | {:>5.2} {:>5.2} {:>5}",
        name,
        row.objects,
        side(&row.bare),
        side(&row.mock),
        row.ratio,
        row.best,
        row.computing
            .map_or_else(|| "n/a".to_owned(), |part| format!("{part:.2}"))
    )
}

fn side(side: &Side) -> String {
    let micros = side
        .micros_each
        .map_or_else(|| "n/a".to_owned(), |micros| format!("{micros:.1}"));
    format!(
        "{:>9.0} {:>7.2} {:>7.2} {micros:>6}",
        side.per_second, side.p50_ms, side.p99_ms
    )
}

fn megabytes(figure: Option<f64>) -> String {
    figure.map_or_else(|| "n/a".to_owned(), |figure| format!("{figure:.1} MB"))
}
