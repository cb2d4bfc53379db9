//! Kinds: who owns what, what an account is, and every part of a lifecycle.

use serde_json::{Value, json};

use super::super::kinds::generate;
use super::super::text::Error;
use super::documents::newest;
use super::{read, refused, says};

fn made(lifecycle: Value) -> Result<String, Error> {
    generate(&[&read("v3", newest(lifecycle, json!({})))])
}

#[test]
fn a_kind_says_what_it_is_and_what_owns_it() {
    let code = made(json!({})).unwrap();
    says(
        &code,
        &[
            "pub(crate) static CONTAINER: &Kind = &PROJECT;",
            "pub(crate) static ACCOUNT: &Kind = &USER;",
            "pub(crate) static LOGIN: Option<Login> = None;",
            "authority: Some(Authority::Account),",
            "Reference { at: &[\"of\"], kind: &THING, or: &[], builtin: &[], owner: true, project_at: None }",
            "initial: None,",
        ],
    );
}

#[test]
fn a_kind_says_in_which_namespace_its_objects_lie_and_in_which_project_what_they_name_is() {
    let mut document = newest(json!({}), json!({}));
    let schemas = &mut document["components"]["schemas"];
    schemas["Thing"]["x-kind"]["container"] = json!("namespace");
    schemas["Part"]["x-kind"]["namespace"] = json!("/of");
    schemas["User"]["properties"]["likes"] = json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "thing": {"type": "string", "x-references": {"kind": "Thing", "project": "1/place"}},
                "place": {"type": "string"},
            },
        },
    });
    let code = generate(&[&read("v3", document)]).unwrap();
    says(
        &code,
        &[
            r#"namespace_at: Some(&["metadata", "name"]),"#,
            r#"namespace_at: Some(&["of"]),"#,
            r#"builtin: &[], owner: false, project_at: Some(&["likes", "*", "place"]) }"#,
        ],
    );
}

#[test]
fn a_kind_may_begin_with_objects_name_one_of_several_kinds_and_keep_a_hash() {
    let mut document = newest(json!({}), json!({}));
    let schemas = &mut document["components"]["schemas"];
    schemas["Thing"]["x-kind"]["initial"] = json!({"of": "roles", "body": {"name": "$/name"}});
    schemas["Project"]["x-kind"]["initial"] = json!({"body": {"a": 1}});
    schemas["User"]["x-kind"]["initial"] = json!({"of": "founder", "body": {"name": "$body/me"}});
    schemas["User"]["x-kind"]["login"] = json!({
        "password": "/pin", "console": {"at": "/likes", "is": "x"}, "last": "/metadata/seen",
    });
    let properties = &mut schemas["User"]["properties"];
    properties["likes"] = json!({
        "type": "string", "x-references": {"kind": "Thing", "or": ["Part"], "project": "none"},
    });
    properties["pin"] = json!({"type": "string", "x-secret": "hash"});
    let code = generate(&[&read("v3", document)]).unwrap();
    says(
        &code,
        &[
            r#"Initial { of: Some(InitialOf::Roles), body: "{\"name\":\"$/name\"}" }"#,
            r#"Initial { of: None, body: "{\"a\":1}" }"#,
            r#"Initial { of: Some(InitialOf::Founder), body: "{\"name\":\"$body/me\"}" }"#,
            r#"Reference { at: &["likes"], kind: &THING, or: &[&PART], builtin: &[], owner: false, project_at: None }"#,
            r#"hashed: &[&["pin"]],"#,
            r#"Some(Login { password: "/pin", console_at: "/likes", console_is: "x", last: &["metadata", "seen"] })"#,
        ],
    );
}

#[test]
fn there_are_projects_and_accounts() {
    for (word, missing) in [("container", "container"), ("authority", "authority")] {
        let mut document = newest(json!({}), json!({}));
        for kind in ["Project", "User"] {
            let word_of = &mut document["components"]["schemas"][kind]["x-kind"];
            word_of.as_object_mut().unwrap().remove(word);
        }
        let result = generate(&[&read("v3", document)]);
        refused(result, "/components/schemas", missing);
    }
}

#[test]
fn every_part_of_a_lifecycle_has_its_place_in_the_table() {
    let body = json!({"metadata": {"name": "${/metadata/name}-1"}});
    let spawn = json!({"kind": "Part", "body": body});
    let lifecycle = json!({
        "steps": [
            {"name": "making", "after": 0, "set": {"/status/a~1b": 1}},
            {"name": "worn", "after": "/spec/lifetime", "spawn": spawn},
            {"name": "told", "after": 5, "effect": "ring", "also":
                {"kind": "Part", "name": "$/spec/part", "set": {"/done": true}}},
            {"name": "gone", "after": 9, "remove": true},
        ],
        "failure": {"at": "worn", "set": {"/status/bad": null}, "effect": "mourn"},
        "changed": {"places": ["/spec/color"], "steps": [{"name": "painted", "after": 1}]},
        "actions": {
            "stop": {"when": {"/status/state": ["Running", null]}},
            "go": {"steps": [{"name": "gone", "after": 2}]},
        },
        "schedule": {"cron": "/spec/cron", "unless": "/spec/off", "spawn": spawn},
    });
    let code = made(lifecycle).unwrap();
    says(
        &code,
        &[
            r#"Flow { name: "create", when: &[], steps: &["#,
            r#"Step::new("making", After::Seconds(0), &[(&["status", "a/b"], "1")])"#,
            r#"spawn: Some(Spawn { kind: &PART, body: "{\"metadata\":{\"name\":\"${/metadata/name}-1\"}}" }), ..Step::new("worn", After::Place(&["spec", "lifetime"]), &[])"#,
            r#"also: Some((&PART, "$/spec/part", &[(&["done"], "true")])), effect: Some(effects::ring), ..Step::new("told""#,
            r#"Step { remove: true, ..Step::new("gone", After::Seconds(9), &[]) }"#,
            r#"failure: Some(Failure { at: 1, set: &[(&["status", "bad"], "null")], effect: Some(effects::mourn) })"#,
            r#"Flow { name: "changed", when: &[], steps: &[ Step::new("painted", After::Seconds(1), &[])]"#,
            r#"Flow { name: "go", when: &[], steps: &[ Step::new("gone", After::Seconds(2), &[])]"#,
            r#"Flow { name: "stop", when: &[(&["status", "state"], &["\"Running\"", "null"])], steps: &[], failure: None }"#,
            r#"changed: &[&["spec", "color"]]"#,
            r#"schedule: Some(Schedule { cron: &["spec", "cron"], unless: Some(&["spec", "off"]), spawn: Spawn { kind: &PART,"#,
        ],
    );
}

#[test]
fn a_failure_is_at_a_step() {
    let lifecycle = json!({
        "actions": {"go": {
            "steps": [{"name": "a", "after": 0}],
            "failure": {"at": "b", "set": {}},
        }},
    });
    refused(
        made(lifecycle),
        "/components/schemas/Thing/x-lifecycle",
        "`b` names no step",
    );
}
