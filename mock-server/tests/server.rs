//! The server over real sockets: limits, connections in every state, and its end.
//!
//! A mock serves from a thread of its own, so these tests use plain blocking sockets; each read is bounded.
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rafay_mock_server::{MockController, Role};

const LIMIT: usize = 1000;

async fn start() -> MockController {
    MockController::builder()
        .body_limit(LIMIT)
        .start()
        .await
        .unwrap()
}

/// One connection.
struct Client(BufReader<TcpStream>);

#[derive(Debug)]
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Client {
    fn to(mock: &MockController) -> Self {
        Self::connect(mock.address())
    }

    fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
            .set_write_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        Self(BufReader::new(stream))
    }

    fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
        self
    }

    fn reply(&mut self) -> Reply {
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

    fn get(&mut self) -> Reply {
        self.send(get()).reply()
    }

    /// Whether the server closes the connection, with or without a reset.
    fn is_closed(&mut self) -> bool {
        !matches!(self.0.read(&mut [0]), Ok(1..))
    }
}

fn get() -> &'static str {
    "GET /no/such/path HTTP/1.1\r\nhost: mock\r\n\r\n"
}

/// The head of a request from somebody with a good key, since nobody else learns about limits.
fn post_with(mock: &MockController, header: &str) -> String {
    let key = mock.key_for(Role::Admin);
    let key = key.expose();
    format!(
        "POST /apis/system.k8smgmt.io/v3/projects HTTP/1.1\r\nhost: mock\r\nx-api-key: {key}\r\n{header}\r\n\r\n"
    )
}

fn post(mock: &MockController, length: usize) -> String {
    post_with(mock, &format!("content-length: {length}"))
}

fn chunked(mock: &MockController) -> String {
    post_with(mock, "transfer-encoding: chunked")
}

fn chunk(length: usize) -> String {
    format!("{length:x}\r\n{}\r\n", "x".repeat(length))
}

/// Waits until nobody listens any more, so that a server is known to have begun to stop.
fn wait_until_refused(address: SocketAddr) {
    let begun = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "still listening");
        sleep(Duration::from_millis(2));
    }
}

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

/// A log that can be read while it is written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_a_line_for_each_request_and_no_key() {
    let lines = Lines::default();
    let mock = MockController::builder()
        .body_limit(10)
        .request_log(lines.clone())
        .start()
        .await
        .unwrap();
    let key = mock.key_for(Role::Admin);
    let secret = key.expose().rsplit('.').next().unwrap().to_owned();
    let mut client = Client::to(&mock);
    let key = key.expose();
    let status = client
        .send(format!(
            "GET /no?key={key} HTTP/1.1\r\nx-api-key: {key}\r\n\r\n"
        ))
        .reply()
        .status;
    client
        .send(format!("GET /keys/{key} HTTP/1.1\r\nhost: mock\r\n\r\n"))
        .reply();
    client.send(post(&mock, 11)).send("SecretInIt!").reply();

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let [plain, masked, large] = log.lines().collect::<Vec<_>>()[..] else {
        panic!("not three lines: {log}");
    };
    assert!(
        plain.starts_with(&format!("GET /no {status} ")) && plain.ends_with("us"),
        "{plain}"
    );
    assert!(
        masked.contains(mock.key_for(Role::Admin).id()) && masked.contains("***"),
        "{masked}"
    );
    assert!(
        large.starts_with("POST /apis/system.k8smgmt.io/v3/projects 413 "),
        "{large}"
    );
    assert!(
        !log.contains(&secret) && !log.contains("SecretInIt"),
        "{log}"
    );
}
