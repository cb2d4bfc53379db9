//! A controller with a server of its own, for a test or a command to start, use and drop.

use std::fmt;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use crate::server::{RequestLog, Security, Server, Service};
use crate::{
    ApiKey, AuditRecord, Clock, Controller, DataError, Mail, Options, PasswordCost, Role, Snapshot,
};
#[cfg(feature = "tls")]
use crate::{Tls, TlsError};

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
    #[cfg(feature = "tls")]
    ca_certificate: Option<String>,
    scheme: &'static str,
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
            insecure: false,
            threads: 1,
            log: None,
            #[cfg(feature = "tls")]
            tls: None,
            data_dir: None,
        }
    }

    /// Where it listens, without a trailing slash: `http://127.0.0.1:PORT`, or `https` where it was started so.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address())
    }

    /// The certificate, in PEM, of the local authority that vouches for it: what its clients have to trust. None
    /// where it does not speak HTTPS, or with a certificate of the user's own.
    #[cfg(feature = "tls")]
    pub fn ca_certificate(&self) -> Option<&str> {
        self.ca_certificate.as_deref()
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// A ready-made key of somebody in that role; the same one on every call.
    pub fn key_for(&self, role: Role) -> ApiKey {
        self.controller.key_for(role)
    }

    /// Id of the organization that those keys belong to; a partner's key works in it with `X-ORGANIZATION-ID`.
    pub fn organization_id(&self) -> String {
        self.controller.organization_id()
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

    /// The mails that the controller has written up to now, oldest first.
    pub fn outbox(&self) -> Vec<Mail> {
        self.controller.outbox()
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
    insecure: bool,
    threads: usize,
    log: Option<RequestLog>,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
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

    /// Answers reads and refusals, too, only when their audit records are on disk; see [`Options::durable_reads`].
    pub fn durable_reads(mut self, durable: bool) -> Self {
        self.options.durable_reads = durable;
        self
    }

    /// What hashing a password costs; see [`PasswordCost`].
    pub fn password_cost(mut self, cost: PasswordCost) -> Self {
        self.options.password_cost = cost;
        self
    }

    /// A certain port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Another address to listen on, with its port: a loopback address, unless it speaks HTTPS or
    /// [`insecure_listen`](Self::insecure_listen) is set.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Listens without encryption where other machines can reach it. Keys and passwords then travel in the clear.
    pub fn insecure_listen(mut self, insecure: bool) -> Self {
        self.insecure = insecure;
        self
    }

    /// Speaks HTTPS, and nothing else, with that certificate.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
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
        let address = self.address;
        #[cfg(feature = "tls")]
        let secured = self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        let secured = false;
        let scheme = if secured { "https" } else { "http" };
        if !secured && !self.insecure && !address.ip().to_canonical().is_loopback() {
            return Err(StartError::NotLoopback { address });
        }
        #[cfg(feature = "tls")]
        let (ca_certificate, security) = match self.tls {
            None => (None, Security::None),
            Some(tls) => (
                tls.ca_certificate().map(ToOwned::to_owned),
                Security::Tls(tls.acceptor(address)?),
            ),
        };
        #[cfg(not(feature = "tls"))]
        let security = Security::None;
        let controller = match self.data_dir {
            None => Controller::new(self.options),
            Some(directory) => Controller::open(self.options, &directory)?,
        };
        let service = Service::new(Arc::clone(&controller), self.log);
        match Server::start(address, self.threads, security, service).await {
            Ok(server) => Ok(MockController {
                controller,
                server,
                #[cfg(feature = "tls")]
                ca_certificate,
                scheme,
            }),
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
    /// Other machines can reach the address, and keys would travel to it unencrypted. Use a loopback address or HTTPS,
    /// or say that this is meant, with [`MockControllerBuilder::insecure_listen`] or `--insecure-listen`.
    #[error(
        "listen on {address}: other machines can reach it, and keys would travel unencrypted; use --tls, or a \
         loopback address such as 127.0.0.1 or [::1], or say that it is meant with --insecure-listen"
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
    /// There is no certificate to speak HTTPS with; the error says why.
    #[cfg(feature = "tls")]
    #[error(transparent)]
    Tls(#[from] TlsError),
}
