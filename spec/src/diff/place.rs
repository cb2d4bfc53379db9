//! Where a value stands: found by its address, and only when something is to be said about it.

use std::collections::HashMap;

use super::document::{At, Document};
use super::finding::Place;
use super::node::Node;
use crate::pointer;

/// The values of a document's files, each with what it stands in.
pub(crate) struct Index<'a> {
    document: &'a Document,
    files: Vec<Option<HashMap<usize, (usize, Step<'a>)>>>,
}

/// How one comes from a value to a part of it.
#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

impl<'a> Index<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self {
            document,
            files: (0..document.file_count()).map(|_| None).collect(),
        }
    }

    pub(crate) fn place(&mut self, at: At<'a>) -> Place {
        Place {
            file: self.document.path(at.file).to_owned(),
            line: at.node.line,
            column: at.node.column,
            pointer: self.pointer(at),
        }
    }

    fn pointer(&mut self, at: At<'a>) -> String {
        let root = self.document.file_root(at.file);
        let Some(slot) = self.files.get_mut(at.file) else {
            return String::new();
        };
        let parents = slot.get_or_insert_with(|| parents(root));
        let mut steps = Vec::new();
        let mut here = at.node.address();
        while let Some((parent, step)) = parents.get(&here) {
            steps.push(*step);
            here = *parent;
        }
        let mut out = String::new();
        for step in steps.iter().rev() {
            match step {
                Step::Key(key) => pointer::push(&mut out, key),
                Step::Item(index) => pointer::push(&mut out, &index.to_string()),
            }
        }
        out
    }
}

fn parents(root: &Node) -> HashMap<usize, (usize, Step<'_>)> {
    let mut parents = HashMap::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        for (key, value) in node.entries() {
            parents.insert(value.address(), (node.address(), Step::Key(key)));
            open.push(value);
        }
        for (index, value) in node.items().iter().enumerate() {
            parents.insert(value.address(), (node.address(), Step::Item(index)));
            open.push(value);
        }
    }
    parents
}
