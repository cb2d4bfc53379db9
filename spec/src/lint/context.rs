//! What all rules share: one document with its parts laid out by position, so that no rule walks
//! the document again, and the list that findings go to.

use serde_json::{Map, Value};

use super::Finding;
use crate::grammar::Position;
use crate::model::{Document, Kind, find_kind};
use crate::pointer;

/// A mapping in a document.
pub(super) struct Node<'a> {
    pub(super) position: Position,
    /// The key it stands under; empty for an item of a list.
    pub(super) key: &'a str,
    pub(super) entries: &'a Map<String, Value>,
    /// The mapping around it and the way from there; few nodes are ever asked for a pointer.
    parent: Option<(usize, Way<'a>)>,
}

/// The way from a mapping to one in it, perhaps through a list.
#[derive(Clone, Copy)]
struct Way<'a> {
    key: &'a str,
    index: Option<usize>,
}

pub(super) struct Context<'a> {
    pub(super) documents: &'a [Document],
    pub(super) document: &'a Document,
    /// Every mapping outside free data.
    pub(super) nodes: Vec<Node<'a>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(documents: &'a [Document], document: &'a Document) -> Self {
        let mut nodes = Vec::new();
        if let Value::Object(entries) = &document.json {
            let root = Node {
                position: Position::Document,
                key: "",
                entries,
                parent: None,
            };
            lay_out(root, &mut nodes);
        }
        Self {
            documents,
            document,
            nodes,
        }
    }

    /// The JSON pointer of a node.
    pub(super) fn pointer(&self, node: &Node<'_>) -> String {
        let Some((parent, way)) = node.parent else {
            return String::new();
        };
        let mut pointer = self.pointer(&self.nodes[parent]);
        pointer::push(&mut pointer, way.key);
        if let Some(index) = way.index {
            pointer::push(&mut pointer, &index.to_string());
        }
        pointer
    }

    /// The mappings that are schemas.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &Node<'a>> {
        self.nodes.iter().filter(|node| node.position.is_schema())
    }

    /// The kind called `name`, as this document understands it.
    pub(super) fn kind(&self, name: &str) -> Option<&'a Kind> {
        find_kind(self.documents, &self.document.version, name)
    }

    /// The document and the schema of a kind.
    pub(super) fn kind_schema(&self, kind: &Kind) -> Option<(&'a Document, &'a Value)> {
        let document = self.documents.iter().find(|d| d.version == kind.document)?;
        Some((
            document,
            document.resolve(&format!("#/components/schemas/{}", kind.name))?,
        ))
    }
}

fn lay_out<'a>(node: Node<'a>, nodes: &mut Vec<Node<'a>>) {
    let (parent, outer, entries) = (nodes.len(), node.position, node.entries);
    nodes.push(node);
    for (key, value) in entries {
        let position = outer.child(key);
        if position == Position::Data {
            continue;
        }
        let mut enter = |value: &'a Value, index: Option<usize>, position: Position| {
            if let Value::Object(entries) = value {
                let name = if index.is_none() { key } else { "" };
                let parent = Some((parent, Way { key, index }));
                lay_out(
                    Node {
                        position,
                        key: name,
                        entries,
                        parent,
                    },
                    nodes,
                );
            }
        };
        match value {
            // A list in a list holds no part of a document that a rule looks at.
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    enter(item, Some(index), position.item());
                }
            }
            value => enter(value, None, position),
        }
    }
}

/// The findings so far.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) all: Vec<Finding>,
}

impl Findings {
    pub(super) fn add(
        &mut self,
        document: &Document,
        rule: &'static str,
        pointer: &str,
        message: impl Into<String>,
    ) {
        self.all.push(Finding {
            rule,
            message: message.into(),
            pointer: pointer.to_owned(),
            location: document.sources.get(pointer).cloned(),
            document: document.version.clone(),
        });
    }
}
