//! JSON with places. Texts and numbers are left to `serde_json`; only the structure is walked here,
//! because `serde_json` keeps no places.

use super::{MAX_DEPTH, Problem, map};
use crate::diff::node::{Data, Node};

pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        marked: 0,
        line: 1,
        column: 1,
    };
    let node = reader.value(0)?;
    reader.space();
    if reader.at < reader.bytes.len() {
        return Err(reader.problem("something follows the end of the document"));
    }
    Ok(node)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Up to where `line` and `column` are counted: every byte is counted once.
    marked: usize,
    line: u32,
    column: u32,
}

impl<'a> Reader<'a> {
    fn mark(&mut self) -> (u32, u32) {
        for byte in &self.bytes[self.marked..self.at] {
            if *byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else if byte & 0xC0 != 0x80 {
                self.column += 1;
            }
        }
        self.marked = self.at;
        (self.line, self.column)
    }

    fn problem(&mut self, message: &str) -> Problem {
        let (line, column) = self.mark();
        Problem {
            line,
            column,
            message: format!("not valid JSON: {message}"),
        }
    }

    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Node, Problem> {
        self.space();
        let (line, column) = self.mark();
        if depth > MAX_DEPTH {
            let message = format!("values nest deeper than {MAX_DEPTH} levels");
            return Err(Problem {
                line,
                column,
                message,
            });
        }
        let data = match self.bytes.get(self.at) {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Data::Text(self.string()?),
            _ => self.word()?,
        };
        Ok(Node { line, column, data })
    }

    fn object(&mut self, depth: usize) -> Result<Data, Problem> {
        self.at += 1;
        let mut entries = Vec::new();
        if self.take(b'}') {
            return Ok(Data::Map(entries));
        }
        loop {
            self.space();
            let (line, column) = self.mark();
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.problem("a key in quotes was expected"));
            }
            let key = self.string()?;
            if !self.take(b':') {
                return Err(self.problem("`:` was expected"));
            }
            let value = self.value(depth + 1)?;
            entries.push((
                key,
                Node {
                    line,
                    column,
                    ..value
                },
            ));
            if self.take(b'}') {
                return map(entries);
            }
            if !self.take(b',') {
                return Err(self.problem("`,` or `}` was expected"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Data, Problem> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Data::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(b']') {
                items.shrink_to_fit();
                return Ok(Data::List(items));
            }
            if !self.take(b',') {
                return Err(self.problem("`,` or `]` was expected"));
            }
        }
    }

    fn string(&mut self) -> Result<Box<str>, Problem> {
        let start = self.at;
        let mut end = start + 1;
        let mut plain = true;
        loop {
            match self.bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    plain = false;
                    end += 2;
                }
                Some(byte) => {
                    plain &= *byte >= 0x20;
                    end += 1;
                }
                None => return Err(self.problem("a text does not end")),
            }
        }
        let slice = self.slice(start, end + 1);
        let text = if plain {
            slice[1..slice.len() - 1].into()
        } else {
            let read = serde_json::from_str::<String>(slice);
            read.map_err(|error| self.problem(&error.to_string()))?
                .into()
        };
        self.at = end + 1;
        Ok(text)
    }

    fn word(&mut self) -> Result<Data, Problem> {
        let start = self.at;
        let rest = &self.bytes[start..];
        let length = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')))
            .unwrap_or(rest.len());
        let data = match self.slice(start, start + length) {
            "null" => Data::Null,
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            word => match serde_json::from_str(word) {
                Ok(number) => Data::Number(number),
                Err(_) => return Err(self.problem("a value was expected")),
            },
        };
        self.at = start + length;
        Ok(data)
    }

    /// Both ends stand beside ASCII characters, so they are boundaries of characters.
    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }
}
