//! A kind begun on a copy of the documents: what is written passes the lint, can be generated from, and changes no
//! line that was there.

use std::fs;
use std::path::Path;

use rafay_spec::Spec;
use rafay_spec::lint::lint;

use super::*;
use crate::generate;

/// A copy of the documents that a test may change.
fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&repository().join("spec"), &folder.path().join("spec"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().extension().is_some_and(|end| end == "yaml") {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn options(name: &str) -> Options {
    Options {
        name: name.to_owned(),
        group: None,
        plural: None,
        scope: Scope::Project,
        reference: Vec::new(),
    }
}

fn text(root: &Path, file: impl AsRef<Path>) -> String {
    fs::read_to_string(root.join(file)).unwrap()
}

/// The lines of `before` are all in `after`, in their order; gives the others.
fn added<'a>(before: &str, after: &'a str) -> Vec<&'a str> {
    let mut old = before.lines().peekable();
    let new = after
        .lines()
        .filter(|line| old.next_if_eq(line).is_none())
        .collect();
    assert_eq!(old.next(), None, "a line that was there is gone");
    new
}

#[test]
fn a_new_kind_passes_the_lint_as_it_is_and_can_be_generated_from() {
    let folder = copied();
    let root = folder.path();
    let mut in_project = options("Observatory");
    in_project.reference = vec!["Cluster".to_owned(), "Blueprint".to_owned()];
    begin(root, &in_project).unwrap();
    // One that refers to one nobody knew until now, in a group of its own.
    let mut follows = options("StarMap");
    follows.group = Some("astro.example.com".to_owned());
    follows.reference = vec!["Observatory".to_owned()];
    begin(root, &follows).unwrap();
    let mut in_organization = options("NamespaceNetworkPolicyObservatoryDirectory");
    in_organization.scope = Scope::Organization;
    in_organization.plural = Some("directories".to_owned());
    in_organization.reference = vec!["User".to_owned()];
    begin(root, &in_organization).unwrap();

    let spec = Spec::load_with_problems(&root.join("spec")).unwrap();
    let findings: Vec<String> = lint(&spec.documents, &spec.roles)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(findings, [""; 0]);
    let files = generate::all(&spec).unwrap();
    let has = |path: &str, part: &str| {
        let mut files = files.iter();
        let (_, content) = files.find(|(file, _)| file == Path::new(path)).unwrap();
        assert!(content.contains(part), "{path} has no {part}");
    };
    has(
        "sdk/src/generated/v3/client.rs",
        "pub async fn observatories_apply",
    );
    has(
        "sdk/src/generated/v3/resources.rs",
        "impl crate::Resource for types::StarMap",
    );
    has("mock-server/src/generated/kinds.rs", "DIRECTORY: Kind");
}

#[test]
fn nothing_that_was_there_changes() {
    let folder = copied();
    let root = folder.path();
    let (document, roles) = (text(root, DOCUMENT), text(root, ROLES));
    begin(root, &options("Observatory")).unwrap();

    let new = text(root, DOCUMENT);
    let lines = added(&document, &new);
    assert_eq!(lines.len(), 5 * 2 + 3 * 2, "{lines:#?}");
    let paths: Vec<&str> = new
        .lines()
        .filter(|line| line.starts_with("  /apis"))
        .map(|line| line.trim_end_matches(':'))
        .collect();
    assert!(paths.is_sorted());
    let new = text(root, ROLES);
    let lines = added(&roles, &new);
    assert_eq!(lines.len(), 2 * 2, "{lines:#?}");
}

#[test]
fn the_author_is_told_what_is_left_and_where() {
    let folder = copied();
    let mut options = options("Observatory");
    options.reference = vec!["Cluster".to_owned()];
    let begun = begin(folder.path(), &options).unwrap();
    let file = "spec/v3/kinds/observatory.yaml";
    assert_eq!(begun.file, Path::new(file));
    let told = begun.to_string();
    for part in [
        format!("wrote {file}: "),
        format!("wrote {DOCUMENT}: "),
        format!("wrote {ROLES}: the permissions observatory.read and observatory.write"),
    ] {
        assert!(told.contains(&part), "{part} is not in {told}");
    }
    for (place, line, what) in &begun.left {
        let text = text(folder.path(), place);
        let line = text.lines().nth(line - 1).unwrap();
        assert!(told.contains(what), "{told}");
        assert!(
            *what == "say in a line what the kind is" || line.ends_with(':'),
            "{line}"
        );
    }
}

#[test]
fn a_name_that_is_taken_is_refused_and_nothing_is_written() {
    let folder = copied();
    let root = folder.path();
    let spec = Spec::load(&root.join("spec")).unwrap();
    let before = (text(root, DOCUMENT), text(root, ROLES));
    let refused = |change: &dyn Fn(&mut Options), name: &str, part: &str| {
        let mut options = options(name);
        change(&mut options);
        let told = begin_beside(&spec, root, &options).unwrap_err().to_string();
        assert!(told.contains(part), "{name}: {told}");
    };
    let plain = |_: &mut Options| ();
    refused(&plain, "Cluster", "the kind Cluster is there already");
    refused(&plain, "Status", "the schema Status is there already");
    refused(&plain, "clusterThing", "PascalCase");
    refused(&plain, "Conversion", "the permission conversion.read");
    let plural = |options: &mut Options| options.plural = Some("clusters".to_owned());
    refused(&plural, "Flock", "the plural clusters (of Cluster)");
    let reference = |options: &mut Options| options.reference = vec!["Nobody".to_owned()];
    refused(&reference, "Observatory", "`Nobody` cannot be referred to");
    let outward = |options: &mut Options| {
        options.scope = Scope::Organization;
        options.reference = vec!["Cluster".to_owned()];
    };
    refused(&outward, "Observatory", "lives in projects");

    fs::write(root.join("spec/v3/kinds/observatory.yaml"), "").unwrap();
    refused(&plain, "Observatory", "observatory.yaml is there already");
    assert_eq!(before, (text(root, DOCUMENT), text(root, ROLES)));
    assert_eq!(text(root, "spec/v3/kinds/observatory.yaml"), "");
}

#[test]
fn a_kind_cannot_be_begun_twice() {
    let folder = copied();
    begin(folder.path(), &options("Observatory")).unwrap();
    let told = begin(folder.path(), &options("Observatory")).unwrap_err();
    assert!(told.to_string().contains("the kind Observatory"), "{told}");
}
