//! The comparison against pairs of documents, each of which names exactly what is to be found.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod corpus;
mod edges;
mod guard;
mod pairs;
#[path = "../common/patch.rs"]
mod patch;
mod properties;
mod reports;
