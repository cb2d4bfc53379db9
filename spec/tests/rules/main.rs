//! Each rule of the lint is broken once, alone, in a copy of a small correct specification.

#[path = "../common/mod.rs"]
mod common;
mod operations;
mod schemas;

use std::collections::BTreeSet;
use std::fs;

use common::Copy;
use rafay_spec::Spec;
use rafay_spec::lint::{RULES, lint};

/// A rule, and the one change to the fixture that breaks it: in a file, a text (its first
/// occurrence) becomes another.
type Mutation = (&'static str, &'static str, &'static str, &'static str);

const ROLES: &str = "roles.yaml";
const COMMON: &str = "v3/common.yaml";
const ABOUT: &str = "v3/kinds/about.yaml";
const V3_ENTRY: &str = "v3/openapi.yaml";
const V3: &str = "v3/kinds/widget.yaml";
const SPARE: &str = "v3/kinds/spare.yaml";
const V1: &str = "v1/kinds/widget.yaml";

fn mutations() -> impl Iterator<Item = &'static Mutation> {
    operations::MUTATIONS.iter().chain(schemas::MUTATIONS)
}

#[test]
fn the_fixture_breaks_no_rule() {
    let copy = Copy::of_mini();
    let spec = Spec::load(copy.path()).unwrap();
    let findings: Vec<String> = lint(&spec.documents, &spec.roles)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn each_change_breaks_its_rule_and_no_other() {
    let mut surprises = Vec::new();
    for (rule, file, from, to) in mutations() {
        let copy = Copy::of_mini();
        copy.change(file, from, to);
        let spec = Spec::load_with_problems(copy.path()).unwrap();
        let findings = lint(&spec.documents, &spec.roles);
        let broken: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).collect();
        let all_placed = findings.iter().all(|finding| finding.location.is_some());
        if broken != BTreeSet::from([*rule]) || !all_placed {
            let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
            surprises.push(format!("{rule}: {from:?} -> {to:?}\n{}", shown.join("\n")));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n\n"));
}

#[test]
fn every_rule_is_broken_by_some_change() {
    let broken: BTreeSet<&str> = mutations().map(|(rule, ..)| *rule).collect();
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(rules, broken, "a rule without a change here proves nothing");
    assert_eq!(rules.len(), RULES.len(), "a rule's id is used twice");
}

#[test]
fn a_finding_points_at_the_line_it_is_about() {
    let copy = Copy::of_mini();
    copy.change(V3, "at: ready", "at: done");
    let spec = Spec::load(copy.path()).unwrap();
    let findings = lint(&spec.documents, &spec.roles);
    let text = fs::read_to_string(copy.path().join(V3)).unwrap();
    let line = 1 + text
        .lines()
        .position(|line| line.contains("at: done"))
        .unwrap();
    let expected = format!(
        "{}:{line}:17: `done` is no step of this lifecycle \
         (/components/schemas/Widget/x-lifecycle/failure/at) [lifecycle-failure]",
        copy.path().join(V3).display()
    );
    assert_eq!(findings[0].to_string(), expected);
}
