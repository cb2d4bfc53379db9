//! The audit trail: what a record says, who may read which, and that nobody changes one.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod changes;
mod events;
mod immutable;
mod partner;
mod reading;
mod records;
