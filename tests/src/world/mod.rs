//! A world made from the documents alone: an object of every kind, and a valid request for every operation. A kind
//! or an operation that joins the documents joins the world with its examples; there is no list to keep.

mod examples;
mod identity;
mod namespaces;
mod objects;
mod sample;
mod stage;

use std::collections::{BTreeMap, HashMap};

use rafay_mock_server::{Role, Snapshot};
use rafay_spec::{Operation, Scope};

use crate::{Desk, Target, spec};
use identity::Identity;
use objects::Objects;
use stage::Stage;

pub use examples::body;
pub use sample::Sample;

/// Objects for every operation to work on, in the reach of the roles of projects and outside of it, and the moments
/// in which each operation can succeed.
pub struct World {
    objects: Objects,
    /// The ready-made account of each role.
    own: BTreeMap<&'static str, Identity>,
    /// An account of somebody else.
    other: Identity,
    moment: Snapshot,
    stages: HashMap<Stage, Snapshot>,
}

impl World {
    /// Makes the objects on a controller, as the partner's administrator. They stay there until they are deleted.
    #[track_caller]
    pub fn make(desk: &Desk) -> Self {
        let objects = Objects::make(desk);
        namespaces::bind(desk, &objects);
        let roles = &spec().roles.roles;
        // A partner's accounts are none of the organization's.
        let inside = roles.iter().filter(|role| role.scope != Scope::Partner);
        let own = inside.map(|role| {
            let known = Role::from_name(&role.name).expect("the mock has every role");
            (
                role.name.as_str(),
                Identity::of_caller(desk, &desk.role(known)),
            )
        });
        let own = own.collect();
        let other = Identity::of_account(desk, &objects.account().id);
        let moment = desk.controller().snapshot();
        let stages = stage::all(desk, &objects, &moment);
        let world = Self {
            objects,
            own,
            other,
            moment,
            stages,
        };
        desk.controller().restore(&world.moment);
        world
    }

    /// Goes to the moment in which an operation can succeed on a target: nothing was done to the objects but what
    /// the operation waits for.
    pub fn prepare(&self, desk: &Desk, operation: &Operation, target: Target) {
        let stage = Stage::of(operation, target).and_then(|stage| self.stages.get(&stage));
        desk.controller().restore(stage.unwrap_or(&self.moment));
    }

    fn identity(&self, role: Role, target: Target) -> &Identity {
        match target {
            Target::Own | Target::Elsewhere => self.own.get(role.as_str()).unwrap_or(&self.other),
            Target::Other => &self.other,
        }
    }
}
