//! The command: what it prints and how it exits.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::Copy;

fn run(spec: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
    command
        .args(arguments)
        .arg("--spec")
        .arg(spec)
        .output()
        .expect("the command to start")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn lint_is_silent_when_all_is_well() {
    let copy = Copy::of_mini();
    let output = run(copy.path(), &["lint"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn lint_prints_findings_and_exits_with_one() {
    let copy = Copy::of_mini();
    copy.change("v3/kinds/widget.yaml", "x-secret: true", "x-hidden: true");
    let output = run(copy.path(), &["lint"]);
    assert_eq!(output.status.code(), Some(1));
    let report = text(&output.stdout);
    assert!(report.starts_with("error[unknown-word]: "), "{report}");
    assert!(report.contains("\n1 error, 0 warnings, 0 notes: fails\n"));
}

#[test]
fn what_cannot_be_read_exits_with_two() {
    let copy = Copy::of_mini();
    copy.change("v3/kinds/widget.yaml", "paths:", "paths: [");
    let output = run(copy.path(), &["lint"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("widget.yaml:"));
    assert_eq!(
        run(&copy.path().join("v3"), &["lint"]).status.code(),
        Some(2)
    );
    assert_eq!(
        run(&copy.path().join("nowhere"), &["lint"]).status.code(),
        Some(2)
    );
}

#[test]
fn bundle_refuses_documents_that_the_model_cannot_read() {
    let copy = Copy::of_mini();
    copy.change("v3/kinds/widget.yaml", "      x-permission: self\n", "");
    let output = run(copy.path(), &["bundle"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("[missing-permission]"));
}

#[test]
fn bundle_writes_and_check_tells_what_is_stale() {
    let copy = Copy::of_mini();
    let stale = run(copy.path(), &["bundle", "--check"]);
    assert_eq!(stale.status.code(), Some(1));
    assert!(text(&stale.stderr).contains("openapi.json is stale: run `cargo run -p rafay-spec"));
    assert!(
        !copy.path().join("v3/openapi.json").exists(),
        "a check writes nothing"
    );

    assert_eq!(run(copy.path(), &["bundle"]).status.code(), Some(0));
    assert_eq!(
        run(copy.path(), &["bundle", "--check"]).status.code(),
        Some(0)
    );
    let bundle = fs::read_to_string(copy.path().join("v3/openapi.json")).unwrap();
    assert!(bundle.starts_with("{\n  \"components\": {\n"));
    assert!(bundle.ends_with("}\n"));

    copy.change("v3/common.yaml", "default: 20", "default: 25");
    assert_eq!(
        run(copy.path(), &["bundle", "--check"]).status.code(),
        Some(1)
    );
    assert_eq!(run(copy.path(), &["bundle"]).status.code(), Some(0));
    assert!(
        fs::read_to_string(copy.path().join("v3/openapi.json"))
            .unwrap()
            .contains("25")
    );
}

#[test]
fn bundle_joins_one_document_into_json_and_yaml_alike() {
    let copy = Copy::of_mini();
    let entry = copy.path().join("v3/openapi.yaml");
    let bundle = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
        let command = command.arg("bundle").arg(&entry).args(arguments);
        let output = command.output().expect("the command to start");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        text(&output.stdout)
    };
    let json = bundle(&[]);
    assert!(json.starts_with("{\n  \"components\": {\n"));
    assert_eq!(run(copy.path(), &["bundle"]).status.code(), Some(0));
    let ours = fs::read_to_string(copy.path().join("v3/openapi.json")).unwrap();
    assert_eq!(json, ours);

    let yaml = copy.path().join("one.yaml");
    assert_eq!(bundle(&["--output", yaml.to_str().unwrap()]), "");
    let written = fs::read_to_string(&yaml).unwrap();
    assert_eq!(bundle(&["--format", "yaml"]), written);
    assert!(written.starts_with("components:\n  "));
    let read = rafay_spec::load::load(&yaml).unwrap().value;
    assert_eq!(rafay_spec::to_canonical_json(&read), json);
}

#[test]
fn kinds_lists_each_kind_with_its_operations_by_version() {
    let copy = Copy::of_mini();
    let listed = text(&run(copy.path(), &["kinds"]).stdout);
    assert!(
        listed.contains("\nWidget (mini.example/v3, widgets; scope project)\n"),
        "{listed}"
    );
    let line = "  v3  GET     widgets_status                           /apis/mini.example/v3/projects/{project}/widgets/{name}/status\n";
    assert!(listed.contains(line), "{listed}");
    assert!(listed.contains("\n  v1  GET     "), "{listed}");

    let json = text(&run(copy.path(), &["kinds", "Widget", "--format", "json"]).stdout);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
    let v3 = json[0]["operations"]["v3"].as_array().unwrap();
    assert!(v3.iter().any(|operation| operation["verb"] == "status"));
    assert_eq!(
        run(copy.path(), &["kinds", "Gadget"]).status.code(),
        Some(1)
    );
}

#[test]
fn a_wrong_flag_is_told() {
    let copy = Copy::of_mini();
    assert_eq!(run(copy.path(), &["lint", "--fast"]).status.code(), Some(2));
}
