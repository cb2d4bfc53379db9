//! What can go wrong while generating the SDK: always with the document, the place, and what to do.

/// A document that the SDK cannot be generated from, or a failure of the generator itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The document says something the SDK has no form for. Change the document as `help` says.
    #[error("{document}{pointer}: {what}; {help}")]
    Unsupported {
        /// The version of the document.
        document: String,
        /// The JSON pointer of the place.
        pointer: String,
        /// What stands there.
        what: String,
        /// What to do about it.
        help: String,
    },
    /// The client generator refused the document that was prepared for it. This is a gap in the
    /// preparation (`xtask/src/sdk/operations.rs`): refuse the construct there, with its pointer.
    #[error("{document}: the client generator failed: {message}")]
    Client {
        /// The version of the document.
        document: String,
        /// What progenitor said.
        message: String,
    },
    /// Generated text is not Rust. This is a fault of the generator, not of the document.
    #[error("{file}: generated text is not valid Rust: {message}")]
    Syntax {
        /// The file that was being generated.
        file: String,
        /// What the parser said.
        message: String,
    },
}
