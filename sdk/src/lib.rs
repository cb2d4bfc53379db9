#![doc = include_str!("../README.md")]

mod api;
mod client;
mod document;
mod error;
#[rustfmt::skip]
#[allow(
    clippy::pedantic,
    clippy::all,
    missing_docs,
    rustdoc::all,
    reason = "generated: what it says comes from the documents, how it says it from the generator"
)]
mod generated;
mod resource;
mod secret;
mod transport;
mod wire;

pub use api::{Api, ETag, ListParams, Page, Precondition, Tagged};
pub use client::{Client, ClientBuilder};
pub use document::{Document, DocumentCheck, ServedDocument, Standing};
pub use error::{Answer, ConfigError, Error, Problem};
pub use generated::DOCUMENTS;
#[cfg(feature = "v1")]
pub use generated::v1;
#[cfg(feature = "v2")]
pub use generated::v2;
#[cfg(feature = "v3")]
pub use generated::v3;
pub use resource::{OrganizationScoped, ProjectScoped, Resource, Scope};
pub use secret::{ApiKey, Secret};
pub use transport::Retry;
