//! Making releases: numbers, breaks, files.

use rafay_spec::diff::{FailOn, Options, Policy, Promise, diff, open};
use rafay_spec::release::{Error, Index, digest};

use crate::repository::Repository;

#[test]
fn releases_are_frozen_with_hash_and_day_and_found_by_name() {
    let repository = Repository::new();
    let refused = repository.plan(Some("1.1.0")).unwrap_err();
    assert!(matches!(refused, Error::FirstNumber { .. }), "{refused}");
    assert_eq!(repository.release(None).unwrap(), "1.0.0");
    repository.add_property("size");
    assert_eq!(repository.release(None).unwrap(), "1.1.0");

    let index = Index::load(&repository.path("spec")).unwrap();
    let numbers: Vec<String> = index
        .of("v1")
        .map(|entry| entry.number.to_string())
        .collect();
    assert_eq!(numbers, ["1.0.0", "1.1.0"]);
    for entry in &index.entries {
        let file = format!("spec/released/{}", entry.file().display());
        assert_eq!(digest(&repository.read(&file)), entry.sha256);
        assert_eq!(entry.date.to_string(), "2027-01-31");
        let roles = format!("spec/released/{}", entry.roles_file().unwrap().display());
        assert_eq!(repository.read(&roles), repository.read("spec/roles.yaml"));
    }
    // The document says its number, and nothing else of its file is touched.
    let first = repository.read("spec/v1/openapi.yaml");
    assert!(
        first.contains("version: 1.1.0} # the number of the release"),
        "{first}"
    );

    let released = repository.path("spec/released");
    let findings = |old: &str, new: &str| {
        let (old, new) = (open(old, &released).unwrap(), open(new, &released).unwrap());
        let comparison = diff(&old, &new, &Options::default()).unwrap();
        comparison
            .findings
            .into_iter()
            .map(|finding| finding.rule.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        findings("released:v1@1.0.0", "released:v1"),
        ["property-added"]
    );
    let tree = repository.path("spec/v1").display().to_string();
    assert_eq!(findings("released:v1", &tree), [""; 0]);
    for (name, said) in [
        ("released:v1@1.2.0", "there are v1@1.0.0, v1@1.1.0"),
        ("released:v2", "there are v1@1.0.0, v1@1.1.0"),
        ("released:../v1@1.0.0", "no such release"),
    ] {
        let error = open(name, &released).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_number_must_fit_what_has_changed() {
    let repository = Repository::released();
    let refused = repository.plan(None).unwrap_err();
    assert!(matches!(refused, Error::Unchanged { .. }), "{refused}");

    // What clients do not notice may go out as a patch.
    repository.change("spec/v1/kinds.yaml", "description: d", "description: e");
    assert_eq!(
        repository.plan(None).unwrap().entry.number.to_string(),
        "1.0.1"
    );

    repository.add_property("size");
    let refused = repository.plan(Some("1.0.1")).unwrap_err().to_string();
    assert_eq!(
        refused,
        "v1: 1.0.1 does not fit what has changed since 1.0.0: at least 1.1.0"
    );
    for low in ["0.9.0", "1.0.0"] {
        assert!(repository.plan(Some(low)).is_err(), "{low}");
    }
    // More than is needed is nobody's harm.
    assert_eq!(repository.release(Some("1.4.0")).unwrap(), "1.4.0");
    repository.change("spec/v1/openapi.yaml", "version: 1.4.0", "version: 1.5.0");
    let refused = repository.plan(None).unwrap_err();
    assert!(matches!(refused, Error::NotTheLast { .. }), "{refused}");
    repository.change("spec/v1/openapi.yaml", "version: 1.5.0", "version: next");
    let refused = repository.plan(None).unwrap_err();
    assert!(matches!(refused, Error::NoNumber { .. }), "{refused}");
}

#[test]
fn a_break_takes_an_approval_or_a_major_number_that_is_asked_for() {
    let repository = Repository::released();
    repository.break_the_wire();
    for number in [None, Some("1.1.0"), Some("1.9.0")] {
        let refused = repository.plan(number).unwrap_err();
        assert!(matches!(refused, Error::Breaks { .. }), "{refused}");
        let said = refused.to_string();
        assert!(
            said.contains("parameter-became-required: GET /widgets: "),
            "{said}"
        );
        assert!(said.contains("or ask for the number 2.0.0"), "{said}");
    }
    let major = repository.plan(Some("2.0.0")).unwrap();
    assert_eq!(major.entry.approved, []);

    let Err(Error::Breaks { findings, .. }) = repository.plan(None) else {
        panic!("it breaks");
    };
    let print = findings.trim().rsplit(' ').next().unwrap();
    repository.approve(print);
    let plan = repository.plan(None).unwrap();
    assert_eq!(plan.entry.number.to_string(), "1.1.0");
    plan.write().unwrap();
    // The approval goes with the release; the comment above the list stays.
    assert_eq!(
        repository.read("spec/approvals.yaml"),
        "# Why.\napprovals: []\n"
    );
    let index = Index::load(&repository.path("spec")).unwrap();
    assert_eq!(index.last("v1").unwrap().approved[0].fingerprint, print);
    assert_eq!(repository.guard().0, Some(0), "{}", repository.guard().1);
}

#[test]
fn roles_that_may_less_are_a_break_of_the_behaviour() {
    let repository = Repository::released();
    let needs = "operationId: widgets_list\n      x-permission: {name: a.read, scope: project}";
    repository.change("spec/v1/kinds.yaml", "operationId: widgets_list", needs);
    repository.release(Some("2.0.0")).unwrap();
    repository.change(
        "spec/roles.yaml",
        "permissions: [a.read]}",
        "permissions: []}",
    );
    let refused = repository.plan(Some("2.1.0")).unwrap_err().to_string();
    assert!(refused.contains("role-lost-permission"), "{refused}");
}

#[test]
fn an_approval_that_another_version_needs_stays() {
    let repository = Repository::released();
    repository.git(&["checkout", "--quiet", "-b", "more"]);
    std::fs::create_dir_all(repository.path("spec/v0")).unwrap();
    for file in ["openapi.yaml", "kinds.yaml"] {
        let text = repository.read(&format!("spec/v1/{file}"));
        repository.write(&format!("spec/v0/{file}"), &text);
    }
    repository.break_the_wire();
    let Err(Error::Breaks { findings, .. }) = repository.plan(None) else {
        panic!("it breaks");
    };
    let print = findings.trim().rsplit(' ').next().unwrap();
    repository.approve(print);
    let plan = rafay_spec::release::plan(&rafay_spec::release::Request {
        spec_dir: &repository.path("spec"),
        version: "v0",
        number: None,
        date: rafay_spec::diff::Date::parse("2027-02-01").unwrap(),
        approvals: &repository.path("spec/approvals.yaml"),
    });
    plan.unwrap().write().unwrap();
    assert!(repository.read("spec/approvals.yaml").contains(print));
    assert_eq!(repository.release(None).unwrap(), "1.1.0");
}

/// The files of a document and their bundle are one document, so a finding has one fingerprint.
#[test]
fn an_approval_counts_for_files_and_bundle_alike() {
    let repository = Repository::released();
    repository.break_the_wire();
    repository.change(
        "spec/v1/kinds.yaml",
        "name: {type: string}\n",
        "name: {type: integer}\n",
    );
    let bundle = repository.path("bundle.json");
    let json = rafay_spec::bundle::bundle(&repository.path("spec/v1/openapi.yaml"))
        .unwrap()
        .json;
    std::fs::write(&bundle, rafay_spec::to_canonical_json(&json)).unwrap();
    let released = repository.path("spec/released");
    let prints = |new: &str| {
        let (old, new) = (
            open("released:v1", &released).unwrap(),
            open(new, &released).unwrap(),
        );
        let options = Options {
            policy: Policy::default(),
            ..Options::default()
        };
        let comparison = diff(&old, &new, &options).unwrap();
        assert!(comparison.fails(FailOn::Promise(Promise::Wire)));
        let mut prints: Vec<_> = comparison
            .findings
            .into_iter()
            .map(|finding| finding.fingerprint)
            .collect();
        prints.sort();
        prints
    };
    let tree = prints(&repository.path("spec/v1").display().to_string());
    assert_eq!(tree.len(), 2);
    assert_eq!(tree, prints(&bundle.display().to_string()));
}
