//! The client: one controller, one key.

mod builder;
mod environment;
mod rctl;

use crate::transport::Transport;
use crate::{ApiKey, ConfigError};

pub use builder::ClientBuilder;

/// A client for one controller, with one key. Cheap to clone; clones share connections.
///
/// [`v1`](Client::v1) and [`v3`](Client::v3) have a method for every operation;
/// [`Api`](crate::Api) is the comfortable way to v3's objects.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) transport: Transport,
    #[cfg(feature = "v1")]
    v1: std::sync::Arc<crate::v1::Client>,
    #[cfg(feature = "v2")]
    v2: std::sync::Arc<crate::v2::Client>,
    #[cfg(feature = "v3")]
    v3: std::sync::Arc<crate::v3::Client>,
}

impl Client {
    /// A client with the default settings. `endpoint` is the controller's address; without a
    /// scheme, `https` is meant.
    pub fn new(endpoint: impl Into<String>, key: impl Into<ApiKey>) -> Result<Self, ConfigError> {
        Self::builder().endpoint(endpoint).api_key(key).build()
    }

    /// A client for the controller and with the key that the environment names, in the variables
    /// that the `rctl` command line reads: `RCTL_REST_ENDPOINT` and `RCTL_API_KEY`.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }

    /// A client for the controller and with the key of a configuration file of the `rctl` command line, as the console
    /// and the controller's `cli/config` give it; by custom it is kept at `~/.rafay/cli/config.json`.
    pub fn from_rctl_config(path: impl AsRef<std::path::Path>) -> Result<Self, ConfigError> {
        ClientBuilder::from_rctl_config(path)?.build()
    }

    /// A client with other settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    pub(crate) fn with_transport(transport: Transport) -> Self {
        Self {
            #[cfg(feature = "v1")]
            v1: std::sync::Arc::new(crate::v1::Client::new_with_client(
                transport.base(),
                transport.http().clone(),
                transport.clone(),
            )),
            #[cfg(feature = "v2")]
            v2: std::sync::Arc::new(crate::v2::Client::new_with_client(
                transport.base(),
                transport.http().clone(),
                transport.clone(),
            )),
            #[cfg(feature = "v3")]
            v3: std::sync::Arc::new(crate::v3::Client::new_with_client(
                transport.base(),
                transport.http().clone(),
                transport.clone(),
            )),
            transport,
        }
    }

    /// Every operation of the v1 API: keys, users, projects by id.
    #[cfg(feature = "v1")]
    pub fn v1(&self) -> &crate::v1::Client {
        &self.v1
    }

    /// Every operation of the v2 API: configuration, infrastructure and scheduling by project id.
    #[cfg(feature = "v2")]
    pub fn v2(&self) -> &crate::v2::Client {
        &self.v2
    }

    /// Every operation of the v3 API: objects by name.
    #[cfg(feature = "v3")]
    pub fn v3(&self) -> &crate::v3::Client {
        &self.v3
    }
}
