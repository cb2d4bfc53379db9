//! One YAML file as JSON, with the place of every value.
//!
//! A document is written by people and read by programs that know only JSON, so everything that the
//! two could understand differently is refused here: keys that are not strings or come twice,
//! numbers JSON cannot hold, tags, merge keys, and aliases that expand without bound. Nothing in a
//! file can exhaust memory or the stack: depth and the size of expanded aliases are limited.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

pub use crate::source::{Location, SourceMap};

use crate::error::Error;
use crate::scalar;
use crate::source::{Parts, Places};

/// How deep values may nest; the real documents stay under thirty.
const MAX_DEPTH: usize = 100;
/// How many values all aliases of one file together may expand to.
const MAX_EXPANDED: usize = 10_000;

/// A file's value and where each part of it was written.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The file's content as JSON; `null` for an empty file.
    pub value: Value,
    /// The place of each value in it.
    pub sources: SourceMap,
}

/// Reads a YAML file.
pub fn load(path: &Path) -> Result<Loaded, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(&text, path)
}

/// Reads YAML text; `file` is the name that errors and places will carry.
pub fn parse(text: &str, file: &Path) -> Result<Loaded, Error> {
    let mut builder = Builder::new(file);
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            builder.error(*error.marker(), format!("not valid YAML: {}", error.info()))
        })?;
        builder.event(event, span.start)?;
    }
    Ok(builder.finish())
}

/// A finished value with what an alias to it would cost.
#[derive(Clone)]
struct Built {
    value: Value,
    size: usize,
    height: usize,
}

/// A sequence or mapping whose end has not come yet.
struct Frame {
    node: Node,
    own: Location,
    anchor: usize,
    size: usize,
    height: usize,
}

enum Node {
    Sequence {
        items: Vec<Value>,
        places: Vec<Arc<Places>>,
    },
    Mapping {
        entries: Map<String, Value>,
        places: BTreeMap<String, Arc<Places>>,
        /// The key whose value comes next, and its place.
        key: Option<(String, Location)>,
    },
}

struct Builder {
    file: Arc<Path>,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, Built>,
    expanded: usize,
    documents: usize,
    root: Option<(Value, Arc<Places>)>,
}

impl Builder {
    fn new(file: &Path) -> Self {
        Self {
            file: file.into(),
            stack: Vec::new(),
            anchors: BTreeMap::new(),
            expanded: 0,
            documents: 0,
            root: None,
        }
    }

    fn finish(self) -> Loaded {
        let (value, places) = self.root.unwrap_or_else(|| {
            let own = Location {
                file: self.file,
                line: 1,
                column: 1,
            };
            (
                Value::Null,
                Arc::new(Places {
                    own,
                    parts: Parts::None,
                }),
            )
        });
        Loaded {
            value,
            sources: SourceMap::new(places),
        }
    }

