//! The corpus in `cases/`: for each rule a document that breaks it and no other, and a twin that looks
//! alike and breaks none.

use std::collections::BTreeSet;
use std::path::Path;

use rafay_spec::diff::{Document, Policy};
use rafay_spec::lint::{Family, GENERAL, RULES, explain, lint_any, rules};
use serde_json::Value;

use crate::patch::{set, take};

fn load(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/cases");
    rafay_spec::load::load(&folder.join(name)).unwrap().value
}

/// The rules that a document breaks, one for each finding.
fn broken(document: &Value) -> Vec<&'static str> {
    let document = Document::from_text(&document.to_string(), "api.json").unwrap();
    let remarks = lint_any(&document, &Policy::default());
    let mut broken: Vec<_> = remarks.iter().map(|remark| remark.rule.id).collect();
    broken.sort_unstable();
    broken
}

fn changed(base: &Value, places: &Value, changes: &Value) -> Value {
    let mut document = base.clone();
    for (pointer, value) in changes.as_object().unwrap() {
        let (first, rest) = pointer.split_once('/').unwrap();
        let pointer = match places[first].as_str() {
            Some(place) => format!("{place}/{rest}"),
            None => pointer.clone(),
        };
        if value.is_null() {
            take(&mut document, &pointer);
        } else {
            set(&mut document, &pointer, value.clone());
        }
    }
    document
}

#[test]
fn the_base_breaks_no_rule() {
    assert_eq!(broken(&load("base.yaml")), Vec::<&str>::new());
}

#[test]
fn each_bad_twin_breaks_its_rule_alone_and_each_good_one_none() {
    let (base, cases) = (load("base.yaml"), load("cases.yaml"));
    let mut wrong = Vec::new();
    for (index, case) in cases["cases"].as_array().unwrap().iter().enumerate() {
        let rule = case["rule"].as_str().unwrap();
        let with = case["with"].as_array().into_iter().flatten();
        let mut expected: Vec<&str> = with.map(|rule| rule.as_str().unwrap()).collect();
        expected.push(rule);
        expected.sort_unstable();
        for (side, expected) in [("bad", expected), ("good", Vec::new())] {
            let found = broken(&changed(&base, &cases["places"], &case[side]));
            if found != expected {
                let changes = &case[side];
                wrong.push(format!(
                    "case {} of {rule}, {side}: {changes}\n  expected {expected:?}\n  found    {found:?}",
                    index + 1
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Rules of our own words have their pairs in `tests/rules`, where a test asks for each of them.
#[test]
fn every_rule_has_an_id_of_its_own_an_explanation_and_a_pair() {
    let cases = load("cases.yaml");
    let cases = cases["cases"].as_array().unwrap().iter();
    let paired: BTreeSet<&str> = cases.map(|case| case["rule"].as_str().unwrap()).collect();
    let any: BTreeSet<&str> = rules::all()
        .filter(|rule| rule.family == Family::Any)
        .map(|rule| rule.id)
        .collect();
    assert_eq!(any, paired);
    assert!(GENERAL.iter().all(|rule| rule.family == Family::Any));

    let mut ids = BTreeSet::new();
    for rule in rules::all() {
        assert!(ids.insert(rule.id), "{} twice", rule.id);
        // A policy names rules of `diff` and of the lint alike.
        assert!(
            rafay_spec::diff::rules::find(rule.id).is_none(),
            "{}",
            rule.id
        );
        for text in [rule.asks, rule.why, rule.fix] {
            assert!(text.split_whitespace().count() > 1, "{}: {text}", rule.id);
            assert!(!text.ends_with('.'), "{}: {text}", rule.id);
            assert!(explain(rule).contains(&text[1..]), "{}", rule.id);
        }
    }
    assert_eq!(ids.len(), GENERAL.len() + RULES.len());
}
