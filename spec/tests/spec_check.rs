//! What other repositories take from this one: the composite action, the pre-commit hook and the script behind both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses: {'200': {description: All pets.}}
";

fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent()
        .expect("the crate is in a workspace")
        .to_owned()
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@t.example"];
    let output = Command::new("git")
        .current_dir(folder)
        .args(identity)
        .args(arguments)
        .output()
        .expect("it works here");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

/// A repository with a document on main, and a branch that changed it.
fn repository(changed: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("it works here");
    let path = folder.path();
    fs::create_dir(path.join("api")).expect("it works here");
    fs::write(path.join("api/openapi.yaml"), DOCUMENT).expect("it works here");
    git(path, &["init", "--quiet", "--initial-branch", "main"]);
    git(path, &["add", "."]);
    git(path, &["commit", "--quiet", "--message", "first"]);
    git(path, &["checkout", "--quiet", "-b", "work"]);
    fs::write(path.join("api/openapi.yaml"), changed).expect("it works here");
    folder
}

/// Runs the script as the action or the hook does.
fn check(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(root().join(".github/actions/spec-check/check.sh"))
        .current_dir(folder)
        .args(arguments)
        .env("RAFAY_SPEC", env!("CARGO_BIN_EXE_rafay-spec"))
        .envs(environment.iter().copied())
        .output()
        .expect("it works here")
}

fn broken() -> String {
    DOCUMENT.replace("in: query,", "in: query, required: true,")
}

#[test]
fn a_break_fails_and_is_shown_at_its_place() {
    let folder = repository(&broken());
    let environment = [
        ("SPEC_CHECK_DOCUMENTS", "\n  api/openapi.yaml \n\n"),
        ("SPEC_CHECK_FORMAT", "github"),
        ("SPEC_CHECK_BASE", "main"),
    ];
    let output = check(folder.path(), &[], &environment);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        text.contains("::error file=api/openapi.yaml,line=6"),
        "{text}"
    );
    assert!(text.contains("parameter-became-required"), "{text}");
}

#[test]
fn what_breaks_nobody_passes_and_a_new_document_has_nothing_to_be_compared_with() {
    let optional = DOCUMENT.replace(
        "schema: {type: string}}]",
        "schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}]",
    );
    let folder = repository(&optional);
    fs::write(folder.path().join("api/new.yaml"), DOCUMENT).unwrap();
    let output = check(
        folder.path(),
        &["--base=main", "api/openapi.yaml", "api/new.yaml"],
        &[],
    );
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text.contains("api/new.yaml: new since"), "{text}");
}

#[test]
fn without_a_base_the_branch_is_compared_with_where_it_left_main() {
    let folder = repository(&broken());
    git(
        folder.path(),
        &["commit", "--quiet", "--all", "--message", "second"],
    );
    for none in ["", "0000000000000000000000000000000000000000"] {
        let environment = [("SPEC_CHECK_BASE", none)];
        let output = check(folder.path(), &["api/openapi.yaml"], &environment);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
}

#[test]
fn in_a_folder_below_the_root_paths_are_those_of_the_folder() {
    let folder = repository(&broken());
    let output = check(&folder.path().join("api"), &["openapi.yaml"], &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn what_cannot_be_told_is_an_error_that_says_what_to_do() {
    let folder = repository(DOCUMENT);
    let cases: [(&[&str], &str); 4] = [
        (&[], "name a document"),
        (&["--bse=main", "api/openapi.yaml"], "no option --bse=main"),
        (&["--base=gone", "api/openapi.yaml"], "fetch-depth: 0"),
        (&["--fail-on=all", "api/openapi.yaml"], "all"),
    ];
    for (arguments, told) in cases {
        let output = check(folder.path(), arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {output:?}");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(told), "{arguments:?}: {text}");
    }
}

fn yaml(path: &str) -> Value {
    let text = fs::read_to_string(root().join(path)).expect("it is there and YAML");
    serde_norway::from_str(&text).expect("it is there and YAML")
}

#[test]
fn the_action_hands_every_input_to_the_script_and_the_hook_runs_the_same() {
    let action = yaml(".github/actions/spec-check/action.yml");
    let script = fs::read_to_string(root().join(".github/actions/spec-check/check.sh")).unwrap();
    let step = &action["runs"]["steps"][0];
    let passed = step["env"].as_object().unwrap();
    for input in action["inputs"].as_object().unwrap().keys() {
        let name = format!("SPEC_CHECK_{}", input.to_uppercase().replace('-', "_"));
        let value = passed[&name].as_str().unwrap();
        assert!(
            value.contains(&format!("inputs.{input}")),
            "{name}: {value}"
        );
        assert!(script.contains(&format!("${{{name}:-")), "{name}");
    }
    assert_eq!(step["run"], "\"$GITHUB_ACTION_PATH/check.sh\"");
    let hooks = yaml(".pre-commit-hooks.yaml");
    assert_eq!(hooks[0]["entry"], ".github/actions/spec-check/check.sh");
}

#[test]
fn the_workflow_runs_what_ci_runs() {
    let workflow = yaml(".github/workflows/ci.yml");
    let steps = workflow["jobs"]["test"]["steps"].as_array().unwrap();
    assert!(
        steps.iter().any(|step| step["run"] == ".ci/run"),
        "{steps:?}"
    );
    let checkout = &steps[0];
    assert_eq!(checkout["with"]["fetch-depth"], 0, "{checkout}");
}
