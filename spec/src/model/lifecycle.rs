//! What an object passes through by itself: reads `x-lifecycle`.
//!
//! A flow is a row of steps with a failure path. An object has one that starts when it is made, perhaps one that
//! starts when certain places change, one for each action that an operation may start, and a schedule that makes
//! objects of another kind.

use std::collections::BTreeMap;

use serde_json::Value;

use super::behavior::is_snake_case;
use super::reader::{Fields, Reader};
use crate::pointer;

/// Everything that an object of a kind does as the controller's clock passes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifecycle {
    /// What starts when the object is made.
    pub create: Flow,
    /// What starts when one of some places changes.
    pub changed: Option<Changed>,
    /// What operations start, by name.
    pub actions: BTreeMap<String, Action>,
    /// What is made again and again.
    pub schedule: Option<Schedule>,
}

/// Steps by time, and how they go wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// What happens instead when a fault is chosen.
    pub failure: Option<Failure>,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name, unique in the flow.
    pub name: String,
    /// When it comes, counted from the start of the flow.
    pub after: After,
    /// What it sets, by JSON pointer.
    pub set: BTreeMap<String, Value>,
    /// An object it makes.
    pub spawn: Option<Spawn>,
    /// Places of another object it writes.
    pub also: Option<Also>,
    /// Whether the object goes.
    pub remove: bool,
    /// Code written for it, by this name.
    pub effect: Option<String>,
}

/// How long after the start of its flow a step comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// So many seconds.
    Seconds(u64),
    /// The duration at this place of the object, such as `720h`.
    Place(String),
}

/// The end of a flow that goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The step at which it goes wrong.
    pub at: String,
    /// What is set instead of that step, by JSON pointer.
    pub set: BTreeMap<String, Value>,
    /// Code written for it, by this name.
    pub effect: Option<String>,
}

/// A flow that a write starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The places whose change starts it.
    pub places: Vec<String>,
    /// What happens then.
    pub flow: Flow,
}

/// A flow that an operation starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Places and the values one of which must stand there; null for nothing.
    pub when: BTreeMap<String, Vec<Value>>,
    /// What happens then.
    pub flow: Flow,
}

/// An object to be made in the same project.
#[derive(Clone, Debug, PartialEq)]
pub struct Spawn {
    /// The schema name of its kind.
    pub kind: String,
    /// The object, with `$` words where values are taken from elsewhere.
    pub body: Value,
}

/// Places to be written in another object of the same project.
#[derive(Clone, Debug, PartialEq)]
pub struct Also {
    /// The schema name of its kind.
    pub kind: String,
    /// Its name, or the `$` word for it.
    pub name: String,
    /// What is set, by JSON pointer.
    pub set: BTreeMap<String, Value>,
}

/// Objects made by a cron expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// The place of the expression.
    pub cron: String,
    /// The place that, being true, suspends it.
    pub unless: Option<String>,
    /// What is made.
    pub spawn: Spawn,
}

impl Lifecycle {
    /// Every flow with the way to it in the word.
    pub fn flows(&self) -> impl Iterator<Item = (String, &Flow)> {
        let create = [(String::new(), &self.create)];
        let changed = self
            .changed
            .iter()
            .map(|changed| ("/changed".to_owned(), &changed.flow));
        let actions = self
            .actions
            .iter()
            .map(|(name, action)| (pointer::join("/actions", name), &action.flow));
        create.into_iter().chain(changed).chain(actions)
    }

    /// Every object that is made, with the way to it in the word.
    pub fn spawns(&self) -> impl Iterator<Item = (String, &Spawn)> {
        let steps = self.flows().flat_map(|(way, flow)| {
            flow.steps
                .iter()
                .enumerate()
                .filter_map(move |(index, step)| {
                    let spawn = step.spawn.as_ref()?;
                    Some((format!("{way}/steps/{index}/spawn"), spawn))
                })
        });
        let schedule = self.schedule.iter();
        steps.chain(schedule.map(|schedule| ("/schedule/spawn".to_owned(), &schedule.spawn)))
    }
}

pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    word: &'a Value,
) -> Option<Lifecycle> {
    let allowed = ["steps", "failure", "changed", "actions", "schedule"];
    let fields = reader.fields(pointer, word, &allowed)?;
    let create = read_flow(reader, &fields);
    let changed = fields
        .get("changed")
        .map(|word| read_changed(reader, &fields.at("changed"), word));
    let actions = fields
        .get("actions")
        .map(|word| read_actions(reader, &fields.at("actions"), word));
    let schedule = fields
        .get("schedule")
        .map(|word| read_schedule(reader, &fields.at("schedule"), word));
    // Without one of its parts a lifecycle would mean something else.
    Some(Lifecycle {
        create: create?,
        changed: match changed {
            Some(changed) => Some(changed?),
            None => None,
        },
        actions: match actions {
            Some(actions) => actions?,
            None => BTreeMap::new(),
        },
        schedule: match schedule {
            Some(schedule) => Some(schedule?),
            None => None,
        },
    })
}

fn read_flow<'a>(reader: &mut Reader<'a>, fields: &Fields<'a>) -> Option<Flow> {
    let mut steps: Vec<Step> = Vec::new();
    let mut is_whole = true;
    let items = match fields.get("steps") {
        None => [].as_slice(),
        Some(Value::Array(items)) => items.as_slice(),
        Some(_) => {
            reader.malformed(&fields.at("steps"), "`steps` must be a list");
            return None;
        }
    };
    for (index, item) in items.iter().enumerate() {
        let at = pointer::join(&fields.at("steps"), &index.to_string());
        let Some(step) = read_step(reader, &at, item) else {
            is_whole = false;
            continue;
        };
        if steps.iter().any(|other| other.name == step.name) {
            reader.malformed(&at, format!("the step `{}` comes twice", step.name));
        }
        steps.push(step);
    }
    let failure = fields
        .get("failure")
        .and_then(|word| reader.fields(&fields.at("failure"), word, &["at", "set", "effect"]))
        .and_then(|fields| {
            let at = fields.text("at", reader);
            let set = read_set(reader, &fields, true);
            let effect = read_effect(reader, &fields);
            Some(Failure {
                at: at?,
                set: set?,
                effect,
            })
        });
    is_whole.then_some(Flow { steps, failure })
}

fn read_step<'a>(reader: &mut Reader<'a>, pointer: &str, word: &'a Value) -> Option<Step> {
    let allowed = ["name", "after", "set", "spawn", "also", "remove", "effect"];
    let fields = reader.fields(pointer, word, &allowed)?;
    let name = fields.text("name", reader);
    let set = read_set(reader, &fields, false);
    let after = fields.require("after", reader).and_then(|after| {
        let found = match after {
            Value::String(place) if place.starts_with('/') => Some(After::Place(place.clone())),
            other => other.as_u64().map(After::Seconds),
        };
        if found.is_none() {
            let message = "`after` must be a number of whole seconds, or the place of a duration";
            reader.malformed(&fields.at("after"), message);
        }
        found
    });
    let spawn = match fields.get("spawn") {
        None => None,
        Some(word) => Some(read_spawn(reader, &fields.at("spawn"), word)?),
    };
    let also = match fields.get("also") {
        None => None,
        Some(word) => Some(read_also(reader, &fields.at("also"), word)?),
    };
    let effect = read_effect(reader, &fields);
    let remove = fields.flag("remove", reader);
    Some(Step {
        name: name?,
        after: after?,
        set: set?,
        spawn,
        also,
        remove,
        effect,
    })
}

/// The name of the code of a step or of a failure.
fn read_effect<'a>(reader: &mut Reader<'a>, fields: &Fields<'a>) -> Option<String> {
    let effect = fields.optional_text("effect", reader);
    if let Some(name) = effect.as_ref().filter(|name| !is_snake_case(name)) {
        let message = format!("the effect `{name}` must be snake_case: it names a function");
        reader.malformed(&fields.at("effect"), message);
    }
    effect
}

