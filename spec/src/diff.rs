//! Compares two `OpenAPI` documents, ours or anybody's, and says whom the difference breaks.
//!
//! [`diff`] takes an old and a new [`Document`] and gives a [`Comparison`]: one [`Finding`] for each
//! cause, with the rule that speaks, whom it breaks, its place in both documents and the operations
//! that it reaches. Silence means compatible: what no rule can judge is a finding too. Nothing here
//! asks the clock or the network; what day it is stands in the [`Policy`].
//!
//! ```
//! use rafay_spec::diff::{Document, Options, diff};
//!
//! let document = |path: &str| {
//!     let text = format!("{{openapi: 3.0.3, paths: {{{path}: {{get: {{responses: {{}}}}}}}}}}");
//!     Document::from_text(&text, "api.yaml")
//! };
//! let comparison = diff(&document("/a")?, &document("/b")?, &Options::default())?;
//! let rules: Vec<_> = comparison.findings.iter().map(|finding| finding.rule.id).collect();
//! assert_eq!(rules, ["path-removed", "path-added"]);
//! # Ok::<(), rafay_spec::diff::Error>(())
//! ```

mod compare;
mod date;
pub(crate) mod document;
mod error;
mod explain;
mod finding;
mod judge;
pub(crate) mod node;
pub(crate) mod place;
mod policy;
pub(crate) mod read;
pub mod report;
pub mod rules;
pub(crate) mod source;

pub use date::Date;
pub use document::Document;
pub use error::Error;
pub use explain::explain;
pub use finding::{Finding, Place, Severity};
pub use policy::{Approval, Policy, Stability};
pub use rules::{Direction, Grade, Promise, Rule};
pub use source::{open, read_text};

use crate::roles::Roles;

/// What to compare, and how.
#[derive(Default)]
pub struct Options<'a> {
    /// What the project decides for itself.
    pub policy: Policy,
    /// The roles that go with the old and the new document.
    pub roles: Option<(&'a Roles, &'a Roles)>,
    /// Ask only whether everything that the old document uses is still in the new one.
    pub subset: bool,
}

/// What two documents differ in.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The findings, the worst first, then by place.
    pub findings: Vec<Finding>,
    /// Approvals that are too old or of no finding; each must go or be renewed.
    pub stale_approvals: Vec<String>,
}

/// How a version must change to tell its users of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Bump {
    Patch,
    Minor,
    Major,
}

impl Bump {
    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// Which findings make a comparison fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Those that break this promise or one that is kept for more people: wire, then SDK source,
    /// then behaviour.
    Promise(Promise),
    /// All but changes that break nobody.
    Any,
}

/// Compares two documents.
pub fn diff(old: &Document, new: &Document, options: &Options<'_>) -> Result<Comparison, Error> {
    judge::check(&options.policy)?;
    compare::check(old)?;
    compare::check(new)?;
    let mut engine = compare::Engine::new(old, new, &options.policy, options.roles);
    engine.run()?;
    let mut findings = judge::findings(engine, options.subset);
    let stale_approvals = judge::approve(&mut findings, &options.policy);
    Ok(Comparison {
        findings,
        stale_approvals,
    })
}

impl Comparison {
    /// The findings that make it fail; approved ones do not.
    pub fn failures(&self, fail_on: FailOn) -> impl Iterator<Item = &Finding> {
        let fails = move |finding: &&Finding| {
            finding.approved.is_none()
                && match fail_on {
                    FailOn::Any => finding.severity > Severity::Info,
                    FailOn::Promise(last) => finding.broken().any(|promise| promise <= last),
                }
        };
        self.findings.iter().filter(fails)
    }

    /// Whether it fails: by a finding, or by an approval that is stale.
    pub fn fails(&self, fail_on: FailOn) -> bool {
        !self.stale_approvals.is_empty() || self.failures(fail_on).next().is_some()
    }

    /// How many findings have a severity.
    pub fn count(&self, severity: Severity) -> usize {
        let of = |finding: &&Finding| finding.severity == severity;
        self.findings.iter().filter(of).count()
    }

    /// What the version of the document should become: major for what breaks the wire or the
    /// behaviour, minor for anything else that clients can notice.
    pub fn document_bump(&self) -> Bump {
        self.bump(&[Promise::Wire, Promise::Behaviour])
    }

    /// The same for the SDK, whose users feel the wire and the source.
    pub fn sdk_bump(&self) -> Bump {
        self.bump(&[Promise::Wire, Promise::SdkSource])
    }

    fn bump(&self, promises: &[Promise]) -> Bump {
        let breaks = |finding: &Finding| promises.iter().any(|promise| finding.breaks(*promise));
        if self.findings.iter().any(breaks) {
            Bump::Major
        } else if self.findings.is_empty() {
            Bump::Patch
        } else {
            Bump::Minor
        }
    }
}
