//! What stands between a connection and HTTP: nothing, or TLS.

use tokio::net::TcpStream;
#[cfg(feature = "tls")]
use tokio::time::{Duration, timeout};
#[cfg(feature = "tls")]
use tokio_rustls::TlsAcceptor;

use super::connection::{Work, serve};

/// How long a handshake may take.
#[cfg(feature = "tls")]
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How the connections of a server are secured.
pub(crate) enum Security {
    /// Not at all.
    None,
    /// By TLS.
    #[cfg(feature = "tls")]
    Tls(TlsAcceptor),
}

impl Security {
    /// Starts to serve a connection.
    pub(super) fn serve(&self, stream: TcpStream, work: Work) {
        match self {
            Security::None => {
                tokio::spawn(serve(stream, work));
            }
            #[cfg(feature = "tls")]
            Security::Tls(acceptor) => {
                tokio::spawn(secure(acceptor.clone(), stream, work, HANDSHAKE));
            }
        }
    }
}

/// Serves a connection once its handshake is over, if that is in time and before the server ends.
#[cfg(feature = "tls")]
async fn secure(acceptor: TlsAcceptor, stream: TcpStream, mut work: Work, patience: Duration) {
    let shaken = tokio::select! {
        shaken = timeout(patience, acceptor.accept(stream)) => shaken,
        _ = work.drain.changed() => return,
    };
    // A client that speaks no TLS, or does not trust the certificate, was told by an alert.
    if let Ok(Ok(stream)) = shaken {
        serve(stream, work).await;
    }
}

#[cfg(all(test, feature = "tls"))]
mod tests {
    use std::sync::Arc;

    use tokio::net::TcpListener;
    use tokio::sync::watch;

    use super::*;
    use crate::server::{Peer, Service};
    use crate::{Controller, Options, Tls};

    #[tokio::test]
    async fn a_handshake_that_does_not_end_is_ended() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let client = TcpStream::connect(address).await.unwrap();
        let (stream, peer) = listener.accept().await.unwrap();
        let (_drain, drained) = watch::channel(());
        let work = Work {
            service: Arc::new(Service::new(Controller::new(Options::default()), None)),
            peer: Peer(peer),
            drain: drained,
            patience: Duration::from_mins(1),
        };
        let acceptor = Tls::temporary().unwrap().acceptor(address).unwrap();
        tokio::spawn(secure(acceptor, stream, work, Duration::from_millis(50)));
        // The first byte of a handshake, and nothing more.
        client.try_write(b"\x16").unwrap();
        let closed = async {
            loop {
                client.readable().await.unwrap();
                match client.try_read(&mut [0; 64]) {
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                    ended => return ended,
                }
            }
        };
        let ended = timeout(Duration::from_secs(20), closed).await.unwrap();
        assert!(!matches!(ended, Ok(1..)));
    }
}
