//! How the generated types meet JSON: what a controller leaves out, adds or writes differently is
//! read, kept and written back as it was.
//!
//! `null` counts as absent everywhere, and a 64-bit integer sent as text is written as a number.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "which of these the generated types need is the documents' business"
)]

mod fields;
mod string_enum;
mod union;

pub(crate) use fields::{int64, optional_int64, or_default};
pub(crate) use string_enum::string_enum;
pub(crate) use union::{Form, select, union};
