//! The request log: one line a request with its method, path, status and microseconds.
//!
//! Queries, headers and bodies are never written, and a path segment that looks like a whole API key is cut
//! behind the key's id: a log is read by more people than the key was given to.

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

/// What a whole key starts with; its second dot stands before the secret.
const KEY_PREFIX: &str = "ra2.";

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
            Safe(path),
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

/// A path without secrets.
struct Safe<'a>(&'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.split('/').enumerate() {
            if index > 0 {
                f.write_str("/")?;
            }
            let decoded = percent_decode_str(segment).decode_utf8_lossy();
            match decoded.find(KEY_PREFIX) {
                None => f.write_str(segment)?,
                Some(start) => {
                    let (before, key) = decoded.split_at(start);
                    let id = key[KEY_PREFIX.len()..]
                        .split('.')
                        .next()
                        .unwrap_or_default();
                    // Decoded text may hold a line break, hence escaped.
                    write!(
                        f,
                        "{}{KEY_PREFIX}{}.***",
                        before.escape_debug(),
                        id.escape_debug()
                    )?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_stay_as_they_are() {
        for path in ["/", "/apis/x/v3/projects/a%20b", "*", "", "/a//b/"] {
            assert_eq!(Safe(path).to_string(), path);
        }
    }

    #[test]
    fn keys_in_a_path_lose_their_secret() {
        for (path, safe) in [
            ("/keys/ra2.abc.secret/", "/keys/ra2.abc.***/"),
            ("/keys/ra2%2Eabc%2Esecret", "/keys/ra2.abc.***"),
            (
                "/keys/xra2.abc%0Adef.secret.more/a",
                "/keys/xra2.abc\\ndef.***/a",
            ),
            ("/keys/ra2.", "/keys/ra2..***"),
        ] {
            assert_eq!(Safe(path).to_string(), safe);
        }
    }
}
