//! Accepting connections, and bringing them to an end: at once, or after the requests under way.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::{Peer, Security, Service, connection};

/// A connection on which for so long no request begins or ends is closed.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long requests under way may take to finish when the server drains.
const DRAIN: Duration = Duration::from_secs(10);
/// How long accepting pauses when the process has no more file descriptors.
const BREATH: Duration = Duration::from_millis(20);

/// Where a server stands. It only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Serving,
    Draining,
    Stopped,
}

/// Serves until the phase says otherwise. Connections left at its end close with the runtime.
pub(super) async fn run(
    listener: TcpListener,
    security: Security,
    service: Arc<Service>,
    mut phase: watch::Receiver<Phase>,
) {
    let (drain, connections) = watch::channel(());
    tokio::select! {
        () = accept(&listener, &security, service, connections) => {}
        _ = phase.wait_for(|phase| *phase != Phase::Serving) => {}
    }
    drop(listener);
    // The last receiver goes with the last connection.
    if drain.send(()).is_ok() && *phase.borrow() == Phase::Draining {
        tokio::select! {
            _ = timeout(DRAIN, drain.closed()) => {}
            _ = phase.wait_for(|phase| *phase == Phase::Stopped) => {}
        }
    }
}

/// Accepts connections for ever.
async fn accept(
    listener: &TcpListener,
    security: &Security,
    service: Arc<Service>,
    drain: watch::Receiver<()>,
) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Without it an answer may wait for the acknowledgement of the one before. Failing costs no more.
                let _ = stream.set_nodelay(true);
                let work = connection::Work {
                    service: Arc::clone(&service),
                    peer: Peer(peer),
                    drain: drain.clone(),
                    patience: PATIENCE,
                };
                security.serve(stream, work);
            }
            Err(error) if is_the_clients(&error) => {}
            Err(_) => sleep(BREATH).await,
        }
    }
}

/// A connection that failed before it was accepted says nothing about the next one.
fn is_the_clients(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}