fn read_changed<'a>(reader: &mut Reader<'a>, pointer: &str, word: &'a Value) -> Option<Changed> {
    let fields = reader.fields(pointer, word, &["places", "steps", "failure"])?;
    let places: Option<Vec<String>> = fields.require("places", reader).and_then(|places| {
        let texts = places.as_array().into_iter().flatten().map(Value::as_str);
        let texts: Option<Vec<&str>> = texts.collect();
        if texts.is_none() || !places.is_array() {
            reader.malformed(&fields.at("places"), "`places` must be a list of places");
            return None;
        }
        Some(texts?.into_iter().map(str::to_owned).collect())
    });
    let flow = read_flow(reader, &fields);
    Some(Changed {
        places: places?,
        flow: flow?,
    })
}

fn read_actions<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    word: &'a Value,
) -> Option<BTreeMap<String, Action>> {
    let Value::Object(entries) = word else {
        reader.malformed(pointer, "`actions` must be a mapping from name to action");
        return None;
    };
    let mut actions = BTreeMap::new();
    for (name, word) in entries {
        let at = pointer::join(pointer, name);
        if !is_snake_case(name) {
            reader.malformed(&at, format!("the action `{name}` must be snake_case"));
        }
        let fields = reader.fields(&at, word, &["when", "steps", "failure"])?;
        let when = read_when(reader, &fields)?;
        let flow = read_flow(reader, &fields)?;
        actions.insert(name.clone(), Action { when, flow });
    }
    Some(actions)
}

fn read_when<'a>(
    reader: &mut Reader<'a>,
    fields: &Fields<'a>,
) -> Option<BTreeMap<String, Vec<Value>>> {
    let Some(word) = fields.get("when") else {
        return Some(BTreeMap::new());
    };
    let entries = word.as_object().and_then(|entries| {
        entries
            .iter()
            .map(|(place, values)| Some((place.clone(), values.as_array()?.clone())))
            .collect()
    });
    if entries.is_none() {
        let message = "`when` must be a mapping from JSON pointer to a list of values";
        reader.malformed(&fields.at("when"), message);
    }
    entries
}

fn read_spawn<'a>(reader: &mut Reader<'a>, pointer: &str, word: &'a Value) -> Option<Spawn> {
    let fields = reader.fields(pointer, word, &["kind", "body"])?;
    let kind = fields.text("kind", reader);
    let body = fields.require("body", reader);
    Some(Spawn {
        kind: kind?,
        body: body?.clone(),
    })
}

fn read_also<'a>(reader: &mut Reader<'a>, pointer: &str, word: &'a Value) -> Option<Also> {
    let fields = reader.fields(pointer, word, &["kind", "name", "set"])?;
    let kind = fields.text("kind", reader);
    let name = fields.text("name", reader);
    let set = read_set(reader, &fields, true);
    Some(Also {
        kind: kind?,
        name: name?,
        set: set?,
    })
}

fn read_schedule<'a>(reader: &mut Reader<'a>, pointer: &str, word: &'a Value) -> Option<Schedule> {
    let fields = reader.fields(pointer, word, &["cron", "unless", "spawn"])?;
    let cron = fields.text("cron", reader);
    let unless = fields.optional_text("unless", reader);
    let spawn = fields
        .require("spawn", reader)
        .and_then(|word| read_spawn(reader, &fields.at("spawn"), word));
    Some(Schedule {
        cron: cron?,
        unless,
        spawn: spawn?,
    })
}

fn read_set<'a>(
    reader: &mut Reader<'a>,
    fields: &Fields<'a>,
    required: bool,
) -> Option<BTreeMap<String, Value>> {
    let word = if required {
        fields.require("set", reader)?
    } else {
        match fields.get("set") {
            None => return Some(BTreeMap::new()),
            Some(word) => word,
        }
    };
    let Value::Object(entries) = word else {
        reader.malformed(
            &fields.at("set"),
            "`set` must be a mapping from JSON pointer to value",
        );
        return None;
    };
    Some(
        entries
            .iter()
            .map(|(pointer, value)| (pointer.clone(), value.clone()))
            .collect(),
    )
}

#[cfg(test)]
mod tests;
