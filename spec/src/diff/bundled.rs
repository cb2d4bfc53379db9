//! Where a place of a document stands once its files are joined into one.
//!
//! A finding has one fingerprint by this, whether the documents were read as files or as bundles: what is
//! approved for a branch is approved for the release that it becomes part of.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::document::Document;
use super::finding::Place;
use crate::pointer;

/// What `components` holds, and other files have at their top.
const COMPONENTS: [&str; 9] = [
    "callbacks",
    "examples",
    "headers",
    "links",
    "parameters",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
];

/// The pointers of one document's bundle.
pub(super) struct Pointers<'a> {
    first: &'a Path,
    /// By file: the pointer of a path item in it, and its path.
    items: HashMap<PathBuf, Vec<(String, &'a str)>>,
}

impl<'a> Pointers<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut items: HashMap<PathBuf, Vec<(String, &str)>> = HashMap::new();
        for (file, pointer, path) in document.path_items() {
            items.entry(file).or_default().push((pointer, path));
        }
        Self {
            first: document.path(0),
            items,
        }
    }

    /// The pointer of a place in the bundle.
    pub(super) fn of(&self, place: &Place) -> String {
        let pointer = place.pointer.as_str();
        if place.file == self.first {
            return pointer.to_owned();
        }
        let top = pointer.split('/').nth(1).unwrap_or_default();
        if COMPONENTS.contains(&top) {
            return format!("/components{pointer}");
        }
        for (target, path) in self.items.get(&place.file).into_iter().flatten() {
            let rest = pointer.strip_prefix(target.as_str());
            if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                return format!("{}{rest}", pointer::join("/paths", path));
            }
        }
        pointer.to_owned()
    }
}
