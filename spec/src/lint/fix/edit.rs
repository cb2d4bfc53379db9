//! One change of a text, and how changes are made: entries put in and taken out in the style around.

use std::ops::Range;
use std::path::PathBuf;

use super::spans::{Held, Span};

/// A range of a file's text that becomes another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) file: PathBuf,
    pub(super) rule: &'static str,
    /// The place that is mended: the same in every round.
    pub(super) pointer: String,
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl Edit {
    /// What tells the edit from others, whatever stands before it.
    pub(super) fn name(&self) -> String {
        format!("{}\n{}\n{}", self.rule, self.file.display(), self.pointer)
    }
}

/// Makes edits; of two that overlap, the first in the text.
pub(super) fn apply(text: &str, edits: &[&Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        if edit.range.start < at {
            continue;
        }
        out.push_str(&text[at..edit.range.start]);
        out.push_str(&edit.text);
        at = edit.range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The range to cut so that a part of a list or mapping is gone; with the last one goes what it stands
/// in, up to `keep` values from the outside. Nothing where the text is laid out in a way that a cut
/// would leave traces in.
pub(super) fn cut(text: &str, way: &[&Span], keep: usize) -> Option<Range<usize>> {
    let (own, parent) = match way {
        [.., parent, own] if way.len() > keep => (*own, *parent),
        _ => return None,
    };
    let parts = parent.parts();
    let index = parts.iter().position(|part| std::ptr::eq(*part, own))?;
    if parts.len() == 1 {
        return cut(text, &way[..way.len() - 1], keep);
    }
    let start = own.key.as_ref().map_or(own.range.start, |key| key.start);
    if parent.is_flow() {
        return match parts.get(index + 1) {
            Some(next) => {
                let next = next.key.as_ref().map_or(next.range.start, |key| key.start);
                // A comment between the two belongs to the next one.
                let between = &text[own.end()..next];
                (!between.contains('#')).then_some(start..next)
            }
            None => Some(parts[index - 1].end()..own.end()),
        };
    }
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let lead = text[line..start].trim();
    let is_item = matches!(parent.held, Held::List { .. });
    if lead != if is_item { "-" } else { "" } {
        return None;
    }
    Some(line..line_after(text, own.end()))
}

/// The beginning of the line after a place; what else stands on the line must be a comment.
fn line_after(text: &str, at: usize) -> usize {
    if text[..at].ends_with('\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The edit that puts `key: value` before an entry of a mapping, or after the last one. The value is
/// JSON, which YAML reads too.
pub(super) fn put(
    text: &str,
    map: &Span,
    before: Option<usize>,
    key: &str,
    value: &str,
) -> Option<(Range<usize>, String)> {
    let parts = map.parts();
    let start = |span: &Span| span.key.as_ref().map_or(span.range.start, |key| key.start);
    let is_json = text.trim_start().starts_with('{');
    let key = if is_json || !is_plain(key) {
        serde_json::Value::from(key).to_string()
    } else {
        key.to_owned()
    };
    let value = if is_json || value.starts_with(['{', '[']) || !is_word(value) {
        value.to_owned()
    } else {
        value.trim_matches('"').to_owned()
    };
    let entry = format!("{key}: {value}");
    let Some(at) = before.and_then(|index| parts.get(index)) else {
        let last = parts.last()?;
        let end = last.end();
        if map.is_flow() {
            let gap = gap(text, start(last));
            return Some((end..end, format!(",{gap}{entry}")));
        }
        let after = line_after(text, end);
        let indent = indent(text, start(last));
        let line = newline(text);
        let begin = if text[..after].ends_with('\n') {
            ""
        } else {
            line
        };
        return Some((after..after, format!("{begin}{indent}{entry}{line}")));
    };
    let at = start(at);
    let text = if map.is_flow() {
        format!("{entry},{}", gap(text, at))
    } else {
        format!("{entry}{}{}", newline(text), indent(text, at))
    };
    Some((at..at, text))
}

/// What stands before an entry of a flow: a line of its own with its indent, a space, or nothing.
fn gap(text: &str, at: usize) -> String {
    let spaces = text[..at].trim_end_matches([' ', '\t']);
    if spaces.ends_with('\n') {
        return format!("{}{}", newline(text), &text[spaces.len()..at]);
    }
    // Others of the same text say whether there are spaces.
    if text.contains(", ") || text.contains("\": ") {
        " ".to_owned()
    } else {
        String::new()
    }
}

/// How lines end in a text.
fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Spaces as far as a place in its line.
fn indent(text: &str, at: usize) -> String {
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    " ".repeat(text[line..at].chars().count())
}

/// Whether a key needs no quotes in YAML.
fn is_plain(key: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(letters)
}

/// Whether a JSON text is a name that needs no quotes in YAML.
fn is_word(value: &str) -> bool {
    let inner = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| {
        let words = ["true", "false", "null", "y", "n", "yes", "no", "on", "off"];
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ');
        inner.starts_with(|c: char| c.is_ascii_alphabetic())
            && inner.ends_with(|c: char| c.is_ascii_alphanumeric())
            && inner.chars().all(letters)
            && !words.contains(&inner.to_ascii_lowercase().as_str())
    })
}
