//! Checking a stored trail: every record in its place, whole, and behind the one before; nothing cut off at the end.

use std::fmt;

use super::{AuditRecord, Head, decode, encode};

/// One thing that is wrong with a stored trail.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditFinding {
    /// There is no record of this number.
    Missing {
        /// The number.
        number: u64,
    },
    /// What is stored under this number is no record, or not written the way records are.
    Unreadable {
        /// The number.
        number: u64,
    },
    /// The record says that it is another one, or one of another organization.
    Misplaced {
        /// The number under which it is stored.
        number: u64,
    },
    /// The record's hash does not fit what it says: it was changed.
    Changed {
        /// The number.
        number: u64,
    },
    /// The record does not go on from the one before: one of the two was put there instead of another.
    Unlinked {
        /// The number.
        number: u64,
    },
    /// The chain ends elsewhere than the file says: records were cut off or put behind it.
    WrongEnd {
        /// The number of the last record, as the file says.
        stated: u64,
        /// The number of the last record that is there.
        found: u64,
    },
    /// A record that is known from elsewhere has another hash: the chain was written anew.
    NotAsExpected {
        /// The number.
        number: u64,
    },
}

impl fmt::Display for AuditFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AuditFinding::Missing { number } => write!(f, "record {number} is missing"),
            AuditFinding::Unreadable { number } => {
                write!(f, "record {number} is altered: it cannot be read")
            }
            AuditFinding::Misplaced { number } => {
                write!(f, "record {number} is altered: it belongs elsewhere")
            }
            AuditFinding::Changed { number } => write!(
                f,
                "record {number} is altered: its hash does not fit what it says"
            ),
            AuditFinding::Unlinked { number } => write!(
                f,
                "record {number} does not go on from the one before it: one of the two was replaced"
            ),
            AuditFinding::WrongEnd { stated, found } => write!(
                f,
                "the trail ends with record {found} and should end with {stated}"
            ),
            AuditFinding::NotAsExpected { number } => write!(
                f,
                "record {number} has another hash than the one expected: the trail was written anew"
            ),
        }
    }
}

/// What a check of a stored trail came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// The trails, by organization.
    pub trails: Vec<TrailReport>,
}

impl AuditReport {
    /// Whether nothing is wrong with any trail.
    pub fn is_intact(&self) -> bool {
        self.trails.iter().all(|trail| trail.findings.is_empty())
    }
}

/// What the check of one organization's trail came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailReport {
    /// Id of the organization.
    pub organization: String,
    /// How many records there are.
    pub records: u64,
    /// The hash of the last record, in hexadecimal digits. Kept elsewhere, it proves later that the trail up to here
    /// was not written anew.
    pub head: String,
    /// What is wrong.
    pub findings: Vec<AuditFinding>,
}

/// Checks the records of one organization as they come, by number.
pub(crate) struct Verifier<'e> {
    organization: String,
    expected: Option<&'e Head>,
    /// The record before; none where it could not be read.
    last: Option<Head>,
    number: u64,
    records: u64,
    findings: Vec<AuditFinding>,
}

/// Findings of one trail that are listed at the most.
const MOST: usize = 1000;

impl<'e> Verifier<'e> {
    /// A check of an organization's trail; what one record is known to be from elsewhere may be said.
    pub(crate) fn new(organization: &str, expected: Option<&'e Head>) -> Self {
        Self {
            organization: organization.to_owned(),
            expected,
            last: Some(Head::default()),
            number: 0,
            records: 0,
            findings: Vec::new(),
        }
    }

    /// The next record that is stored.
    pub(crate) fn record(&mut self, number: u64, bytes: &[u8]) {
        self.records += 1;
        if number != self.number + 1 {
            let missing = self.number + 1..number;
            let room = MOST.saturating_sub(self.findings.len());
            self.findings.extend(
                missing
                    .take(room)
                    .map(|number| AuditFinding::Missing { number }),
            );
            self.last = None;
        }
        self.number = number;
        let record = decode(bytes).filter(|record| encode(record) == bytes);
        let Some(record) = record else {
            self.find(AuditFinding::Unreadable { number });
            self.last = None;
            return;
        };
        if record.number() != number || record.organization() != self.organization {
            self.find(AuditFinding::Misplaced { number });
        } else if !record.is_intact() {
            self.find(AuditFinding::Changed { number });
        } else if self.last.is_some_and(|last| last.hash != *record.before()) {
            self.find(AuditFinding::Unlinked { number });
        }
        self.compare(&record);
        self.last = Some(Head {
            number,
            hash: *record.hash(),
        });
    }

