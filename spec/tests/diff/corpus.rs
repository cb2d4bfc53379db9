//! The corpus in `cases/`: a document and a change to it, and what each direction must find.

use std::collections::BTreeSet;
use std::path::Path;

use rafay_spec::diff::{Date, Direction, Document, Finding, Options, Severity, diff, rules};
use serde_json::Value;

use super::patch::{set, take};

pub(crate) fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/cases")
}

pub(crate) fn load(name: &str) -> Value {
    rafay_spec::load::load(&folder().join(name))
        .expect("a readable case")
        .value
}

pub(crate) fn document(value: &Value) -> Document {
    Document::from_text(&value.to_string(), "api.json").expect("a document")
}

/// One pair with what it must give.
struct Pair {
    name: String,
    old: String,
    new: String,
    case: Value,
    gives: Vec<String>,
    back: Vec<String>,
}

/// `rule`, or `rule direction`; a case on `S` adds the direction itself.
fn expected(value: &Value, direction: Option<&str>) -> Vec<String> {
    let items = match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    let text = |item: &Value| {
        let text = item.as_str().expect("a rule").to_owned();
        match direction {
            Some(direction) if !text.contains(' ') => format!("{text} {direction}"),
            _ => text,
        }
    };
    let mut list: Vec<String> = items.iter().map(text).collect();
    list.sort();
    list
}

fn found(findings: &[Finding]) -> Vec<String> {
    let text = |finding: &Finding| {
        let directions: Vec<_> = finding
            .directions
            .iter()
            .map(|d| Direction::as_str(*d))
            .collect();
        format!("{} {}", finding.rule.id, directions.join("+"))
    };
    let mut list: Vec<String> = findings.iter().map(text).collect();
    list.sort();
    list
}

fn patched(base: &Value, case: &Value, resolve: &dyn Fn(&str) -> String) -> Value {
    let mut new = base.clone();
    for (pointer, value) in case["set"].as_object().into_iter().flatten() {
        set(&mut new, &resolve(pointer), value.clone());
    }
    // A change inside a definition comes before the definition moves, and after it when only then
    // its pointer exists; so a move comes between two rounds of setting.
    for (from, to) in case["move"].as_object().into_iter().flatten() {
        let value = base
            .pointer(&resolve(from))
            .map(|_| take(&mut new, &resolve(from)));
        set(
            &mut new,
            &resolve(to.as_str().unwrap()),
            value.expect("something to move"),
        );
        for (pointer, value) in case["set"].as_object().into_iter().flatten() {
            let parent = resolve(pointer);
            let parent = parent.rsplit_once('/').unwrap().0.to_owned();
            if new.pointer(&parent).is_some() && !parent.starts_with(&resolve(from)) {
                set(&mut new, &resolve(pointer), value.clone());
            }
        }
    }
    for pointer in case["remove"].as_array().into_iter().flatten() {
        let pointer = resolve(pointer.as_str().unwrap());
        if new.pointer(&pointer).is_some() {
            take(&mut new, &pointer);
        }
    }
    new
}

fn pairs() -> Vec<Pair> {
    let base = load("base.yaml");
    let mut pairs = Vec::new();
    for file in ["schemas", "directions", "operations", "messages"] {
        let cases = load(&format!("{file}.yaml"));
        let places = cases["places"].as_object().unwrap();
        for (index, case) in cases["cases"].as_array().unwrap().iter().enumerate() {
            let variants: &[(&str, Option<&str>)] = if file == "schemas" {
                &[
                    ("In", Some("request")),
                    ("Out", Some("response")),
                    ("Both", Some("request+response")),
                ]
            } else {
                &[("", None)]
            };
            for (schema, direction) in variants {
                let resolve = |pointer: &str| {
                    let mut pointer = pointer.to_owned();
                    for (short, long) in places {
                        if pointer == *short || pointer.starts_with(&format!("{short}/")) {
                            pointer =
                                format!("{}{}", long.as_str().unwrap(), &pointer[short.len()..]);
                            break;
                        }
                    }
                    match pointer.strip_prefix("S/") {
                        Some(rest) => format!("/components/schemas/{schema}/{rest}"),
                        None => pointer,
                    }
                };
                let mut old = base.clone();
                for (pointer, value) in case["base"].as_object().into_iter().flatten() {
                    set(&mut old, &resolve(pointer), value.clone());
                }
                pairs.push(Pair {
                    name: format!("{file}.yaml case {} {schema}: {case}", index + 1),
                    new: patched(&old, case, &resolve).to_string(),
                    old: old.to_string(),
                    case: case.clone(),
                    gives: expected(&case["gives"], *direction),
                    back: expected(&case["back"], *direction),
                });
            }
        }
    }
    for case in load("foreign.yaml")["texts"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap().to_owned();
        pairs.push(Pair {
            name: text("name"),
            old: text("old"),
            new: text("new"),
            case: case.clone(),
            gives: expected(&case["gives"], None),
            back: expected(&case["back"], None),
        });
    }
    pairs
}

fn options(case: &Value) -> Options<'static> {
    let mut options = Options::default();
    options.policy.today = case["today"].as_str().and_then(Date::parse);
    options.policy.grace_days = case["grace"].as_i64();
    options.subset = case["subset"].as_bool().unwrap_or_default();
    options
}

#[test]
fn every_pair_gives_exactly_its_findings_in_both_directions() {
    let pairs = pairs();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for pair in &pairs {
        let (old, new) = (
            Document::from_text(&pair.old, "api.yaml").expect(&pair.name),
            Document::from_text(&pair.new, "api.yaml").expect(&pair.name),
        );
        for (way, from, to, expected) in [
            ("forth", &old, &new, &pair.gives),
            ("back", &new, &old, &pair.back),
        ] {
            let findings = diff(from, to, &options(&pair.case))
                .expect(&pair.name)
                .findings;
            seen.extend(findings.iter().map(|finding| finding.rule.id));
            let found = found(&findings);
            if found != *expected {
                let name = &pair.name;
                wrong.push(format!(
                    "{way}: {name}\n  expected {expected:?}\n  found    {found:?}"
                ));
                continue;
            }
            if let Some(count) = pair.case["operations"].as_u64() {
                for finding in &findings {
                    let reached = &finding.operations;
                    if reached.len() as u64 != count {
                        wrong.push(format!("{way}: {}\n  reaches {reached:?}", pair.name));
                    }
                }
            }
            if let Some(severity) = pair.case["severity"].as_str().and_then(Severity::parse) {
                assert!(
                    findings.iter().all(|f| f.severity == severity),
                    "{}",
                    pair.name
                );
            }
        }
        // A document never differs from itself.
        assert!(
            diff(&old, &old, &Options::default())
                .unwrap()
                .findings
                .is_empty()
                || pair.old.contains("Nowhere")
        );
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(pairs.len() * 2 >= 150, "{} pairs", pairs.len() * 2);
    // Roles need files of their own; `edges.rs` has them.
    let missing: Vec<_> = rules::all()
        .map(|rule| rule.id)
        .filter(|id| !seen.contains(id) && !id.starts_with("role-"))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
