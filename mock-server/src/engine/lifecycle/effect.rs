//! What the code of a step sees, and what it may do: change its object and others, and say where its flow goes on.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::flow::Run;
use crate::store::{Key, Object, Stored};
use crate::table::Kind;

/// A step that runs code of its own, named by the document.
pub(crate) struct Effect<'e> {
    run: &'e Run<'e>,
    /// The object the step is taken on.
    pub(crate) object: &'e mut Value,
    /// The body of the action that started the flow; null where none did.
    pub(crate) body: &'e Value,
    /// The time of the step.
    pub(crate) now: Timestamp,
    changed: Vec<Changed>,
    next: Next,
}

/// Another object that a step writes: its key, how it was, and what it is now.
pub(super) type Changed = (Key, Arc<Object>, Value);

/// Where a flow goes on.
pub(super) enum Next {
    /// With the step that follows.
    Following,
    /// Nowhere.
    Nothing,
    /// With a step by name, so many seconds from now.
    Step {
        flow: &'static str,
        step: &'static str,
        after: u64,
    },
}

impl<'e> Effect<'e> {
    pub(super) fn new(
        run: &'e Run<'e>,
        object: &'e mut Value,
        body: &'e Value,
        now: Timestamp,
    ) -> Self {
        Self {
            run,
            object,
            body,
            now,
            changed: Vec::new(),
            next: Next::Following,
        }
    }

    pub(super) fn finish(self) -> (Next, Vec<Changed>) {
        (self.next, self.changed)
    }

    /// Login name of whoever started the flow.
    pub(crate) fn caller(&self) -> &str {
        self.run.caller
    }

    /// The flow goes on with a step, so many seconds from now.
    pub(crate) fn go_on(&mut self, flow: &'static str, step: &'static str, after: u64) {
        self.next = Next::Step { flow, step, after };
    }

    /// The flow ends here.
    pub(crate) fn stop(&mut self) {
        self.next = Next::Nothing;
    }

    /// Another object of the project, or of the organization where its kind belongs to that.
    pub(crate) fn other(&self, kind: &'static Kind, name: &str) -> Option<&'e Arc<Object>> {
        let key = self.key(kind, name);
        self.run.state.object(&key)
    }

    /// Every object of a kind in the project.
    pub(crate) fn all(&self, kind: &'static Kind) -> Vec<&'e Arc<Object>> {
        let prefix = Key::objects(&self.run.organization.id, kind.name, self.run.project);
        let state = self.run.state;
        state
            .entries
            .range::<_, Key>(&prefix..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .filter_map(|(_, stored)| match stored {
                Stored::Object(object) => Some(object),
                _ => None,
            })
            .collect()
    }

    /// Whether a step of another object of the project is still to come.
    pub(crate) fn is_under_way(&self, kind: &'static Kind, name: &str) -> bool {
        let waiting = Key::all_waiting(&self.key(kind, name));
        self.run.state.under(&waiting).next().is_some()
    }

    /// Writes another object of the project.
    pub(crate) fn change(&mut self, kind: &'static Kind, other: &Arc<Object>, written: Value) {
        let key = self.key(kind, &other.name);
        self.changed.push((key, other.clone(), written));
    }

    fn key(&self, kind: &Kind, name: &str) -> Key {
        let project = if kind.in_project {
            self.run.project
        } else {
            ""
        };
        Key::object(&self.run.organization.id, kind.name, project, name)
    }
}
