//! What the guard says of releases.

use crate::repository::Repository;

#[test]
fn a_break_since_the_release_is_refused_long_after_its_branch() {
    let repository = Repository::released();
    assert_eq!(repository.guard().0, Some(0), "{}", repository.guard().1);
    repository.break_the_wire();
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    // It is shown once, though it is of both comparisons.
    assert_eq!(
        said.matches("error[parameter-became-required]").count(),
        1,
        "{said}"
    );

    // Merged all the same, it is still a break of what was released.
    repository.commit();
    repository.merge();
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("since the release 1.0.0 of 2027-01-31: 1 change"),
        "{said}"
    );

    let print = said
        .split(" · ")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    repository.approve(print);
    let (code, said) = repository.guard();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("the next is 1.1.0 at the least"), "{said}");
}

#[test]
fn what_breaks_only_the_branch_s_start_is_refused_too() {
    let repository = Repository::released();
    repository.add_property("size");
    repository.commit();
    repository.merge();
    assert_eq!(repository.guard().0, Some(0), "{}", repository.guard().1);
    // No release has it, but whoever follows `main` does.
    repository.change(
        "spec/v1/kinds.yaml",
        "size: {type: string}",
        "size: {type: integer}",
    );
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error[type-"), "{said}");
}

#[test]
fn a_new_major_version_may_break() {
    let repository = Repository::released();
    repository.break_the_wire();
    repository.release(Some("2.0.0")).unwrap();
    let (code, said) = repository.guard();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("a new major version may break"), "{said}");
    // By hand it is no release.
    repository.git(&["checkout", "--quiet", "--force", "main"]);
    repository.git(&["clean", "--quiet", "--force", "-d"]);
    repository.break_the_wire();
    repository.change("spec/v1/openapi.yaml", "version: 1.0.0", "version: 2.0.0");
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("info.version is `2.0.0` and the last release 1.0.0"),
        "{said}"
    );
}

#[test]
fn a_frozen_file_that_was_changed_is_refused() {
    let repository = Repository::released();
    let frozen = "spec/released/v1/1.0.0.json";
    let whole = repository.read(frozen);
    repository.change(frozen, "\"Widgets\"", "\"Gadgets\"");
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("1.0.0.json was changed after its release"),
        "{said}"
    );
    // Neither is it a document to compare with, nor one to release on.
    let (code, said) = repository.command(&["diff", "released:v1", "spec/v1"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("was changed after its release"), "{said}");
    repository.add_property("size");
    assert!(
        repository
            .plan(None)
            .unwrap_err()
            .to_string()
            .contains("was changed")
    );

    // With the hash of the index changed too, the branch's start still knows the right one.
    let index = repository.read("spec/released/index.json");
    let wrong = rafay_spec::release::digest(&repository.read(frozen));
    let right = rafay_spec::release::digest(&whole);
    repository.write("spec/released/index.json", &index.replace(&right, &wrong));
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("the index says something else of it now"),
        "{said}"
    );

    repository.write("spec/released/index.json", &index);
    repository.write(frozen, &whole);
    assert_eq!(repository.guard().0, Some(0), "{}", repository.guard().1);
    repository.write("spec/released/v1/1.0.1.json", &whole);
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("1.0.1.json is of no release"), "{said}");
}

#[test]
fn a_release_that_is_gone_is_missed() {
    let repository = Repository::released();
    std::fs::remove_dir_all(repository.path("spec/released")).unwrap();
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("v1 1.0.0 was released and is not in the index any more"),
        "{said}"
    );
    // An index that nobody can read is no index without releases.
    std::fs::create_dir_all(repository.path("spec/released")).unwrap();
    for text in ["{", "{}", r#"{"releases": [{"version": "../x"}]}"#] {
        repository.write("spec/released/index.json", text);
        assert_eq!(repository.guard().0, Some(2), "{text}");
    }
}

/// Whoever writes the files by hand gets past the release command, and not past the guard.
#[test]
fn a_number_that_does_not_fit_is_refused_by_the_guard_too() {
    let repository = Repository::released();
    repository.add_property("size");
    repository.release(Some("1.1.0")).unwrap();
    assert_eq!(repository.guard().0, Some(0), "{}", repository.guard().1);
    let frozen = repository.read("spec/released/v1/1.1.0.json");
    let low = frozen.replace("\"version\": \"1.1.0\"", "\"version\": \"1.0.1\"");
    assert_ne!(frozen, low);
    repository.write("spec/released/v1/1.0.1.json", &low);
    let roles = repository.read("spec/roles.yaml");
    repository.write("spec/released/v1/1.0.1.roles.yaml", &roles);
    for file in ["1.1.0.json", "1.1.0.roles.yaml"] {
        std::fs::remove_file(repository.path(&format!("spec/released/v1/{file}"))).unwrap();
    }
    let digest = rafay_spec::release::digest;
    let index = repository.read("spec/released/index.json");
    let index = index
        .replace(&digest(&frozen), &digest(&low))
        .replace("1.1.0", "1.0.1");
    repository.write("spec/released/index.json", &index);
    repository.change("spec/v1/openapi.yaml", "1.1.0", "1.0.1");
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("v1 1.0.1 does not fit what changed since 1.0.0: at least 1.1.0"),
        "{said}"
    );
}

#[test]
fn an_approval_that_a_branch_brings_must_be_of_a_finding() {
    let repository = Repository::released();
    repository.approve("0000000000000000");
    let (code, said) = repository.guard();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("0000000000000000 of b is of no finding"),
        "{said}"
    );
}
