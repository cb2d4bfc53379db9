//! What is too long: bodies, announced or streamed, and heads.

use crate::client::{Client, LIMIT, chunk, chunked, post, post_with, start};

#[tokio::test]
async fn a_body_up_to_the_limit_is_taken() {
    let mock = start().await;
    let mut client = Client::to(&mock);
    assert_ne!(
        client
            .send(post(&mock, LIMIT))
            .send(vec![b'x'; LIMIT])
            .reply()
            .status,
        413
    );
    let reply = client
        .send(chunked(&mock))
        .send(chunk(LIMIT / 2))
        .send(chunk(LIMIT / 2))
        .send("0\r\n\r\n");
    assert_ne!(reply.reply().status, 413);
    assert_ne!(client.get().status, 413);
}

#[tokio::test]
async fn a_longer_body_is_refused_by_its_announced_length() {
    let mock = start().await;
    let mut client = Client::to(&mock);
    // The answer comes before the body.
    let reply = client.send(post(&mock, LIMIT + 1)).reply();
    assert_eq!(reply.status, 413);
    assert!(!reply.body.is_empty());
    // The body is read past, and the connection stays.
    assert_ne!(client.send(vec![b'x'; LIMIT + 1]).get().status, 413);
    assert_eq!(mock.audit().len(), 2);
}

#[tokio::test]
async fn a_longer_body_is_refused_while_it_streams() {
    let mock = start().await;
    let mut client = Client::to(&mock);
    assert_eq!(
        client
            .send(chunked(&mock))
            .send(chunk(LIMIT))
            .send(chunk(1))
            .reply()
            .status,
        413
    );
    assert_ne!(
        client.send(chunk(LIMIT)).send("0\r\n\r\n").get().status,
        413
    );
}

#[tokio::test]
async fn a_much_longer_body_does_not_bury_its_refusal() {
    let mock = start().await;
    let mut client = Client::to(&mock);
    let length = 8 * 1024 * 1024;
    client.send(post(&mock, length)).send(vec![b'x'; length]);
    assert_eq!(client.reply().status, 413);
}

#[tokio::test]
async fn who_asks_before_sending_is_told() {
    let mock = start().await;
    let expect = |length: usize| {
        let headers = format!("expect: 100-continue\r\ncontent-length: {length}");
        post_with(&mock, &headers)
    };
    let mut client = Client::to(&mock);
    assert_eq!(client.send(expect(LIMIT + 1)).reply().status, 413);
    assert!(client.is_closed());
    let mut client = Client::to(&mock);
    assert_eq!(client.send(expect(2)).reply().status, 100);
    assert_ne!(client.send("{}").reply().status, 413);
}

#[tokio::test]
async fn a_broken_chunk_is_refused() {
    let mock = start().await;
    let mut client = Client::to(&mock);
    assert_eq!(
        client
            .send(chunked(&mock))
            .send("2\r\nxx\r\nnonsense\r\n")
            .reply()
            .status,
        400
    );
    assert!(client.is_closed());
}

#[tokio::test]
async fn a_long_head_is_refused() {
    let mock = start().await;
    let long = "x".repeat(60 * 1024);
    let request = |value: &str| format!("GET / HTTP/1.1\r\nhost: mock\r\nx-long: {value}\r\n\r\n");
    assert_ne!(Client::to(&mock).send(request(&long)).reply().status, 431);
    let longer = long.repeat(4);
    assert_eq!(Client::to(&mock).send(request(&longer)).reply().status, 431);
    let many = "x: y\r\n".repeat(101);
    assert_eq!(
        Client::to(&mock)
            .send(format!("GET / HTTP/1.1\r\n{many}\r\n"))
            .reply()
            .status,
        431
    );
}
