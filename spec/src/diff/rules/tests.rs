//! The table is complete: ids are unique, mirrors exist and look back, pages say something.

use std::collections::BTreeSet;

use super::{Grade, Verdicts, all, find};

#[test]
fn ids_are_unique_and_written_alike() {
    let mut seen = BTreeSet::new();
    for rule in all() {
        assert!(seen.insert(rule.id), "{} comes twice", rule.id);
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.id.chars().all(plain), "{}", rule.id);
    }
    assert!(seen.len() > 100);
}

#[test]
fn every_rule_has_a_mirror_that_looks_back() {
    for rule in all() {
        assert!(!rule.mirrors.is_empty(), "{} has no mirror", rule.id);
        for mirror in rule.mirrors {
            let other = find(mirror).unwrap_or_else(|| panic!("{}: no rule {mirror}", rule.id));
            let back = other.mirrors.contains(&rule.id);
            assert!(back, "{} does not name {} as its mirror", other.id, rule.id);
        }
    }
}

#[test]
fn pages_say_what_why_and_what_to_do() {
    for rule in all() {
        for text in [rule.what, rule.why, rule.instead] {
            assert!(text.len() > 9, "{}: {text:?}", rule.id);
        }
    }
}

#[test]
fn what_a_schema_rule_forbids_one_way_it_rarely_forbids_the_other() {
    // Requests are contravariant and responses covariant: a rule that breaks the wire in one
    // direction and whose mirror breaks it in the same direction is an incomparable change.
    for rule in all() {
        let Verdicts::Both { request, response } = rule.verdicts else {
            continue;
        };
        let symmetric = request.wire == Grade::Break && response.wire == Grade::Break;
        let closed = rule.id.ends_with("-closed");
        let itself = rule.mirrors.contains(&rule.id);
        assert!(!symmetric || closed || itself, "{}", rule.id);
    }
}
