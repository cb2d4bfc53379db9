//! The server over real sockets: limits, connections in every state, its beginning and end, and its log.
//!
//! A mock serves from a thread of its own, so these tests use plain blocking sockets; each read is bounded.
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod client;
mod connections;
mod life;
mod limits;
mod log;
