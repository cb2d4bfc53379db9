//! The request log: one line a request with its method, path, status and microseconds.
//!
//! Queries, headers and bodies are never written, and a path segment that looks like a whole API key is cut
//! behind the key's id: a log is read by more people than the key was given to.

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::mask::Masked;
use http::{Method, StatusCode};

/// Where the lines go.
pub(crate) struct RequestLog(Mutex<Sink>);

struct Sink {
    to: Box<dyn Write + Send>,
    /// Reused from line to line, and written at once so that lines of two threads do not mix.
    line: Vec<u8>,
}

impl RequestLog {
    /// A log that writes every line to `to` at once.
    pub(crate) fn new(to: impl Write + Send + 'static) -> Self {
        Self(Mutex::new(Sink {
            to: Box::new(to),
            line: Vec::with_capacity(128),
        }))
    }

    /// Writes one line. A log that cannot be written any more does not stop the server.
    pub(super) fn write(&self, method: &Method, path: &str, status: StatusCode, took: Duration) {
        let mut sink = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Sink { to, line } = &mut *sink;
        line.clear();
        let micros = took.as_micros();
        let written = writeln!(
            line,
            "{method} {} {} {micros}us",
            Masked(path),
            status.as_u16()
        );
        let _ = written
            .and_then(|()| to.write_all(line))
            .and_then(|()| to.flush());
    }
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestLog")
    }
}
