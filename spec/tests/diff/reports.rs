//! Every form of one comparison, and the command.

use std::process::{Command, Output};

use rafay_spec::diff::report::{Format, View, render};
use rafay_spec::diff::{Comparison, Document, FailOn, Options, Promise, diff};
use serde_json::Value;

const OLD: &str = "openapi: 3.0.3
paths:
  /a:
    get:
      parameters: [{name: q, in: query, schema: {type: string, maxLength: 5}}]
      responses: {'200': {description: d, content: {a/b: {schema: {type: string}}}}}
  /b|<b>: {get: {responses: {}}}
";
const NEW: &str = "openapi: 3.0.3
paths:
  /a:
    get:
      parameters: [{name: q, in: query, schema: {type: string, maxLength: 6}}]
      responses: {'200': {description: d, content: {a/b: {schema: {type: string, nullable: true}}}}}
";

fn comparison() -> Comparison {
    let document = |text: &str, name: &str| Document::from_text(text, name).unwrap();
    let (old, new) = (document(OLD, "old.yaml"), document(NEW, "new.yaml"));
    diff(&old, &new, &Options::default()).unwrap()
}

fn report(name: &str) -> String {
    let view = View {
        old: "old.yaml".to_owned(),
        new: "new.yaml".to_owned(),
        fail_on: FailOn::Promise(Promise::Wire),
        all: true,
        colour: false,
    };
    render(&comparison(), Format::parse(name).unwrap(), &view)
}

#[test]
fn text() {
    insta::assert_snapshot!(report("text"));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(report("markdown"));
}

#[test]
fn junit() {
    insta::assert_snapshot!(report("junit"));
}

#[test]
fn github() {
    insta::assert_snapshot!(report("github"));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(report("sarif"));
}

#[test]
fn json_is_as_its_schema_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/diff-report.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let report: Value = serde_json::from_str(&report("json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|e| e.to_string())
        .collect();
    assert_eq!(errors, [""; 0]);
    assert_eq!(report["counts"]["error"], 2);
    assert_eq!(report["bump"]["document"], "major");
}

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old.yaml"), OLD).unwrap();
    std::fs::write(folder.path().join("new.yaml"), NEW).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
    command
        .current_dir(folder.path())
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_command_exits_by_the_level() {
    let code = |arguments: &[&str]| run(arguments).status.code();
    assert_eq!(code(&["diff", "old.yaml", "old.yaml"]), Some(0));
    assert_eq!(code(&["diff", "old.yaml", "new.yaml"]), Some(1));
    assert_eq!(code(&["diff", "old.yaml", "missing.yaml"]), Some(2));
    assert_eq!(code(&["diff", "old.yaml", "https://a.example"]), Some(2));
    assert_eq!(
        code(&["diff", "old.yaml", "git:no-such-revision:new.yaml"]),
        Some(2)
    );
    assert_eq!(
        code(&["diff", "new.yaml", "old.yaml", "--fail-on", "any"]),
        Some(1)
    );
    let quiet = [
        "--severity",
        "became-nullable=off",
        "--severity",
        "path-removed=info",
    ];
    let arguments = [&["diff", "old.yaml", "new.yaml"][..], &quiet].concat();
    assert_eq!(code(&arguments), Some(0));
    assert_eq!(
        code(&["diff", "old.yaml", "new.yaml", "--severity", "x=off"]),
        Some(2)
    );
    assert_eq!(
        code(&["diff", "old.yaml", "new.yaml", "--format", "html"]),
        Some(2)
    );
}

#[test]
fn output_that_is_piped_has_no_colour() {
    let output = run(&["diff", "old.yaml", "new.yaml"]);
    assert!(!String::from_utf8(output.stdout).unwrap().contains('\u{1b}'));
}

#[test]
fn a_rule_is_explained() {
    let output = run(&["explain", "path-removed"]);
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
    let all = String::from_utf8(run(&["explain"]).stdout).unwrap();
    let rules = rafay_spec::diff::rules::all().count() + rafay_spec::lint::rules::all().count();
    assert_eq!(all.lines().count(), rules);
    assert_eq!(run(&["explain", "nothing"]).status.code(), Some(2));
}

/// What each rule means, in one table: a verdict that changes is a decision.
#[test]
fn verdicts() {
    use rafay_spec::diff::{Direction, Grade};
    let letters = |rule: &rafay_spec::diff::Rule, direction| {
        let verdict = rule.verdicts.of(direction);
        let letter = |promise| match verdict.of(promise) {
            Grade::Fine => '-',
            Grade::Risk => 'w',
            Grade::Break => 'B',
        };
        Promise::ALL.map(letter).iter().collect::<String>()
    };
    let line = |rule: &'static rafay_spec::diff::Rule| {
        let (request, response) = (
            letters(rule, Direction::Request),
            letters(rule, Direction::Response),
        );
        format!("{:<42} {request} {response}\n", rule.id)
    };
    insta::assert_snapshot!(rafay_spec::diff::rules::all().map(line).collect::<String>());
}
