//! Connections in every state: kept, pipelined, half closed, slow and broken.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::client::{Client, LIMIT, chunked, get, post, start};

#[tokio::test]
async fn what_is_no_http_is_refused_and_harms_nobody() {
    let mock = start().await;
    let mut other = Client::to(&mock);
    other.get();
    let mut client = Client::to(&mock);
    assert_eq!(
        client.send("\u{16}\u{3}\u{1} hello\r\n\r\n").reply().status,
        400
    );
    assert!(client.is_closed());
    other.get();
}

#[tokio::test]
async fn a_connection_is_kept() {
    let mock = start().await;
    let mut client = Client::to(&mock);
    for _ in 0..100 {
        client.get();
    }
    let last = "GET / HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n\r\n";
    assert!(
        client
            .send(last)
            .reply()
            .head
            .contains("\r\nconnection: close\r\n")
    );
    assert!(client.is_closed());
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let mock = start().await;
    let mut client = Client::to(&mock);
    let too_long = post(&mock, LIMIT + 1) + &"x".repeat(LIMIT + 1);
    client.send([get(), &too_long].concat().repeat(20));
    for index in 0..40 {
        assert_eq!(client.reply().status == 413, index % 2 == 1, "{index}");
    }
}

#[tokio::test]
async fn a_half_closed_client_is_answered() {
    let mock = start().await;
    for request in [get().to_owned(), post(&mock, 2) + "{}"] {
        let mut client = Client::to(&mock);
        client.send(request);
        client.0.get_ref().shutdown(Shutdown::Write).unwrap();
        client.reply();
        assert!(client.is_closed());
    }
}

#[tokio::test]
async fn slow_and_broken_clients_do_not_hold_up_others() {
    let mock = start().await;
    let mut unfinished = Vec::new();
    for beginning in [
        "",
        "GET",
        "GET / HTTP/1.1\r\nhost:",
        &post(&mock, 10),
        &chunked(&mock),
    ] {
        for _ in 0..20 {
            let mut client = Client::to(&mock);
            client.send(beginning);
            unfinished.push(client);
        }
        // These go away in the middle.
        Client::to(&mock).send(beginning);
    }
    // This one never reads its answers.
    let stream = TcpStream::connect(mock.address()).unwrap();
    stream.set_nonblocking(true).unwrap();
    for _ in 0..10_000 {
        if (&stream).write_all(get().as_bytes()).is_err() {
            break;
        }
    }
    let begun = Instant::now();
    Client::to(&mock).get();
    assert!(begun.elapsed() < Duration::from_secs(5));
    // Every one of the slow is answered when it comes to its end.
    let mut client = unfinished.pop().unwrap();
    client.send("0\r\n\r\n").reply();
}
