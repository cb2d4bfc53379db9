//! Roles of namespaces: who has them, what they reach, and what they hide.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod bindings;
mod reach;
mod record;
mod sight;
mod world;
mod writes;
