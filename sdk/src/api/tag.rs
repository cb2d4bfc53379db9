//! Revisions: which state of an object a write is meant for.

/// The controller's mark of one revision of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ETag(pub(super) String);

impl ETag {
    /// A mark that was kept as text.
    pub fn new(tag: impl Into<String>) -> Self {
        Self(tag.into())
    }

    /// The mark as it travels in headers.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An object and the revision it is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tagged<K> {
    /// The object.
    pub object: K,
    /// Its revision; none where the controller does not tell.
    pub etag: Option<ETag>,
}

/// What must hold for a write to happen; otherwise the controller answers 412, which
/// [`Error::is_conflict`](crate::Error::is_conflict) tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// The stored object is still at this revision.
    Revision(ETag),
    /// There is no such object yet.
    Absent,
}

impl From<ETag> for Precondition {
    fn from(etag: ETag) -> Self {
        Self::Revision(etag)
    }
}
