//! YAML with places, as people write `OpenAPI` in it: keys may be numbers, merge keys are taken.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::{MAX_DEPTH, MAX_EXPANDED, Problem, map};
use crate::diff::node::{Data, Node};
use crate::scalar;

pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            problem(*error.marker(), format!("not valid YAML: {}", error.info()))
        })?;
        builder.event(event, span.start)?;
    }
    Ok(builder.root.unwrap_or(Node {
        line: 1,
        column: 1,
        data: Data::Null,
    }))
}

/// A finished value with what an alias to it would cost.
#[derive(Clone)]
struct Built {
    node: Node,
    size: usize,
    height: usize,
}

struct Frame {
    line: u32,
    column: u32,
    anchor: usize,
    size: usize,
    height: usize,
    held: Held,
}

enum Held {
    List(Vec<Node>),
    Map {
        entries: Vec<(Box<str>, Node)>,
        merged: Vec<Node>,
        /// The key whose value comes next, and its place.
        key: Option<(Box<str>, u32, u32)>,
    },
}

#[derive(Default)]
struct Builder {
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, Built>,
    expanded: usize,
    documents: usize,
    root: Option<Node>,
}

fn problem(at: Marker, message: String) -> Problem {
    let (line, column) = place(at);
    Problem {
        line,
        column,
        message,
    }
}

fn place(at: Marker) -> (u32, u32) {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (number(at.line()), number(at.col() + 1))
}

impl Builder {
    fn event(&mut self, event: Event<'_>, at: Marker) -> Result<(), Problem> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let message = "a file holds one document; split it".to_owned();
                    return Err(problem(at, message));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.wants_key() {
                    self.key(&text, at);
                    return Ok(());
                }
                let data = scalar_of(&text, style, tag.as_deref(), at)?;
                let (line, column) = place(at);
                let node = Node { line, column, data };
                self.complete(
                    Built {
                        node,
                        size: 1,
                        height: 1,
                    },
                    anchor,
                )?;
            }
            Event::Alias(id) => {
                if self.wants_key() {
                    let message = "a key must be written out, not an alias".to_owned();
                    return Err(problem(at, message));
                }
                let built = self.alias(id, at)?;
                self.complete(built, 0)?;
            }
            Event::SequenceStart(anchor, _) => self.open(Held::List(Vec::new()), anchor, at)?,
            Event::MappingStart(anchor, _) => {
                let held = Held::Map {
                    entries: Vec::new(),
                    merged: Vec::new(),
                    key: None,
                };
                self.open(held, anchor, at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close()?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn wants_key(&self) -> bool {
        let held = self.stack.last().map(|frame| &frame.held);
        matches!(held, Some(Held::Map { key: None, .. }))
    }

    fn key(&mut self, text: &str, at: Marker) {
        let (line, column) = place(at);
        if let Some(Frame {
            held: Held::Map { key, .. },
            ..
        }) = self.stack.last_mut()
        {
            *key = Some((text.into(), line, column));
        }
    }

    fn alias(&mut self, id: usize, at: Marker) -> Result<Built, Problem> {
        let Some(built) = self.anchors.get(&id) else {
            let message = "an alias cannot stand inside its own anchor".to_owned();
            return Err(problem(at, message));
        };
        self.expanded += built.size;
        if self.expanded > MAX_EXPANDED {
            let message = format!("aliases expand to more than {MAX_EXPANDED} values");
            return Err(problem(at, message));
        }
        if self.stack.len() + built.height > MAX_DEPTH {
            return Err(too_deep(at));
        }
        Ok(built.clone())
    }

    fn open(&mut self, held: Held, anchor: usize, at: Marker) -> Result<(), Problem> {
        if self.wants_key() {
            let message = "a key must be a text, not a list or mapping".to_owned();
            return Err(problem(at, message));
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(too_deep(at));
        }
        let (line, column) = place(at);
        self.stack.push(Frame {
            line,
            column,
            anchor,
            size: 1,
            height: 1,
            held,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        let data = match frame.held {
            Held::List(items) => Data::List(items),
            Held::Map {
                entries, merged, ..
            } => map(merge(entries, merged))?,
        };
        let built = Built {
            node: Node {
                line: frame.line,
                column: frame.column,
                data,
            },
            size: frame.size,
            height: frame.height,
        };
        self.complete(built, frame.anchor)
    }

    fn complete(&mut self, mut built: Built, anchor: usize) -> Result<(), Problem> {
        if anchor != 0 {
            self.anchors.insert(anchor, built.clone());
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(built.node);
            return Ok(());
        };
        frame.size += built.size;
        frame.height = frame.height.max(built.height + 1);
        match &mut frame.held {
            Held::List(items) => items.push(built.node),
            Held::Map {
                entries,
                merged,
                key,
            } => {
                let Some((key, line, column)) = key.take() else {
                    return Ok(());
                };
                if &*key == "<<" {
                    match built.node.data {
                        Data::Map(_) => merged.push(built.node),
                        Data::List(items) => merged.extend(items),
                        _ => {
                            return Err(Problem {
                                line,
                                column,
                                message: "`<<` takes a mapping or a list of mappings".to_owned(),
                            });
                        }
                    }
                } else {
                    (built.node.line, built.node.column) = (line, column);
                    entries.push((key, built.node));
                }
            }
        }
        Ok(())
    }
}

/// The entries of a mapping with what its merge keys bring; what is written out wins, then the first.
fn merge(mut entries: Vec<(Box<str>, Node)>, merged: Vec<Node>) -> Vec<(Box<str>, Node)> {
    for node in merged {
        let Data::Map(more) = node.data else { continue };
        for (key, value) in more {
            if !entries.iter().any(|(known, _)| *known == key) {
                entries.push((key, value));
            }
        }
    }
    entries
}

fn scalar_of(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    at: Marker,
) -> Result<Data, Problem> {
    let is_text = match tag {
        None => style != ScalarStyle::Plain,
        Some(tag) => tag.suffix == "str",
    };
    if is_text {
        return Ok(Data::Text(text.into()));
    }
    let value = scalar::plain(text).map_err(|message| problem(at, message))?;
    Ok(match value {
        serde_json::Value::Bool(value) => Data::Bool(value),
        serde_json::Value::Number(number) => Data::Number(number),
        serde_json::Value::String(text) => Data::Text(text.into()),
        _ => Data::Null,
    })
}

fn too_deep(at: Marker) -> Problem {
    problem(at, format!("values nest deeper than {MAX_DEPTH} levels"))
}
