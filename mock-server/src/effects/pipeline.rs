//! A run of a pipeline: its stages one after the other, an approval where one is asked for, the plan and the outcome of
//! what provisions infrastructure.

use serde_json::{Map, Value, json};

use crate::engine::Effect;
use crate::generated::kinds::PIPELINE;
use crate::refusal::Refusal;
use crate::value;

/// Seconds that a stage takes.
const STAGE: u64 = 10;

/// Lays out the stages that the pipeline has now, in the order in which they follow one another.
pub(crate) fn pipeline_start(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    let name = effect.object["spec"]["pipeline"]
        .as_str()
        .unwrap_or_default();
    let pipeline = match effect.other(&PIPELINE, name) {
        Some(pipeline) => pipeline.value()?,
        None => Value::Null.into(),
    };
    let stages: Vec<Value> = in_order(&pipeline["spec"]["stages"])
        .into_iter()
        .map(|stage| {
            json!({
                "name": stage["name"], "type": stage["type"], "state": "Pending",
                "action": stage["config"]["action"]["action"], "subject": subject(&stage["config"]),
            })
        })
        .map(without_nulls)
        .collect();
    let now = effect.now.to_string();
    set(effect.object, "stages", stages.into());
    set(effect.object, "state", "Running".into());
    set(effect.object, "startedAt", now.into());
    effect.go_on("create", "advance", 1);
    Ok(())
}

/// Ends the stage that runs and begins the one after it.
pub(crate) fn pipeline_advance(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    effect.stop();
    if effect.object["status"]["state"] != "Running" {
        return Ok(());
    }
    let now = Value::from(effect.now.to_string());
    let Some(stages) = stages(effect.object) else {
        return Ok(());
    };
    if let Some(running) = stages.iter_mut().find(|stage| stage["state"] == "Running") {
        running["state"] = "Succeeded".into();
        running["finishedAt"] = now.clone();
        tell_outcome(running);
    }
    let Some(next) = stages.iter_mut().find(|stage| stage["state"] == "Pending") else {
        set(effect.object, "state", "Succeeded".into());
        set(effect.object, "finishedAt", now);
        return Ok(());
    };
    next["startedAt"] = now;
    if next["type"] == "Approval" {
        next["state"] = "WaitingForApproval".into();
        set(effect.object, "state", "WaitingForApproval".into());
    } else {
        next["state"] = "Running".into();
        effect.go_on("create", "advance", STAGE);
    }
    Ok(())
}

/// Lets the run pass the stage at which it waits.
pub(crate) fn pipeline_approve(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    let caller = Value::from(effect.caller());
    end_stage(effect, "Succeeded", &[("approvedBy", caller)]);
    set(effect.object, "state", "Running".into());
    effect.go_on("create", "advance", 1);
    Ok(())
}

/// Ends the run at the stage at which it waits.
pub(crate) fn pipeline_reject(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    let caller = Value::from(effect.caller());
    let reason = effect.body.get("reason").cloned().unwrap_or(Value::Null);
    end_stage(
        effect,
        "Failed",
        &[("rejectedBy", caller), ("output", reason)],
    );
    finish(effect, "Failed");
    Ok(())
}

/// Ends the run at the stage that runs, or at the one that would have run next.
pub(crate) fn pipeline_fail(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    let is = |stage: &&mut Value, state: &str| stage["state"] == state;
    let now = Value::from(effect.now.to_string());
    let list = stages(effect.object).map_or(&mut [][..], Vec::as_mut_slice);
    let running = list.iter().any(|stage| stage["state"] == "Running");
    let state = if running { "Running" } else { "Pending" };
    if let Some(stage) = list.iter_mut().find(|stage| is(stage, state)) {
        if !running {
            stage["startedAt"] = now.clone();
        }
        stage["state"] = "Failed".into();
        stage["finishedAt"] = now;
    }
    finish(effect, "Failed");
    Ok(())
}

/// Ends the run wherever it is.
pub(crate) fn pipeline_cancel(effect: &mut Effect<'_>) -> Result<(), Refusal> {
    end_stage(effect, "Cancelled", &[]);
    finish(effect, "Cancelled");
    Ok(())
}

