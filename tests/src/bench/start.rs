//! How long a start takes: of the mock inside a test, and of the server's binary up to its first answer.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

use rafay_mock_server::MockController;
use serde::Serialize;
use tokio::process::{Child, Command};

use crate::child::{Failure, Server};
use crate::figures::{median, millis};
use crate::load::ask;
use crate::script::Script;
use crate::{Error, Plan};

/// Medians, in milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Starts {
    pub(crate) in_process: f64,
    /// The very first start of the process, which builds what later ones find.
    pub(crate) in_process_first: f64,
    pub(crate) binary: f64,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Starts, Error> {
    eprintln!("starts ...");
    let mut in_process = Vec::new();
    for _ in 0..plan.starts {
        let begun = Instant::now();
        let mock = MockController::start()
            .await
            .map_err(|error| Failure::Seed(error.to_string()))?;
        in_process.push(millis(begun.elapsed()));
        drop(mock);
    }
    let mut binary = Vec::new();
    for _ in 0..plan.binary_starts {
        let begun = Instant::now();
        let server = Binary::start().await?;
        server.first_answer().await?;
        binary.push(millis(begun.elapsed()));
    }
    Ok(Starts {
        in_process_first: in_process.first().copied().unwrap_or_default(),
        in_process: median(in_process).unwrap_or_default(),
        binary: median(binary).unwrap_or_default(),
    })
}

/// The server as its users start it; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Binary {
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
    process: Child,
}

impl Binary {
    /// Starts it on a free port; address and key are what it tells a person.
    pub(crate) async fn start() -> Result<Self, Error> {
        let path = path()?;
        let mut command = Command::new(&path);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        let (mut address, mut key) = (None, None);
        let process = Server::of_command(command.stderr(Stdio::null()), |line| {
            if let Some(url) = line.strip_prefix("Address:") {
                address = url
                    .trim()
                    .strip_prefix("http://")
                    .and_then(|address| address.parse().ok());
            } else if let Some(told) = line.strip_prefix("Admin's key:") {
                key = Some(told.trim().to_owned());
            }
            address.is_some() && key.is_some()
        })
        .await?;
        let (address, key) = address
            .zip(key)
            .ok_or_else(|| Failure::Silent(path.display().to_string()))?;
        Ok(Self {
            address,
            key,
            process,
        })
    }

    /// Asks for the first thing a client would.
    pub(crate) async fn first_answer(&self) -> Result<(), Error> {
        ask(self.address, Script::list(&self.key, 0).next()).await?;
        Ok(())
    }

    /// Number of the process, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.process.id()
    }
}

/// The binary stands where this program stands.
fn path() -> Result<PathBuf, Error> {
    let name = format!("rafay-mock-server{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::current_exe()
        .map_err(Failure::Io)?
        .with_file_name(name);
    if path.is_file() {
        return Ok(path);
    }
    Err(Error::NoBinary(path))
}
