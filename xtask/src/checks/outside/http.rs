//! Just enough HTTP to set a server up: one request with a key over a connection of its own, JSON both ways.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why there was no answer to go on with.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The server cannot be reached or went silent.
    #[error("{method} {path}: {source}")]
    Connection {
        method: &'static str,
        path: String,
        source: io::Error,
    },
    /// What came back is no HTTP response with JSON.
    #[error("{method} {path}: the answer cannot be read: {answer}")]
    Unreadable {
        method: &'static str,
        path: String,
        answer: String,
    },
}

/// An answer: its status and its body, null where there is none.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

/// Sends a request to a server at `host:port`.
pub(super) fn send(
    address: &str,
    key: &str,
    method: &'static str,
    path: &str,
    body: Option<&Value>,
) -> Result<Answer, Error> {
    let text = exchange(address, key, method, path, body).map_err(|source| Error::Connection {
        method,
        path: path.to_owned(),
        source,
    })?;
    read(&text).ok_or_else(|| Error::Unreadable {
        method,
        path: path.to_owned(),
        answer: text,
    })
}

fn exchange(
    address: &str,
    key: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> io::Result<String> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let length = body.len();
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    // Both spellings of the key's header, since every version takes its own.
    write!(
        connection,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nx-api-key: {key}\r\n\
         x-rafay-api-keyid: {key}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}

fn read(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(body).ok()?
    };
    Some(Answer { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_its_status_and_its_json() {
        let answer = read("HTTP/1.1 201 Created\r\na: b\r\n\r\n{\"id\": 1}").unwrap();
        assert_eq!((answer.status, answer.body["id"].as_u64()), (201, Some(1)));
        assert!(
            read("HTTP/1.1 204 No Content\r\n\r\n")
                .unwrap()
                .body
                .is_null()
        );
        for wrong in ["", "HTTP/1.1\r\n\r\n{}", "HTTP/1.1 200 OK\r\n\r\n<html>"] {
            assert!(read(wrong).is_none(), "{wrong:?}");
        }
    }
}
