//! The subcommands of the binary that are more than a call.

pub(crate) mod diff;
pub(crate) mod guard;
pub(crate) mod lint;
