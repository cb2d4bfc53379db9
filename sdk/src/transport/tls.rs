//! TLS by rustls and ring, set up for this client alone: no provider is installed for the process,
//! which is the application's to choose.

use std::fmt;

/// Why TLS could not be set up.
#[derive(Debug)]
pub(crate) struct TlsError(String);

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Trusts what the operating system trusts, and the certificates in `roots` (PEM) besides.
#[cfg(feature = "rustls")]
pub(crate) fn with_tls(
    builder: reqwest::ClientBuilder,
    roots: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, TlsError> {
    use std::sync::Arc;

    use rustls::pki_types::{CertificateDer, pem::PemObject};
    use rustls_platform_verifier::Verifier;

    let mut extra = Vec::new();
    for pem in roots {
        let before = extra.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            extra.push(certificate.map_err(|error| {
                TlsError(format!("a root certificate is not valid PEM: {error}"))
            })?);
        }
        if extra.len() == before {
            return Err(TlsError(
                "a root certificate has no PEM certificate in it".to_owned(),
            ));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let failed = |error: rustls::Error| TlsError(format!("TLS cannot be set up: {error}"));
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider)).map_err(failed)?;
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        // The name is rustls's; the verifier is the operating system's own.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

/// Without the feature there is no TLS.
#[cfg(not(feature = "rustls"))]
pub(crate) fn with_tls(
    builder: reqwest::ClientBuilder,
    roots: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, TlsError> {
    match roots {
        [] => Ok(builder),
        _ => Err(TlsError(
            "root certificates need the feature `rustls`".to_owned(),
        )),
    }
}
