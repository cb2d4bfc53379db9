//! Throughput: the mock and the bare server take turns under the same load, so that what disturbs the machine
//! disturbs both.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Serialize;

use crate::bare::Canned;
use crate::child::Server;
use crate::figures::{figure, median, megabytes, millis};
use crate::histogram::Histogram;
use crate::load::{Answer, Limits, Measured, ask, drive};
use crate::mock::Seeding;
use crate::process;
use crate::script::Script;
use crate::work::Work;
use crate::{Error, Plan};

/// One kind of request at one number of objects.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) work: Work,
    pub(crate) objects: usize,
    pub(crate) bare: Side,
    pub(crate) mock: Side,
    /// Requests per second of the mock as a part of the bare server's: the median over the rounds.
    pub(crate) ratio: f64,
    /// The same in the best round.
    pub(crate) best: f64,
    /// What the bare server computes for a request as a part of what the mock computes: the same comparison, less
    /// disturbed by whatever else the machine does.
    pub(crate) computing: Option<f64>,
    /// The most that the load generator computed in a round, as a part of the time.
    pub(crate) generator_busy: Option<f64>,
}

/// One server's figures.
#[derive(Debug, Serialize)]
pub(crate) struct Side {
    pub(crate) answers: u64,
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// Time the server computed for a request, its part of the system's work included.
    pub(crate) micros_each: Option<f64>,
}

/// The rows for one number of objects.
#[derive(Debug)]
pub(crate) struct Measurements {
    pub(crate) rows: Vec<Row>,
    /// What the mock with these objects has in memory after the load, in megabytes.
    pub(crate) memory: Option<f64>,
}

/// Measures every kind of request at a number of objects.
pub(crate) async fn measure(plan: &Plan, objects: usize) -> Result<Measurements, Error> {
    let seeding = Seeding {
        threads: plan.threads,
        objects,
        own: plan.connections,
        data_dir: None,
    };
    let mock = Server::of_this_program("serve-mock", &seeding).await?;
    let mut rows = Vec::new();
    for work in Work::ALL {
        eprintln!("{} with {objects} objects ...", work.name());
        rows.push(row(plan, &mock, work, objects, plan.connections).await?);
    }
    let memory = mock.id().and_then(process::resident).map(megabytes);
    Ok(Measurements { rows, memory })
}

/// Measures one kind of request on so many connections.
pub(crate) async fn row(
    plan: &Plan,
    mock: &Server,
    work: Work,
    objects: usize,
    connections: usize,
) -> Result<Row, Error> {
    let scripts = work.scripts(&mock.listening.key, objects, connections);
    let first = scripts.first().cloned();
    let request = first.map(|mut first| first.next().to_vec());
    let request = request.unwrap_or_default();
    let from_mock = ask(mock.listening.address, &request).await?;
    let canned = Canned::of(&from_mock, plan.threads);
    let bare = Server::of_this_program("serve-bare", &canned).await?;
    same(&from_mock, &ask(bare.listening.address, &request).await?)?;

    let mut sides = [Rounds::of(&bare), Rounds::of(mock)];
    for side in &sides {
        drive(side.address, &scripts, plan.limits(plan.warm_up)).await?;
    }
    for _ in 0..plan.rounds {
        for side in &mut sides {
            side.round(&scripts, plan.limits(plan.duration)).await?;
        }
    }
    let [bare, mock] = sides;
    let ratios: Vec<f64> = bare
        .rates
        .iter()
        .zip(&mock.rates)
        .map(|(bare, mock)| mock / bare)
        .collect();
    let busiest = bare.busiest.zip(mock.busiest);
    let (bare, mock) = (bare.side(), mock.side());
    Ok(Row {
        work,
        objects,
        best: ratios.iter().copied().fold(0.0, f64::max),
        ratio: median(ratios).unwrap_or_default(),
        computing: bare
            .micros_each
            .zip(mock.micros_each)
            .map(|(bare, mock)| bare / mock),
        generator_busy: busiest.map(|(bare, mock)| bare.max(mock)),
        bare,
        mock,
    })
}

/// A comparison is fair only between equal answers.
fn same(mock: &Answer, bare: &Answer) -> Result<(), Error> {
    let said = |answer: &Answer| {
        let header = |name| answer.header(name).map(str::to_owned);
        (header("content-type"), header("etag"))
    };
    if said(mock) == said(bare) && mock.body == bare.body {
        return Ok(());
    }
    Err(Error::Unequal(mock.head.clone(), bare.head.clone()))
}

/// What a server did in all rounds.
struct Rounds {
    address: SocketAddr,
    process: Option<u32>,
    rates: Vec<f64>,
    latency: Histogram,
    computed: Option<Duration>,
    busiest: Option<f64>,
}

impl Rounds {
    fn of(server: &Server) -> Self {
        Self {
            address: server.listening.address,
            process: server.id(),
            rates: Vec::new(),
            latency: Histogram::new(),
            computed: Some(Duration::ZERO),
            busiest: Some(0.0),
        }
    }

    async fn round(&mut self, scripts: &[Script], limits: Limits) -> Result<(), Error> {
        let generator = std::process::id();
        let computed = || {
            (
                self.process.and_then(process::computed),
                process::computed(generator),
            )
        };
        let before = computed();
        let Measured { elapsed, latency } = drive(self.address, scripts, limits).await?;
        let after = computed();
        let spent = |before: Option<Duration>, after: Option<Duration>| {
            after
                .zip(before)
                .map(|(after, before)| after.saturating_sub(before))
        };
        let more = spent(before.0, after.0);
        let busy =
            spent(before.1, after.1).map(|spent| spent.as_secs_f64() / elapsed.as_secs_f64());
        self.computed = self.computed.zip(more).map(|(all, more)| all + more);
        self.busiest = self.busiest.zip(busy).map(|(most, busy)| most.max(busy));
        self.rates
            .push(figure(latency.count()) / elapsed.as_secs_f64());
        self.latency.merge(&latency);
        Ok(())
    }

    fn side(self) -> Side {
        let answers = self.latency.count();
        Side {
            answers,
            per_second: median(self.rates).unwrap_or_default(),
            p50_ms: millis(self.latency.percentile(50)),
            p99_ms: millis(self.latency.percentile(99)),
            micros_each: self
                .computed
                .map(|computed| computed.as_secs_f64() * 1e6 / figure(answers.max(1))),
        }
    }
}
