//! Processes: starting one, hearing where it listens, and, in the process itself, saying so and ending with its
//! parent.

use std::io::{self, BufRead as _, Write as _};
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{self, Command};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

/// How long a process may take until it listens; seeding many objects is part of it.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a server says once it listens.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    /// An administrator's key, where keys are asked for.
    pub(crate) key: String,
}

/// Why a process of the benchmark could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The system refused a process, a pipe or a socket.
    #[error("run a server: {0}")]
    Io(#[from] io::Error),
    /// What came through the pipe is not what this program writes.
    #[error("read a server's instructions or address: {0}")]
    Instructions(String),
    /// The mock did not start or did not take an object.
    #[error("seed the mock: {0}")]
    Seed(String),
    /// The process ended or went silent before it listened.
    #[error("hear from {0} where it listens")]
    Silent(String),
}

/// A server in a process of its own; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) listening: Listening,
    process: process::Child,
}

impl Server {
    /// Starts this program again with a hidden command. It reads the instructions and prints where it listens.
    pub(crate) async fn of_this_program(
        command: &str,
        instructions: &impl Serialize,
    ) -> Result<Self, Failure> {
        let mut program = Command::new(std::env::current_exe()?);
        let mut process = spawn(program.arg(command).stdin(Stdio::piped()))?;
        let mut line = json(instructions)?;
        line.push('\n');
        if let Some(stdin) = &mut process.stdin {
            stdin.write_all(line.as_bytes()).await?;
        }
        let mut answer = None;
        read_lines(&mut process, command, |line| {
            answer = Some(line.to_owned());
            true
        })
        .await?;
        let listening = serde_json::from_str(&answer.unwrap_or_default())
            .map_err(|error| Failure::Instructions(error.to_string()))?;
        Ok(Self { listening, process })
    }

    /// Starts a command that is not this program; `heard` takes its lines until it knows enough.
    pub(crate) async fn of_command(
        command: &mut Command,
        heard: impl FnMut(&str) -> bool,
    ) -> Result<process::Child, Failure> {
        let name = command.as_std().get_program().display().to_string();
        let mut process = spawn(command.stdin(Stdio::null()))?;
        read_lines(&mut process, &name, heard).await?;
        Ok(process)
    }

    /// Number of the process, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.process.id()
    }
}

fn spawn(command: &mut Command) -> io::Result<process::Child> {
    command.stdout(Stdio::piped()).kill_on_drop(true).spawn()
}

async fn read_lines(
    process: &mut process::Child,
    name: &str,
    mut heard: impl FnMut(&str) -> bool,
) -> Result<(), Failure> {
    let silent = || Failure::Silent(name.to_owned());
    let mut lines = BufReader::new(process.stdout.take().ok_or_else(silent)?).lines();
    let enough = async {
        while let Some(line) = lines.next_line().await? {
            if heard(&line) {
                // What it may still print must find a reader; the pipe stays open with the process.
                process.stdout = Some(lines.into_inner().into_inner());
                return Ok(());
            }
        }
        Err(silent())
    };
    timeout(PATIENCE, enough).await.map_err(|_| silent())?
}

/// In the started process: reads its instructions, and ends the process when its parent closes the pipe or dies.
pub(crate) fn instructions<T: DeserializeOwned>() -> Result<T, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    std::thread::spawn(|| {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        std::process::exit(0);
    });
    serde_json::from_str(&line).map_err(|error| Failure::Instructions(error.to_string()))
}

/// In the started process: says where it listens.
pub(crate) fn announce(listening: &Listening) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", json(listening)?)?;
    Ok(stdout.flush()?)
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Instructions(error.to_string()))
}

/// A runtime of so many threads, built alike for the servers and the load generator.
pub(crate) fn runtime(threads: usize) -> io::Result<Runtime> {
    let mut builder = if threads > 1 {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(threads);
        builder
    } else {
        Builder::new_current_thread()
    };
    builder.enable_all().build()
}
