//! One flow of one object: its steps from one on, as far as the clock has come, and the entry for the next.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::effect::{Effect, Next};
use super::supersede::supersede;
use crate::engine::fill::Words;
use crate::engine::prepare::make;
use crate::identity::Organization;
use crate::refusal::Refusal;
use crate::reply::to_bytes;
use crate::secret::short_id;
use crate::store::{Due, Expect, Key, Object, State, Stored, Transaction, Write};
use crate::table::{After, EffectCode, Flow, Kind, Sets, Step};
use crate::value;

/// An object whose flow runs, and what its steps may look at.
pub(crate) struct Run<'r> {
    pub(crate) state: &'r State,
    pub(crate) organization: &'r Arc<Organization>,
    pub(crate) project: &'r str,
    pub(crate) kind: &'static Kind,
    pub(crate) key: &'r Key,
    pub(crate) id: &'r str,
    /// Login name of whoever started the flow.
    pub(crate) caller: &'r Arc<str>,
    /// The body that an action was sent.
    pub(crate) body: Option<&'r Arc<Value>>,
}

/// Where a flow goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// Index of the flow in the kind's lifecycle.
    pub(crate) flow: usize,
    /// Index of the step.
    pub(crate) step: usize,
    /// When the flow started; its steps count from there.
    pub(crate) started: Timestamp,
}

/// What became of the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    Removed,
}

impl Fate {
    pub(crate) fn is_removed(self) -> bool {
        self == Fate::Removed
    }
}

impl Run<'_> {
    /// Starts a flow from its beginning; if it is under way already, it starts anew.
    pub(crate) fn start(
        &self,
        transaction: &mut Transaction,
        flow: usize,
        object: &mut Value,
        now: Timestamp,
    ) -> Result<Fate, Refusal> {
        cancel(self.state, transaction, self.key, flow);
        if let Some(lifecycle) = self.kind.lifecycle {
            supersede(self.state, transaction, self.key, lifecycle.flows, flow);
        }
        let start = Start {
            flow,
            step: 0,
            started: now,
        };
        self.proceed(transaction, start, object, now)
    }

    /// Takes the steps that are due by now, and notes when the next one is.
    pub(crate) fn proceed(
        &self,
        transaction: &mut Transaction,
        start: Start,
        object: &mut Value,
        now: Timestamp,
    ) -> Result<Fate, Refusal> {
        let Some(lifecycle) = self.kind.lifecycle else {
            return Ok(Fate::Kept);
        };
        let mut at = start;
        // An effect may come back to a step; not without end in one moment.
        for _ in 0..MOST_STEPS {
            let Some(flow) = lifecycle.flows.get(at.flow) else {
                break;
            };
            let Some(step) = flow.steps.get(at.step) else {
                break;
            };
            let Some(due) = due_time(step, at.started, object) else {
                at.step += 1;
                continue;
            };
            if due > now {
                self.wait(transaction, at, due);
                break;
            }
            let fault = Key::fault(self.key);
            if let Some(failure) = flow
                .failure
                .as_ref()
                .filter(|failure| failure.at == at.step)
                && self.state.entries.contains_key(&fault)
            {
                self.set(failure.set, object, now);
                if let Some(effect) = failure.effect {
                    // What failed goes no further, whatever its code says of that.
                    self.run_code(transaction, effect, object, now)?;
                }
                transaction.writes.push(Write::Remove(fault));
                // What failed goes no further, but is still removed when its time is over.
                let later = flow.steps.iter().enumerate().skip(at.step + 1);
                let Some((removal, _)) = later.into_iter().find(|(_, step)| step.remove) else {
                    break;
                };
                at.step = removal;
                continue;
            }
            match self.take(transaction, step, object, now)? {
                _ if step.remove => return Ok(Fate::Removed),
                Next::Following => at.step += 1,
                Next::Nothing => break,
                Next::Step {
                    flow: name,
                    step: wanted,
                    after,
                } => {
                    let Some((flow, step)) = find(lifecycle.flows, name, wanted) else {
                        break;
                    };
                    // At least a second later, so that no flow goes round within one moment.
                    let due = later(now, after.max(1)).unwrap_or(now);
                    // The step counts from the start of its flow, which is moved so that it falls due then.
                    let offset = match lifecycle.flows[flow].steps[step].after {
                        After::Seconds(seconds) => seconds,
                        After::Place(_) => 0,
                    };
                    let started = earlier(due, offset).unwrap_or(due);
                    cancel(self.state, transaction, self.key, flow);
                    self.wait(
                        transaction,
                        Start {
                            flow,
                            step,
                            started,
                        },
                        due,
                    );
                    break;
                }
            }
        }
        Ok(Fate::Kept)
    }

    fn take(
        &self,
        transaction: &mut Transaction,
        step: &Step,
        object: &mut Value,
        now: Timestamp,
    ) -> Result<Next, Refusal> {
        self.set(step.set, object, now);
        let body = self.body.map_or(&Value::Null, |body| &**body);
        let mut next = Next::Following;
        if let Some(effect) = step.effect {
            next = self.run_code(transaction, effect, object, now)?;
        }
        if let Some(spawn) = &step.spawn {
            let id = short_id();
            if let Some(made) = self.words(&id, object, body, now).json(spawn.body) {
                transaction.join(make(self, spawn.kind, made, now)?);
            }
        }
        if let Some((kind, name, set)) = &step.also {
            self.write_other(transaction, kind, name, set, object, now)?;
        }
        Ok(next)
    }

    /// Runs the code of a step, and puts what it makes and changes in the transaction.
    fn run_code(
        &self,
        transaction: &mut Transaction,
        effect: EffectCode,
        object: &mut Value,
        now: Timestamp,
    ) -> Result<Next, Refusal> {
        let body = self.body.map_or(&Value::Null, |body| &**body);
        let mut context = Effect::new(self, object, body, now);
        effect(&mut context)?;
        let (next, changed) = context.finish();
        for (key, other, written) in changed {
            put_other(transaction, key, &other, &written);
        }
        Ok(next)
    }

    /// Writes places of another object of the project; nothing where it is gone.
    fn write_other(
        &self,
        transaction: &mut Transaction,
        kind: &'static Kind,
        name: &str,
        set: Sets,
        object: &Value,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let body = self.body.map_or(&Value::Null, |body| &**body);
        let id = short_id();
        let words = self.words(&id, object, body, now);
        let Some(Value::String(name)) = words.json(&Value::from(name).to_string()) else {
            return Ok(());
        };
        let project = if kind.in_project { self.project } else { "" };
        let key = Key::object(&self.organization.id, kind.name, project, &name);
        let Some(other) = self.state.object(&key) else {
            return Ok(());
        };
        let mut written = Value::clone(&*other.value()?);
        for (path, json) in set {
            match words.json(json) {
                Some(new) => value::set(&mut written, path, new),
                None => value::remove(&mut written, path),
            }
        }
        put_other(transaction, key, other, &written);
        Ok(())
    }

    /// Writes places of the object; a word for which there is nothing takes its place away.
    fn set(&self, set: Sets, object: &mut Value, now: Timestamp) {
        let body = self.body.map_or(&Value::Null, |body| &**body);
        for (path, json) in set {
            let id = short_id();
            let new = self.words(&id, object, body, now).json(json);
            match new {
                Some(new) => value::set(object, path, new),
                None => value::remove(object, path),
            }
        }
    }

    fn words<'w>(
        &'w self,
        id: &'w str,
        object: &'w Value,
        body: &'w Value,
        now: Timestamp,
    ) -> Words<'w> {
        Words {
            now,
            id,
            caller: self.caller,
            object,
            body,
            project: self.project,
            organization: self.organization,
        }
    }

    /// Notes that a flow goes on at a time.
    pub(super) fn wait(&self, transaction: &mut Transaction, start: Start, due: Timestamp) {
        let key = Key::due(due, self.key, start.flow);
        let entry = Due {
            organization: self.organization.clone(),
            project: self.project.into(),
            object: self.key.clone(),
            id: self.id.into(),
            kind: self.kind,
            flow: start.flow,
            step: start.step,
            started: start.started,
            caller: self.caller.clone(),
            body: self.body.cloned(),
        };
        transaction.writes.push(Write::Put(
            Key::waiting(self.key, start.flow),
            Stored::Alias(key.clone()),
        ));
        transaction
            .writes
            .push(Write::Put(key, Stored::Due(Arc::new(entry))));
    }
}

