//! What the server's binary has in memory: idle, under load, and after a number of requests that shows whether it
//! grows with what it has seen.

use std::time::Duration;

use serde::Serialize;

use crate::figures::megabytes;
use crate::load::{Limits, ask, drive};
use crate::process;
use crate::script;
use crate::start::Binary;
use crate::work::Work;
use crate::{Error, Plan};

/// Objects to be read; the rest are the connections' own.
const OBJECTS: usize = 10;
/// A load longer than this is a failure of its own.
const LONGEST: Duration = Duration::from_mins(5);

/// Megabytes, with the number of requests before; none where the system does not tell.
#[derive(Debug, Serialize)]
pub(crate) struct Memory {
    pub(crate) idle: Option<f64>,
    pub(crate) after_load: Reading,
    pub(crate) after_all: Option<Reading>,
}

/// The memory after so many requests.
#[derive(Debug, Serialize)]
pub(crate) struct Reading {
    pub(crate) requests: u64,
    pub(crate) megabytes: Option<f64>,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Memory, Error> {
    eprintln!(
        "memory, {} requests ...",
        plan.requests_in_all.unwrap_or(plan.requests)
    );
    let server = Binary::start().await?;
    server.first_answer().await?;
    let idle = resident(&server);
    let mut requests = 1;
    for number in 0..OBJECTS {
        let request = script::application(&server.key, &script::seeded(number), "00000000");
        ask(server.address, request.as_bytes()).await?;
        requests += 1;
    }
    requests += load(plan, &server, plan.requests.saturating_sub(requests)).await?;
    let after_load = Reading {
        requests,
        megabytes: resident(&server),
    };
    let after_all = match plan.requests_in_all {
        None => None,
        Some(all) => {
            requests += load(plan, &server, all.saturating_sub(requests)).await?;
            Some(Reading {
                requests,
                megabytes: resident(&server),
            })
        }
    };
    Ok(Memory {
        idle,
        after_load,
        after_all,
    })
}

/// About so many requests of all kinds: a third of the connections each reads, lists and applies.
async fn load(plan: &Plan, server: &Binary, requests: u64) -> Result<u64, Error> {
    let works = [Work::Get, Work::Apply, Work::List];
    let scripts: Vec<_> = works
        .iter()
        .map(|work| work.scripts(&server.key, OBJECTS, plan.connections))
        .collect();
    let scripts: Vec<_> = (0..plan.connections)
        .map(|connection| scripts[connection % works.len()][connection].clone())
        .collect();
    let limits = Limits {
        duration: LONGEST,
        each: requests.div_ceil(scripts.len().max(1) as u64),
    };
    let measured = drive(server.address, &scripts, limits).await?;
    Ok(measured.latency.count())
}

fn resident(server: &Binary) -> Option<f64> {
    server.id().and_then(process::resident).map(megabytes)
}
