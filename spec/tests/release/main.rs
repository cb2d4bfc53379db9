//! Releases in a repository of their own: what is refused, what is frozen, and what the guard says of it.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod changelog;
mod guard;
mod make;
mod repository;
