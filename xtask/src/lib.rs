//! What `cargo xtask` does, as a library, so that tests can call it: generating everything from the documents, and
//! telling what is stale.

pub mod bench;
pub mod checks;
pub mod files;
pub mod generate;
pub mod mock;
pub mod readme;
pub mod sdk;
