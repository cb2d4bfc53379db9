//! The judge: walks both documents side by side and says what differs.
//!
//! Schemas are compared pair by pair. A pair is judged once in each direction, however many places
//! lead to it; which operations reach it is a graph that is asked at the end. Pairs wait in a queue,
//! so that deep and recursive documents cost time and not stack.

mod dialect;
mod lifecycle;
mod messages;
mod operations;
mod parameters;
mod properties;
mod roles;
mod same;
mod schema;
mod security;
mod shape;
mod unions;
mod values;
mod words;

use std::collections::{HashMap, VecDeque};

use super::document::{At, Broken, Document};
use super::error::Error;
use super::policy::Policy;
use super::rules::{Direction, Rule, find};
use crate::roles::Roles;
pub(super) use dialect::check;
use shape::Shape;

/// How many comparisons two documents may take; ours take some ten thousand.
const MAX_STEPS: usize = 2_000_000;
/// How many trial comparisons may stand inside one another.
const MAX_PROBES: usize = 6;

/// Something that differs, before places and verdicts are looked up.
pub(super) struct Raw<'a> {
    pub(super) rule: &'static Rule,
    pub(super) direction: Direction,
    pub(super) old: Option<At<'a>>,
    pub(super) new: Option<At<'a>>,
    pub(super) message: String,
    pub(super) owner: usize,
}

/// What findings belong to: the document, an operation, or a pair of schemas that some of them reach.
#[derive(Default)]
pub(super) struct Owner {
    pub(super) parents: Vec<usize>,
    pub(super) operation: Option<Operation>,
}

/// An operation as findings name it.
pub(super) struct Operation {
    pub(super) label: String,
    /// Its stability is below what the policy cares for.
    pub(super) unstable: bool,
}

type Key = (Box<[usize]>, Box<[usize]>, Direction);

pub(super) struct Engine<'a> {
    pub(super) old: &'a Document,
    pub(super) new: &'a Document,
    pub(super) policy: &'a Policy,
    pub(super) roles: Option<(&'a Roles, &'a Roles)>,
    pub(super) owners: Vec<Owner>,
    pub(super) raws: Vec<Raw<'a>>,
    current: usize,
    pairs: HashMap<Key, usize>,
    queue: VecDeque<(usize, Shape<'a>, Shape<'a>, Direction)>,
    /// What trial comparisons found out: whether a pair is alike.
    alike: HashMap<Key, bool>,
    probes: usize,
    steps: usize,
}

impl<'a> Engine<'a> {
    pub(super) fn new(
        old: &'a Document,
        new: &'a Document,
        policy: &'a Policy,
        roles: Option<(&'a Roles, &'a Roles)>,
    ) -> Self {
        Self {
            old,
            new,
            policy,
            roles,
            owners: vec![Owner::default()],
            raws: Vec::new(),
            current: 0,
            pairs: HashMap::new(),
            queue: VecDeque::new(),
            alike: HashMap::new(),
            probes: 0,
            steps: 0,
        }
    }

    /// Compares everything.
    pub(super) fn run(&mut self) -> Result<(), Error> {
        self.document();
        self.drain();
        if self.steps > MAX_STEPS {
            return Err(Error::TooLarge(MAX_STEPS));
        }
        Ok(())
    }

    fn drain(&mut self) {
        while let Some((owner, old, new, direction)) = self.queue.pop_front() {
            self.steps += 1;
            if self.steps > MAX_STEPS || (self.probes > 0 && !self.raws.is_empty()) {
                return;
            }
            self.current = owner;
            self.schema(&old, &new, direction);
        }
        self.current = 0;
    }

    /// Says that something differs.
    fn say(
        &mut self,
        rule: &'static str,
        direction: Direction,
        old: Option<At<'a>>,
        new: Option<At<'a>>,
        message: String,
    ) {
        // Every id that is passed here is tested to be in the table.
        let Some(rule) = find(rule).or_else(|| find("unhandled")) else {
            return;
        };
        self.raws.push(Raw {
            rule,
            direction,
            old,
            new,
            message,
            owner: self.current,
        });
    }

