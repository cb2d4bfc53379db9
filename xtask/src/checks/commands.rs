//! The checks that are one command line each.

use std::path::Path;
use std::process;

use super::verdict::Verdict;
use crate::alignment;

/// A check: its name and the command line.
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) line: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

pub(super) const ALL: &[Command] = &[
    command("format", &["cargo", "fmt", "--all", "--check"]),
    command("generated code", &["cargo", "xtask", "generate", "--check"]),
    command(
        "spec lint",
        &[
            "cargo",
            "run",
            "--quiet",
            "--package",
            "rafay-spec",
            "--",
            "lint",
            "--fail-on",
            "info",
        ],
    ),
    command(
        "compatibility",
        &[
            "cargo",
            "run",
            "--quiet",
            "--package",
            "rafay-spec",
            "--",
            "guard",
        ],
    ),
    command(
        "clippy",
        &[
            "cargo",
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ],
    ),
    command("alignment", alignment::LINE),
    command("tests", &["cargo", "test", "--workspace", "--all-features"]),
    command(
        "sdk without features",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-sdk",
            "--no-default-features",
        ],
    ),
    command(
        "sdk with v3 alone",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-sdk",
            "--no-default-features",
            "--features",
            "v3",
        ],
    ),
    command(
        "sdk with v1 alone",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-sdk",
            "--no-default-features",
            "--features",
            "v1",
        ],
    ),
    command(
        "sdk with v2 alone",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-sdk",
            "--no-default-features",
            "--features",
            "v2",
        ],
    ),
    command(
        "mock as a library",
        &[
            "cargo",
            "check",
            "--quiet",
            "--package",
            "rafay-mock-server",
            "--no-default-features",
        ],
    ),
    Command {
        name: "docs",
        line: &[
            "cargo",
            "doc",
            "--quiet",
            "--workspace",
            "--no-deps",
            "--all-features",
        ],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
    },
];

const fn command(name: &'static str, line: &'static [&'static str]) -> Command {
    Command {
        name,
        line,
        environment: &[],
    }
}

impl Command {
    /// Runs it in the repository's root.
    pub(super) fn run(&self, root: &Path) -> Verdict {
        let Some((program, arguments)) = self.line.split_first() else {
            return Verdict::Failed;
        };
        let status = process::Command::new(program)
            .args(arguments)
            .envs(self.environment.iter().copied())
            .current_dir(root)
            .status();
        Verdict::of(&status)
    }
}
