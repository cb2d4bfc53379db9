//! The mock controller as a server: starts it, tells where it is, and stops it when told to.

mod cli;

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use cli::{Audit, Cli, Command, Serve, Told, Verify, Welcome};
use rafay_mock_server::{Clock, Controller, MockController, Role};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(serve) => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(Failure::System)
            .and_then(|runtime| runtime.block_on(run(&serve))),
        Command::Audit(Audit::Verify(wanted)) => verify(&wanted),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut line = format!("error: failed to {failure}");
            let mut source = failure.source();
            while let Some(cause) = source {
                line = format!("{line}: {cause}");
                source = cause.source();
            }
            // A closed standard error leaves the exit code to say it.
            let _ = writeln!(io::stderr(), "{line}");
            ExitCode::FAILURE
        }
    }
}

/// Checks the audit trail of a data directory, and tells what it found.
fn verify(wanted: &Verify) -> Result<(), Failure> {
    let expected = wanted.expect.as_ref();
    let expected = expected.map(|record| (&*record.organization, record.number, record.hash));
    let report = Controller::verify_audit(&wanted.data_dir, expected)
        .map_err(|error| Failure::Start(error.into()))?;
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(Told(&report).to_string().as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::Print)?;
    if report.is_intact() {
        return Ok(());
    }
    Err(Failure::Altered)
}

/// Why the server ended otherwise than by being told to.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// The log's path does not lead to a file that can be written.
    #[error("open the request log {}", path.display())]
    Log { path: PathBuf, source: io::Error },
    /// The mock says itself what to do about it.
    #[error(transparent)]
    Start(Box<dyn Error>),
    /// The audit trail is not as it was written; what is wrong was printed.
    #[error("verify the audit trail: it was altered, see above")]
    Altered,
    /// The administrator's account is gone, or the data directory cannot be written.
    #[error(
        "make another key: the account admin@example.com is gone, or the data directory cannot be written"
    )]
    Key,
    /// Nobody could read what was to be told.
    #[error("print to standard output")]
    Print(#[source] io::Error),
    /// The system refused signals or a runtime.
    #[error("set up the process")]
    System(#[source] io::Error),
}

async fn run(serve: &Serve) -> Result<(), Failure> {
    let mut signals = Signals::new().map_err(Failure::System)?;
    let mock = start(serve).await?;
    // A key is shown when it is made and never again: what is kept of it is a hash.
    let key = if serve.new_admin_key {
        let another = mock.controller().another_key_for(Role::Admin);
        Some(another.ok_or(Failure::Key)?)
    } else {
        let is_new = mock.controller().is_new();
        is_new.then(|| mock.key_for(Role::Admin))
    };
    let told = Welcome {
        mock: &mock,
        serve,
        key,
    };
    let welcome = told.to_string();
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(welcome.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::Print)?;
    drop(stdout);

    signals.received().await;
    tokio::select! {
        () = mock.stop() => {}
        // Whoever asks twice does not want to wait: the dropped mock stops at once.
        () = signals.received() => {}
    }
    Ok(())
}

async fn start(serve: &Serve) -> Result<MockController, Failure> {
    let mut builder = MockController::builder()
        .clock(Clock::system())
        .address(serve.listen)
        .threads(std::thread::available_parallelism().map_or(1, usize::from))
        .strict_fields(serve.strict_fields);
    if let Some(bytes) = serve.body_limit {
        builder = builder.body_limit(bytes);
    }
    if let Some(directory) = &serve.data_dir {
        builder = builder.data_dir(directory);
    }
    let builder = if serve.logs_to_stderr() {
        builder.request_log(io::stderr())
    } else {
        let opened = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&serve.log);
        let file = opened.map_err(|source| Failure::Log {
            path: serve.log.clone(),
            source,
        })?;
        builder.request_log(file)
    };
    let started = builder.start().await;
    started.map_err(|error| Failure::Start(error.into()))
}

/// The signals that ask a server to stop: SIGTERM and SIGINT.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The one signal there is elsewhere: Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn received(&mut self) {
        // Without a handler the system ends the process itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
