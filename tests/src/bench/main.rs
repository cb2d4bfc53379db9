//! The benchmark: the mock server against a bare axum server that gives the same answers, in turns under the same
//! load, and against the budgets of the design. `cargo xtask bench` builds and runs it.

mod bare;
mod child;
mod durable;
mod figures;
mod histogram;
mod load;
mod memory;
mod mock;
mod options;
mod process;
mod reply;
mod report;
mod rows;
mod script;
mod start;
mod verdict;
mod work;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;
use options::{Options, Plan, Server};
use report::Report;

/// Why the benchmark itself failed. A missed budget is a result.
#[derive(Debug, thiserror::Error)]
enum Error {
    /// The load met an error answer, a broken connection or silence.
    #[error(transparent)]
    Load(#[from] load::LoadError),
    /// A server did not start.
    #[error(transparent)]
    Server(#[from] child::Failure),
    /// The two servers answer differently, so comparing them says nothing.
    #[error(
        "compare the servers: their answers differ; the mock's begins\n{0}and the bare server's\n{1}"
    )]
    Unequal(String, String),
    /// The server's binary is missing.
    #[error("find {}; build it in the same profile: cargo build --release -p rafay-mock-server", .0.display())]
    NoBinary(PathBuf),
    /// The figures could not be written.
    #[error("write {}: {source}", path.display())]
    Json { path: PathBuf, source: io::Error },
}

/// That of the server's binary, here for both servers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match options.server {
        Some(Server::ServeBare) => bare::serve().map_err(Error::from).map(|()| true),
        Some(Server::ServeMock) => mock::serve().map_err(Error::from).map(|()| true),
        None => run(&options),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: failed to {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the run is good: all budgets are met, or missing one is no failure.
fn run(options: &Options) -> Result<bool, Error> {
    let plan = options.plan();
    let report = child::runtime(plan.threads)
        .map_err(child::Failure::Io)?
        .block_on(measure(plan, &options.json))?;
    println!("{report}");
    write(&options.json, &report)?;
    let missed = report
        .verdicts()
        .iter()
        .filter(|verdict| verdict.met() == Some(false))
        .count();
    if missed > 0 && options.strict {
        eprintln!("error: {missed} budgets are missed");
    }
    Ok(missed == 0 || !options.strict)
}

async fn measure(plan: Plan, json: &Path) -> Result<Report, Error> {
    let (mut starts, mut memory, mut measured) = (None, None, Vec::new());
    if !plan.durable_only {
        starts = Some(start::measure(&plan).await?);
        memory = Some(memory::measure(&plan).await?);
        for objects in &plan.objects {
            measured.push(rows::measure(&plan, *objects).await?);
        }
    }
    // On the disk that the figures go to, since a temporary folder may be no disk at all.
    let durable = durable::measure(&plan, folder(json)?).await?;
    Ok(Report {
        plan,
        measured,
        durable,
        starts,
        memory,
    })
}

/// The folder of a file, made if it is not there.
fn folder(file: &Path) -> Result<&Path, Error> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| Error::Json {
        path: folder.to_owned(),
        source,
    })?;
    Ok(folder)
}

fn write(path: &Path, report: &Report) -> Result<(), Error> {
    folder(path)?;
    fs::write(path, format!("{:#}\n", report.json())).map_err(|source| Error::Json {
        path: path.to_owned(),
        source,
    })
}
