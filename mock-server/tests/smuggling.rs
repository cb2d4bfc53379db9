//! Requests whose end two readers could see in different places. Whatever is doubtful is refused, and the connection
//! ends with it: what follows on it is never taken for a request.
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rafay_mock_server::{MockController, Role};

const APPLY: &str = "/apis/system.k8smgmt.io/v3/projects";
/// What an attacker hides behind a request of somebody else; no answer may be one to it.
const HIDDEN: &str = "/hidden";

/// Everything that comes back until the connection ends.
fn exchange(mock: &MockController, bytes: &str) -> String {
    let mut socket = TcpStream::connect(mock.address()).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    socket.write_all(bytes.as_bytes()).unwrap();
    // A connection that is kept is one that goes on with whatever follows, so its end is what is waited for.
    socket.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answers = Vec::new();
    let _ = socket.read_to_end(&mut answers);
    String::from_utf8_lossy(&answers).into_owned()
}

fn statuses(answers: &str) -> Vec<&str> {
    answers
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| &answer[..3])
        .collect()
}

/// A POST with an administrator's key and such headers, and what comes behind the head.
fn post(mock: &MockController, headers: &str, rest: &str) -> String {
    let key = mock.key_for(Role::Admin);
    let key = key.expose();
    format!(
        "POST {APPLY} HTTP/1.1\r\nhost: mock\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n{headers}\r\n{rest}"
    )
}

fn hidden() -> String {
    format!("GET {HIDDEN} HTTP/1.1\r\nhost: mock\r\n\r\n")
}

async fn start() -> MockController {
    MockController::start().await.unwrap()
}

#[track_caller]
fn refused_alone(mock: &MockController, request: &str) {
    let answers = exchange(mock, request);
    assert_eq!(statuses(&answers), ["400"], "{request}\n{answers}");
    let hidden = mock
        .audit()
        .into_iter()
        .any(|record| record.target() == HIDDEN);
    assert!(!hidden, "{request}");
}

#[tokio::test]
async fn two_ways_to_tell_the_length_are_refused() {
    let mock = start().await;
    let chunks = format!("0\r\n\r\n{}", hidden());
    for headers in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
    ] {
        refused_alone(&mock, &post(&mock, headers, &chunks));
    }
}

#[tokio::test]
async fn two_lengths_are_refused() {
    let mock = start().await;
    let body = format!("{{}}{}", hidden());
    for headers in [
        "content-length: 2\r\ncontent-length: 50\r\n",
        "content-length: 50\r\ncontent-length: 2\r\n",
        "content-length: 2, 50\r\n",
    ] {
        refused_alone(&mock, &post(&mock, headers, &body));
    }
}

#[tokio::test]
async fn what_is_no_length_is_refused() {
    let mock = start().await;
    let body = format!("{{}}{}", hidden());
    for length in ["+2", "-2", "0x2", "2.0", "2 2", "", "99999999999999999999"] {
        refused_alone(
            &mock,
            &post(&mock, &format!("content-length: {length}\r\n"), &body),
        );
    }
}

#[tokio::test]
async fn codings_that_end_nowhere_are_refused() {
    let mock = start().await;
    let chunks = format!("0\r\n\r\n{}", hidden());
    for coding in [
        "xchunked",
        "chunked, identity",
        "chunked, gzip",
        "identity",
        "\u{b}chunked",
        "\"chunked\"",
    ] {
        refused_alone(
            &mock,
            &post(&mock, &format!("transfer-encoding: {coding}\r\n"), &chunks),
        );
    }
}

#[tokio::test]
async fn heads_that_readers_cut_differently_are_refused() {
    let mock = start().await;
    let body = format!("{{}}{}", hidden());
    for headers in [
        // A line that goes on in the next one.
        "x-folded: a\r\n content-length: 50\r\ncontent-length: 2\r\n",
        "x-folded: a\r\n\tcontent-length: 50\r\ncontent-length: 2\r\n",
        // Space before the colon, and no colon at all.
        "content-length : 2\r\n",
        " content-length: 2\r\n",
        "content-length\r\n",
        // A carriage return or a zero byte inside a line.
        "x-a: b\rcontent-length: 2\r\n",
        "x-a: b\0c\r\ncontent-length: 2\r\n",
        "x-a\0: b\r\ncontent-length: 2\r\n",
    ] {
        refused_alone(&mock, &post(&mock, headers, &body));
    }
}

/// RFC 9112 lets a reader take a line feed alone for the end of a line, and hyper does, always: never for text within
/// a line, so a length that hides behind one counts.
#[tokio::test]
async fn a_bare_line_feed_ends_a_line_and_hides_nothing() {
    let mock = start().await;
    let body = format!("{{}}{}", hidden());
    let all = post(&mock, "content-length: 2\r\n", "").replace("\r\n", "\n");
    let answers = exchange(&mock, &format!("{all}{body}"));
    assert_eq!(statuses(&answers), ["400", "404"], "{answers}");
    let mock = start().await;
    let one = "x-a: b\ncontent-length: 50\r\ncontent-length: 2\r\n";
    refused_alone(&mock, &post(&mock, one, &body));
}

#[tokio::test]
async fn broken_chunks_are_refused_and_end_the_connection() {
    let mock = start().await;
    for chunks in [
        "2\n{}\r\n0\r\n\r\n",
        "+2\r\n{}\r\n0\r\n\r\n",
        "0x2\r\n{}\r\n0\r\n\r\n",
        "2 2\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}0\r\n\r\n",
        "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "-1\r\n{}\r\n0\r\n\r\n",
    ] {
        let rest = format!("{chunks}{}", hidden());
        refused_alone(&mock, &post(&mock, "transfer-encoding: chunked\r\n", &rest));
    }
}

#[tokio::test]
async fn a_key_cannot_bring_headers_of_its_own() {
    let mock = start().await;
    let key = mock.key_for(Role::Admin);
    let key = key.expose();
    // Written as it would be by a client that lets a line break into a header.
    for value in [
        format!("{key}\r\n\r\n{}", hidden()),
        format!("{key}\rx-evil: 1"),
        format!("{key}\nx-evil: 1"),
        format!("{key}\0"),
    ] {
        let request = format!(
            "GET {APPLY} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\nx-api-key: {value}\r\n\r\n"
        );
        let answers = exchange(&mock, &request);
        // The first one is two requests by every reading, and the first of them ends the connection.
        assert_eq!(statuses(&answers).len(), 1, "{value:?}\n{answers}");
        assert!(!answers.contains("x-evil"), "{answers}");
    }
    assert!(mock.audit().iter().all(|record| record.target() == APPLY));
}

/// The same as above by a reader of its own: a connection is kept after what is good.
#[tokio::test]
async fn what_is_good_is_served_and_the_connection_kept() {
    let mock = start().await;
    let good = post(&mock, "content-length: 2\r\n", "{}");
    let equal = post(&mock, "content-length: 2\r\ncontent-length: 2\r\n", "{}");
    let chunked = post(
        &mock,
        "transfer-encoding: chunked\r\n",
        "2\r\n{}\r\n0\r\n\r\n",
    );
    for request in [good, equal, chunked] {
        let answers = exchange(&mock, &format!("{request}{}", hidden()));
        assert_eq!(statuses(&answers), ["400", "404"], "{answers}");
    }
}
