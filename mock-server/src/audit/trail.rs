//! The chains of all organizations, as far as they are in memory.

use std::fmt;
use std::sync::Arc;

use imbl::{OrdMap, Vector};

use super::{AuditRecord, Event};

/// The chains, by organization. Each is a pointer, so that a write copies that of its own organization alone.
#[derive(Clone)]
pub(crate) struct Trails {
    chains: OrdMap<Box<str>, Arc<Trail>>,
    capacity: usize,
}

/// The chain of an organization: the records that are kept, and where it goes on.
#[derive(Clone, Default)]
struct Trail {
    records: Vector<AuditRecord>,
    head: Head,
}

/// The end of a chain: how many records it has had, and the hash of the last one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) number: u64,
    pub(crate) hash: [u8; 32],
}

impl Trails {
    /// No chains yet, each to keep so many records, at least one.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            chains: OrdMap::new(),
            capacity: capacity.max(1),
        }
    }

    /// How many records of an organization are kept.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Adds a record of an event to the chain of its organization.
    pub(crate) fn append(&mut self, event: Event) -> AuditRecord {
        let id = &*event.organization.id;
        if !self.chains.contains_key(id) {
            self.chains.insert(id.into(), Arc::default());
        }
        // Just put there, if it was not before.
        let trail = match self.chains.get_mut(id) {
            Some(trail) => Arc::make_mut(trail),
            None => &mut Trail::default(),
        };
        let record = AuditRecord::behind(trail.head.hash, trail.head.number + 1, event);
        trail.push(record.clone(), self.capacity);
        record
    }

    /// Puts a record of a stored chain behind those that are there, as it is.
    pub(crate) fn load(&mut self, record: AuditRecord) {
        let id = record.organization();
        let mut trail = self.chains.get(id).cloned().unwrap_or_default();
        let organization = id.into();
        Arc::make_mut(&mut trail).push(record, self.capacity);
        self.chains.insert(organization, trail);
    }

    /// Has an organization's chain go on from an end that is stated elsewhere.
    pub(crate) fn set_head(&mut self, organization: &str, head: Head) {
        let mut trail = self.chains.get(organization).cloned().unwrap_or_default();
        Arc::make_mut(&mut trail).head = head;
        self.chains.insert(organization.into(), trail);
    }

    /// The end of an organization's chain.
    pub(crate) fn head(&self, organization: &str) -> Head {
        self.chains
            .get(organization)
            .map_or_else(Head::default, |trail| trail.head)
    }

    /// The records of an organization that are kept, oldest first.
    pub(crate) fn of(&self, organization: &str) -> impl DoubleEndedIterator<Item = &AuditRecord> {
        self.chains
            .get(organization)
            .into_iter()
            .flat_map(|trail| trail.records.iter())
    }

    /// The last record of an organization that is kept.
    pub(crate) fn last(&self, organization: &str) -> Option<&AuditRecord> {
        self.of(organization).next_back()
    }

    /// The last record of each organization, of those that are gone too.
    pub(crate) fn ends(&self) -> impl Iterator<Item = &AuditRecord> {
        let trails = self.chains.values();
        trails.filter_map(|trail| trail.records.last())
    }

    /// All records that are kept, by organization, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &AuditRecord> {
        self.chains.values().flat_map(|trail| trail.records.iter())
    }
}

impl Trail {
    fn push(&mut self, record: AuditRecord, capacity: usize) {
        self.head = Head {
            number: record.number(),
            hash: *record.hash(),
        };
        self.records.push_back(record);
        if self.records.len() > capacity {
            self.records.pop_front();
        }
    }
}

impl fmt::Debug for Trails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trails of {} organizations", self.chains.len())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::audit::record::Record;
    use crate::audit::{Method, Origin, RequestIds, What};
    use crate::generated::operations::OPERATIONS;
    use crate::identity::Organization;

    pub(in crate::audit) fn event(organization: &str, target: &str) -> Event {
        Event {
            time: "2026-01-01T00:00:00Z".parse().unwrap(),
            organization: Arc::new(Organization {
                id: organization.into(),
                name: "example".into(),
                partner: None,
            }),
            actor: None,
            role: None,
            what: What::Operation(&OPERATIONS[0]),
            method: Method::Known("GET"),
            target: target.into(),
            name: "".into(),
            project: "".into(),
            origin: Origin::of(&RequestIds::new(), &http::Request::new(()).into_parts().0),
            status: 200,
            reason: None,
            changes: None,
        }
    }

    #[test]
    fn the_chain_holds_and_shows_a_change() {
        let mut trails = Trails::new(10);
        for target in ["/a", "/b", "/c"] {
            trails.append(event("o", target));
        }
        let records: Vec<_> = trails.of("o").cloned().collect();
        assert!(records.iter().all(AuditRecord::is_intact));
        assert_eq!(records[1].before(), records[0].hash());
        let forged = AuditRecord(Arc::new(Record {
            number: 2,
            event: event("o", "/x"),
            before: *records[1].before(),
            hash: *records[1].hash(),
        }));
        assert!(!forged.is_intact());
    }

    #[test]
    fn the_trail_is_bounded_and_keeps_counting() {
        let mut trails = Trails::new(2);
        for target in ["/a", "/b", "/c"] {
            trails.append(event("o", target));
        }
        let numbers: Vec<_> = trails.of("o").map(AuditRecord::number).collect();
        assert_eq!(numbers, [2, 3]);
    }

    #[test]
    fn every_organization_has_a_chain_of_its_own() {
        let mut trails = Trails::new(5);
        for organization in ["o", "p", "o"] {
            trails.append(event(organization, "/a"));
        }
        assert_eq!(trails.head("o").number, 2);
        assert_eq!(trails.head("p").number, 1);
        assert_eq!(trails.head("q"), Head::default());
        assert_eq!(trails.all().count(), 3);
        assert!(trails.of("p").all(|record| record.before() == &[0; 32]));
    }
}
