//! The general rules of the lint against documents of many hands.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "../common/mod.rs"]
mod common;
mod corpus;
mod fix;
mod hostile;
#[path = "../common/patch.rs"]
mod patch;
mod reports;
mod styles;
