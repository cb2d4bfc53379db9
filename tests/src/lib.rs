//! What the tests that span the crates share: requests straight to the controller, a check of every answer against
//! the document, fixtures, a world with a valid request for every operation, and the rule of who may do what.
//!
//! Nothing here asks the mock what is right. What an answer may look like and who may call comes from the documents
//! and from `roles.yaml`, read by `rafay-spec`.

pub mod alignment;
mod answer;
mod checker;
mod desk;
mod documents;
pub mod fixtures;
mod json_schema;
mod readme;
mod recorder;
mod rule;
mod world;

pub use answer::Answer;
pub use checker::{Checked, Checker, Exchange};
pub use desk::{Ask, Caller, Desk};
pub use documents::{operation, operations, repository, spec};
pub use json_schema::request_validator;
pub use recorder::{Recorded, Recorder, http_client};
pub use rule::{Target, answered, may};
pub use world::{Sample, World, body};
