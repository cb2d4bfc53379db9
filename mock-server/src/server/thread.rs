//! A server's thread: starting it, and ending it so that nothing of it is left.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::{oneshot, watch};

use super::listener::{self, Phase};
use super::{Security, Service};

/// A server that listens. Dropping it stops it at once and waits until its port is free.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    phase: watch::Sender<Phase>,
    ended: oneshot::Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on an address and serves it with so many threads.
    pub(crate) async fn start(
        address: SocketAddr,
        threads: usize,
        security: Security,
        service: Service,
    ) -> io::Result<Self> {
        let (phase, watched) = watch::channel(Phase::Serving);
        let (report, listening) = oneshot::channel();
        let (ending, ended) = oneshot::channel();
        let thread = Builder::new()
            .name("rafay-mock".to_owned())
            .spawn(move || {
                // Goes last, after the runtime with all that it holds.
                let _ending: oneshot::Sender<()> = ending;
                run(address, threads, security, service, watched, report);
            })?;
        let address = listening
            .await
            .unwrap_or_else(|_| Err(io::Error::other("its thread ended")))?;
        Ok(Self {
            address,
            phase,
            ended,
            thread: Some(thread),
        })
    }

    /// The address it listens on, with the port it was given.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening, lets the requests under way finish within bounds, and closes all connections.
    pub(crate) async fn drain(mut self) {
        self.phase.send_replace(Phase::Draining);
        // An error is what the end of the thread looks like from here.
        let _ = (&mut self.ended).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.phase.send_replace(Phase::Stopped);
        if let Some(thread) = self.thread.take() {
            // A panic has been reported by the thread itself.
            let _ = thread.join();
        }
    }
}

/// The thread's work. The end of `report`'s other side means that nobody waits any more: no harm.
fn run(
    address: SocketAddr,
    threads: usize,
    security: Security,
    service: Service,
    phase: watch::Receiver<Phase>,
    report: oneshot::Sender<io::Result<SocketAddr>>,
) {
    let runtime = match runtime(threads) {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = report.send(Err(error));
            return;
        }
    };
    runtime.block_on(async {
        let bound = TcpListener::bind(address).await;
        match bound.and_then(|listener| Ok((listener.local_addr()?, listener))) {
            Ok((address, listener)) => {
                let _ = report.send(Ok(address));
                listener::run(listener, security, Arc::new(service), phase).await;
            }
            Err(error) => {
                let _ = report.send(Err(error));
            }
        }
    });
}

/// One thread needs no other than the server's own.
fn runtime(threads: usize) -> io::Result<runtime::Runtime> {
    let mut builder = if threads > 1 {
        let mut builder = runtime::Builder::new_multi_thread();
        builder
            .worker_threads(threads)
            .thread_name("rafay-mock-worker");
        builder
    } else {
        runtime::Builder::new_current_thread()
    };
    builder.enable_io().enable_time().build()
}
