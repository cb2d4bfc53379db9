//! Whole documents in several styles. What they break is written beside it, `# !rule` at the end of the
//! line; for JSON, which has no comments, in a file beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rafay_spec::diff::{Document, Policy};
use rafay_spec::lint::lint_any;

type Found = BTreeSet<(String, u32, String)>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/styles")
}

fn marks(file: &str, text: &str, marks: &mut Found) {
    for (index, line) in text.lines().enumerate() {
        let Some((_, rules)) = line.split_once("# !") else {
            continue;
        };
        for rule in rules.split(" !") {
            let line = u32::try_from(index + 1).unwrap();
            marks.insert((file.to_owned(), line, rule.trim().to_owned()));
        }
    }
}

fn judge(first: &str, others: &[&str]) {
    let mut expected = Found::new();
    for file in others.iter().chain([&first]) {
        let text = fs::read_to_string(folder().join(file)).unwrap();
        marks(file, &text, &mut expected);
    }
    if let Ok(list) = fs::read_to_string(folder().join(format!("{first}.expected"))) {
        for line in list.lines() {
            let (place, rule) = line.split_once(' ').unwrap();
            expected.insert((first.to_owned(), place.parse().unwrap(), rule.to_owned()));
        }
    }
    let document = Document::open(&folder().join(first)).unwrap();
    let found: Found = lint_any(&document, &Policy::default())
        .iter()
        .map(|remark| {
            let file = remark.place.file.strip_prefix(folder()).unwrap();
            let file = file.to_string_lossy().into_owned();
            (file, remark.place.line, remark.rule.id.to_owned())
        })
        .collect();
    let missed: Vec<_> = expected.difference(&found).collect();
    let false_alarms: Vec<_> = found.difference(&expected).collect();
    assert!(
        missed.is_empty() && false_alarms.is_empty(),
        "missed {missed:#?}\nfalse alarms {false_alarms:#?}"
    );
}

#[test]
fn a_document_that_was_swagger_once() {
    judge("converted.json", &[]);
}

#[test]
fn a_document_of_many_files() {
    judge("many/api.yml", &["many/paths.yaml", "many/models/pet.yaml"]);
}

#[test]
fn a_document_of_3_1() {
    judge("modern.yaml", &[]);
}

#[test]
fn a_document_with_anchors_and_events() {
    judge("anchors.yaml", &[]);
}
