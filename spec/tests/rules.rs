//! Each rule of the lint is broken once, alone, in a copy of a small correct specification.

mod common;

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
const V1: &str = "v1/kinds/widget.yaml";

const MUTATIONS: &[Mutation] = &[
    (
        "malformed",
        V3,
        "name: widget.read, scope: project",
        "name: widget.read, scope: city",
    ),
    ("malformed", V3, "x-secret: true", "x-secret: 'yes'"),
    ("malformed", V3, "after: 30", "after: soon"),
    ("malformed", V3, "project: none", "project: other"),
    (
        "malformed",
        V3,
        "handler: spin_widget",
        "handler: spinWidget",
    ),
    ("malformed", V1, "$organization.id", "$partner.id"),
    ("malformed", COMMON, "required: true", "required: false"),
    ("unknown-word", V3, "x-secret: true", "x-hidden: true"),
    (
        "unknown-word",
        V3_ENTRY,
        "version: v3",
        "version: v3, x-logo: a",
    ),
    (
        "misplaced-word",
        V3,
        "summary: Spin a widget",
        "x-secret: true",
    ),
    (
        "unused-component",
        V3,
        "  Spin:",
        "  Gone: {type: string}\n  Spin:",
    ),
    (
        "unused-component",
        COMMON,
        "headers:",
        "headers:\n  Gone: {schema: {type: string}}",
    ),
    (
        "unused-component",
        ABOUT,
        "  about:",
        "  gone: {}\n  about:",
    ),
    (
        "missing-operation-id",
        V3,
        "      operationId: widgets_spin\n",
        "",
    ),
    ("operation-id-form", V3, "widgets_status", "widgets_state"),
    ("operation-id-form", V3, "widgets_status", "gadgets_status"),
    ("operation-id-form", V3, "widgets_spin", "widgetsSpin"),
    ("operation-id-form", V3, "widgets_spin", "spin"),
    ("duplicate-operation-id", ABOUT, "about_get", "widgets_spin"),
    (
        "unknown-alias",
        V1,
        "x-alias-of: widgets_list",
        "x-alias-of: widgets_all",
    ),
    (
        "unknown-alias",
        V1,
        "x-alias-of: widgets_list",
        "x-alias-of: widgets_list_old",
    ),
    ("undeclared-tag", V3, "tags: [Widgets]", "tags: [Gadgets]"),
    ("undeclared-tag", V3, "      tags: [Widgets]\n", ""),
    (
        "path-template",
        V3_ENTRY,
        "widgets/{name}:",
        "widgets/{id}:",
    ),
    ("path-template", V3_ENTRY, "v3/about", "v3/about/{part"),
    ("missing-paging", V1, "name: offset", "name: skip"),
    ("missing-permission", V3, "      x-permission: self\n", ""),
    (
        "unknown-permission",
        V3,
        "{name: widget.read,",
        "{name: widget.see,",
    ),
    (
        "unused-permission",
        ROLES,
        "roles:",
        "  - {name: widget.paint, description: Paint a widget}\nroles:",
    ),
    ("unmatched-role-pattern", ROLES, "*.read", "*.audit"),
    (
        "unknown-path-parameter",
        V3,
        "scope: project}",
        "scope: project, of: team}",
    ),
    ("unknown-path-parameter", V1, "self: id", "self: user"),
    (
        "missing-behavior",
        V3,
        "      x-behavior: {handler: spin_widget}\n",
        "",
    ),
    (
        "unknown-behavior-kind",
        V3,
        "verb: status, kind: Widget",
        "verb: status, kind: Gadget",
    ),
    (
        "verb-misfit",
        V3,
        "      items:\n        type: array",
        "      items:\n        type: object",
    ),
    ("verb-misfit", V3, "    delete:\n", "    patch:\n"),
    (
        "verb-misfit",
        V3,
        "      requestBody:\n        required: true\n",
        "      externalDocs:\n",
    ),
    (
        "duplicate-verb",
        V1,
        "      operationId: widgets_list_old\n      x-alias-of: widgets_list\n",
        "      operationId: widgets_old_list\n",
    ),
    (
        "missing-description",
        V3,
        "      description: Makes one widget spin for a while\n",
        "",
    ),
    (
        "missing-description",
        V3,
        ", description: How fast the widget spins",
        "",
    ),
    (
        "missing-description",
        V3,
        "    description: How a widget should spin now\n",
        "",
    ),
    (
        "missing-description",
        V3,
        "{description: The widget is about to spin}",
        "{description: ' '}",
    ),
    (
        "missing-description",
        V1,
        "        description: Identifier of the one widget\n",
        "",
    ),
    (
        "short-description",
        V3,
        "How fast the widget spins",
        "Turns per minute",
    ),
    (
        "repeated-description",
        V3,
        "How fast the widget spins",
        "What makes the widget spin",
    ),
    ("missing-success", V3, "\"202\"", "\"302\""),
    ("missing-401", V3, "\"401\"", "\"402\""),
    ("missing-403", V3, "\"403\"", "\"402\""),
    ("missing-404", V3, "\"404\"", "\"402\""),
    ("missing-body-errors", V3, "\"400\"", "\"402\""),
    ("missing-body-errors", V3, "\"413\"", "\"414\""),
    ("missing-body-errors", V3, "\"415\"", "\"416\""),
    ("missing-write-errors", V3, "\"409\"", "\"424\""),
    ("missing-write-errors", V3, "\"412\"", "\"424\""),
    (
        "error-schema",
        COMMON,
        "schema: {$ref: \"#/schemas/Problem\"}",
        "schema: {type: string}",
    ),
    ("invalid-default", COMMON, "default: 20", "default: many"),
    ("invalid-default", V3, "default: red", "default: green"),
    (
        "enum-entries",
        V3,
        "enum: [red, blue]",
        "enum: [red, blue, red]",
    ),
    ("enum-entries", V3, "enum: [red, blue]", "enum: [red, null]"),
    (
        "enum-on-array",
        V3,
        "{type: string, enum: [red]}",
        "{type: string}, enum: [[red], []]",
    ),
    (
        "alike-variants",
        V3,
        "turns: {type: integer,",
        "watts: {type: number,",
    ),
    (
        "property-collision",
        V3,
        "      token: ",
        "      turns_per_minute: ",
    ),
    (
        "schema-collision",
        V3,
        "seconds: {type: integer, description: How long the widget should spin}",
        "seconds: {$ref: \"#/schemas/spin\"}\n  spin: {description: How long it should spin}",
    ),
    (
        "identity-pointer",
        V3,
        "plural: widgets,",
        "plural: widgets, identity: {id: /metadata/uid},",
    ),
    (
        "unknown-view-kind",
        V1,
        "x-view-of: Widget",
        "x-view-of: Gadget",
    ),
    (
        "from-pointer",
        V1,
        "x-from: /status/phase",
        "x-from: /status/step",
    ),
    (
        "from-pointer",
        V1,
        "        x-from: /metadata/id\n",
        "        x-from: /metadata/uid\n",
    ),
    (
        "from-pointer",
        V3,
        "x-secret: true",
        "x-from: /metadata/name",
    ),
    (
        "unknown-referenced-kind",
        V3,
        "{kind: Widget, builtin",
        "{kind: Gadget, builtin",
    ),
    (
        "lifecycle-pointer",
        V3,
        "/status/conditions/0/reason",
        "/status/conditions/reason",
    ),
    ("lifecycle-failure", V3, "at: ready", "at: done"),
];

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
    for (rule, file, from, to) in MUTATIONS {
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
    let broken: BTreeSet<&str> = MUTATIONS.iter().map(|(rule, ..)| *rule).collect();
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
