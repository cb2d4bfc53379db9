//! Connections that fail: refused, broken halfway, silent.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rafay_sdk::v1::types::User;
use rafay_sdk::v3::types::{Cluster, Metadata};
use rafay_sdk::{Api, Error, Retry};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::builder;

/// A server that answers its connections with the given bytes, one after another, then closes;
/// the last ones are for all further connections.
async fn server(answers: &'static [&'static str]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let turn = counter.fetch_add(1, Ordering::SeqCst);
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream
                .write_all(answers[turn.min(answers.len() - 1)].as_bytes())
                .await;
            let _ = stream.shutdown().await;
        }
    });
    (address, seen)
}

const WHOLE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 27\r\nconnection: close\r\n\r\n\
                     {\"metadata\": {\"name\": \"c\"}}";
const HALF: &str = "HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"metadata\": {\"na";
const HALF_ERROR: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 90\r\n\r\n{\"code\": 503";

fn cluster() -> Cluster {
    Cluster {
        metadata: Metadata {
            name: "c".into(),
            ..Default::default()
        },
        ..Default::default()
    }
}

#[tokio::test]
async fn reads_survive_connections_that_break_at_any_point() {
    for broken in [&["", WHOLE], &[HALF, WHOLE], &[HALF_ERROR, WHOLE]] {
        let (address, seen) = server(broken).await;
        let client = builder(&format!("http://{address}")).build().unwrap();
        let read = client.v3().clusters_get("p", "c").await.unwrap();
        assert_eq!(read.metadata.name, "c");
        assert_eq!(seen.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn applies_and_deletes_are_repeated_and_other_posts_are_not() {
    let (address, seen) = server(&[HALF, WHOLE]).await;
    let client = builder(&format!("http://{address}")).build().unwrap();
    client.v3().clusters_apply("p", &cluster()).await.unwrap();
    assert_eq!(seen.load(Ordering::SeqCst), 2);

    let (address, seen) = server(&[HALF, WHOLE]).await;
    let client = builder(&format!("http://{address}")).build().unwrap();
    client.v3().clusters_delete("p", "c").await.unwrap();
    assert_eq!(seen.load(Ordering::SeqCst), 2);

    let (address, seen) = server(&[HALF, WHOLE]).await;
    let client = builder(&format!("http://{address}")).build().unwrap();
    let error: Error = client
        .v1()
        .users_create(&User::default())
        .await
        .unwrap_err()
        .into();
    assert!(error.is_retryable() && !error.is_connect() && error.status().is_none());
    assert_eq!(
        seen.load(Ordering::SeqCst),
        1,
        "the user may have been created"
    );
}

#[tokio::test]
async fn broken_for_good_is_an_error_with_its_cause() {
    let (address, seen) = server(&[HALF]).await;
    let client = builder(&format!("http://{address}")).build().unwrap();
    let error = Api::<Cluster>::project(client, "p")
        .get("c")
        .await
        .unwrap_err();
    assert_eq!(seen.load(Ordering::SeqCst), 3);
    assert!(error.is_retryable() && !error.is_decode());
    assert_eq!(error.to_string(), "the connection to the controller failed");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn nobody_listening_is_a_connection_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = builder(&format!("http://{address}")).build().unwrap();
    let error: Error = client
        .v1()
        .users_create(&User::default())
        .await
        .unwrap_err()
        .into();
    assert!(error.is_connect() && error.is_retryable() && !error.is_timeout());
    assert_eq!(error.to_string(), "no connection to the controller");
}

#[tokio::test]
async fn a_silent_controller_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = builder(&format!("http://{address}"))
        .timeout(Duration::from_millis(50))
        .retry(Retry::off())
        .build()
        .unwrap();
    let error = Api::<Cluster>::project(client, "p")
        .get("c")
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.is_retryable() && !error.is_connect());
    assert_eq!(error.to_string(), "the controller did not answer in time");
}
