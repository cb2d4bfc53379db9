//! Every form of one report, and the command.

use std::process::{Command, Output};

use rafay_spec::diff::report::Format;
use rafay_spec::diff::{Document, Policy, Severity};
use rafay_spec::lint::lint_any;
use rafay_spec::lint::report::{View, render};
use serde_json::Value;

use crate::common::Copy;

const BAD: &str = "openapi: 3.0.3
info: {title: t, version: '1'}
security: []
tags: [{name: 'a|<b>'}]
paths:
  /a:
    get:
      summary: Get.
      operationId: get a
      responses: {'200': {description: d}, '4XX': {}}
";
const GOOD: &str = "openapi: 3.0.3
info: {title: t, version: '1'}
security: []
paths:
  /a:
    get:
      summary: Get.
      operationId: get_a
      responses: {'200': {description: d}, '4XX': {description: d}}
";

fn report(text: &str, format: &str) -> String {
    let document = Document::from_text(text, "api.yaml").unwrap();
    let remarks = lint_any(&document, &Policy::default());
    let view = View {
        documents: vec!["api.yaml".to_owned()],
        fail_on: Severity::Warning,
        colour: false,
    };
    render(&remarks, Format::parse(format).unwrap(), &view)
}

#[test]
fn text() {
    insta::assert_snapshot!(report(BAD, "text"));
    assert_eq!(report(GOOD, "text"), "");
}

#[test]
fn markdown() {
    insta::assert_snapshot!(report(BAD, "markdown"));
}

#[test]
fn junit() {
    insta::assert_snapshot!(report(BAD, "junit"));
    assert!(report(GOOD, "junit").contains("tests=\"1\" failures=\"0\""));
}

#[test]
fn github() {
    insta::assert_snapshot!(report(BAD, "github"));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(report(BAD, "sarif"));
}

#[test]
fn json_is_as_its_schema_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lint-report.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (text, errors) in [(BAD, 1), (GOOD, 0)] {
        let report: Value = serde_json::from_str(&report(text, "json")).unwrap();
        assert!(validator.is_valid(&report), "{report}");
        assert_eq!(report["counts"]["error"], errors);
        assert_eq!(report["fails"], errors > 0);
    }
}

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.yaml"), BAD).unwrap();
    std::fs::write(folder.path().join("good.yaml"), GOOD).unwrap();
    let policy = "severity: {missing-response-description: warning, unused-tag: off}\n";
    std::fs::write(folder.path().join("policy.yaml"), policy).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
    let command = command.current_dir(folder.path()).args(arguments);
    command.output().unwrap()
}

#[test]
fn the_command_exits_by_the_level() {
    for (arguments, code) in [
        (&["lint", "good.yaml"][..], 0),
        (&["lint", "bad.yaml"], 1),
        (&["lint", "good.yaml", "bad.yaml"], 1),
        (&["lint", "missing.yaml"], 2),
        (&["lint", "https://a.example/api.yaml"], 2),
        (&["lint", "bad.yaml", "--policy", "policy.yaml"], 0),
        (
            &[
                "lint",
                "bad.yaml",
                "--policy",
                "policy.yaml",
                "--fail-on",
                "warning",
            ],
            1,
        ),
        (
            &[
                "lint",
                "bad.yaml",
                "--severity",
                "missing-response-description=off",
            ],
            0,
        ),
        (&["lint", "bad.yaml", "--severity", "no-such-rule=off"], 2),
        (&["lint", "bad.yaml", "--format", "html"], 2),
    ] {
        assert_eq!(run(arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn a_rule_that_is_switched_off_is_not_reported() {
    let output = run(&["lint", "bad.yaml", "--policy", "policy.yaml"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("unused-tag"), "{text}");
    assert!(
        text.contains("warning[missing-response-description]"),
        "{text}"
    );
}

#[test]
fn a_rule_is_explained() {
    let output = run(&["explain", "closed-all-of"]);
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

/// Our own words are judged where they are used: in the whole folder, or in one version of it.
#[test]
fn documents_of_ours_are_judged_by_their_own_rules_too() {
    let lint = |path: &std::path::Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
        let command = command.args(["lint", "--fail-on", "info"]).arg(path);
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let copy = Copy::of_mini();
    copy.change("v3/kinds/widget.yaml", "x-secret: true", "x-hidden: true");
    for path in ["", "v3", "v3/openapi.yaml"] {
        let (code, report) = lint(&copy.path().join(path));
        assert_eq!(code, Some(1), "{path}: {report}");
        assert!(
            report.starts_with("error[unknown-word]"),
            "{path}: {report}"
        );
        assert!(report.contains("\n1 error, 0 warnings"), "{path}: {report}");
    }
    assert_eq!(lint(&copy.path().join("v1")), (Some(0), String::new()));

    // A general rule that our own do not have.
    copy.change("v3/kinds/widget.yaml", "x-hidden: true", "x-secret: true");
    copy.change("v3/openapi.yaml", "url: /", "url: /mini/");
    let (_, report) = lint(&copy.path().join("v3"));
    assert!(
        report.starts_with("warning[server-trailing-slash]"),
        "{report}"
    );
}
