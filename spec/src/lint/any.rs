//! Judges any document by the general rules, whoever wrote it and however it is spread over files.

mod admit;
mod enums;
mod form;
mod layout;
mod names;
mod operations;
mod parameters;
mod paths;
mod pattern;
mod references;
mod responses;
mod schemas;
mod security;
mod servers;
mod shape;
mod texts;
mod unions;
mod values;

use std::collections::HashSet;

use super::remark::{Remark, arrange};
use super::rules;
use crate::diff::Document;
use crate::diff::Policy;
use crate::diff::document::At;
use crate::diff::place::Index;
use layout::Layout;

/// Everything that the general rules find in a document, the worst first, then by place.
pub fn lint_any(document: &Document, policy: &Policy) -> Vec<Remark> {
    let mut findings = Findings::default();
    let layout = Layout::new(document, &mut findings);
    for check in [
        references::check,
        paths::check,
        operations::check,
        parameters::check,
        responses::check,
        schemas::check,
        enums::check,
        unions::check,
        values::check,
        names::check,
        security::check,
        servers::check,
        texts::check,
    ] {
        check(&layout, &mut findings);
    }
    let mut places = Index::new(document);
    let remarks = findings.all.into_iter().filter_map(|raw| {
        let rule = rules::find(raw.rule)?;
        Remark::new(
            rule,
            rule.severity,
            raw.message,
            places.place(raw.at),
            policy,
        )
    });
    arrange(remarks.collect())
}

/// The findings so far; the same about the same place is kept once.
#[derive(Default)]
pub(super) struct Findings<'a> {
    all: Vec<Raw<'a>>,
    known: HashSet<(&'static str, usize, String)>,
}

struct Raw<'a> {
    rule: &'static str,
    at: At<'a>,
    message: String,
}

impl<'a> Findings<'a> {
    fn add(&mut self, rule: &'static str, at: At<'a>, message: impl Into<String>) {
        let message = message.into();
        if self
            .known
            .insert((rule, at.node.address(), message.clone()))
        {
            self.all.push(Raw { rule, at, message });
        }
    }
}
