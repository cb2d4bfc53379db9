//! Bad input: every request that cannot be carried out gets a declared status and a clear error in the version's
//! shape, changes nothing, and is on record with its caller. `Desk::refuse` checks all of that.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod body;
mod references;
mod request;
mod size;
mod unknown_fields;
mod values;