/// Ends the run; the stages that it has not come to are left out for good.
fn finish(effect: &mut Effect<'_>, state: &str) {
    let now = effect.now.to_string();
    let list = stages(effect.object).map_or(&mut [][..], Vec::as_mut_slice);
    for stage in list.iter_mut().filter(|stage| stage["state"] == "Pending") {
        stage["state"] = "Skipped".into();
    }
    set(effect.object, "state", state.into());
    set(effect.object, "finishedAt", now.into());
    effect.stop();
}

/// Ends the stage that runs or waits, with what is to be told of it.
fn end_stage(effect: &mut Effect<'_>, state: &str, facts: &[(&str, Value)]) {
    let now = effect.now.to_string();
    let stages = stages(effect.object).map_or(&mut [][..], Vec::as_mut_slice);
    let open =
        |stage: &&mut Value| stage["state"] == "Running" || stage["state"] == "WaitingForApproval";
    if let Some(stage) = stages.iter_mut().find(open) {
        stage["state"] = state.into();
        stage["finishedAt"] = now.into();
        for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_null()) {
            stage[*name] = fact.clone();
        }
    }
}

/// What a stage that provisions infrastructure has to show for itself.
fn tell_outcome(stage: &mut Value) {
    if stage["type"] != "InfraProvisioner" {
        return;
    }
    stage["plan"] = "Plan: 3 to add, 0 to change, 0 to destroy.".into();
    let output = match stage["action"].as_str() {
        Some("Plan") => "Nothing was changed: this stage only plans.",
        Some("Destroy") => "Destroy complete! Resources: 3 destroyed.",
        _ => "Apply complete! Resources: 3 added, 0 changed, 0 destroyed.",
    };
    stage["output"] = output.into();
}

/// What a stage works on, by name.
fn subject(config: &Value) -> &Value {
    ["workload", "workloadTemplate", "provisioner"]
        .iter()
        .map(|key| &config[*key])
        .find(|name| name.is_string())
        .unwrap_or(&Value::Null)
}

/// Stages as they follow one another: from those that no other names, along `next`.
fn in_order(stages: &Value) -> Vec<&Value> {
    let all = stages.as_array().map_or(&[][..], Vec::as_slice);
    let next = |stage: &Value| -> Vec<String> {
        let next = stage["next"].as_array().into_iter().flatten();
        next.filter_map(|next| next["name"].as_str().map(str::to_owned))
            .collect()
    };
    let named: Vec<String> = all.iter().flat_map(next).collect();
    let is_first = |stage: &&Value| !named.iter().any(|name| stage["name"] == name.as_str());
    let mut order: Vec<&Value> = all.iter().filter(is_first).collect();
    let mut index = 0;
    while let Some(stage) = order.get(index) {
        for name in next(stage) {
            let follower = all.iter().find(|other| other["name"] == name.as_str());
            if let Some(follower) = follower
                && !order.iter().any(|known| std::ptr::eq(*known, follower))
            {
                order.push(follower);
            }
        }
        index += 1;
    }
    // Stages that name one another in a circle have no first; they run as they were written.
    let left = all
        .iter()
        .filter(|stage| !order.iter().any(|known| std::ptr::eq(*known, *stage)));
    let left: Vec<&Value> = left.collect();
    order.extend(left);
    order
}

fn stages(object: &mut Value) -> Option<&mut Vec<Value>> {
    object.pointer_mut("/status/stages")?.as_array_mut()
}

fn set(object: &mut Value, name: &str, new: Value) {
    value::set(object, &["status", name], new);
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept: Map<String, Value> = map
                .into_iter()
                .filter(|(_, item)| !item.is_null())
                .collect();
            Value::Object(kept)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(stages: &Value) -> Vec<&str> {
        let ordered = in_order(stages);
        ordered
            .into_iter()
            .filter_map(|stage| stage["name"].as_str())
            .collect()
    }

    #[test]
    fn stages_follow_one_another() {
        let stages = json!([
            {"name": "deploy"},
            {"name": "approve", "next": [{"name": "deploy"}]},
            {"name": "plan", "next": [{"name": "approve"}, {"name": "missing"}]},
        ]);
        assert_eq!(names(&stages), ["plan", "approve", "deploy"]);
    }

    #[test]
    fn a_circle_of_stages_still_ends() {
        let stages = json!([
            {"name": "a", "next": [{"name": "b"}]},
            {"name": "b", "next": [{"name": "a"}]},
        ]);
        assert_eq!(names(&stages), ["a", "b"]);
        assert_eq!(names(&Value::Null), [""; 0]);
    }
}
