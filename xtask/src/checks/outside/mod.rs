//! Tools of others, which know nothing of this project and judge what its users get: the bundled documents and the
//! server. Each has its exact version here and is fetched into `target/tools` the first time.

mod backstage;
mod documents;
mod http;
mod linter;
mod mail;
mod schemathesis;
mod served;
mod tools;
mod validator;
mod workflows;

pub(crate) use linter::redocly;

use std::path::Path;

use super::Options;
use super::verdict::Verdict;

/// A check by a tool of others.
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) run: fn(&Path, &Options) -> Verdict,
}

/// All of them, the quick ones first.
pub(super) const ALL: &[Tool] = &[
    Tool {
        name: "outside validator",
        what: "openapi-spec-validator on the bundled documents",
        run: |root, _| validator::run(root),
    },
    Tool {
        name: "outside workflows",
        what: "check-jsonschema on the workflow and the action for GitHub",
        run: |root, _| workflows::run(root),
    },
    Tool {
        name: "outside linter",
        what: "Redocly CLI on the bundled documents, with xtask/outside/redocly.yaml",
        run: |root, _| linter::run(root),
    },
    Tool {
        name: "outside clients",
        what: "Rafay's plug-in for Backstage on the built server, by xtask/outside/backstage.cjs",
        run: |root, _| backstage::run(root),
    },
    Tool {
        name: "outside smtp",
        what: "mails of the mock to aiosmtpd, a mail server of others",
        run: |root, _| mail::run(root),
    },
    Tool {
        name: "outside requests",
        what: "Schemathesis on the built server, with xtask/outside/schemathesis.toml",
        run: schemathesis::run,
    },
];
