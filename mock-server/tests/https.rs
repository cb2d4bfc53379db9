//! The mock over HTTPS: who is let believe it, which versions it speaks, and what the binary says and keeps.
#![cfg(feature = "tls")]
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rafay_mock_server::{MockController, Role, StartError, Tls};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned,
    SupportedProtocolVersion,
};

const SOON: Duration = Duration::from_secs(20);
const PROJECTS: &str = "/apis/system.k8smgmt.io/v3/projects";

/// A client that trusts one authority, or nobody.
fn client(trusted: Option<&str>, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = trusted {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        roots.add(certificate).unwrap();
    }
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

type Stream = StreamOwned<ClientConnection, TcpStream>;

fn connect(config: ClientConfig, address: SocketAddr, name: &str) -> io::Result<Stream> {
    let socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(SOON))?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, socket);
    stream.conn.complete_io(&mut stream.sock)?;
    Ok(stream)
}

/// The answer to one request on a connection that ends with it.
fn ask(stream: &mut Stream, head: &str) -> String {
    write!(stream, "{head}\r\nhost: mock\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    // The end of the connection is announced, so nothing can be cut off unnoticed.
    stream.read_to_string(&mut answer).unwrap();
    answer
}

async fn start() -> MockController {
    let tls = Tls::temporary().unwrap();
    MockController::builder().tls(tls).start().await.unwrap()
}

const BOTH: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12, &rustls::version::TLS13];

#[tokio::test]
async fn a_client_that_trusts_the_authority_is_served_in_both_versions() {
    let mock = start().await;
    assert_eq!(mock.url(), format!("https://{}", mock.address()));
    for (version, agreed) in [
        (&rustls::version::TLS12, ProtocolVersion::TLSv1_2),
        (&rustls::version::TLS13, ProtocolVersion::TLSv1_3),
    ] {
        for name in ["127.0.0.1", "localhost", "::1"] {
            let mut config = client(mock.ca_certificate(), &[version]);
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            let mut stream = connect(config, mock.address(), name).unwrap();
            assert_eq!(stream.conn.protocol_version(), Some(agreed));
            assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
            let key = mock.key_for(Role::Admin);
            let head = format!("GET {PROJECTS} HTTP/1.1\r\nx-api-key: {}", key.expose());
            let answer = ask(&mut stream, &head);
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        }
    }
}

#[tokio::test]
async fn who_does_not_trust_it_or_means_another_does_not_go_on() {
    let (mock, other) = (start().await, start().await);
    for (trusted, name) in [
        (None, "127.0.0.1"),
        (other.ca_certificate(), "127.0.0.1"),
        (mock.ca_certificate(), "console.example.com"),
        (mock.ca_certificate(), "127.0.0.2"),
    ] {
        assert!(
            connect(client(trusted, BOTH), mock.address(), name).is_err(),
            "{name}"
        );
    }
    assert!(mock.audit().is_empty());
}

#[tokio::test]
async fn what_is_no_handshake_gets_no_answer_of_http() {
    let mock = start().await;
    let mut socket = TcpStream::connect(mock.address()).unwrap();
    socket.set_read_timeout(Some(SOON)).unwrap();
    let request = format!("GET {PROJECTS} HTTP/1.1\r\nhost: mock\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
    assert!(mock.audit().is_empty());
}

#[tokio::test]
async fn a_server_with_open_handshakes_ends_at_once() {
    let mock = start().await;
    let address = mock.address();
    let waiting = TcpStream::connect(address).unwrap();
    let served = connect(client(mock.ca_certificate(), BOTH), address, "localhost").unwrap();
    tokio::time::timeout(SOON, mock.stop()).await.unwrap();
    drop((waiting, served));
    assert!(TcpStream::connect(address).is_err());
}

#[tokio::test]
async fn an_address_that_others_can_reach_takes_encryption_or_a_word() {
    let builder = || MockController::builder().address(([0, 0, 0, 0], 0).into());
    let refused = builder().start().await.unwrap_err();
    assert!(
        matches!(refused, StartError::NotLoopback { .. }),
        "{refused}"
    );
    let open = builder().insecure_listen(true).start().await.unwrap();
    assert!(open.url().starts_with("http://0.0.0.0:"), "{}", open.url());
    let secured = builder()
        .tls(Tls::temporary().unwrap())
        .start()
        .await
        .unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], secured.address().port()));
    let config = client(secured.ca_certificate(), BOTH);
    assert!(connect(config, address, "127.0.0.1").is_ok());
}

#[tokio::test]
async fn a_public_address_is_refused_with_a_local_authority() {
    let tls = Tls::temporary().unwrap();
    let builder = MockController::builder().address(([8, 8, 8, 8], 0).into());
    let refused = builder.tls(tls).start().await.unwrap_err();
    assert!(matches!(refused, StartError::Tls(_)), "{refused}");
}
