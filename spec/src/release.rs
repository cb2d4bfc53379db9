//! Releases: documents frozen under a number, which compatibility is judged against.
//!
//! `released/index.json` lists them, and `released/<version>/<number>.json` is each one's bundle, byte
//! for byte the `openapi.json` of that moment, so that git keeps it once. Beside it stand the roles of
//! that moment. A frozen file never changes: its SHA-256 stands in the index, and [`verify`] compares.
//!
//! [`plan`] judges a release before anything is written: its number must fit what has changed since
//! the last one, and within a major version nothing may break that nobody answers for.

mod approvals;
mod error;
mod index;
mod number;
mod plan;
mod verify;

pub use error::Error;
pub use index::{Entry, FOLDER, Index, Stamp, digest};
pub use number::Number;
pub use plan::{Plan, Request, plan};
pub use verify::verify;

use crate::diff::{Bump, Comparison, Promise};

/// How much a number must change at the least for what has changed: as the comparison suggests, but a
/// break that somebody answers for asks for no new major version.
pub fn floor(comparison: &Comparison) -> Bump {
    let breaks = |finding: &&crate::diff::Finding| {
        finding.approved.is_none()
            && (finding.breaks(Promise::Wire) || finding.breaks(Promise::Behaviour))
    };
    match comparison.document_bump() {
        Bump::Major if !comparison.findings.iter().any(|finding| breaks(&finding)) => Bump::Minor,
        bump => bump,
    }
}
