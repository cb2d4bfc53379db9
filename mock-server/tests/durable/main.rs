//! State that outlives the process: in one that ends well, and in ones that do not.
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod signed;
mod state;
mod tenants;

#[cfg(all(feature = "serve", unix))]
mod client;
#[cfg(all(feature = "serve", unix))]
mod disk;
#[cfg(all(feature = "serve", unix))]
mod kill;
#[cfg(all(feature = "serve", unix))]
mod reads;
#[cfg(unix)]
mod steps;
