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

/// A list or mapping that has not ended.
struct Open {
    span: Span,
    /// The key whose value comes next.
    key: Option<(String, Range<usize>)>,
}

impl Open {
    fn new(range: Range<usize>, held: Held) -> Self {
        let span = Span {
            key: None,
            range,
            held,
        };
        Self { span, key: None }
    }

    fn wants_key(&self) -> bool {
        matches!(self.span.held, Held::Map { .. }) && self.key.is_none()
    }

    /// Takes a value that has ended.
    fn take(&mut self, done: Span) -> Option<()> {
        match &mut self.span.held {
            Held::List { items, .. } => items.push(done),
            Held::Map { entries, .. } => {
                let (name, at) = self.key.take()?;
                let done = Span {
                    key: Some(at),
                    ..done
                };
                entries.push((name, done));
            }
            Held::Scalar { .. } | Held::Alias => return None,
        }
        Some(())
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
    let mut stack: Vec<Open> = Vec::new();
    let mut root = None;
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, mark) = event.ok()?;
        let range = range(mark);
        let is_flow = text[range.clone()].starts_with(['{', '[']);
        let held = match event {
            Event::Scalar(value, style, ..) => {
                if let Some(open) = stack.last_mut().filter(|open| open.wants_key()) {
                    open.key = Some((value.into_owned(), range));
                    continue;
                }
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                Held::Scalar { is_block }
            }
            Event::Alias(_) => Held::Alias,
            Event::SequenceStart(..) => {
                let items = Vec::new();
                stack.push(Open::new(range, Held::List { is_flow, items }));
                continue;
            }
            Event::MappingStart(..) => {
                let entries = Vec::new();
                stack.push(Open::new(range, Held::Map { is_flow, entries }));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let mut span = stack.pop()?.span;
                span.range.end = range.end;
                match stack.last_mut() {
                    Some(open) => open.take(span)?,
                    None => root = Some(span),
                }
                continue;
            }
            _ => continue,
        };
        let done = Open::new(range, held).span;
        match stack.last_mut() {
            Some(open) => open.take(done)?,
            None => root = Some(done),
        }
    }
    root
}
