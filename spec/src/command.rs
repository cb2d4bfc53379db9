//! The subcommands of the binary that are more than a call.

pub(crate) mod bundle;
pub(crate) mod diff;
pub(crate) mod guard;
pub(crate) mod kinds;
pub(crate) mod lint;
