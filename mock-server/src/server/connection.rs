//! One connection, from its first byte to its close, and the limits on what it may cost.
//!
//! A connection closes when for a whole period no request of it began or ended. That one rule covers an idle
//! client, a head or a body that trickles in, and an answer nobody reads, for one timer a connection instead
//! of several a request.

use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::Service;

/// The longest request head, first line included; hyper answers a longer one with 431.
const HEAD_BYTES: usize = 64 * 1024;
/// How long and how much a connection is read on after an answer that came before the request's end.
const LINGER_TIME: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 1024 * 1024;

/// Serves a connection until it closes. `drain` tells it to finish the request under way and no other;
/// `patience` is the period without progress after which it closes.
pub(super) async fn serve(
    stream: TcpStream,
    service: Arc<Service>,
    mut drain: watch::Receiver<()>,
    patience: Duration,
) {
    // Without it an answer may wait for the acknowledgement of the one before. Failing costs no more than that.
    let _ = stream.set_nodelay(true);
    let peer = stream
        .peer_addr()
        .ok()
        .map(|address| address.ip().to_canonical());
    let mut io = TokioIo::new(stream);
    let service = &*service;
    let steps = &AtomicU64::new(0);
    let handler = service_fn(move |request| async move {
        steps.fetch_add(1, Ordering::Relaxed);
        let answer = service.answer(request, peer).await;
        steps.fetch_add(1, Ordering::Relaxed);
        answer
    });
    let result = {
        let mut connection = pin!(
            http1::Builder::new()
                .max_header_size(HEAD_BYTES)
                // A client that has sent its request may close its side and wait.
                .half_close(true)
                .serve_connection(&mut io, handler)
        );
        let mut period = pin!(sleep(patience));
        let mut steps_before = 0;
        let mut draining = false;
        loop {
            tokio::select! {
                biased;
                result = connection.as_mut() => break result,
                _ = drain.changed(), if !draining => {
                    draining = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = period.as_mut() => {
                    let steps_now = steps.load(Ordering::Relaxed);
                    if steps_now == steps_before {
                        return;
                    }
                    steps_before = steps_now;
                    period.as_mut().reset(Instant::now() + patience);
                }
            }
        }
    };
    if result.is_err() {
        linger(&io.into_inner()).await;
    }
}

/// Reads on what the client still sends, within bounds, so that the close does not become a reset that
/// overtakes the answer on its way.
async fn linger(stream: &TcpStream) {
    let read_on = async {
        let mut left = LINGER_BYTES;
        let mut buffer = [0; 4096];
        while left > 0 && stream.readable().await.is_ok() {
            match stream.try_read(&mut buffer) {
                Ok(0) => return,
                Ok(length) => left = left.saturating_sub(length),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    };
    // Running out of time is one of the bounds.
    let _ = timeout(LINGER_TIME, read_on).await;
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::{Controller, Options};

    /// A client's end of a connection that is served with that patience.
    async fn served(patience: Duration) -> (TcpStream, watch::Sender<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let service = Service::new(Controller::new(Options::default()), None);
        let (drain, drained) = watch::channel(());
        tokio::spawn(serve(stream, Arc::new(service), drained, patience));
        (client, drain)
    }

    fn send(client: &TcpStream, text: &str) {
        assert_eq!(client.try_write(text.as_bytes()).unwrap(), text.len());
    }

    /// Whether the next thing that comes is the end, with or without a reset.
    async fn is_closed(client: &TcpStream) -> bool {
        let next = async {
            loop {
                client.readable().await?;
                match client.try_read(&mut [0; 4096]) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    next => return next,
                }
            }
        };
        let next = timeout(Duration::from_secs(20), next).await.unwrap();
        !matches!(next, Ok(1..))
    }

    #[tokio::test]
    async fn without_progress_a_connection_closes() {
        let post = "POST / HTTP/1.1\r\nhost: mock\r\ncontent-length: 2\r\n\r\n{";
        for beginning in ["", "GET / HT", post] {
            let (client, _drain) = served(Duration::from_millis(50)).await;
            send(&client, beginning);
            assert!(is_closed(&client).await, "{beginning}");
        }
    }

    #[tokio::test]
    async fn with_progress_a_connection_outlives_its_patience() {
        let patience = Duration::from_secs(1);
        let (client, _drain) = served(patience).await;
        let begun = Instant::now();
        while begun.elapsed() < 2 * patience + patience / 2 {
            send(&client, "GET /no/such/path HTTP/1.1\r\nhost: mock\r\n\r\n");
            assert!(!is_closed(&client).await, "{:?}", begun.elapsed());
            sleep(patience / 10).await;
        }
    }
}
