//! Servers: addresses that paths can be joined to, and their variables.

use std::collections::BTreeSet;

use super::Findings;
use super::layout::Layout;
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::request::template_names;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    for server in layout.of(Kind::Server) {
        let Some(at) = server.at.get("url") else {
            continue;
        };
        let Some(url) = at.node.text() else { continue };
        if url.len() > 1 && url.ends_with('/') {
            let message = format!("`{url}` ends with a slash");
            findings.add(rules::SERVER_TRAILING_SLASH, at, message);
        }
        let variables = server.at.get("variables");
        let declared: BTreeSet<&str> = variables
            .into_iter()
            .flat_map(|all| all.node.entries())
            .map(|(name, _)| &**name)
            .collect();
        let Some(names) = template_names(url) else {
            let message = format!("the braces in `{url}` do not pair up");
            findings.add(rules::SERVER_VARIABLES, at, message);
            continue;
        };
        for name in names.difference(&declared) {
            let message = format!("`{{{name}}}` is not declared under `variables`");
            findings.add(rules::SERVER_VARIABLES, at, message);
        }
        for (name, variable) in variables.into_iter().flat_map(At::entries) {
            if !names.contains(name) {
                let message = format!("the variable `{name}` is not in `{url}`");
                findings.add(rules::SERVER_VARIABLES, variable, message);
            }
            let default = variable.node.text_at("default");
            if let (Some(default), Some(_)) = (default, variable.node.get("enum"))
                && !variable.node.texts("enum").any(|value| value == default)
            {
                let message =
                    format!("the default `{default}` is not among the values of `{name}`");
                findings.add(rules::SERVER_VARIABLES, variable, message);
            }
        }
    }
}
