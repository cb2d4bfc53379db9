//! What the controller keeps and how it changes: objects and their versions, entity tags, references, pages,
//! lifecycles, the trail, and that many controllers and many writers do not get in one another's way.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod audit;
mod concurrency;
mod forms;
mod isolation;
mod lifecycle;
mod objects;
mod paging;
mod references;
mod tags;
mod versions;
