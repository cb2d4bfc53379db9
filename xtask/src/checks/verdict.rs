//! How a check ended, and when that is a failure of them all.

use std::fmt;
use std::io;
use std::process::ExitStatus;

/// How a check ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    Failed,
    /// It could not run; the text says what it lacks.
    LeftOut(String),
}

impl Verdict {
    /// What a command's end says. One that could not be started has failed.
    pub(super) fn of(status: &io::Result<ExitStatus>) -> Self {
        match status {
            Ok(status) if status.success() => Verdict::Passed,
            _ => Verdict::Failed,
        }
    }

    /// What is wrong about the check of this name, if anything is; with `complete`, being left out is.
    pub(super) fn complaint(&self, name: &str, complete: bool) -> Option<String> {
        match self {
            Verdict::Passed => None,
            Verdict::Failed => Some(format!("{name} failed")),
            Verdict::LeftOut(reason) => complete.then(|| format!("{name} was left out ({reason})")),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Passed => f.pad("passed"),
            Verdict::Failed => f.pad("FAILED"),
            Verdict::LeftOut(reason) => f.pad(&format!("left out: {reason}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_fails_only_where_nothing_may_be() {
        let left_out = Verdict::LeftOut("it needs npm".to_owned());
        assert_eq!(left_out.complaint("linter", false), None);
        let complaint = left_out.complaint("linter", true);
        assert_eq!(complaint.unwrap(), "linter was left out (it needs npm)");
        assert!(Verdict::Failed.complaint("linter", false).is_some());
        assert_eq!(Verdict::Passed.complaint("linter", true), None);
    }
}
