//! The audit trail: for each organization an append-only chain in which every record carries the hash of the one
//! before, so that a record that was changed or taken out shows. A write's record commits with the write; reads and
//! refusals are collected by the [`Recorder`] and join the chain off the hot path. No API changes or removes a record.
//!
//! The trail in memory keeps a bounded number of records; the oldest give way, and the chain of those that stay
//! can still be checked. With a data directory all of them are in its file.

mod changes;
mod origin;
mod record;
mod recorder;
mod stored;
mod trail;
mod verify;

pub(crate) use changes::{changes, of_each, removed, with_secrets};
pub use origin::ClientKind;
pub(crate) use origin::{Origin, RequestIds};
pub use record::{Actor, AuditRecord, Change};
pub(crate) use record::{Event, Method, What};
pub(crate) use recorder::Recorder;
pub(crate) use stored::{decode, encode};
pub(crate) use trail::{Head, Trails};
pub(crate) use verify::Verifier;
pub use verify::{AuditFinding, AuditReport, TrailReport};
