//! HTTPS: the certificate that a server shows, one of the user's or one of a local authority, and the settings of
//! every handshake: TLS 1.2 and 1.3, HTTP/1.1.
//!
//! Certificates live by the system's clock and not by the controller's: the clients who check them do.

mod authority;
mod error;
mod renewal;

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::clock::Clock;
use authority::Authority;
pub use error::TlsError;
use renewal::Renewal;

/// How a server proves to its clients who it is.
///
/// ```
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// use rafay_mock_server::{MockController, Tls};
///
/// let mock = MockController::builder().tls(Tls::temporary()?).start().await?;
/// assert!(mock.url().starts_with("https://127.0.0.1:"));
/// let trusted = mock.ca_certificate().unwrap_or_default(); // what the client under test has to trust, in PEM
/// # assert!(trusted.starts_with("-----BEGIN CERTIFICATE-----"));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
/// ```
pub struct Tls {
    shown: Shown,
}

enum Shown {
    /// Certificates that are made when they are needed.
    Local(Box<Authority>),
    /// The one that was given.
    Given(Arc<CertifiedKey>),
}

impl Tls {
    /// A certificate of an authority that lives as long as this value: for tests.
    pub fn temporary() -> Result<Self, TlsError> {
        Ok(Self {
            shown: Shown::Local(Authority::generate()?.into()),
        })
    }

    /// A certificate of the local authority that a directory keeps; both are made where there is none. Whoever trusts
    /// the authority's certificate, [`ca.pem`](Self::CA_FILE) in the directory, trusts every server started with it.
    ///
    /// The authority can vouch for this machine and for private addresses alone. Its key is readable by its owner
    /// only.
    pub fn local(directory: &Path) -> Result<Self, TlsError> {
        Ok(Self {
            shown: Shown::Local(Authority::open(directory)?.into()),
        })
    }

    /// A certificate of one's own with the chain up to its authority, and its private key, both in PEM.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| TlsError::Certificate(error.to_string()))?;
        if chain.is_empty() {
            return Err(TlsError::Certificate(
                "there is none in it that begins with -----BEGIN CERTIFICATE-----".to_owned(),
            ));
        }
        // What the reader says of a broken key may quote it.
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::Key)?;
        let pair = CertifiedKey::from_der(chain, key, &ring::default_provider());
        let pair = pair.map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => TlsError::NoPair,
            other => TlsError::Certificate(other.to_string()),
        })?;
        Ok(Self {
            shown: Shown::Given(pair.into()),
        })
    }

    /// Name of the file that holds the certificate of a directory's authority.
    pub const CA_FILE: &'static str = authority::CERTIFICATE;

    /// The authority's certificate in PEM, for clients to trust; none for a certificate of one's own.
    pub(crate) fn ca_certificate(&self) -> Option<&str> {
        match &self.shown {
            Shown::Local(authority) => Some(authority.certificate()),
            Shown::Given(_) => None,
        }
    }

    /// What takes a connection through its handshake, on a server that listens on that address.
    pub(crate) fn acceptor(self, address: SocketAddr) -> Result<TlsAcceptor, TlsError> {
        let versions = &[&rustls::version::TLS13, &rustls::version::TLS12];
        let builder = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_protocol_versions(versions)
            .map_err(TlsError::settings)?
            .with_no_client_auth();
        let mut config = match self.shown {
            Shown::Given(pair) => {
                builder.with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(pair)))
            }
            Shown::Local(authority) => {
                let renewal = Renewal::new(*authority, address.ip(), Clock::system())?;
                builder.with_cert_resolver(Arc::new(renewal))
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config).into())
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.shown {
            Shown::Local(_) => "Tls(local authority)",
            Shown::Given(_) => "Tls(certificate of one's own)",
        })
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn own(name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    #[test]
    fn a_certificate_of_ones_own_must_be_one_and_fit_its_key() {
        let ((certificate, key), (other, _)) = (own("a.example.com"), own("b.example.com"));
        let read = |certificate: &str, key: &str| {
            Tls::from_pem(certificate.as_bytes(), key.as_bytes()).map(|_| ())
        };
        assert!(read(&certificate, &key).is_ok());
        assert!(read(&format!("{certificate}{other}"), &key).is_ok());
        assert!(matches!(read(&other, &key), Err(TlsError::NoPair)));
        assert!(matches!(read("", &key), Err(TlsError::Certificate(_))));
        assert!(matches!(read(&key, &key), Err(TlsError::Certificate(_))));
        let mangled = key.replacen('M', "!", 3);
        for wrong in ["", "no pem", &certificate, &mangled] {
            let error = read(&certificate, wrong).unwrap_err();
            assert!(matches!(error, TlsError::Key), "{error}");
        }
    }

    #[test]
    fn a_key_is_never_shown() {
        let (certificate, key) = own("a.example.com");
        let tls = Tls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap();
        assert_eq!(format!("{tls:?}"), "Tls(certificate of one's own)");
        assert_eq!(tls.ca_certificate(), None);
    }
}
