//! Numbers of releases, as `info.version` has them.

use std::fmt;

use crate::diff::Bump;

/// Three numbers, such as `3.1.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    /// Changes with what breaks old clients.
    pub major: u64,
    /// Changes with what is new.
    pub minor: u64,
    /// Changes with what clients do not notice.
    pub patch: u64,
}

impl Number {
    /// Reads three numbers with dots between them, without leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            let plain = part == "0" || !part.starts_with('0');
            part.parse().ok().filter(|_| digits && plain)
        });
        let number = Self {
            major: parts.next()??,
            minor: parts.next()??,
            patch: parts.next()??,
        };
        parts.next().is_none().then_some(number)
    }

    /// The next number after a change of that weight.
    #[must_use]
    pub fn bumped(self, bump: Bump) -> Self {
        let Self {
            major,
            minor,
            patch,
        } = self;
        let (major, minor, patch) = match bump {
            Bump::Major => (major.saturating_add(1), 0, 0),
            Bump::Minor => (major, minor.saturating_add(1), 0),
            Bump::Patch => (major, minor, patch.saturating_add(1)),
        };
        Self {
            major,
            minor,
            patch,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_compared_and_raised() {
        let number = |text| Number::parse(text).unwrap();
        assert!(number("3.10.0") > number("3.9.9"));
        assert_eq!(number("3.1.4").bumped(Bump::Patch).to_string(), "3.1.5");
        assert_eq!(number("3.1.4").bumped(Bump::Minor).to_string(), "3.2.0");
        assert_eq!(number("3.1.4").bumped(Bump::Major).to_string(), "4.0.0");
        for wrong in [
            "",
            "3",
            "3.1",
            "3.1.0.0",
            "v3.1.0",
            "3.01.0",
            "3.1.0-rc1",
            "3.1.+1",
            "3..0",
        ] {
            assert_eq!(Number::parse(wrong), None, "{wrong}");
        }
    }
}
