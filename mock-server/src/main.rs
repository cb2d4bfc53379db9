//! The mock controller as a server: starts it, tells where it is, and stops it when told to.

mod cli;
mod https;

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use cli::{Audit, Cli, Command, Protection, Serve, Smtp, Told, Verify, Welcome};
use rafay_mock_server::{
    Clock, Controller, MailSender, MockController, Role, SmtpSettings, SmtpSettingsError, SmtpTls,
    Tls,
};

/// A write replaces hundreds of small pieces of memory by others of about the same sizes, which the system's allocator
/// on Linux spends more time on than everything else that a write does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// A file that was named cannot be read.
    #[error("read {}", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// The settings of the mail server do not fit together; they say why.
    #[error("set up the sending of mail")]
    Mail(#[source] SmtpSettingsError),
    /// There is a name to log in with and nothing else.
    #[error(
        "set up the sending of mail: there is no password for --smtp-user; put it into a file for \
         --smtp-password-file or into RAFAY_MOCK_SMTP_PASSWORD"
    )]
    NoPassword,
    /// The mock says itself what to do about it.
    #[error(transparent)]
    Start(Box<dyn Error>),
    /// There is no certificate to speak HTTPS with.
    #[error(transparent)]
    Https(https::Failure),
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
    let smtp = smtp(&serve.smtp)?;
    let (tls, ca) = https::tls(serve).map_err(Failure::Https)?.unzip();
    let mock = start(serve, tls).await?;
    let sender = smtp
        .map(|settings| settings.start(mock.controller()))
        .transpose()
        .map_err(Failure::Mail)?;
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
        ca: ca.as_ref().and_then(Option::as_deref),
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
        () = async { mock.stop().await; finish(sender).await } => {}
        // Whoever asks twice does not want to wait: the dropped mock stops at once.
        () = signals.received() => {}
    }
    Ok(())
}

/// Lets a mail that is under way arrive.
async fn finish(sender: Option<MailSender>) {
    if let Some(sender) = sender {
        let (done, wait) = tokio::sync::oneshot::channel();
        // A thread of its own holds up nobody who does not want to wait.
        std::thread::spawn(move || {
            sender.finish();
            let _ = done.send(());
        });
        let _ = wait.await;
    }
}

/// How the mails of the outbox are sent, if there is a server to send them to.
fn smtp(smtp: &Smtp) -> Result<Option<SmtpSettings>, Failure> {
    let Some(host) = &smtp.host else {
        return Ok(None);
    };
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|source| Failure::Read {
            path: path.clone(),
            source,
        })
    };
    let tls = match smtp.tls {
        Protection::Starttls => SmtpTls::StartTls,
        Protection::Tls => SmtpTls::Tls,
        Protection::None => SmtpTls::None,
    };
    let port = smtp.port.unwrap_or(smtp.tls.default_port());
    let mut settings = SmtpSettings::new(host, port, tls, &smtp.from).map_err(Failure::Mail)?;
    if let Some(user) = &smtp.user {
        let password = match &smtp.password_file {
            Some(path) => read(path)?.lines().next().unwrap_or_default().to_owned(),
            None => std::env::var("RAFAY_MOCK_SMTP_PASSWORD").map_err(|_| Failure::NoPassword)?,
        };
        settings = settings.login(user, password).map_err(Failure::Mail)?;
    }
    if let Some(path) = &smtp.authority {
        settings = settings.root_certificate(read(path)?);
    }
    Ok(Some(settings))
}

async fn start(serve: &Serve, tls: Option<Tls>) -> Result<MockController, Failure> {
    let mut builder = MockController::builder()
        .clock(Clock::system())
        .address(serve.listen)
        .threads(std::thread::available_parallelism().map_or(1, usize::from))
        .insecure_listen(serve.insecure_listen)
        .strict_fields(serve.strict_fields)
        .durable_reads(serve.durable_reads);
    if let Some(tls) = tls {
        builder = builder.tls(tls);
    }
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
