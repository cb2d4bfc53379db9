//! A generated file that is not what the documents give fails the check, and generating twice changes nothing.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rafay_spec::Spec;
use rafay_spec::release::Index;
use rafay_tests::{repository, spec};

use xtask::generate::{self, FOLDERS};
use xtask::{files, mock};

/// Every generated file with its content. Making them takes long enough to do it once.
fn generated() -> &'static [(PathBuf, String)] {
    static GENERATED: OnceLock<Vec<(PathBuf, String)>> = OnceLock::new();
    GENERATED.get_or_init(|| generate::all(spec()).unwrap())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A copy of everything that generating reads and writes.
fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let versions = spec().documents.iter();
    let documents = versions.map(|document| format!("spec/{}", document.version));
    for part in documents.chain(FOLDERS.map(str::to_owned)) {
        copy(&repository().join(&part), &folder.path().join(&part));
    }
    for file in ["spec/roles.yaml", "spec/CHANGELOG.md", "README.md"] {
        fs::copy(repository().join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn stale(root: &Path, generated: &[(PathBuf, String)]) -> String {
    files::differences(root, generated, &FOLDERS).unwrap()
}

#[test]
fn what_is_committed_is_what_the_documents_give() {
    generate::run(true).unwrap();
}

#[test]
fn generating_twice_changes_nothing() {
    let first = generated();
    let again = generate::all(&Spec::load(&repository().join("spec")).unwrap()).unwrap();
    assert_eq!(first, again);
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        files::write(folder.path(), first, &FOLDERS).unwrap().len(),
        first.len()
    );
    assert!(
        files::write(folder.path(), &again, &FOLDERS)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn every_generated_file_is_checked() {
    let folder = copied();
    let generated = generated();
    assert_eq!(stale(folder.path(), generated), "");
    for (path, content) in generated {
        let file = folder.path().join(path);
        fs::write(&file, content.replacen('\n', " \n", 1)).unwrap();
        let told = stale(folder.path(), generated);
        assert!(
            told.contains(&path.display().to_string()),
            "{}: {told}",
            path.display()
        );
        fs::remove_file(&file).unwrap();
        assert!(
            stale(folder.path(), generated).contains("is missing"),
            "{}",
            path.display()
        );
        fs::write(&file, content).unwrap();
    }
    assert_eq!(stale(folder.path(), generated), "");
}

#[test]
fn a_file_that_nothing_generates_any_more_is_told() {
    let generated = generated();
    for left in FOLDERS {
        let folder = copied();
        fs::write(folder.path().join(left).join("old.rs"), "").unwrap();
        assert!(stale(folder.path(), generated).contains("old.rs"), "{left}");
        files::write(folder.path(), generated, &FOLDERS).unwrap();
        assert_eq!(stale(folder.path(), generated), "");
    }
}

#[test]
fn a_changed_document_makes_the_bundle_the_sdk_and_the_mock_stale() {
    let folder = copied();
    let document = folder.path().join("spec/v3/kinds/cluster.yaml");
    let text = fs::read_to_string(&document).unwrap();
    let changed = text.replace("operationId: clusters_get", "operationId: clusters_fetch");
    assert_ne!(text, changed);
    fs::write(&document, changed).unwrap();
    let spec = Spec::load(&folder.path().join("spec")).unwrap();
    let told = stale(folder.path(), &generate::all(&spec).unwrap());
    for file in [
        "spec/v3/openapi.json",
        "sdk/src/generated/v3/client.rs",
        "mock-server/src/generated/operations.rs",
        "tests/src/generated/calls.rs",
    ] {
        assert!(told.contains(file), "{file} is not in {told}");
    }
    assert!(!told.contains("sdk/src/generated/v1/"), "{told}");
    assert!(
        told.lines()
            .any(|line| line.starts_with('+') && line.contains("clusters_fetch")),
        "{told}"
    );
    assert!(
        told.lines()
            .any(|line| line.starts_with('-') && line.contains("clusters_get")),
        "{told}"
    );
}

#[test]
fn a_changed_role_makes_the_mock_stale() {
    let folder = copied();
    let roles = folder.path().join("spec/roles.yaml");
    let text = fs::read_to_string(&roles).unwrap();
    let changed = text.replace(
        "  - clustertemplate.use\n- name: WORKSPACE_ADMIN",
        "- name: WORKSPACE_ADMIN",
    );
    assert_ne!(text, changed);
    fs::write(&roles, changed).unwrap();
    let spec = Spec::load(&folder.path().join("spec")).unwrap();
    let releases = Index::load(&repository().join("spec")).unwrap();
    let generated = mock::generate(&spec, &releases).unwrap();
    let told = files::differences(folder.path(), &generated, &[]).unwrap();
    assert!(
        told.contains("mock-server/src/generated/roles.rs"),
        "{told}"
    );
}

#[test]
fn the_failure_says_what_to_run() {
    let told = generate::Error::Stale("a diff\n".to_owned()).to_string();
    assert!(
        told.contains("a diff") && told.contains("cargo xtask generate"),
        "{told}"
    );
}
