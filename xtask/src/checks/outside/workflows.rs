//! check-jsonschema: whether GitHub would take the workflow and the composite action.

use std::path::Path;
use std::process::Command;

use super::super::verdict::Verdict;
use super::tools::{Registry, Tool};

const CHECKER: Tool = Tool {
    package: "check-jsonschema",
    version: "0.39.0",
    program: "check-jsonschema",
    from: Registry::Python { pinned: None },
};

/// Has it read both, each by the schema that comes with it.
pub(super) fn run(root: &Path) -> Verdict {
    let program = match CHECKER.path(root) {
        Ok(program) => program,
        Err(reason) => return Verdict::LeftOut(reason),
    };
    let files = [
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
        (
            "vendor.github-actions",
            ".github/actions/spec-check/action.yml",
        ),
    ];
    let verdicts = files.map(|(schema, file)| {
        Verdict::of(
            &Command::new(&program)
                .args(["--builtin-schema", schema, file])
                .current_dir(root)
                .status(),
        )
    });
    let failed = |verdict: &Verdict| matches!(verdict, Verdict::Failed);
    if verdicts.iter().any(failed) {
        return Verdict::Failed;
    }
    Verdict::Passed
}
