//! A controller with a server of its own, for a test or a command to start, use and drop.

use std::fmt;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use crate::server::{RequestLog, Server, Service};
use crate::{ApiKey, AuditRecord, Clock, Controller, DataError, Options, Role, Snapshot};

/// A mock controller that listens on this machine.
///
/// It serves from a thread of its own, so it answers blocking clients and works under every async runtime.
/// Dropping it stops it at once: when the drop returns, the port is free and no task is left.
///
/// ```
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// use rafay_mock_server::{MockController, Role};
///
/// let mock = MockController::start().await?;
/// let (url, key) = (mock.url(), mock.key_for(Role::ProjectReadOnly));
/// // ... point the client under test at `url` with `key.expose()` ...
/// for record in mock.audit() {
///     println!("{record:?}");
/// }
/// # assert!(url.starts_with("http://127.0.0.1:"));
/// # assert!(key.expose().contains(key.id()));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
/// ```
pub struct MockController {
    controller: Arc<Controller>,
    server: Server,
}

impl MockController {
    /// Starts a mock on a free port of 127.0.0.1. Its clock stands still until it is moved.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Starts from other settings than [`MockController::start`].
    pub fn builder() -> MockControllerBuilder {
        MockControllerBuilder {
            options: Options {
                clock: Clock::frozen(),
                ..Options::default()
            },
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            threads: 1,
            log: None,
            data_dir: None,
        }
    }

    /// Where it listens, without a trailing slash: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// A ready-made key of somebody in that role; the same one on every call.
    pub fn key_for(&self, role: Role) -> ApiKey {
        self.controller.key_for(role)
    }

    /// The controller's clock. Keys expire and lifecycles move on by it, and by nothing else.
    pub fn clock(&self) -> &Clock {
        self.controller.clock()
    }

    /// Brings everything back to the moment after the start. Keys from [`MockController::key_for`] stay valid.
    /// False where a data directory could not be written; see [`Controller::restore`].
    pub fn reset(&self) -> bool {
        self.controller.reset()
    }

    /// The present moment, to come back to with [`MockController::restore`].
    pub fn snapshot(&self) -> Snapshot {
        self.controller.snapshot()
    }

    /// Goes back to a moment of this mock, audit trail and time included; with a data directory, as
    /// [`Controller::restore`] says.
    pub fn restore(&self, moment: &Snapshot) -> bool {
        self.controller.restore(moment)
    }

    /// What was asked and answered so far.
    pub fn audit(&self) -> Vec<AuditRecord> {
        self.controller.audit()
    }

    /// The controller itself, which answers requests without a socket, too.
    pub fn controller(&self) -> &Arc<Controller> {
        &self.controller
    }

    /// Stops without cutting anybody off: no new connection, and up to ten seconds for requests under way.
    pub async fn stop(self) {
        self.server.drain().await;
    }
}

impl fmt::Debug for MockController {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockController")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// Settings of a [`MockController`] before it starts.
///
/// ```
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// use rafay_mock_server::{Clock, MockController};
///
/// let mock = MockController::builder()
///     .clock(Clock::frozen_at("2024-02-29T12:00:00Z".parse()?))
///     .strict_fields(true)
///     .start()
///     .await?;
/// assert_eq!(mock.clock().now().to_string(), "2024-02-29T12:00:00Z");
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
/// ```
#[must_use = "it does nothing before `start`"]
pub struct MockControllerBuilder {
    options: Options,
    address: SocketAddr,
    threads: usize,
    log: Option<RequestLog>,
    data_dir: Option<PathBuf>,
}

impl MockControllerBuilder {
    /// The clock to live by instead of one that stands still at the present moment.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.options.clock = clock;
        self
    }

    /// The longest request body in bytes; a longer one is answered with 413.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.options.body_limit = bytes;
        self
    }

    /// Refuses fields that the documents do not know, instead of keeping them with a warning.
    pub fn strict_fields(mut self, strict: bool) -> Self {
        self.options.strict_fields = strict;
        self
    }

    /// A certain port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Another loopback address to listen on, with its port.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// How many threads serve; one, unless it is to be put under load.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Writes a line for each request: method, path, status, microseconds; never a key or a body.
    pub fn request_log(mut self, to: impl Write + Send + 'static) -> Self {
        self.log = Some(RequestLog::new(to));
        self
    }

    /// Keeps everything in a directory, from which the next start goes on; see [`Controller::open`].
    pub fn data_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(directory.into());
        self
    }

    /// Starts to listen.
    pub async fn start(self) -> Result<MockController, StartError> {
        let Self {
            options,
            address,
            threads,
            log,
            data_dir,
        } = self;
        if !address.ip().to_canonical().is_loopback() {
            return Err(StartError::NotLoopback { address });
        }
        let controller = match data_dir {
            None => Controller::new(options),
            Some(directory) => Controller::open(options, &directory)?,
        };
        let service = Service::new(Arc::clone(&controller), log);
        match Server::start(address, threads, service).await {
            Ok(server) => Ok(MockController { controller, server }),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                Err(StartError::PortInUse { address })
            }
            Err(source) => Err(StartError::Listen { address, source }),
        }
    }
}

impl fmt::Debug for MockControllerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockControllerBuilder")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Why a mock did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Other machines can reach the address, and keys would travel to it unencrypted. Use a loopback address.
    #[error(
        "listen on {address}: the connection is not encrypted, so only a loopback address is allowed, \
         such as 127.0.0.1 or [::1]"
    )]
    NotLoopback {
        /// The address that was refused.
        address: SocketAddr,
    },
    /// The data directory cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Something else listens there. Stop it, or choose another port; port 0 takes a free one.
    #[error(
        "listen on {address}: the port is in use; stop what uses it or choose another, port 0 takes a free one"
    )]
    PortInUse {
        /// The address that is taken.
        address: SocketAddr,
    },
    /// The system does not let this process listen there; the source says why.
    #[error("listen on {address}")]
    Listen {
        /// The address it was to listen on.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}
