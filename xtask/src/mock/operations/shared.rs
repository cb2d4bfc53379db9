//! What stands once in the table for all operations: the names it uses, and parts that many operations have in common.

use std::collections::BTreeMap;

/// Parts that many operations have in common, each written once.
#[derive(Default)]
pub(super) struct Shared {
    parameters: BTreeMap<String, String>,
    envelopes: BTreeMap<String, String>,
}

impl Shared {
    /// The name of a list of parameters.
    pub(super) fn parameters(&mut self, written: String) -> String {
        let next = format!("P{}", self.parameters.len());
        self.parameters.entry(written).or_insert(next).clone()
    }

    /// The name of an envelope.
    pub(super) fn envelope(&mut self, written: String) -> String {
        let next = format!("E{}", self.envelopes.len());
        self.envelopes.entry(written).or_insert(next).clone()
    }

    pub(super) fn written(&self) -> String {
        let number = |name: &String| name[1..].parse::<usize>().unwrap_or(0);
        let mut parameters: Vec<_> = self.parameters.iter().collect();
        parameters.sort_by_key(|(_, name)| number(name));
        let mut envelopes: Vec<_> = self.envelopes.iter().collect();
        envelopes.sort_by_key(|(_, name)| number(name));
        let mut code = String::new();
        for (written, name) in parameters {
            code += &format!("static {name}: &[Parameter] = &[{written}];\n");
        }
        for (written, name) in envelopes {
            code += &format!("static {name}: Envelope = Envelope {{ members: &[{written}] }};\n");
        }
        code
    }
}

pub(super) const USES: &str = "#[allow(unused_imports, reason = \"not every document uses every word\")]
use crate::handlers;
use crate::schema::Schema;
#[allow(unused_imports, reason = \"not every document uses every word\")]
use crate::table::{Access, Behavior, Context, Envelope, ErrorShape, Means, Member, Operation, Page, Parameter, Source, Template, Translation, Verb, Version, View, ViewField, Words};
use super::kinds;
use super::roles::Permission;
";
