//! Text in, values with places out; JSON and YAML alike.
//!
//! What other people write is read leniently where the meaning is clear (keys such as `200`, merge
//! keys), and within bounds: depth, expanded aliases and size are limited, so that no text can hang
//! or crash the reader.

mod json;
mod yaml;

use std::path::Path;

use super::error::Error;
use super::node::{Data, Node};

/// How deep values may nest.
pub(super) const MAX_DEPTH: usize = 100;
/// How many values all aliases and merge keys of one file together may expand to.
pub(super) const MAX_EXPANDED: usize = 200_000;
/// How large one file may be.
pub(super) const MAX_BYTES: usize = 64 << 20;

/// Why a text could not be read, and where.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) message: String,
}

/// Reads JSON or YAML; `file` is the name that errors carry.
pub(crate) fn parse(text: &str, file: &Path) -> Result<Node, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problem = |problem: Problem| Error::Syntax {
        file: file.to_owned(),
        line: problem.line,
        column: problem.column,
        message: problem.message,
    };
    if text.len() > MAX_BYTES {
        return Err(problem(Problem {
            line: 1,
            column: 1,
            message: format!("a file may have {} MB", MAX_BYTES >> 20),
        }));
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return yaml::parse(text).map_err(problem);
    }
    let refused = match json::parse(text) {
        Ok(node) => return Ok(node),
        Err(refused) => refused,
    };
    // A YAML file may begin with a brace too; a JSON file is not YAML by mistake.
    if file
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        return Err(problem(refused));
    }
    yaml::parse(text).map_err(problem)
}

/// A mapping of entries in any order; the key that comes twice if one does.
pub(super) fn map(mut entries: Vec<(Box<str>, Node)>) -> Result<Data, Problem> {
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.shrink_to_fit();
    match entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(Problem {
            line: pair[1].1.line,
            column: pair[1].1.column,
            message: format!(
                "the key `{}` is already given on line {}",
                pair[1].0, pair[0].1.line
            ),
        }),
        None => Ok(Data::Map(entries)),
    }
}

#[cfg(test)]
mod tests;