/// Writes another object than the one whose flow runs.
fn put_other(transaction: &mut Transaction, key: Key, other: &Object, written: &Value) {
    transaction
        .expects
        .push(Expect::Revision(key.clone(), Some(other.revision)));
    transaction.writes.push(Write::Object(
        key,
        Object {
            revision: 0,
            id: other.id.clone(),
            name: other.name.clone(),
            body: to_bytes(written),
            value: None,
        },
    ));
}

/// Steps taken in one moment at the most.
const MOST_STEPS: usize = 100;

/// Takes back what a flow of an object waits for.
pub(super) fn cancel(state: &State, transaction: &mut Transaction, object: &Key, flow: usize) {
    let waiting = Key::waiting(object, flow);
    if let Some(due) = state.alias(&waiting) {
        transaction.writes.push(Write::Remove(due.clone()));
        transaction.writes.push(Write::Remove(waiting));
    }
}

/// Whether a place differs between two forms of an object.
pub(crate) fn has_changed(places: &[crate::schema::Path], before: &Value, after: &Value) -> bool {
    places
        .iter()
        .any(|place| value::get(before, place) != value::get(after, place))
}

fn find(flows: &[Flow], flow: &str, step: &str) -> Option<(usize, usize)> {
    let index = flows.iter().position(|known| known.name == flow)?;
    let step = flows[index]
        .steps
        .iter()
        .position(|known| known.name == step)?;
    Some((index, step))
}

/// When a step is due; none where its place holds no duration.
fn due_time(step: &Step, started: Timestamp, object: &Value) -> Option<Timestamp> {
    let seconds = match step.after {
        After::Seconds(seconds) => seconds,
        After::Place(place) => seconds_of(value::text(object, place)?)?,
    };
    later(started, seconds)
}

fn later(from: Timestamp, seconds: u64) -> Option<Timestamp> {
    let span = SignedDuration::try_from(Duration::from_secs(seconds)).ok()?;
    from.checked_add(span).ok()
}

fn earlier(from: Timestamp, seconds: u64) -> Option<Timestamp> {
    let span = SignedDuration::try_from(Duration::from_secs(seconds)).ok()?;
    from.checked_sub(span).ok()
}

/// The seconds of a duration such as `720h`, `1h30m` or `45s`, as Go writes them.
fn seconds_of(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let seconds = match unit {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(seconds)?)?;
        rest = &rest[digits + 1..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, seconds) in [
            ("720h", 2_592_000),
            ("1h30m", 5_400),
            ("45s", 45),
            ("7d", 604_800),
        ] {
            assert_eq!(seconds_of(text), Some(seconds), "{text}");
        }
        for text in ["", "h", "12", "1.5h", "3w", "99999999999999999999h", "1hé"] {
            assert_eq!(seconds_of(text), None, "{text}");
        }
    }
}
