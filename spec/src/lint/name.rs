//! Names that become one name in generated code.

use std::collections::BTreeMap;

use super::context::{Context, Findings, Node};
use super::rules;
use crate::grammar::Position;
use crate::pointer;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for node in &context.nodes {
        match node.position {
            Position::Properties => {
                let rule = rules::PROPERTY_COLLISION;
                check_names(context, node, rule, |words| words.join("_"), findings);
            }
            Position::Schemas => {
                check_names(
                    context,
                    node,
                    rules::SCHEMA_COLLISION,
                    pascal_case,
                    findings,
                );
            }
            _ => {}
        }
    }
}

fn check_names(
    context: &Context<'_>,
    node: &Node<'_>,
    rule: &'static str,
    convert: fn(&[String]) -> String,
    findings: &mut Findings,
) {
    let mut names: Vec<&String> = node.entries.keys().collect();
    names.sort();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for name in names {
        let converted = convert(&words(name));
        if let Some(first) = seen.get(&converted) {
            let message = format!("`{name}` and `{first}` both become `{converted}`");
            findings.add(
                context.document,
                rule,
                &pointer::join(&context.pointer(node), name),
                message,
            );
        } else {
            seen.insert(converted, name);
        }
    }
}

pub(super) fn pascal_case(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// The lower-case words of a name: they end at anything that is no letter or digit, before a capital
/// after a small letter, and before the last capital of a run that small letters follow.
pub(super) fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index
            .checked_sub(1)
            .and_then(|index| letters.get(index))
            .copied();
        let after = letters.get(index + 1).copied();
        let is_start = letter.is_uppercase()
            && (before.is_some_and(|before| !before.is_uppercase())
                || after.is_some_and(char::is_lowercase));
        if (is_start || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{pascal_case, words};

    #[test]
    fn names_become_words() {
        for (name, snake, pascal) in [
            ("createdAt", "created_at", "CreatedAt"),
            ("created_at", "created_at", "CreatedAt"),
            ("HTTPServerURL", "http_server_url", "HttpServerUrl"),
            ("k8s-version", "k8s_version", "K8sVersion"),
            ("X", "x", "X"),
            ("", "", ""),
        ] {
            assert_eq!(words(name).join("_"), snake);
            assert_eq!(pascal_case(&words(name)), pascal);
        }
    }
}
