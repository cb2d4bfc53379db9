//! Extension words: known, and where they are read.

use super::context::{Context, Findings};
use super::rules;
use crate::model::mark;
use crate::model::words::{IMMUTABLE, SECRET, WORDS};
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for node in context
        .nodes
        .iter()
        .filter(|node| node.position.has_keywords())
    {
        for (word, value) in node.entries.iter().filter(|(key, _)| key.starts_with("x-")) {
            let mut add = |rule, message: String| {
                let at = pointer::join(&context.pointer(node), word);
                findings.add(context.document, rule, &at, message);
            };
            match WORDS.iter().find(|(known, _)| known == word) {
                None => {
                    let known: Vec<&str> = WORDS.iter().map(|(known, _)| *known).collect();
                    let message = format!("`{word}` is no word; there are {}", known.join(", "));
                    add(rules::UNKNOWN_WORD, message);
                }
                Some((_, place)) if !place.admits(node.position) => {
                    let message = format!("{word} is read only on {}", place.describe());
                    add(rules::MISPLACED_WORD, message);
                }
                Some(_)
                    if [IMMUTABLE, SECRET].contains(&word.as_str())
                        && !mark::is_valid(word, value) =>
                {
                    let or = if word == SECRET { ", `hash`" } else { "" };
                    add(
                        rules::MALFORMED,
                        format!("{word} is `true`{or} or not there at all"),
                    );
                }
                Some(_) => {}
            }
        }
    }
}
