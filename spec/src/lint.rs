//! Judges documents. Each rule has a stable id in one table; each subject has one file.
//!
//! [`lint()`] judges documents that use the extension words of this repository, [`lint_any`] any `OpenAPI`
//! document by the rules that hold for all; [`judge()`] finds out which of them is wanted.
//!
//! What keeps an operation or a word from being read at all is noted while the model is built, and
//! reported here with the rest, so that one run shows everything.

mod any;
mod behavior;
mod context;
mod description;
mod example;
mod explain;
mod fix;
mod identifier;
mod judge;
mod kind;
mod name;
mod permission;
mod remark;
pub mod report;
mod request;
mod response;
pub mod rules;
mod value;
mod variant;
mod view;
mod word;

pub use crate::finding::Finding;
pub use any::lint_any;
pub use explain::explain;
pub use fix::{Mended, fix};
pub use judge::{LintError, Target, judge};
pub use remark::Remark;
pub use rules::{Family, GENERAL, RULES, Rule};

use context::{Context, Findings};

use crate::finding;
use crate::model::Document;
use crate::roles::Roles;

/// The name under which findings about the roles stand, in place of a version.
const ROLES: &str = "roles.yaml";

/// Everything that is wrong with the documents and the roles, sorted by place.
pub fn lint(documents: &[Document], roles: &Roles) -> Vec<Finding> {
    let mut findings = Findings::default();
    let mut asked = permission::Asked::default();
    for document in documents {
        let context = Context::new(documents, document);
        findings.all.extend(document.problems.iter().cloned());
        word::check(&context, &mut findings);
        identifier::check(&context, &mut findings);
        permission::check(&context, roles, &mut asked, &mut findings);
        behavior::check(&context, &mut findings);
        request::check(&context, &mut findings);
        response::check(&context, &mut findings);
        description::check(&context, &mut findings);
        example::check(&context, &mut findings);
        value::check(&context, &mut findings);
        variant::check(&context, &mut findings);
        name::check(&context, &mut findings);
        kind::check(&context, &mut findings);
        view::check(&context, &mut findings);
    }
    behavior::check_actions(documents, &mut findings);
    permission::check_roles(roles, &asked, &mut findings);
    finding::arrange(&mut findings.all);
    findings.all
}
