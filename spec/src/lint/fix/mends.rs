//! What is mended: for each rule that needs no decision, the edit that satisfies it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::edit::{Edit, cut, put};
use super::spans::{Held, Span, spans};
use crate::grammar::METHODS;
use crate::lint::judge::LintError;
use crate::lint::remark::Remark;
use crate::lint::{name, rules};
use crate::pointer;

type Reader<'r> = dyn FnMut(&Path) -> Result<String, LintError> + 'r;

/// A file that is mended.
struct File {
    text: String,
    root: Span,
}

#[derive(Default)]
struct Opened(BTreeMap<PathBuf, Option<File>>);

impl Opened {
    fn get(&mut self, path: &Path, read: &mut Reader<'_>) -> Result<Option<&File>, LintError> {
        if !self.0.contains_key(path) {
            let text = read(path)?;
            // Places count from behind a mark of the byte order.
            let file = spans(&text)
                .filter(|_| !text.starts_with('\u{feff}'))
                .map(|root| File { text, root });
            self.0.insert(path.to_owned(), file);
        }
        Ok(self.0.get(path).and_then(Option::as_ref))
    }
}

/// The edits for findings of the general rules in the document that begins with `first`.
pub(super) fn any(
    remarks: &[Remark],
    first: &Path,
    read: &mut Reader<'_>,
) -> Result<Vec<Edit>, LintError> {
    let mut opened = Opened::default();
    let mut edits: Vec<Edit> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for remark in remarks {
        if !MENDED.contains(&remark.rule.id) {
            continue;
        }
        let Some(file) = opened.get(&remark.place.file, read)? else {
            continue;
        };
        let place = remark.place.pointer.as_str();
        let found = match remark.rule.id {
            rules::MISSING_OPERATION_ID => operation_id(file, &remark.message, place, &mut taken),
            // What another document uses may stand in any file but the first.
            rules::UNUSED_COMPONENT if remark.place.file != first => None,
            rule => one(file, rule, place),
        };
        if let Some((range, text)) = found {
            edits.push(Edit {
                file: remark.place.file.clone(),
                rule: remark.rule.id,
                pointer: remark.place.pointer.clone(),
                range,
                text,
            });
        }
    }
    Ok(edits)
}

/// The rules of [`any`].
const MENDED: [&str; 8] = [
    rules::SERVER_TRAILING_SLASH,
    rules::MISSING_OPERATION_ID,
    rules::UNUSED_COMPONENT,
    rules::ENUM_ENTRIES,
    rules::DUPLICATE_REQUIRED,
    rules::DUPLICATE_TAG,
    rules::MISSING_RESPONSE_DESCRIPTION,
    rules::PATH_PARAMETER_REQUIRED,
];

type Found = Option<(std::ops::Range<usize>, String)>;

fn one(file: &File, rule: &str, place: &str) -> Found {
    let text = file.text.as_str();
    let way = file.root.way(place)?;
    let own = *way.last()?;
    match rule {
        rules::SERVER_TRAILING_SLASH => {
            // The slash stands at the end, or before the quote.
            let written = &text[own.range.clone()];
            let bare = written.trim_end_matches(['"', '\'']).trim_end_matches('/');
            let slashes = &written[bare.len()..];
            let quote = slashes.trim_start_matches('/');
            let is_scalar = matches!(own.held, Held::Scalar { is_block: false });
            (is_scalar && slashes.len() > quote.len() && !bare.is_empty()).then(|| {
                let start = own.range.start + bare.len();
                (start..own.range.end, quote.to_owned())
            })
        }
        // A whole document and its components stay.
        rules::UNUSED_COMPONENT => Some((cut(text, &way, 1)?, String::new())),
        // A list with an entry twice has two entries; the first one stays.
        rules::ENUM_ENTRIES | rules::DUPLICATE_REQUIRED => {
            Some((cut(text, &way, way.len() - 1)?, String::new()))
        }
        // A tag that is declared twice has two descriptions, of which somebody must choose.
        rules::DUPLICATE_TAG if place.starts_with("/tags/") => None,
        rules::DUPLICATE_TAG => Some((cut(text, &way, way.len() - 1)?, String::new())),
        rules::MISSING_RESPONSE_DESCRIPTION => {
            let status = pointer::segments(place)?.pop()?.into_owned();
            let value = serde_json::Value::from(reason(&status)?).to_string();
            put_first(text, own, "description", &value)
        }
        rules::PATH_PARAMETER_REQUIRED => match own.held {
            Held::Map { .. } => put(text, own, None, "required", "true"),
            _ => Some((own.range.clone(), "true".to_owned())),
        },
        _ => None,
    }
}

/// Puts an entry before the first one, or into a mapping that is written as `{}`.
fn put_first(text: &str, map: &Span, key: &str, value: &str) -> Found {
    if !map.parts().is_empty() {
        return put(text, map, Some(0), key, value);
    }
    let is_empty = text[map.range.clone()].trim() == "{}";
    let inner = map.range.start + 1;
    let entry = format!("{}: {value}", serde_json::Value::from(key));
    is_empty.then_some((inner..inner, entry))
}

