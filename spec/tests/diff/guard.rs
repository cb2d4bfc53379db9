//! The guard of a branch: the working tree against the commit that the branch started from.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const DOCUMENT: &str = "openapi: 3.0.3
paths:
  /a: {get: {parameters: [{name: q, in: query, schema: {type: string}}], responses: {}}}
";
const ROLES: &str = "permissions: []\nroles: []\n";

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@t.example"];
    let mut command = Command::new("git");
    let output = command
        .current_dir(folder)
        .args(identity)
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

/// A repository with one document on main.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path();
    fs::create_dir_all(path.join("spec/v1")).expect("it is new");
    fs::write(path.join("spec/v1/openapi.yaml"), DOCUMENT).expect("it is new");
    fs::write(path.join("spec/roles.yaml"), ROLES).expect("it is new");
    git(path, &["init", "--quiet", "--initial-branch", "main"]);
    git(path, &["add", "."]);
    git(path, &["commit", "--quiet", "--message", "first"]);
    folder
}

fn guard(folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
    command.current_dir(folder).arg("guard").output().unwrap()
}

#[test]
fn a_break_of_the_wire_is_refused_until_it_is_approved() {
    let folder = repository();
    let path = folder.path();
    git(path, &["checkout", "--quiet", "-b", "work"]);
    assert_eq!(guard(path).status.code(), Some(0));

    let changed = DOCUMENT.replace("in: query,", "in: query, required: true,");
    fs::write(path.join("spec/v1/openapi.yaml"), changed).unwrap();
    // What is committed on the branch is compared with where it started, too.
    git(path, &["commit", "--quiet", "--all", "--message", "second"]);
    let output = guard(path);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("error[parameter-became-required]"), "{text}");

    let print = text
        .lines()
        .find_map(|line| line.split_once(" · "))
        .unwrap()
        .1;
    let approvals = format!("approvals: [{{fingerprint: '{print}', reason: r, by: b}}]");
    fs::write(path.join("spec/approvals.yaml"), approvals).unwrap();
    assert_eq!(guard(path).status.code(), Some(0));
    // Merged, the approval is of no finding, and no harm.
    git(path, &["add", "."]);
    git(path, &["commit", "--quiet", "--message", "third"]);
    git(path, &["checkout", "--quiet", "main"]);
    git(path, &["merge", "--quiet", "work"]);
    assert_eq!(guard(path).status.code(), Some(0));
}

#[test]
fn who_closes_the_output_has_read_enough() {
    let folder = repository();
    let path = folder.path();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
    command.current_dir(path).arg("guard");
    let mut guard = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(guard.stdout.take());
    assert_eq!(guard.wait().unwrap().code(), Some(0));
}

#[test]
fn without_a_history_there_is_nothing_to_compare_with() {
    let folder = tempfile::tempdir().unwrap();
    let output = guard(folder.path());
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no git repository"), "{said}");
    // A history that git cannot read is another thing.
    fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(guard(folder.path()).status.code(), Some(2));
}
