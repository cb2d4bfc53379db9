#![doc = include_str!("../README.md")]

mod audit;
mod body;
mod check;
mod clock;
mod controller;
mod effects;
mod engine;
#[rustfmt::skip]
#[allow(
    clippy::unreadable_literal,
    clippy::match_same_arms,
    clippy::too_many_lines,
    reason = "written by a generator, for a compiler"
)]
mod generated;
mod guesses;
mod handlers;
mod harness;
mod hex;
mod identity;
mod inventory;
mod keys;
#[cfg(feature = "smtp")]
mod mail;
mod mask;
mod outbox;
mod password;
mod pattern;
mod pipeline;
mod refusal;
mod reply;
#[allow(
    dead_code,
    reason = "the whole vocabulary is here, whether or not a present document uses each word"
)]
mod schema;
mod secret;
mod seed;
mod server;
mod session;
mod snapshot;
mod store;
#[allow(
    dead_code,
    reason = "the whole vocabulary is here, whether or not a present document uses each word"
)]
mod table;
#[cfg(feature = "tls")]
mod tls;
mod value;

pub use audit::{Actor, AuditFinding, AuditRecord, AuditReport, Change, ClientKind, TrailReport};
pub use clock::Clock;
pub use controller::{Controller, Options};
pub use generated::documents::{DOCUMENTS, Document};
pub use generated::roles::{Permission, Permissions, Role};
pub use harness::{MockController, MockControllerBuilder, StartError};
pub use inventory::{Needs, OperationInfo, operations};
#[cfg(feature = "smtp")]
pub use mail::{Sender as MailSender, SmtpSettings, SmtpSettingsError, SmtpTls};
pub use outbox::{Delivery, Mail};
pub use password::PasswordCost;
pub use secret::ApiKey;
pub use server::Peer;
pub use snapshot::Snapshot;
pub use store::DataError;
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