/// The name of a status, which the standards give.
fn reason(status: &str) -> Option<&'static str> {
    Some(match status {
        "200" => "OK",
        "201" => "Created",
        "202" => "Accepted",
        "204" => "No Content",
        "301" => "Moved Permanently",
        "302" => "Found",
        "303" => "See Other",
        "304" => "Not Modified",
        "307" => "Temporary Redirect",
        "308" => "Permanent Redirect",
        "400" => "Bad Request",
        "401" => "Unauthorized",
        "402" => "Payment Required",
        "403" => "Forbidden",
        "404" => "Not Found",
        "405" => "Method Not Allowed",
        "406" => "Not Acceptable",
        "408" => "Request Timeout",
        "409" => "Conflict",
        "410" => "Gone",
        "412" => "Precondition Failed",
        "413" => "Content Too Large",
        "415" => "Unsupported Media Type",
        "422" => "Unprocessable Content",
        "423" => "Locked",
        "428" => "Precondition Required",
        "429" => "Too Many Requests",
        "500" => "Internal Server Error",
        "501" => "Not Implemented",
        "502" => "Bad Gateway",
        "503" => "Service Unavailable",
        "504" => "Gateway Timeout",
        "2XX" => "Success",
        "3XX" => "Redirection",
        "4XX" => "Client Error",
        "5XX" => "Server Error",
        "default" => "Any other answer",
        _ => return None,
    })
}

/// An operationId made of the method and the path: `getBooksByTitle`.
fn operation_id(file: &File, message: &str, place: &str, taken: &mut BTreeSet<String>) -> Found {
    let operation = *file.root.way(place)?.last()?;
    // The message begins with the method and the path, also where the item is of another file.
    let label = message.strip_suffix(" has no operationId")?;
    let (method, path) = label.split_once(' ')?;
    let mut id = method.to_ascii_lowercase();
    for segment in path.split('/') {
        let (by, words) = match segment.strip_prefix('{') {
            Some(variable) => ("By", name::words(variable)),
            None => ("", name::words(segment)),
        };
        id.push_str(by);
        id.push_str(&name::pascal_case(&words));
    }
    // An id that is there already, or that two paths give, needs somebody to choose.
    let known = METHODS.contains(&method.to_ascii_lowercase().as_str())
        && id.is_ascii()
        && taken.insert(id.clone());
    let value = serde_json::Value::from(id).to_string();
    known
        .then(|| put_first(&file.text, operation, "operationId", &value))
        .flatten()
}

/// The edits for findings of the rules of our own: errors that an operation does not declare and its
/// neighbours in the same file do.
pub(super) fn own(remarks: &[Remark], read: &mut Reader<'_>) -> Result<Vec<Edit>, LintError> {
    let mut opened = Opened::default();
    let mut edits = Vec::new();
    for remark in remarks {
        let Some((_, statuses)) = remark.message.split_once(" does not declare ") else {
            continue;
        };
        let Some(file) = opened.get(&remark.place.file, read)? else {
            continue;
        };
        let place = (remark.place.line, remark.place.column);
        let Some(responses) = at(&file.root, &file.text, place) else {
            continue;
        };
        for status in statuses.split(", ") {
            if let Some((range, text)) = declare(file, responses, status) {
                edits.push(Edit {
                    file: remark.place.file.clone(),
                    rule: remark.rule.id,
                    pointer: pointer::join(&remark.place.pointer, status),
                    range,
                    text,
                });
            }
        }
    }
    Ok(edits)
}

/// The mapping `responses` whose key stands at a line and column.
fn at<'f>(root: &'f Span, text: &str, (line, column): (u32, u32)) -> Option<&'f Span> {
    let mut open = vec![root];
    while let Some(span) = open.pop() {
        if let Some(key) = &span.key {
            let before = &text[..key.start];
            let own_line = before.matches('\n').count() + 1;
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let own_column = before[start..].chars().count() + 1;
            if (u32::try_from(own_line), u32::try_from(own_column)) == (Ok(line), Ok(column))
                && text[key.clone()].contains("responses")
            {
                return Some(span);
            }
        }
        open.extend(span.parts());
    }
    None
}

fn declare(file: &File, responses: &Span, status: &str) -> Found {
    if responses.get(status).is_some() {
        return None;
    }
    // What most operations of the file refer to for this status.
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut open = vec![&file.root];
    while let Some(span) = open.pop() {
        if let Some(target) = span.get(status).and_then(|response| response.get("$ref")) {
            *counts.entry(&file.text[target.range.clone()]).or_default() += 1;
        }
        open.extend(span.parts());
    }
    let (target, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let Held::Map { entries, .. } = &responses.held else {
        return None;
    };
    let before = entries
        .iter()
        .position(|(known, _)| known.as_str() > status);
    let value = if target.starts_with(['"', '\'']) {
        format!("{{$ref: {target}}}")
    } else {
        format!("{{$ref: '{target}'}}")
    };
    put(&file.text, responses, before, status, &value)
}
