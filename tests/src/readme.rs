//! The README's examples, compiled and run as tests, so that the front page stays true.
#![expect(
    clippy::doc_markdown,
    reason = "prose for people, with names as they are written"
)]
#![doc = include_str!("../../README.md")]
