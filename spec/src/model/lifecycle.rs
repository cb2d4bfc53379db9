//! What an object passes through by itself after it was written: reads `x-lifecycle`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::reader::{Fields, Reader};
use crate::pointer;

/// The steps an object takes as the controller's clock passes.
#[derive(Clone, Debug, PartialEq)]
pub struct Lifecycle {
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// What happens instead when a fault is chosen.
    pub failure: Option<Failure>,
}

/// One step of a lifecycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name, unique in the lifecycle.
    pub name: String,
    /// Seconds of the controller's clock after the step before.
    pub after_seconds: u64,
    /// What it sets, by JSON pointer.
    pub set: BTreeMap<String, Value>,
}

/// The end of a lifecycle that goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The step at which it goes wrong.
    pub at: String,
    /// What is set instead of that step, by JSON pointer.
    pub set: BTreeMap<String, Value>,
}

pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    pointer: &str,
    word: &'a Value,
) -> Option<Lifecycle> {
    let fields = reader.fields(pointer, word, &["steps", "failure"])?;
    let Value::Array(items) = fields.require("steps", reader)? else {
        reader.malformed(&fields.at("steps"), "`steps` must be a list");
        return None;
    };
    let mut steps: Vec<Step> = Vec::new();
    let mut is_whole = true;
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
        .and_then(|word| reader.fields(&fields.at("failure"), word, &["at", "set"]))
        .and_then(|fields| {
            let at = fields.text("at", reader);
            let set = read_set(reader, &fields);
            Some(Failure { at: at?, set: set? })
        });
    // Without one of its steps a lifecycle would mean something else.
    is_whole.then_some(Lifecycle { steps, failure })
}

fn read_step<'a>(reader: &mut Reader<'a>, pointer: &str, word: &'a Value) -> Option<Step> {
    let fields = reader.fields(pointer, word, &["name", "after", "set"])?;
    let name = fields.text("name", reader);
    let set = read_set(reader, &fields);
    let after_seconds = fields.require("after", reader).and_then(|after| {
        if after.as_u64().is_none() {
            reader.malformed(
                &fields.at("after"),
                "`after` must be a number of whole seconds",
            );
        }
        after.as_u64()
    });
    Some(Step {
        name: name?,
        after_seconds: after_seconds?,
        set: set?,
    })
}

fn read_set<'a>(reader: &mut Reader<'a>, fields: &Fields<'a>) -> Option<BTreeMap<String, Value>> {
    let Value::Object(entries) = fields.require("set", reader)? else {
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
