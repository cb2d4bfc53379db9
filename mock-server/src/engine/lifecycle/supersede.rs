//! Flows that overtake one another: a flow takes the place of another one of the object when it writes all that the
//! other has still to write. An object that is taken off its clusters is not reported as there by the flow that was
//! bringing it to them, while an upgrade goes on beside a new blueprint, since it has news of its own to tell.

use crate::schema::Path;
use crate::store::{Key, State, Stored, Transaction};
use crate::table::{After, Flow, Step};

use super::flow::cancel;

/// Takes back what other flows of an object wait for, where the one that starts has the last word.
pub(super) fn supersede(
    state: &State,
    transaction: &mut Transaction,
    object: &Key,
    flows: &[Flow],
    starting: usize,
) {
    let Some(new) = flows.get(starting).filter(|flow| lasts(flow)) else {
        return;
    };
    for (index, other) in flows
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != starting)
    {
        let waiting = state.alias(&Key::waiting(object, index));
        let Some(Stored::Due(due)) = waiting.and_then(|key| state.entries.get(key)) else {
            continue;
        };
        if covers(new, other.steps.get(due.step..).unwrap_or_default()) {
            cancel(state, transaction, object, index);
        }
    }
}

/// Whether a flow goes on after the moment in which it starts; one that does not has nothing to be contradicted.
fn lasts(flow: &Flow) -> bool {
    let at_once = |step: &Step| matches!(step.after, After::Seconds(0));
    !flow.steps.iter().all(at_once)
}

/// Whether a flow writes every place that the steps of another write. What the code of a step writes is not known here;
/// the documents name the places that count among what the step sets.
fn covers(new: &Flow, left: &[Step]) -> bool {
    let written = |place: &Path| {
        let mut sets = new.steps.iter().flat_map(|step| step.set);
        sets.any(|(written, _)| place.starts_with(written))
    };
    left.iter().all(|step| {
        let only_writes = step.spawn.is_none() && step.also.is_none() && !step.remove;
        only_writes && step.set.iter().all(|(place, _)| written(place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Sets;

    const fn step(after: u64, set: Sets) -> Step {
        Step {
            name: "step",
            after: After::Seconds(after),
            set,
            spawn: None,
            also: None,
            remove: false,
            effect: None,
        }
    }

    const fn flow(steps: &'static [Step]) -> Flow {
        Flow {
            name: "flow",
            when: &[],
            steps,
            failure: None,
        }
    }

    static PUBLISH: [Step; 2] = [
        step(0, &[(&["status", "state"], "\"going\"")]),
        step(9, &[(&["status", "state"], "\"there\"")]),
    ];
    static UPGRADE: [Step; 1] = [step(
        9,
        &[
            (&["status", "state"], "\"there\""),
            (&["status", "version"], "\"2\""),
        ],
    )];
    static RESET: [Step; 1] = [step(5, &[(&["status"], "{}")])];

    #[test]
    fn a_flow_covers_another_that_has_nothing_of_its_own_to_write() {
        assert!(covers(&flow(&UPGRADE), &PUBLISH));
        assert!(!covers(&flow(&PUBLISH), &UPGRADE));
        assert!(covers(&flow(&RESET), &UPGRADE));
        assert!(!covers(&flow(&UPGRADE), &RESET));
    }

    #[test]
    fn what_makes_or_removes_something_is_never_covered() {
        let removal = [Step {
            remove: true,
            ..step(9, &[])
        }];
        assert!(!covers(&flow(&RESET), &removal));
    }

    #[test]
    fn what_is_done_in_a_moment_overtakes_nothing() {
        static AT_ONCE: [Step; 1] = [step(0, &[(&["status"], "{}")])];
        assert!(!lasts(&flow(&AT_ONCE)));
        assert!(lasts(&flow(&PUBLISH)));
    }
}
