//! Document prose as Rust documentation: read as plain text, never as links, tags or code to test.

use std::fmt::Write as _;

/// `text` as doc comment lines, each indented by `indent` spaces and ending in a line break.
pub(super) fn comment(text: &str, indent: usize) -> String {
    let mut out = String::new();
    for line in lines(text) {
        let space = if line.is_empty() { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:indent$}///{space}{line}", "");
    }
    out
}

/// The lines of `text`, escaped, without indentation (which would make them code) and without
/// fences; blank lines only between others.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with("```") || (line.is_empty() && out.last().is_none_or(String::is_empty)) {
            continue;
        }
        out.push(escape(line));
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

/// Escapes what rustdoc would read as a link or a tag, outside of code spans.
pub(super) fn escape(line: &str) -> String {
    if line.matches('`').count() % 2 == 1 {
        return escape_plain(&line.replace('`', "'"));
    }
    line.split('`')
        .enumerate()
        .map(|(index, part)| {
            if index % 2 == 0 {
                escape_plain(part)
            } else {
                format!("`{part}`")
            }
        })
        .collect()
}

fn escape_plain(text: &str) -> String {
    text.split_inclusive(' ')
        .map(|word| {
            let bare = word.trim_end_matches([' ', '.', ',', ';', ':', ')']);
            if bare.starts_with("http://") || bare.starts_with("https://") {
                format!("<{bare}>{}", &word[bare.len()..])
            } else {
                word.replace('[', "\\[")
                    .replace(']', "\\]")
                    .replace('<', "\\<")
                    .replace('>', "\\>")
            }
        })
        .collect()
}
