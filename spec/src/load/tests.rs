//! Loading: what YAML becomes, and what is refused.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::parse;

fn error(text: &str) -> String {
    parse(text, Path::new("a.yaml")).unwrap_err().to_string()
}

#[test]
fn values_and_their_places() {
    let text = "a:\n  - 1\n  - {b: \"2\"}\nc: |\n  text\nd/e: null\n";
    let loaded = parse(text, Path::new("a.yaml")).unwrap();
    assert_eq!(
        loaded.value,
        json!({"a": [1, {"b": "2"}], "c": "text\n", "d/e": null})
    );
    let place = |pointer: &str| loaded.sources.get(pointer).unwrap().to_string();
    assert_eq!(place(""), "a.yaml:1:1");
    assert_eq!(place("/a/0"), "a.yaml:2:5");
    assert_eq!(place("/a/1/b"), "a.yaml:3:6");
    assert_eq!(place("/c"), "a.yaml:4:1");
    assert_eq!(place("/d~1e"), "a.yaml:6:1");
}

#[test]
fn an_alias_is_a_copy_placed_where_it_stands() {
    let loaded = parse("a: &x {b: 1}\nc: *x\n", Path::new("a.yaml")).unwrap();
    assert_eq!(loaded.value, json!({"a": {"b": 1}, "c": {"b": 1}}));
    assert_eq!(
        loaded.sources.get("/c/b").unwrap().to_string(),
        "a.yaml:2:1"
    );
}

#[test]
fn an_empty_file_is_null() {
    assert_eq!(parse("", Path::new("a.yaml")).unwrap().value, json!(null));
    assert_eq!(
        parse("# only words\n", Path::new("a.yaml")).unwrap().value,
        json!(null)
    );
}

#[test]
fn what_json_has_no_word_for_is_refused_with_its_place() {
    insta::assert_snapshot!(error("a: 1\nb: 2\na: 3\n"), @"a.yaml:3:1: the key `a` is already given on line 1");
    insta::assert_snapshot!(error("a:\n  200: ok\n"), @r#"a.yaml:2:3: the key `200` is not a string; write "200""#);
    insta::assert_snapshot!(error("? [a]\n: 1\n"), @"a.yaml:1:3: a key must be a string, not a list or mapping");
    insta::assert_snapshot!(error("a: .nan\n"), @"a.yaml:1:4: `.nan` is not a number in JSON; quote it if it is text");
    insta::assert_snapshot!(error("a: !secret b\n"), @"a.yaml:1:4: the tag `!secret` has no meaning in JSON; leave it out");
    insta::assert_snapshot!(error("a: &x {}\nb:\n  <<: *x\n"), @"a.yaml:3:3: merge keys are not part of YAML 1.2; write the entries out");
    insta::assert_snapshot!(error("a: 1\n---\nb: 1\n"), @"a.yaml:2:1: a file holds one YAML document; split it");
    insta::assert_snapshot!(error("a: &x [*x]\n"), @"a.yaml:1:8: an alias cannot stand inside its own anchor");
    insta::assert_snapshot!(error("a: [1\nb: }\n"), @"a.yaml:2:2: not valid YAML: illegal placement of ':' indicator");
}

#[test]
fn aliases_that_multiply_are_stopped() {
    let mut text = String::from("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for level in 1..10 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "a{level}: &a{level} [{items}]").unwrap();
    }
    assert!(error(&text).contains("expand to more than 10000 values"));
}

#[test]
fn depth_is_limited_for_brackets_and_for_aliases() {
    assert!(error(&"[".repeat(200)).contains("nest deeper"));
    let mut text = String::from("a0: &a0 [1]\n");
    for level in 1..120 {
        writeln!(text, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert!(error(&text).contains("nest deeper"));
}
