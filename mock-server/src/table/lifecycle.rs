//! What happens to objects as the controller's clock passes.

use super::Kind;
use crate::engine::Effect;
use crate::refusal::Refusal;
use crate::schema::Path;

/// What an object does as the controller's clock passes.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    /// The flows: first the one that starts when the object is made, then that of changed places, then the actions.
    pub(crate) flows: &'static [Flow],
    /// Places whose change starts the second flow.
    pub(crate) changed: &'static [Path],
    /// What is made again and again.
    pub(crate) schedule: Option<Schedule>,
}

/// Steps by time, and how they go wrong.
#[derive(Debug)]
pub(crate) struct Flow {
    /// Name, for messages and for code that starts it.
    pub(crate) name: &'static str,
    /// Places and the JSON values one of which must stand there; `null` for nothing.
    pub(crate) when: &'static [(Path, &'static [&'static str])],
    /// The steps by time.
    pub(crate) steps: &'static [Step],
    /// What happens instead of a step when a test asked for failure.
    pub(crate) failure: Option<Failure>,
}

/// One step of a flow.
#[derive(Debug)]
pub(crate) struct Step {
    /// Name, for code that comes back to it.
    pub(crate) name: &'static str,
    /// When it comes, counted from the start of the flow.
    pub(crate) after: After,
    /// Places and the JSON written there, with the words of `engine::fill`.
    pub(crate) set: Sets,
    /// An object it makes.
    pub(crate) spawn: Option<Spawn>,
    /// Another object it writes: kind, name and places.
    pub(crate) also: Option<(&'static Kind, &'static str, Sets)>,
    /// Whether the object goes.
    pub(crate) remove: bool,
    /// Code of its own, named by the document.
    pub(crate) effect: Option<EffectCode>,
}

/// The code of a step that the document names.
pub(crate) type EffectCode = fn(&mut Effect<'_>) -> Result<(), Refusal>;

/// Places and the JSON written there.
pub(crate) type Sets = &'static [(Path, &'static str)];

/// How long after the start of its flow a step comes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum After {
    /// So many seconds.
    Seconds(u64),
    /// The duration that stands at a place of the object.
    Place(Path),
}

/// An object to be made in the same project.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spawn {
    /// Its kind.
    pub(crate) kind: &'static Kind,
    /// Its JSON, with the words of `engine::fill`.
    pub(crate) body: &'static str,
}

/// Objects made by a cron expression.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// Where the expression stands.
    pub(crate) cron: Path,
    /// The place that, being true, suspends it.
    pub(crate) unless: Option<Path>,
    /// What is made.
    pub(crate) spawn: Spawn,
}

/// The failure path of a flow.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Index of the step it takes the place of.
    pub(crate) at: usize,
    /// Places and the JSON written there.
    pub(crate) set: Sets,
    /// Code of its own, named by the document.
    pub(crate) effect: Option<EffectCode>,
}

impl Step {
    /// A step that sets places and does nothing else.
    pub(crate) const fn new(name: &'static str, after: After, set: Sets) -> Self {
        Self {
            name,
            after,
            set,
            spawn: None,
            also: None,
            remove: false,
            effect: None,
        }
    }
}