    fn compare(&mut self, record: &AuditRecord) {
        if let Some(expected) = self.expected
            && expected.number == record.number()
            && expected.hash != *record.hash()
        {
            let number = expected.number;
            self.find(AuditFinding::NotAsExpected { number });
        }
    }

    /// What it comes to, given where the file says that the trail ends.
    pub(crate) fn finish(mut self, stated: Head) -> TrailReport {
        let found = self.number;
        let wrong_hash = self.last.is_some_and(|last| last.hash != stated.hash);
        if stated.number != found || (wrong_hash && self.findings.is_empty()) {
            let stated = stated.number;
            self.find(AuditFinding::WrongEnd { stated, found });
        }
        if let Some(expected) = self.expected
            && expected.number > found
        {
            let number = expected.number;
            self.find(AuditFinding::Missing { number });
        }
        TrailReport {
            organization: self.organization,
            records: self.records,
            head: crate::hex::text(&self.last.unwrap_or_default().hash),
            findings: self.findings,
        }
    }

    fn find(&mut self, finding: AuditFinding) {
        if self.findings.len() < MOST {
            self.findings.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Trails;
    use crate::audit::trail::tests::event;

    fn chain() -> (Vec<Vec<u8>>, Head) {
        let mut trails = Trails::new(9);
        let targets = ["/a", "/b", "/c", "/d"];
        let records = targets.map(|target| encode(&trails.append(event("o", target))));
        (records.to_vec(), trails.head("o"))
    }

    fn check(records: &[(u64, Vec<u8>)], head: Head) -> Vec<AuditFinding> {
        let mut verifier = Verifier::new("o", None);
        for (number, bytes) in records {
            verifier.record(*number, bytes);
        }
        verifier.finish(head).findings
    }

    fn numbered(records: Vec<Vec<u8>>) -> Vec<(u64, Vec<u8>)> {
        (1..).zip(records).collect()
    }

    #[test]
    fn a_trail_as_it_was_written_is_intact() {
        let (records, head) = chain();
        assert_eq!(check(&numbered(records), head), []);
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let (records, head) = chain();
        for place in 0..records[1].len() {
            for bit in [0, 4, 7] {
                let mut records = records.clone();
                records[1][place] ^= 1 << bit;
                let found = check(&numbered(records), head);
                assert!(!found.is_empty(), "byte {place}, bit {bit}");
            }
        }
    }

    #[test]
    fn what_is_taken_out_put_in_or_moved_is_found() {
        let (records, head) = chain();
        let whole = numbered(records);
        let without: Vec<_> = whole
            .iter()
            .filter(|(number, _)| *number != 2)
            .cloned()
            .collect();
        assert_eq!(check(&without, head), [AuditFinding::Missing { number: 2 }]);
        assert_eq!(
            check(&whole[..3], head),
            [AuditFinding::WrongEnd {
                stated: 4,
                found: 3
            }]
        );
        let mut swapped = whole.clone();
        swapped[1].1 = whole[2].1.clone();
        swapped[2].1 = whole[1].1.clone();
        assert!(check(&swapped, head).contains(&AuditFinding::Misplaced { number: 2 }));
        let mut renamed = chain().0;
        let mut other = Trails::new(9);
        other.append(event("o", "/x"));
        renamed[1] = encode(&other.append(event("o", "/b")));
        assert!(check(&numbered(renamed), head).contains(&AuditFinding::Unlinked { number: 2 }));
    }

    #[test]
    fn a_trail_written_anew_is_found_by_a_hash_kept_elsewhere() {
        let (_, kept) = chain();
        let mut trails = Trails::new(9);
        let expected = Some(&kept);
        let mut verifier = Verifier::new("o", expected);
        for target in ["/a", "/x", "/c", "/d"] {
            let record = trails.append(event("o", target));
            verifier.record(record.number(), &encode(&record));
        }
        let findings = verifier.finish(trails.head("o")).findings;
        assert_eq!(findings, [AuditFinding::NotAsExpected { number: 4 }]);
    }
}
