//! A new kind takes no Rust. Two kinds that nobody knows are added to a copy of the repository by documents alone:
//! an Observatory as `cargo xtask new-kind` writes it, and a Telescope with a group, a schema, a lifecycle and an
//! action of its own. Everything is generated from them, and a probe in the copy calls them through the SDK and has
//! the mock serve, validate, authorize, progress and audit them.

#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

mod copy;

use rafay_spec::{Spec, lint::lint};
use xtask::generate;
use xtask::new_kind::{self, Options, Scope};

use copy::Copy;

const DOCUMENT: &str = "spec/v3/openapi.yaml";
const ROLES: &str = "spec/roles.yaml";
const TELESCOPE: &str = include_str!("telescope.yaml");

#[test]
fn a_new_kind_takes_no_rust() {
    let copy = Copy::of_the_repository();
    begin(&copy, "Observatory", None, "Cluster");
    begin(&copy, "Telescope", Some("astro.example.com"), "Observatory");
    give_the_telescope_its_own_schema_and_action(&copy);
    give_the_telescope_to_roles(&copy);

    let spec = Spec::load_with_problems(&copy.root().join("spec")).unwrap();
    let findings: Vec<String> = lint(&spec.documents, &spec.roles)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(findings, [""; 0]);
    generate::write(copy.root(), &spec).unwrap();

    let output = copy.test();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
    let probes = include_str!("probe.rs").matches("#[tokio::test]").count();
    assert!(
        told.contains(&format!("test result: ok. {probes} passed")),
        "{told}"
    );
}

fn begin(copy: &Copy, name: &str, group: Option<&str>, reference: &str) {
    let options = Options {
        name: name.to_owned(),
        group: group.map(str::to_owned),
        plural: None,
        scope: Scope::Project,
        reference: vec![reference.to_owned()],
    };
    new_kind::begin(copy.root(), &options).unwrap();
}

/// What an author does: writes the kind's schemas, and an action with its path and tag.
fn give_the_telescope_its_own_schema_and_action(copy: &Copy) {
    let (_, own) = TELESCOPE.split_once("\npaths:\n").unwrap();
    let begun = "spec/v3/kinds/telescope.yaml";
    copy.edit(begun, |text| {
        let (paths, _) = text.split_once("schemas:\n").unwrap();
        format!("{paths}{own}")
    });
    copy.edit(DOCUMENT, |text| {
        let status = "telescopes/{name}/status:\n    $ref: kinds/telescope.yaml#/paths/status\n";
        let path = "  /apis/astro.example.com/v3/projects/{project}/telescopes/{name}/point:\n    \
                    $ref: kinds/telescope.yaml#/paths/point\n";
        let tag = "- name: Telescope Actions\n  description: Points telescopes at the sky.\n";
        let text = insert_after(text, status, path);
        insert_after(&text, "description: Removes telescopes.\n", tag)
    });
}

/// One role may point telescopes, another may look at them; all others stay as they were.
fn give_the_telescope_to_roles(copy: &Copy) {
    copy.edit(ROLES, |text| {
        let text = give(text, "PROJECT_ADMIN", "telescope.*");
        give(&text, "PROJECT_READ_ONLY", "telescope.read")
    });
}

fn give(text: &str, role: &str, permission: &str) -> String {
    let at = text.find(&format!("- name: {role}\n")).unwrap();
    let (before, role) = text.split_at(at);
    let role = insert_after(role, "  permissions:\n", &format!("  - {permission}\n"));
    format!("{before}{role}")
}

fn insert_after(text: &str, line: &str, new: &str) -> String {
    assert!(text.contains(line), "there is no {line:?}");
    text.replacen(line, &format!("{line}{new}"), 1)
}
