//! Reading the fixture's lifecycles, and what cannot be read of one.

use std::path::Path;

use serde_json::{Value, json};

use super::{After, Lifecycle, read};
use crate::model::reader::Reader;
use crate::source::SourceMap;
use crate::spec::Spec;

fn lifecycle(kind: &str) -> Lifecycle {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mini");
    let spec = Spec::load(&folder).unwrap();
    let mut kinds = spec.documents[1].kinds.iter();
    let kind = kinds.find(|known| known.name == kind).unwrap();
    kind.lifecycle.clone().unwrap()
}

/// What is read of a word, and the mistakes that are noted.
fn told(word: &Value) -> (Option<Lifecycle>, Vec<String>) {
    let (json, sources) = (json!({}), SourceMap::default());
    let mut reader = Reader::new("v3", &json, &sources);
    let lifecycle = read(&mut reader, "", word);
    let problems = reader.problems.into_iter();
    let told = problems.map(|problem| format!("{}: {}", problem.pointer, problem.message));
    (lifecycle, told.collect())
}

#[test]
fn what_starts_with_the_object_has_steps_and_a_way_to_fail() {
    let flow = lifecycle("Widget").create;
    assert_eq!(flow.steps[0].after, After::Seconds(0));
    assert_eq!(flow.steps[1].after, After::Seconds(30));
    assert_eq!(flow.steps[1].set["/status/phase"], "Ready");
    let failure = flow.failure.unwrap();
    assert_eq!(failure.at, "ready");
    assert_eq!(failure.effect.as_deref(), Some("shatter"));
    assert_eq!(
        flow.steps[2].after,
        After::Place("/spec/lifetime".to_owned())
    );
    let spawn = flow.steps[2].spawn.as_ref().unwrap();
    assert_eq!(spawn.kind, "Spare");
    assert_eq!(spawn.body["spec"]["widget"], "$/metadata/name");
    assert!(flow.steps[2].set.is_empty() && !flow.steps[2].remove);
}

#[test]
fn a_change_an_action_and_a_schedule_start_more() {
    let lifecycle = lifecycle("Widget");
    let changed = lifecycle.changed.as_ref().unwrap();
    assert_eq!(changed.places, ["/spec/color"]);
    assert_eq!(changed.flow.steps[0].name, "painted");
    assert_eq!(changed.flow.failure.as_ref().unwrap().at, "painted");
    let polish = &lifecycle.actions["polish"];
    assert_eq!(polish.when["/status/phase"], [json!("Ready"), Value::Null]);
    assert_eq!(polish.flow.steps[0].effect.as_deref(), Some("shine"));
    let schedule = lifecycle.schedule.as_ref().unwrap();
    assert_eq!(schedule.cron, "/spec/inspection");
    assert_eq!(schedule.unless.as_deref(), Some("/spec/retired"));
    let ways: Vec<String> = lifecycle.flows().map(|(way, _)| way).collect();
    assert_eq!(ways, ["", "/changed", "/actions/polish"]);
    let ways: Vec<String> = lifecycle.spawns().map(|(way, _)| way).collect();
    assert_eq!(ways, ["/steps/2/spawn", "/schedule/spawn"]);
}

#[test]
fn a_step_may_write_another_object_and_end_its_own() {
    let steps = lifecycle("Spare").create.steps;
    let also = steps[0].also.as_ref().unwrap();
    assert_eq!(
        (also.kind.as_str(), also.name.as_str()),
        ("Widget", "$/spec/widget")
    );
    assert_eq!(also.set["/status/phase"], "Repaired");
    assert!(!steps[0].remove && steps[1].remove);
}

#[test]
fn a_lifecycle_may_have_any_part_alone() {
    let (lifecycle, problems) = told(&json!({"actions": {"rest": {}}}));
    let lifecycle = lifecycle.unwrap();
    assert_eq!(problems, [""; 0]);
    assert!(lifecycle.create.steps.is_empty());
    assert!(lifecycle.actions["rest"].when.is_empty());
    assert_eq!(told(&json!({})), (Some(Lifecycle::default()), Vec::new()));
}

#[test]
fn a_part_that_cannot_be_read_takes_the_lifecycle_with_it_and_is_told() {
    let step = |step: Value| json!({"steps": [step]});
    for (word, expected) in [
        (
            json!([]),
            ": must be a mapping with steps, failure, changed, actions, schedule",
        ),
        (json!({"steps": 1}), "/steps: `steps` must be a list"),
        (step(json!({"after": 1})), "/steps/0: `name` is missing"),
        (step(json!({"name": "a"})), "/steps/0: `after` is missing"),
        (
            step(json!({"name": "a", "after": "1h"})),
            "/steps/0/after: `after` must be a number of whole seconds, or the place of a duration",
        ),
        (
            step(json!({"name": "a", "after": -1})),
            "/steps/0/after: `after` must be a number of whole seconds, or the place of a duration",
        ),
        (
            step(json!({"name": "a", "after": 1, "set": []})),
            "/steps/0/set: `set` must be a mapping from JSON pointer to value",
        ),
        (
            step(json!({"name": "a", "after": 1, "spawn": {"kind": "B"}})),
            "/steps/0/spawn: `body` is missing",
        ),
        (
            step(json!({"name": "a", "after": 1, "also": {"kind": "B", "name": "b"}})),
            "/steps/0/also: `set` is missing",
        ),
        (json!({"changed": {}}), "/changed: `places` is missing"),
        (
            json!({"changed": {"places": [1]}}),
            "/changed/places: `places` must be a list of places",
        ),
        (
            json!({"actions": []}),
            "/actions: `actions` must be a mapping from name to action",
        ),
        (
            json!({"actions": {"rest": {"when": {"/a": 1}}}}),
            "/actions/rest/when: `when` must be a mapping from JSON pointer to a list of values",
        ),
        (
            json!({"schedule": {"cron": "/a"}}),
            "/schedule: `spawn` is missing",
        ),
    ] {
        let (lifecycle, problems) = told(&word);
        assert_eq!(lifecycle, None, "{word}");
        assert!(
            problems.iter().any(|told| told == expected),
            "{word}: {problems:?}"
        );
    }
}

#[test]
fn a_name_that_is_used_twice_or_is_no_name_is_told() {
    let twice = json!({"steps": [{"name": "a", "after": 0}, {"name": "a", "after": 1}]});
    assert_eq!(told(&twice).1, ["/steps/1: the step `a` comes twice"]);
    let action = json!({"actions": {"goHome": {}}});
    let expected = "/actions/goHome: the action `goHome` must be snake_case";
    assert_eq!(told(&action).1, [expected]);
    let effect = json!({"steps": [{"name": "a", "after": 0, "effect": "goHome"}]});
    let expected = "/steps/0/effect: the effect `goHome` must be snake_case: it names a function";
    assert_eq!(told(&effect).1, [expected]);
}
