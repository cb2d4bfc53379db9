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
mod handlers;
mod harness;
mod hex;
mod identity;
mod inventory;
mod mask;
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
mod snapshot;
mod store;
#[allow(
    dead_code,
    reason = "the whole vocabulary is here, whether or not a present document uses each word"
)]
mod table;
mod value;

pub use audit::{Actor, AuditFinding, AuditRecord, AuditReport, Change, ClientKind, TrailReport};
pub use clock::Clock;
pub use controller::{Controller, Options};
pub use generated::documents::{DOCUMENTS, Document};
pub use generated::roles::{Permission, Permissions, Role};
pub use harness::{MockController, MockControllerBuilder, StartError};
pub use inventory::{Needs, OperationInfo, operations};
pub use secret::ApiKey;
pub use snapshot::Snapshot;
pub use store::DataError;
