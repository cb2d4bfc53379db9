//! The load generator: keep-alive connections over plain TCP, each with one request on its way at a time. It is the
//! same for every server, and light, so that what differs is the server. An answer that is not a success ends the
//! load with an error; it never counts as a request.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::histogram::Histogram;
use crate::reply::{Head, field};
use crate::script::Script;

/// How long after the end of a load its last answers may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of an unwanted answer that are shown.
const SHOWN: usize = 300;

/// When a connection stops to send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) duration: Duration,
    /// Requests per connection.
    pub(crate) each: u64,
}

/// What a load measured.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) elapsed: Duration,
    pub(crate) latency: Histogram,
}

/// One whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// Why a load ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    /// The server is not there.
    #[error("connect to {address}: {source}")]
    Connect {
        address: SocketAddr,
        source: io::Error,
    },
    /// A connection broke between a request and the end of its answer.
    #[error("exchange a request and its answer: {0}")]
    Io(#[from] io::Error),
    /// The server answered, but not with a success.
    #[error("the request `{request}` was answered with {answer}")]
    Refused { request: String, answer: String },
    /// What came back is not HTTP/1.1 with a content length.
    #[error("understand an answer: {0}")]
    Malformed(String),
    /// The server stopped answering.
    #[error("finish within {} s after the load's end", PATIENCE.as_secs())]
    Stuck,
    /// A connection's task did not end by itself.
    #[error("run a connection: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// Puts a server under load with a connection for each script.
pub(crate) async fn drive(
    address: SocketAddr,
    scripts: &[Script],
    limits: Limits,
) -> Result<Measured, LoadError> {
    let mut connections = Vec::new();
    for script in scripts {
        connections.push((Connection::open(address).await?, script.clone()));
    }
    let begun = Instant::now();
    let end = begun + limits.duration;
    let mut tasks = JoinSet::new();
    for (mut connection, mut script) in connections {
        tasks.spawn(async move {
            let mut latency = Histogram::new();
            let mut sent = Instant::now();
            while sent < end && latency.count() < limits.each {
                connection.exchange(script.next()).await?;
                let now = Instant::now();
                latency.record(now - sent);
                sent = now;
            }
            Ok::<_, LoadError>(latency)
        });
    }
    let all = async {
        let mut latency = Histogram::new();
        while let Some(done) = tasks.join_next().await {
            latency.merge(&done??);
        }
        Ok::<_, LoadError>(latency)
    };
    let latency = timeout(limits.duration + PATIENCE, all)
        .await
        .map_err(|_| LoadError::Stuck)??;
    Ok(Measured {
        elapsed: begun.elapsed(),
        latency,
    })
}

/// Sends one request on a connection of its own.
pub(crate) async fn ask(address: SocketAddr, request: &[u8]) -> Result<Answer, LoadError> {
    let mut connection = Connection::open(address).await?;
    let head = timeout(PATIENCE, connection.exchange(request))
        .await
        .map_err(|_| LoadError::Stuck)??;
    let (head, body) = connection.buffer[..head.length + head.body].split_at(head.length);
    Ok(Answer {
        head: String::from_utf8_lossy(head).into_owned(),
        body: body.to_vec(),
    })
}

impl Answer {
    /// The value of a header of the answer.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        field(&self.head, name)
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self, LoadError> {
        let opened = TcpStream::connect(address).await;
        let stream = opened.map_err(|source| LoadError::Connect { address, source })?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 64 * 1024],
        })
    }

    /// Sends a request and reads its whole answer, which is then at the buffer's beginning.
    async fn exchange(&mut self, request: &[u8]) -> Result<Head, LoadError> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let mut head: Option<Head> = None;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
            filled += read;
            let came = &self.buffer[..filled];
            if head.is_none() {
                head = Head::read(came).map_err(|_| LoadError::Malformed(shown(came)))?;
            }
            if let Some(head) = head {
                let whole = head.length + head.body;
                if filled > whole {
                    return Err(LoadError::Malformed(shown(&came[whole..])));
                }
                if filled == whole {
                    return self.judged(request, head);
                }
                if self.buffer.len() < whole {
                    self.buffer.resize(whole, 0);
                }
            } else if filled == self.buffer.len() {
                return Err(LoadError::Malformed(shown(came)));
            }
        }
    }

    fn judged(&self, request: &[u8], head: Head) -> Result<Head, LoadError> {
        if (200..300).contains(&head.status) {
            return Ok(head);
        }
        let line = request.split(|byte| *byte == b'\r').next();
        Err(LoadError::Refused {
            request: shown(line.unwrap_or_default()),
            answer: format!(
                "{}: {}",
                head.status,
                shown(&self.buffer[head.length..head.length + head.body])
            ),
        })
    }
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]).into_owned()
}