    fn event(&mut self, event: Event<'_>, at: Marker) -> Result<(), Error> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.error(at, "a file holds one YAML document; split it".into()));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = self.scalar(text, style, tag.as_deref(), at)?;
                if self.wants_key() {
                    return self.key(value, at);
                }
                let own = self.place(at);
                self.complete(
                    Built {
                        value,
                        size: 1,
                        height: 1,
                    },
                    own,
                    Parts::None,
                    anchor,
                );
            }
            Event::Alias(id) => {
                if self.wants_key() {
                    return Err(self.error(at, "a key must be written out, not an alias".into()));
                }
                let built = self.alias(id, at)?;
                let own = self.place(at);
                self.complete(built, own, Parts::None, 0);
            }
            Event::SequenceStart(anchor, tag) => {
                let node = Node::Sequence {
                    items: Vec::new(),
                    places: Vec::new(),
                };
                self.open(node, anchor, tag.as_deref(), at)?;
            }
            Event::MappingStart(anchor, tag) => {
                let (entries, places) = (Map::new(), BTreeMap::new());
                let node = Node::Mapping {
                    entries,
                    places,
                    key: None,
                };
                self.open(node, anchor, tag.as_deref(), at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn wants_key(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(Frame {
                node: Node::Mapping { key: None, .. },
                ..
            })
        )
    }

    fn scalar(
        &self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        at: Marker,
    ) -> Result<Value, Error> {
        let is_text = match tag {
            None => style != ScalarStyle::Plain,
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => true,
            Some(tag) => return Err(self.tag_error(tag, at)),
        };
        if is_text {
            return Ok(Value::String(text.into_owned()));
        }
        scalar::plain(&text).map_err(|message| self.error(at, message))
    }

    fn key(&mut self, value: Value, at: Marker) -> Result<(), Error> {
        let location = self.location(at);
        let error = |message: String| Error::Yaml {
            location: location.clone(),
            message,
        };
        let Value::String(name) = value else {
            let message = format!("the key `{value}` is not a string; write \"{value}\"");
            return Err(error(message));
        };
        if name == "<<" {
            let message = "merge keys are not part of YAML 1.2; write the entries out".to_owned();
            return Err(error(message));
        }
        if let Some(Frame {
            node: Node::Mapping { places, key, .. },
            ..
        }) = self.stack.last_mut()
        {
            if let Some(first) = places.get(&name) {
                let line = first.own.line;
                return Err(error(format!(
                    "the key `{name}` is already given on line {line}"
                )));
            }
            *key = Some((name, location));
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, at: Marker) -> Result<Built, Error> {
        let Some(built) = self.anchors.get(&id) else {
            return Err(self.error(at, "an alias cannot stand inside its own anchor".into()));
        };
        self.expanded += built.size;
        if self.expanded > MAX_EXPANDED {
            let message = format!("aliases of this file expand to more than {MAX_EXPANDED} values");
            return Err(self.error(at, message));
        }
        if self.stack.len() + built.height > MAX_DEPTH {
            return Err(self.too_deep(at));
        }
        Ok(built.clone())
    }

    fn open(
        &mut self,
        node: Node,
        anchor: usize,
        tag: Option<&Tag>,
        at: Marker,
    ) -> Result<(), Error> {
        if self.wants_key() {
            return Err(self.error(at, "a key must be a string, not a list or mapping".into()));
        }
        if let Some(tag) = tag {
            return Err(self.tag_error(tag, at));
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.too_deep(at));
        }
        let own = self.place(at);
        self.stack.push(Frame {
            node,
            own,
            anchor,
            size: 1,
            height: 1,
        });
        Ok(())
    }

    fn close(&mut self) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let (value, parts) = match frame.node {
            Node::Sequence { items, places } => (Value::Array(items), Parts::Items(places)),
            Node::Mapping {
                entries, places, ..
            } => (Value::Object(entries), Parts::Entries(places)),
        };
        let built = Built {
            value,
            size: frame.size,
            height: frame.height,
        };
        self.complete(built, frame.own, parts, frame.anchor);
    }

    /// The place of the value that starts at the marker: that of its key, when it has one.
    fn place(&self, at: Marker) -> Location {
        match self.stack.last() {
            Some(Frame {
                node:
                    Node::Mapping {
                        key: Some((_, location)),
                        ..
                    },
                ..
            }) => location.clone(),
            _ => self.location(at),
        }
    }

    fn complete(&mut self, built: Built, own: Location, parts: Parts, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, built.clone());
        }
        let whole = Arc::new(Places { own, parts });
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some((built.value, whole));
            return;
        };
        frame.size += built.size;
        frame.height = frame.height.max(built.height + 1);
        match &mut frame.node {
            Node::Sequence { items, places } => {
                items.push(built.value);
                places.push(whole);
            }
            Node::Mapping {
                entries,
                places,
                key,
            } => {
                if let Some((key, _)) = key.take() {
                    places.insert(key.clone(), whole);
                    entries.insert(key, built.value);
                }
            }
        }
    }

    fn location(&self, at: Marker) -> Location {
        Location {
            file: self.file.clone(),
            line: at.line(),
            column: at.col() + 1,
        }
    }

    fn error(&self, at: Marker, message: String) -> Error {
        Error::Yaml {
            location: self.location(at),
            message,
        }
    }

    fn tag_error(&self, tag: &Tag, at: Marker) -> Error {
        self.error(
            at,
            format!("the tag `{tag}` has no meaning in JSON; leave it out"),
        )
    }

    fn too_deep(&self, at: Marker) -> Error {
        self.error(at, format!("values nest deeper than {MAX_DEPTH} levels"))
    }
}

#[cfg(test)]
mod tests;
