//! What `cargo xtask` does, as a library, so that tests can call it: generating everything from the documents, and
//! telling what is stale.

pub mod bench;
pub mod calls;
pub mod checks;
pub mod compare;
pub mod compile;
pub mod files;
pub mod generate;
pub mod mock;
pub mod new_kind;
pub mod readme;
pub mod sdk;
pub mod tests_types;
