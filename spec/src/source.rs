//! Where a value was written: file, line and column by JSON pointer, so that every error and finding
//! can point at the author's file although the value has travelled into a bundle.
//!
//! The places form a tree of the shape of the value, whose parts are shared: hoisting a definition
//! into a bundle moves one pointer and copies no places.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::pointer;

/// A place in a file; lines and columns count from one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file, as its path was given or found.
    pub file: Arc<Path>,
    /// The line, from one.
    pub line: usize,
    /// The column in characters, from one.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}

/// Where each value of a document was written. The place of a mapping's entry is that of its key.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    root: Option<Arc<Places>>,
}

impl SourceMap {
    pub(crate) fn new(root: Arc<Places>) -> Self {
        Self { root: Some(root) }
    }

    /// The place of the value at `pointer`, or of the nearest value around it that has one.
    pub fn get(&self, pointer: &str) -> Option<&Location> {
        let mut at = self.root.as_ref()?;
        for segment in pointer::segments(pointer)? {
            match at.child(&segment) {
                Some(child) => at = child,
                None => break,
            }
        }
        Some(&at.own)
    }

    /// The places of the value at exactly this pointer and of its parts.
    pub(crate) fn places(&self, pointer: &str) -> Option<Arc<Places>> {
        let mut at = self.root.as_ref()?;
        for segment in pointer::segments(pointer)? {
            at = at.child(&segment)?;
        }
        Some(at.clone())
    }
}

/// The place of a value and of its parts.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) own: Location,
    pub(crate) parts: Parts,
}

/// The places of a value's parts; a value from an alias has none of its own.
#[derive(Clone, Debug)]
pub(crate) enum Parts {
    None,
    Items(Vec<Arc<Places>>),
    Entries(BTreeMap<String, Arc<Places>>),
}

impl Places {
    pub(crate) fn child(&self, segment: &str) -> Option<&Arc<Places>> {
        match &self.parts {
            Parts::None => None,
            Parts::Items(items) => items.get(segment.parse::<usize>().ok()?),
            Parts::Entries(entries) => entries.get(segment),
        }
    }

    /// Puts `places` under `key`, whatever stood there.
    pub(crate) fn put(&mut self, key: &str, places: Arc<Places>) {
        if let Parts::Entries(entries) = &mut self.parts {
            entries.insert(key.to_owned(), places);
        } else {
            self.parts = Parts::Entries(BTreeMap::from([(key.to_owned(), places)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::{Location, Parts, Places, SourceMap};

    fn leaf(line: usize) -> Places {
        let own = Location {
            file: Path::new("a.yaml").into(),
            line,
            column: 1,
        };
        Places {
            own,
            parts: Parts::None,
        }
    }

    #[test]
    fn an_unknown_pointer_falls_back_to_what_encloses_it() {
        let mut root = leaf(1);
        root.put("a/b", Arc::new(leaf(3)));
        let sources = SourceMap::new(Arc::new(root));
        let line = |pointer: &str| sources.get(pointer).unwrap().to_string();
        assert_eq!(line("/a~1b/c/d"), "a.yaml:3:1");
        assert_eq!(line("/b"), "a.yaml:1:1");
        assert!(sources.places("/a~1b").is_some());
        assert!(sources.places("/a~1b/c").is_none());
    }
}
