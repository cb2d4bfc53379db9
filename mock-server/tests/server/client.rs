//! A mock, one connection to it, and requests as bytes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rafay_mock_server::{MockController, Role};

pub(crate) const LIMIT: usize = 1000;

pub(crate) async fn start() -> MockController {
    MockController::builder()
        .body_limit(LIMIT)
        .start()
        .await
        .unwrap()
}

/// One connection.
pub(crate) struct Client(pub(crate) BufReader<TcpStream>);

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn to(mock: &MockController) -> Self {
        Self::connect(mock.address())
    }

    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
            .set_write_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        Self(BufReader::new(stream))
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
        self
    }

    pub(crate) fn reply(&mut self) -> Reply {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(
                self.0.read_line(&mut head).unwrap(),
                0,
                "closed in the middle of {head:?}"
            );
        }
        head.make_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head, body }
    }

    pub(crate) fn get(&mut self) -> Reply {
        self.send(get()).reply()
    }

    /// Whether the server closes the connection, with or without a reset.
    pub(crate) fn is_closed(&mut self) -> bool {
        !matches!(self.0.read(&mut [0]), Ok(1..))
    }
}

pub(crate) fn get() -> &'static str {
    "GET /no/such/path HTTP/1.1\r\nhost: mock\r\n\r\n"
}

/// The head of a request from somebody with a good key, since nobody else learns about limits.
pub(crate) fn post_with(mock: &MockController, header: &str) -> String {
    let key = mock.key_for(Role::Admin);
    let key = key.expose();
    format!(
        "POST /apis/system.k8smgmt.io/v3/projects HTTP/1.1\r\nhost: mock\r\nx-api-key: {key}\r\n{header}\r\n\r\n"
    )
}

pub(crate) fn post(mock: &MockController, length: usize) -> String {
    post_with(mock, &format!("content-length: {length}"))
}

pub(crate) fn chunked(mock: &MockController) -> String {
    post_with(mock, "transfer-encoding: chunked")
}

pub(crate) fn chunk(length: usize) -> String {
    format!("{length:x}\r\n{}\r\n", "x".repeat(length))
}