    fn broken(&mut self, broken: &Broken<'a>, is_old: bool) {
        let at = Some(broken.at);
        let (old, new) = if is_old { (at, None) } else { (None, at) };
        let side = if is_old { "old" } else { "new" };
        let message = format!("in the {side} document, {}", broken.message);
        self.say(
            "reference-unresolved",
            Direction::Neither,
            old,
            new,
            message,
        );
    }

    /// Follows references on both sides; a broken one is said, and nothing is left to compare.
    fn resolve(&mut self, old: At<'a>, new: At<'a>) -> Option<(At<'a>, At<'a>)> {
        let old_end = self.resolve_one(old, true);
        let new_end = self.resolve_one(new, false);
        Some((old_end?, new_end?))
    }

    fn resolve_one(&mut self, at: At<'a>, is_old: bool) -> Option<At<'a>> {
        let document = if is_old { self.old } else { self.new };
        match document.resolve(at) {
            Ok(resolved) => Some(resolved.at),
            Err(broken) => {
                self.broken(&broken, is_old);
                None
            }
        }
    }

    /// Runs `judge` with findings belonging to an operation.
    fn within(&mut self, operation: Operation, judge: impl FnOnce(&mut Self)) {
        let before = self.current;
        self.current = self.owners.len();
        self.owners.push(Owner {
            parents: Vec::new(),
            operation: Some(operation),
        });
        judge(self);
        self.current = before;
    }

    /// Puts two schemas, each the conjunction of a list, on the queue unless they were there before.
    fn pair(&mut self, old: &[At<'a>], new: &[At<'a>], direction: Direction) {
        let old = shape::shape(self.old, old);
        let new = shape::shape(self.new, new);
        if self.probes == 0 {
            self.names(&old, &new, direction);
        }
        let key = (old.key(), new.key(), direction);
        let parent = self.current;
        if let Some(&owner) = self.pairs.get(&key) {
            if self.owners[owner].parents.last() != Some(&parent) {
                self.owners[owner].parents.push(parent);
            }
            return;
        }
        let owner = self.owners.len();
        self.owners.push(Owner {
            parents: vec![parent],
            operation: None,
        });
        self.pairs.insert(key, owner);
        self.queue.push_back((owner, old, new, direction));
    }

    /// Whether two schemas are alike, found out by comparing them for trial.
    fn are_alike(&mut self, old: &[At<'a>], new: &[At<'a>], direction: Direction) -> bool {
        if self.probes >= MAX_PROBES {
            return false;
        }
        let key = (
            shape::shape(self.old, old).key(),
            shape::shape(self.new, new).key(),
            direction,
        );
        if let Some(&known) = self.alike.get(&key) {
            return known;
        }
        let mut probe = Engine::new(self.old, self.new, self.policy, None);
        probe.probes = self.probes + 1;
        probe.steps = self.steps;
        probe.alike = std::mem::take(&mut self.alike);
        probe.pair(old, new, direction);
        probe.drain();
        let alike = probe.raws.is_empty();
        self.steps = probe.steps;
        self.alike = std::mem::take(&mut probe.alike);
        self.alike.insert(key, alike);
        alike
    }

    /// Says where a schema of a name became one of another name.
    fn names(&mut self, old: &Shape<'a>, new: &Shape<'a>, direction: Direction) {
        let (Some(old_name), Some(new_name)) = (old.name, new.name) else {
            return;
        };
        if old_name == new_name {
            return;
        }
        let schemas = self
            .new
            .root()
            .get("components")
            .and_then(|c| c.get("schemas"));
        let is_there = schemas.is_some_and(|schemas| schemas.node.get(old_name).is_some());
        let (rule, message) = if is_there {
            let message = format!("schema `{new_name}` stands where `{old_name}` was");
            ("schema-reference-changed", message)
        } else {
            let message = format!("schema `{old_name}` is called `{new_name}`");
            ("schema-renamed", message)
        };
        self.say(rule, direction, old.definition, new.definition, message);
    }
}

/// Values by name as a message lists them.
fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    names.join(", ")
}
