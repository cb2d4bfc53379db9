//! aiosmtpd: whether a mail server that knows nothing of this project takes the mails of the mock.

use std::path::Path;
use std::process::Command;

use super::super::verdict::Verdict;
use super::tools::{Registry, Tool};

const SERVER: Tool = Tool {
    package: "aiosmtpd",
    version: "1.4.6",
    program: "aiosmtpd",
    from: Registry::Python { pinned: None },
};

/// Runs the tests that need a mail server; each starts one of its own on this machine.
pub(super) fn run(root: &Path) -> Verdict {
    match SERVER.path(root) {
        Ok(program) => Verdict::of(
            &Command::new("cargo")
                .args(["test", "-p", "rafay-mock-server", "--test", "smtp", "--"])
                .arg("--ignored")
                .env("SMTP_SERVER_PYTHON", program.with_file_name("python"))
                .current_dir(root)
                .status(),
        ),
        Err(reason) => Verdict::LeftOut(reason),
    }
}
