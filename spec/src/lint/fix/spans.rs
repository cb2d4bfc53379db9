//! Where the values of a text begin and end, to the byte: what a mend cuts or puts in.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Mark};

use crate::pointer;

/// A value in a text.
#[derive(Debug)]
pub(super) struct Span {
    /// The key, where the value has one.
    pub(super) key: Option<Range<usize>>,
    pub(super) range: Range<usize>,
    pub(super) held: Held,
}

#[derive(Debug)]
pub(super) enum Held {
    /// Whether it is a literal or folded block.
    Scalar {
        is_block: bool,
    },
    /// An alias, whose value stands elsewhere.
    Alias,
    List {
        is_flow: bool,
        items: Vec<Span>,
    },
    Map {
        is_flow: bool,
        entries: Vec<(String, Span)>,
    },
}

impl Span {
    /// The values in it, in the order of the text.
    pub(super) fn parts(&self) -> Vec<&Span> {
        match &self.held {
            Held::List { items, .. } => items.iter().collect(),
            Held::Map { entries, .. } => entries.iter().map(|(_, span)| span).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn is_flow(&self) -> bool {
        matches!(
            self.held,
            Held::List { is_flow: true, .. } | Held::Map { is_flow: true, .. }
        )
    }

    pub(super) fn get(&self, key: &str) -> Option<&Span> {
        match &self.held {
            Held::Map { entries, .. } => entries
                .iter()
                .find(|(known, _)| known == key)
                .map(|(_, span)| span),
            _ => None,
        }
    }

    /// The values on the way to a place, the whole text first; nothing when the way leads through an
    /// alias or a merge key.
    pub(super) fn way(&self, pointer: &str) -> Option<Vec<&Span>> {
        let mut way = vec![self];
        for segment in pointer::segments(pointer)? {
            let here = way.last()?;
            way.push(match &here.held {
                Held::List { items, .. } => items.get(segment.parse::<usize>().ok()?)?,
                _ => here.get(&segment)?,
            });
        }
        Some(way)
    }

    /// The last byte of it that is no space, comment or line after it.
    pub(super) fn end(&self) -> usize {
        if self.is_flow() {
            return self.range.end;
        }
        match self.parts().last() {
            Some(last) => last.end().max(last.key.as_ref().map_or(0, |key| key.end)),
            None => self.range.end,
        }
    }
}

/// Reads a text; nothing when it is not valid, which readers of documents have told before.
pub(super) fn spans(text: &str) -> Option<Span> {
    // Marks count characters.
    let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    bytes.push(text.len());
    let range = |mark: Mark| {
        let at = |index: usize| bytes.get(index).copied().unwrap_or(text.len());
        at(mark.start.index())..at(mark.end.index())
    };
    let mut stack: Vec<(Span, Option<(String, Range<usize>)>)> = Vec::new();
    let mut root = None;
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, mark) = event.ok()?;
        let range = range(mark);
        let is_flow = text[range.clone()].starts_with(['{', '[']);
        let done = match event {
            Event::Scalar(value, style, ..) => {
                if let Some((
                    Span {
                        held: Held::Map { .. },
                        ..
                    },
                    key @ None,
                )) = stack.last_mut()
                {
                    *key = Some((value.into_owned(), range));
                    continue;
                }
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                Span {
                    key: None,
                    range,
                    held: Held::Scalar { is_block },
                }
            }
            Event::Alias(_) => Span {
                key: None,
                range,
                held: Held::Alias,
            },
            Event::SequenceStart(..) => {
                let held = Held::List {
                    is_flow,
                    items: Vec::new(),
                };
                stack.push((
                    Span {
                        key: None,
                        range,
                        held,
                    },
                    None,
                ));
                continue;
            }
            Event::MappingStart(..) => {
                let held = Held::Map {
                    is_flow,
                    entries: Vec::new(),
                };
                stack.push((
                    Span {
                        key: None,
                        range,
                        held,
                    },
                    None,
                ));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (mut span, _) = stack.pop()?;
                span.range.end = range.end;
                span
            }
            _ => continue,
        };
        match stack.last_mut() {
            None => root = Some(done),
            Some((
                Span {
                    held: Held::List { items, .. },
                    ..
                },
                _,
            )) => items.push(done),
            Some((
                Span {
                    held: Held::Map { entries, .. },
                    ..
                },
                key,
            )) => {
                let (name, at) = key.take()?;
                let done = Span {
                    key: Some(at),
                    ..done
                };
                entries.push((name, done));
            }
            Some(_) => return None,
        }
    }
    root
}
