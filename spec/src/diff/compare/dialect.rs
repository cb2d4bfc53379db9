//! Words of 3.1 that change what a reference leads to. They are not followed, so what stands behind them
//! is compared as text, and what would lead elsewhere than it is read is refused.

use std::collections::BTreeSet;

use super::Engine;
use super::shape::Shape;
use crate::diff::document::Document;
use crate::diff::error::Error;
use crate::diff::node::Node;
use crate::diff::rules::Direction;

impl<'a> Engine<'a> {
    /// A reference that leads to whichever schema has the anchor when the value is read.
    pub(super) fn dynamic(&mut self, old: &Shape<'a>, new: &Shape<'a>) {
        let key = "$dynamicRef";
        let names = |shape: &Shape<'a>| -> BTreeSet<&'a str> {
            let targets = shape.all(key).filter_map(|at| at.node.text());
            targets
                .filter_map(|target| Some(target.rsplit_once('#')?.1))
                .collect()
        };
        let (before, after) = (names(old), names(new));
        let texts = |document: &Document, names: &BTreeSet<&str>| {
            let mut texts = BTreeSet::new();
            for_each(document, &mut |node| {
                let anchors = ["$dynamicAnchor", "$anchor"];
                let mut anchors = anchors.iter().filter_map(|key| node.text_at(key));
                if anchors.any(|anchor| names.contains(anchor)) {
                    texts.insert(node.canonical());
                }
            });
            texts
        };
        if before == after && texts(self.old, &before) != texts(self.new, &after) {
            let message = "what `$dynamicRef` leads to differs, and no rule judges it".to_owned();
            let places = (old.place(key), new.place(key));
            self.say("unhandled", Direction::Neither, places.0, places.1, message);
        }
    }
}

/// Refuses a document in which a schema has an address of its own and references below it, since these
/// would be read from there.
pub(in crate::diff) fn check(document: &Document) -> Result<(), Error> {
    if !document.is_3_1 {
        return Ok(());
    }
    let mut wrong: Option<(u32, String)> = None;
    for_each(document, &mut |node| {
        let has_address = node.text_at("$id").is_some_and(|id| !id.starts_with('#'));
        let is_schema = node.get("type").is_some() || node.get("properties").is_some();
        if wrong.is_none() && has_address && is_schema {
            let mut open = vec![node];
            while let Some(inner) = open.pop() {
                if let Some(target) = inner.text_at("$ref") {
                    wrong = Some((node.line, target.to_owned()));
                }
                open.extend(inner.entries().iter().map(|(_, value)| value));
                open.extend(inner.items());
            }
        }
    });
    match wrong {
        None => Ok(()),
        Some((line, target)) => Err(Error::NotOpenApi {
            file: document.path(0).to_owned(),
            message: format!(
                "the schema on line {line} has an `$id`, and `{target}` in it would be read from there, which is not judged; take the `$id` away"
            ),
        }),
    }
}

fn for_each<'d>(document: &'d Document, visit: &mut dyn FnMut(&'d Node)) {
    for file in 0..document.file_count() {
        let mut open = vec![document.file_root(file)];
        while let Some(node) = open.pop() {
            visit(node);
            open.extend(node.entries().iter().map(|(_, value)| value));
            open.extend(node.items());
        }
    }
}
