//! `--fix`: each document in `fixes/` becomes the one beside it, and mending twice is mending once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rafay_spec::diff::{Document, Policy};
use rafay_spec::lint::{Target, fix, lint_any};
use rafay_spec::spec::Spec;

use crate::common::Copy;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/fixes")
}

/// Mends a copy of a document and compares its files with those beside them.
fn mends(first: &str, others: &[&str]) {
    let copy = tempfile::tempdir().unwrap();
    let files: Vec<&str> = others.iter().copied().chain([first]).collect();
    for file in &files {
        let path = copy.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(folder().join(file), path).unwrap();
    }
    let path = copy.path().join(first);
    let target = Target::of(&path.display().to_string());
    let before = lint_any(&Document::open(&path).unwrap(), &Policy::default()).len();
    for mended in fix(&target, &Policy::default()).unwrap() {
        let name = mended.path.strip_prefix(copy.path()).unwrap().display();
        assert!(
            mended.diff().contains(&format!("{name}")),
            "{}",
            mended.diff()
        );
        fs::write(&mended.path, &mended.new).unwrap();
    }
    for file in files {
        let expected = fs::read_to_string(folder().join(format!("{file}.mended"))).unwrap();
        let found = fs::read_to_string(copy.path().join(file)).unwrap();
        assert_eq!(found, expected, "{file}");
    }
    assert_eq!(
        fix(&target, &Policy::default()).unwrap(),
        [],
        "not once and for all"
    );
    let after = lint_any(&Document::open(&path).unwrap(), &Policy::default()).len();
    assert!(after < before, "{after} of {before} findings left");
}

#[test]
fn a_document_in_blocks_keeps_its_comments() {
    mends("block.yaml", &[]);
}

#[test]
fn lines_end_as_they_did() {
    let folder_of_copy = tempfile::tempdir().unwrap();
    let path = folder_of_copy.path().join("block.yaml");
    let windows = |name: &str| {
        let text = fs::read_to_string(folder().join(name)).unwrap();
        text.replace('\n', "\r\n")
    };
    fs::write(&path, windows("block.yaml")).unwrap();
    let target = Target::of(&path.display().to_string());
    let mended = fix(&target, &Policy::default()).unwrap();
    assert_eq!(mended[0].new, windows("block.yaml.mended"));
}

#[test]
fn a_document_in_json_keeps_its_lines() {
    mends("pretty.json", &[]);
}

#[test]
fn a_document_in_one_line_stays_in_one() {
    mends("small.json", &[]);
}

/// An id that another operation has already is not given, and what other documents may use stays.
#[test]
fn a_document_of_many_files_is_mended_where_it_is_written() {
    mends("many/api.yaml", &["many/paths.yaml"]);
}

/// The schema carries the anchor of one that is used, so without it the document would not load.
#[test]
fn what_would_not_load_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.yaml");
    let text = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\nsecurity: []\npaths:\n  /a: {get: {operationId: a, summary: A, responses: {'200': {description: d, content: {a/b: {schema: {$ref: '#/components/schemas/B'}}}}, 4XX: {description: No}}}}\ncomponents:\n  schemas:\n    A: &shape {type: string}\n    B: {type: array, items: *shape}\n    C: {type: string}\n";
    fs::write(&path, text).unwrap();
    let target = Target::of(&path.display().to_string());
    let mended = fix(&target, &Policy::default()).unwrap();
    let new = text.replace("    C: {type: string}\n", "");
    assert_eq!(mended.len(), 1);
    assert_eq!(mended[0].new, new);
}

#[test]
fn errors_that_our_operations_do_not_declare_are_declared_as_by_the_neighbours() {
    let copy = Copy::of_mini();
    let file = copy.path().join("v3/kinds/widget.yaml");
    let whole = fs::read_to_string(&file).unwrap();
    let line = whole
        .lines()
        .find(|line| line.contains("\"403\"") || line.contains("'403'"))
        .unwrap();
    let without = whole.replacen(&format!("{line}\n"), "", 1);
    fs::write(&file, &without).unwrap();
    let rules = || {
        let spec = Spec::load_with_problems(copy.path()).unwrap();
        let findings = rafay_spec::lint::lint(&spec.documents, &spec.roles);
        findings
            .iter()
            .map(|finding| finding.rule)
            .collect::<Vec<_>>()
    };
    assert_eq!(rules(), ["missing-403"]);
    let target = Target::of(&copy.path().display().to_string());
    for mended in fix(&target, &Policy::default()).unwrap() {
        fs::write(&mended.path, &mended.new).unwrap();
    }
    assert_eq!(rules(), [""; 0]);
    let mended = fs::read_to_string(&file).unwrap();
    assert_eq!(mended.lines().count(), whole.lines().count());
}

#[test]
fn a_dry_run_prints_and_writes_nothing() {
    let folder_of_copy = tempfile::tempdir().unwrap();
    let path = folder_of_copy.path().join("small.json");
    fs::copy(folder().join("small.json"), &path).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
        let command = command.arg("lint").args(arguments).arg(&path);
        command.output().unwrap()
    };
    let output = run(&["--fix", "--dry-run"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("\n+{\"openapi\":"), "{printed}");
    let before = fs::read_to_string(folder().join("small.json")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), before);

    assert_eq!(run(&["--fix", "--fail-on", "info"]).status.code(), Some(0));
    assert_eq!(run(&["--fix", "--dry-run"]).status.code(), Some(0));
    assert_eq!(run(&["--dry-run"]).status.code(), Some(2));
    let mut git = Command::new(env!("CARGO_BIN_EXE_rafay-spec"));
    let git = git
        .args(["lint", "--fix", "git:HEAD:api.yaml"])
        .output()
        .unwrap();
    assert_eq!(git.status.code(), Some(2));
}

/// Documents with lines taken out, doubled and broken: what loads still loads when it is mended, and
/// mending twice is mending once.
#[test]
fn whatever_loads_is_mended_once() {
    let folder_of_copy = tempfile::tempdir().unwrap();
    let path = folder_of_copy.path().join("api.yaml");
    let target = Target::of(&path.display().to_string());
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let mut mended_some = 0;
    for round in 0..300 {
        let name = ["block.yaml", "pretty.json"][round % 2];
        let text = fs::read_to_string(folder().join(name)).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..=random(4) {
            let at = random(lines.len());
            match random(3) {
                0 => drop(lines.remove(at)),
                1 => {
                    let other = lines[random(lines.len())].clone();
                    lines.insert(at, other);
                }
                _ => lines[at] = lines[at].replacen(": ", ": [", 1),
            }
        }
        fs::write(&path, lines.join("\n")).unwrap();
        let Ok(mended) = fix(&target, &Policy::default()) else {
            assert!(Document::open(&path).is_err(), "round {round}");
            continue;
        };
        for file in &mended {
            fs::write(&file.path, &file.new).unwrap();
            mended_some += 1;
        }
        assert!(Document::open(&path).is_ok(), "round {round}");
        assert_eq!(
            fix(&target, &Policy::default()).unwrap(),
            [],
            "round {round}"
        );
    }
    assert!(mended_some > 20, "{mended_some} documents were mended");
}
