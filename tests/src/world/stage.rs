//! Moments in which actions with a guard are allowed: the clock moves on until what the guard asks for stands in the
//! object.

use std::collections::HashMap;
use std::time::Duration;

use rafay_mock_server::Snapshot;
use rafay_spec::{Behavior, Operation};
use serde_json::Value;

use super::objects::{Objects, kind};
use crate::{Desk, Target, operations};

/// How far the clock moves at once, and how often at the most.
const STEP: Duration = Duration::from_secs(5);
const MOST_STEPS: usize = 200;

/// An action on a target.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Stage {
    kind: String,
    action: String,
    target: Target,
}

impl Stage {
    /// The stage of an operation; none where it is allowed at any time.
    pub(super) fn of(operation: &Operation, target: Target) -> Option<Self> {
        let Behavior::Action { kind, action } = &operation.behavior else {
            return None;
        };
        Some(Self {
            kind: kind.clone(),
            action: action.clone(),
            target,
        })
    }

    /// Places and the values one of which must stand there.
    fn guard(&self) -> impl Iterator<Item = (&'static String, &'static Vec<Value>)> {
        let lifecycle = kind(&self.kind).lifecycle.as_ref();
        let actions = lifecycle.map(|lifecycle| &lifecycle.actions);
        let action = actions.and_then(|actions| actions.get(&self.action));
        action.into_iter().flat_map(|action| &action.when)
    }

    fn is_reached(&self, object: &Value) -> bool {
        self.guard().all(|(place, allowed)| {
            let present = object.pointer(place).unwrap_or(&Value::Null);
            allowed.contains(present)
        })
    }
}

/// The moment of every action that has a guard, each reached from the same moment.
#[track_caller]
pub(super) fn all(
    desk: &Desk,
    objects: &Objects,
    beginning: &Snapshot,
) -> HashMap<Stage, Snapshot> {
    let mut stages = HashMap::new();
    for (_, operation) in operations() {
        for target in Target::ALL {
            let Some(stage) = Stage::of(operation, target) else {
                continue;
            };
            if stage.guard().next().is_none() || stages.contains_key(&stage) {
                continue;
            }
            desk.controller().restore(beginning);
            let path = &objects.of(&stage.kind, operation, target).path;
            let read = || desk.operator().get(path).send().expect(200).json();
            let mut steps = 0;
            while !stage.is_reached(&read()) {
                assert!(
                    steps < MOST_STEPS,
                    "{} is never allowed: {}",
                    operation.id,
                    read()
                );
                desk.controller().clock().advance(STEP);
                steps += 1;
            }
            stages.insert(stage, desk.controller().snapshot());
        }
    }
    stages
}
