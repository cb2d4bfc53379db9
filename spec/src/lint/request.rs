//! What an operation takes: the parameters of its path, and those of a list.

use std::collections::BTreeSet;

use super::context::{Context, Findings};
use super::rules;
use crate::model::{Operation, Page, ParameterIn, Verb};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let document = context.document;
    for operation in &document.operations {
        for message in template_mistakes(operation) {
            findings.add(document, rules::PATH_TEMPLATE, &operation.pointer, message);
        }
        if operation.behavior.verb() != Some(Verb::List) || answers_bare_array(operation) {
            continue;
        }
        for (name, page) in [("limit", Page::Limit), ("offset", Page::Offset)] {
            if !operation
                .parameters
                .iter()
                .any(|p| p.page.as_ref() == Some(&page))
            {
                let message = format!("`{}` has no `{name}` in the query", operation.id);
                findings.add(document, rules::MISSING_PAGING, &operation.pointer, message);
            }
        }
    }
}

/// An answer without an envelope has no room for the number of all, so it need not be paged.
fn answers_bare_array(operation: &Operation) -> bool {
    let mut responses = operation.responses.iter();
    responses
        .find(|response| response.is_success())
        .and_then(|response| response.content.first())
        .is_some_and(|(_, schema)| schema["type"] == "array")
}

fn template_mistakes(operation: &Operation) -> Vec<String> {
    let path = &operation.path;
    let Some(in_template) = template_names(path) else {
        return vec![format!("the braces in `{path}` do not pair up")];
    };
    let declared: BTreeSet<&str> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == ParameterIn::Path)
        .map(|parameter| parameter.name.as_str())
        .collect();
    let mut mistakes = Vec::new();
    for name in in_template.difference(&declared) {
        mistakes.push(format!(
            "`{{{name}}}` of the path is not declared as a path parameter"
        ));
    }
    for name in declared.difference(&in_template) {
        mistakes.push(format!(
            "the path parameter `{name}` is not in the path `{path}`"
        ));
    }
    mistakes
}

/// The names in braces; `None` when the braces do not pair up or hold nothing.
pub(super) fn template_names(path: &str) -> Option<BTreeSet<&str>> {
    let mut names = BTreeSet::new();
    let mut parts = path.split('{');
    if parts.next()?.contains('}') {
        return None;
    }
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        if name.is_empty() || rest.contains('}') {
            return None;
        }
        names.insert(name);
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::template_names;

    #[test]
    fn names_are_what_stands_in_braces() {
        let names = |path: &'static str| template_names(path).map(Vec::from_iter);
        assert_eq!(names("/a/{b}/c/{d}").unwrap(), ["b", "d"]);
        assert!(names("/a").unwrap().is_empty());
        for path in ["/a/{b", "/a/b}", "/{}", "/{a}}", "/{a{b}}"] {
            assert_eq!(names(path), None, "{path}");
        }
    }
}
