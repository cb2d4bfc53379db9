//! The beginning and the end of a server: its port, a stop and a drop, and many side by side.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rafay_mock_server::MockController;

use crate::client::{Client, post, start};

/// Waits until nobody listens any more, so that a server is known to have begun to stop.
fn wait_until_refused(address: SocketAddr) {
    let begun = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "still listening");
        sleep(Duration::from_millis(2));
    }
}

#[tokio::test]
async fn a_dropped_mock_frees_its_port_at_once() {
    for _ in 0..20 {
        let mock = start().await;
        let address = mock.address();
        let (mut used, mut unused) = (Client::to(&mock), Client::to(&mock));
        used.get();
        drop(mock);
        drop(TcpListener::bind(address).unwrap());
        assert!(used.is_closed() && unused.is_closed());
    }
}

#[tokio::test]
async fn a_stopped_mock_starts_again_on_its_port() {
    let mock = start().await;
    let port = mock.address().port();
    Client::to(&mock).get();
    mock.stop().await;
    let mock = MockController::builder().port(port).start().await.unwrap();
    assert_eq!(mock.url(), format!("http://127.0.0.1:{port}"));
    Client::to(&mock).get();
}

#[tokio::test]
async fn stopping_finishes_the_request_under_way() {
    let mock = start().await;
    let address = mock.address();
    let mut client = Client::to(&mock);
    client.send(post(&mock, 4)).send("{");
    // A full exchange on another connection: by now the first one has been read, too.
    Client::to(&mock).get();
    let stopped = tokio::spawn(mock.stop());
    tokio::task::yield_now().await;
    wait_until_refused(address);
    assert!(!stopped.is_finished());
    assert!(
        client
            .send(" } ")
            .reply()
            .head
            .contains("\r\nconnection: close\r\n")
    );
    assert!(client.is_closed());
    stopped.await.unwrap();
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_a_stop() {
    let mock = start().await;
    let (mut used, mut unused) = (Client::to(&mock), Client::to(&mock));
    used.get();
    let begun = Instant::now();
    mock.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(used.is_closed() && unused.is_closed());
}

#[tokio::test]
async fn a_drop_cuts_a_stop_short() {
    let mock = start().await;
    let address = mock.address();
    let mut client = Client::to(&mock);
    client.send(post(&mock, 4)).send("{");
    Client::to(&mock).get();
    let begun = Instant::now();
    let _ = tokio::time::timeout(Duration::from_millis(50), mock.stop()).await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(client.is_closed());
    drop(TcpListener::bind(address).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_mocks_live_side_by_side() {
    let mut tasks = Vec::new();
    for _ in 0..50 {
        tasks.push(tokio::spawn(async {
            let mock = start().await;
            Client::to(&mock).get();
            mock
        }));
    }
    let mut mocks = Vec::new();
    for task in tasks {
        mocks.push(task.await.unwrap());
    }
    let mut ports: Vec<_> = mocks.iter().map(|mock| mock.address().port()).collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 50);
    for (index, mock) in mocks.iter().enumerate() {
        assert_eq!(mock.audit().len(), 1, "{index}");
        mock.reset();
    }
    while let Some(mock) = mocks.pop() {
        drop(mock);
        for mock in &mocks {
            assert_eq!(mock.audit().len(), 0);
        }
    }
}

#[tokio::test]
async fn several_threads_serve_the_same_way() {
    let mock = MockController::builder().threads(3).start().await.unwrap();
    let address = mock.address();
    let clients: Vec<_> = (0..8)
        .map(|_| {
            std::thread::spawn(move || {
                let mut client = Client::connect(address);
                for _ in 0..50 {
                    client.get();
                }
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    assert_eq!(mock.audit().len(), 400);
    drop(mock);
    drop(TcpListener::bind(address).unwrap());
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_refused() {
    let mock = start().await;
    let taken = MockController::builder()
        .port(mock.address().port())
        .start()
        .await
        .unwrap_err();
    let taken = taken.to_string();
    assert!(
        taken.contains(&mock.address().to_string()) && taken.contains("in use"),
        "{taken}"
    );
    for open in [
        "0.0.0.0:0",
        "[::]:0",
        "192.0.2.1:80",
        "[::ffff:10.0.0.1]:80",
    ] {
        let refused = MockController::builder()
            .address(open.parse().unwrap())
            .start()
            .await
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains(open) && refused.contains("loopback"),
            "{refused}"
        );
    }
}
