//! Settings of a client, and their checks.

use std::path::Path;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;

use super::{Client, environment, rctl};
use crate::transport::{Transport, with_tls};
use crate::{ApiKey, ConfigError, DOCUMENTS, Retry};

/// Settings of a [`Client`].
///
/// ```
/// use std::time::Duration;
/// # fn main() -> Result<(), rafay_sdk::ConfigError> {
/// let client = rafay_sdk::Client::builder()
///     .endpoint("console.example.com")
///     .api_key("ra2.3f2a.9c1d")
///     .timeout(Duration::from_secs(10))
///     .user_agent("nightly-report/2")
///     .build()?;
/// # drop(client);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ClientBuilder {
    endpoint: String,
    key: Option<ApiKey>,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: Option<String>,
    retry: Retry,
    roots: Vec<Vec<u8>>,
    organization: Option<String>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            key: None,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            user_agent: None,
            retry: Retry::default(),
            roots: Vec::new(),
            organization: None,
        }
    }
}

impl ClientBuilder {
    /// Starts from what the environment says; see [`Client::from_env`].
    pub fn from_env() -> Result<Self, ConfigError> {
        environment::read(|name| std::env::var(name).ok())
    }

    /// Starts from a configuration file of `rctl`; see [`Client::from_rctl_config`].
    pub fn from_rctl_config(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        rctl::read_file(path.as_ref())
    }

    /// The controller's address. Without a scheme, `https` is meant.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = endpoint.into();
        self
    }

    /// The key that every request carries.
    pub fn api_key(mut self, key: impl Into<ApiKey>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// How long one try may take, from connecting to the end of the answer; half a minute unless
    /// said otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take; ten seconds unless said otherwise.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// What the application calls itself; stands before the SDK's own name and the documents that it was made from.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// How failed requests are tried again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The id of the organization to work in, for a key of a partner, which may work in all of the partner's. A key of an
    /// organization works in that one alone and needs none.
    ///
    /// ```
    /// # fn main() -> Result<(), rafay_sdk::ConfigError> {
    /// let customer = rafay_sdk::Client::builder()
    ///     .endpoint("ops.example.com")
    ///     .api_key("ra2.3f2a.9c1d")
    ///     .organization("lk5xnd2")
    ///     .build()?;
    /// # drop(customer);
    /// # Ok(())
    /// # }
    /// ```
    pub fn organization(mut self, id: impl Into<String>) -> Self {
        self.organization = Some(id.into());
        self
    }

    /// Certificates in PEM to trust besides those of the operating system.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Checks the settings and makes the client. Nothing is sent yet.
    pub fn build(self) -> Result<Client, ConfigError> {
        let base = base(&self.endpoint)?;
        let key = self
            .key
            .filter(|key| !key.expose().is_empty())
            .ok_or(ConfigError::MissingKey)?;
        let mut key = HeaderValue::from_str(key.expose()).map_err(|_| ConfigError::Key)?;
        key.set_sensitive(true);
        let mut headers = HeaderMap::new();
        if let Some(organization) = &self.organization {
            let id = HeaderValue::from_str(organization).map_err(|_| ConfigError::Organization)?;
            headers.insert(HeaderName::from_static("x-organization-id"), id);
        }
        let own = own_agent();
        let agent = match self.user_agent {
            Some(app) => format!("{app} {own}"),
            None => own,
        };
        let http = reqwest::Client::builder()
            .user_agent(agent)
            .default_headers(headers)
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            // The key would go along to wherever a redirection leads.
            .redirect(reqwest::redirect::Policy::none());
        let http = with_tls(http, &self.roots)
            .map_err(|error| ConfigError::Http(error.to_string().into()))?
            .build()
            .map_err(|error| ConfigError::Http(error.into()))?;
        Ok(Client::with_transport(Transport::new(
            http, base, key, self.retry,
        )))
    }
}

/// The SDK's own name, and the documents that it was made from.
fn own_agent() -> String {
    let mut agent = concat!("rafay-sdk/", env!("CARGO_PKG_VERSION")).to_owned();
    for document in DOCUMENTS {
        agent.push(' ');
        agent.push_str(&document.product());
    }
    agent
}

/// The address that paths are appended to.
fn base(endpoint: &str) -> Result<String, ConfigError> {
    let endpoint = endpoint.trim();
    let wrong = |reason: &str| ConfigError::Endpoint {
        endpoint: endpoint.rsplit('@').next().unwrap_or_default().to_owned(),
        reason: reason.to_owned(),
    };
    if endpoint.is_empty() {
        return Err(wrong("it is empty"));
    }
    let full = if endpoint.contains("://") {
        endpoint.to_owned()
    } else {
        format!("https://{endpoint}")
    };
    let url = Url::parse(&full).map_err(|error| wrong(&error.to_string()))?;
    match url.scheme() {
        "http" => {}
        "https" if cfg!(feature = "rustls") => {}
        "https" => return Err(wrong("https needs the feature `rustls`")),
        _ => return Err(wrong("only http and https will do")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("a user name has no place in it; the key is enough"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it must end with its path"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (given, read) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            (" http://localhost/ ", "http://localhost"),
            ("http://host/behind/a/proxy/", "http://host/behind/a/proxy"),
            #[cfg(feature = "rustls")]
            ("console.example.com", "https://console.example.com"),
            #[cfg(feature = "rustls")]
            (
                "console.example.com:8443",
                "https://console.example.com:8443",
            ),
        ] {
            assert_eq!(base(given).unwrap(), read);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_showing_a_password() {
        for given in [
            "",
            "ftp://host",
            "http://",
            "http://host?x=1",
            "http://host#x",
            "http://a b",
        ] {
            assert!(base(given).is_err(), "{given}");
        }
        let error = base("http://me:hush@host").unwrap_err().to_string();
        assert!(
            error.contains("`host`") && !error.contains("hush"),
            "{error}"
        );
    }

    #[test]
    fn keys_that_no_header_carries_are_refused_without_being_shown() {
        let builder = || ClientBuilder::default().endpoint("http://localhost");
        for (key, shown) in [
            ("", "no API key"),
            ("  ", "no API key"),
            ("ra2.\u{7f}", "copy it"),
        ] {
            let error = builder().api_key(key).build().unwrap_err().to_string();
            assert!(error.contains(shown) && !error.contains("ra2"), "{error}");
        }
        assert!(builder().build().is_err());
    }

    #[test]
    fn an_organization_that_no_header_carries_is_refused() {
        let builder = ClientBuilder::default()
            .endpoint("http://localhost")
            .api_key("k");
        assert!(builder.clone().organization("lk5xnd2").build().is_ok());
        let error = builder.organization("a\nb").build().unwrap_err();
        assert!(error.to_string().contains("organization"), "{error}");
    }

    #[cfg(feature = "rustls")]
    #[test]
    fn root_certificates_must_be_certificates() {
        let builder = ClientBuilder::default().endpoint("localhost").api_key("k");
        let error = builder
            .clone()
            .root_certificates("no pem")
            .build()
            .unwrap_err();
        assert!(error.to_string().contains("root certificate"), "{error}");
        assert!(builder.build().is_ok());
    }
}
