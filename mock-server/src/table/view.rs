//! Views: the forms in which older versions show a kind.

use super::Context;
use crate::schema::Path;

/// A schema of an older version that shows a kind in another form.
#[derive(Debug)]
pub(crate) struct View {
    /// Fields of the view and where they come from.
    pub(crate) fields: &'static [ViewField],
}

/// One field of a view.
#[derive(Debug)]
pub(crate) struct ViewField {
    /// Where it stands in the view.
    pub(crate) at: Path,
    /// Where its value comes from.
    pub(crate) from: Source,
    /// Whether a client may not write it.
    pub(crate) read_only: bool,
}

/// Where a view's field comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// A place in the kind.
    Kind(Path),
    /// A fact that is not stored with the object.
    Context(Context),
    /// An annotation of the object that holds the value as JSON text; the name is the annotation's key.
    Annotation(&'static str),
    /// A place in the kind, in other words.
    Map(&'static Translation),
    /// A list in the kind, with members of its items in other words; never written.
    Each(Path, &'static [(&'static str, Words)]),
    /// Always this JSON.
    Constant(&'static str),
}

/// A place and what a view shows for the values there.
#[derive(Debug)]
pub(crate) struct Translation {
    /// Where the stored value stands.
    pub(crate) at: Path,
    /// What is shown for it.
    pub(crate) words: Words,
}

/// Stored values and what a view shows for them.
#[derive(Debug)]
pub(crate) struct Words {
    /// Stored text and the JSON shown for it.
    pub(crate) pairs: &'static [(&'static str, &'static str)],
    /// JSON shown for anything else.
    pub(crate) otherwise: Option<&'static str>,
    /// Of an item: another member that is looked at before, its texts and the JSON shown for each.
    pub(crate) first: Option<(&'static str, &'static [(&'static str, &'static str)])>,
}
