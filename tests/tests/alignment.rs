//! Documents, SDK, mock and roles say the same. Any drift shows as a diff of a snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rafay_mock_server::{DOCUMENTS, MockController, Needs, OperationInfo, Role};
use rafay_sdk::{Client, Standing};
use rafay_spec::release::{Index, digest};
use rafay_spec::{Behavior, Of, Operation, Permission, Scope, to_canonical_json};
use rafay_tests::alignment::{Alignment, Id, Sources, table};
use rafay_tests::{Target, http_client, is_in_namespaces, may, operations, repository, spec};
use serde_json::Value;

fn served() -> BTreeMap<Id, OperationInfo> {
    rafay_mock_server::operations()
        .map(|operation| {
            (
                (operation.version.to_owned(), operation.id.to_owned()),
                operation,
            )
        })
        .collect()
}

fn declared() -> BTreeMap<Id, &'static Operation> {
    operations()
        .map(|(document, operation)| ((document.version.clone(), operation.id.clone()), operation))
        .collect()
}

#[test]
fn every_operation_is_everywhere() {
    let alignment = Alignment::read().unwrap();
    assert_eq!(alignment.holes(), [""; 0], "holes");
    insta::assert_snapshot!("operations", alignment.text());
}

/// Takes something away from where an operation is, and wants the hole to be seen there.
#[track_caller]
fn hole(id: &Id, column: &str, take: impl FnOnce(&mut Sources)) {
    let mut sources = Sources::read().expect("the sources are there");
    take(&mut sources);
    let holes = Alignment::of(&sources).holes();
    let wanted = format!("{} {}: {column}", id.0, id.1);
    assert!(holes.contains(&wanted), "{wanted}: {holes:?}");
    let own = format!("{} {}: ", id.0, id.1);
    assert!(holes.iter().all(|hole| hole.starts_with(&own)), "{holes:?}");
}

#[test]
fn an_operation_that_is_missing_somewhere_is_a_hole_there() {
    let id: Id = ("v3".to_owned(), "projects_apply".to_owned());
    hole(&id, "document", |sources| {
        sources.declared.remove(&id);
    });
    hole(&id, "SDK", |sources| {
        sources.methods.remove(&id);
    });
    hole(&id, "mock", |sources| {
        sources.served.remove(&id);
    });
    hole(&id, "mock", |sources| {
        sources.served.get_mut(&id).unwrap().path = "/elsewhere";
    });
    hole(&id, "roles", |sources| {
        sources.roles.remove(&id);
    });
    hole(&id, "test", |sources| {
        sources.calls.remove(&id);
    });
    hole(&id, "docs", |sources| {
        sources.methods.insert(id.clone(), String::new());
    });
    let old: Id = ("v3".to_owned(), "projectses_apply".to_owned());
    hole(&old, "document", |sources| {
        sources.methods.insert(old.clone(), String::new());
    });
}

/// What the SDK has methods for in a version.
fn methods(version: &str) -> BTreeSet<String> {
    let sources = Sources::read().expect("the sources are there");
    let methods = sources.methods.into_keys();
    methods
        .filter_map(|(of, method)| (of == version).then_some(method))
        .collect()
}

#[test]
fn the_mock_serves_exactly_the_operations_of_the_documents() {
    let (served, declared) = (served(), declared());
    assert_eq!(
        served.keys().collect::<Vec<_>>(),
        declared.keys().collect::<Vec<_>>()
    );
    for (id, operation) in declared {
        let info = &served[&id];
        let path = operation.path.strip_suffix('/').unwrap_or(&operation.path);
        assert_eq!(
            (info.method, info.path),
            (operation.method.as_str(), path),
            "{id:?}"
        );
        let success = operation
            .responses
            .iter()
            .find(|response| response.is_success());
        assert_eq!(
            Some(info.success.to_string()),
            success.map(|response| response.status.clone()),
            "{id:?}"
        );
        let behavior = match &operation.behavior {
            Behavior::Verb { verb, kind } => format!("{} {kind}", verb.as_str()).to_lowercase(),
            Behavior::Action { kind, action } => format!("{action} {kind}").to_lowercase(),
            Behavior::Render { kind, .. } => format!("render {kind}").to_lowercase(),
            Behavior::Handler(_) => "handler".to_owned(),
        };
        assert_eq!(info.behavior, behavior, "{id:?}");
        let needs = match &operation.permission {
            Permission::Public => {
                assert_eq!(info.needs, Needs::Nothing, "{id:?}");
                continue;
            }
            Permission::SelfOnly => None,
            Permission::Named {
                name, scope, of, ..
            } => Some((name.as_str(), of, *scope == Scope::Partner)),
        };
        match (info.needs, needs) {
            (Needs::Key, None) => {}
            (Needs::InPartner(permission), Some((name, Of::Whole, true)))
            | (Needs::InOrganization(permission), Some((name, Of::Whole, false)))
            | (Needs::InProject(permission), Some((name, Of::Parameter(_), false)))
            | (Needs::InAnyProject(permission), Some((name, Of::Any, false))) => {
                assert_eq!(permission.as_str(), name, "{id:?}");
            }
            (needs, wanted) => {
                panic!("{id:?}: the mock asks for {needs:?}, the document for {wanted:?}")
            }
        }
    }
}

#[test]
fn the_sdk_has_exactly_the_operations_of_the_documents() {
    for document in &spec().documents {
        let wanted: BTreeSet<String> = document
            .operations
            .iter()
            .filter(|operation| operation.alias_of.is_none())
            .map(|operation| operation.id.clone())
            .collect();
        assert_eq!(methods(&document.version), wanted, "{}", document.version);
    }
}

#[test]
fn the_committed_bundles_are_the_documents_and_the_mock_holds_them() {
    for document in &spec().documents {
        let path = repository()
            .join("spec")
            .join(&document.version)
            .join("openapi.json");
        let committed = fs::read_to_string(&path).unwrap();
        assert_eq!(
            committed,
            to_canonical_json(&document.json),
            "{}",
            path.display()
        );
        let held = DOCUMENTS
            .iter()
            .find(|held| held.version == document.version)
            .unwrap();
        let held: Value = serde_json::from_str(held.json).unwrap();
        assert_eq!(held, document.json, "{}", document.version);
    }
    assert_eq!(DOCUMENTS.len(), spec().documents.len());
    assert_eq!(DOCUMENTS[0].version, "v3");
}

#[test]
fn sdk_and_mock_say_which_document_they_were_made_from() {
    let releases = Index::load(&repository().join("spec")).unwrap();
    for document in &spec().documents {
        let version = document.version.as_str();
        let committed = repository().join("spec").join(version).join("openapi.json");
        let sha256 = digest(&fs::read_to_string(committed).unwrap());
        let stamp = releases.stamp(version, &document.json);
        assert_eq!(stamp.sha256, sha256);
        let last = releases.last(version).expect("a release of each version");
        assert_eq!(stamp.release, last.number.to_string());
        assert_eq!(stamp.released, last.sha256 == sha256, "{version}");
        let own = (stamp.release.as_str(), stamp.released, sha256.as_str());
        let held = DOCUMENTS.iter().find(|held| held.version == version);
        let held = held.unwrap();
        assert_eq!((held.release, held.released, held.sha256), own, "{version}");
        let made = rafay_sdk::DOCUMENTS.iter();
        let made = made.clone().find(|made| made.version == version).unwrap();
        assert_eq!((made.release, made.released, made.sha256), own, "{version}");
    }
    assert_eq!(rafay_sdk::v3::DOCUMENT, rafay_sdk::DOCUMENTS[0]);
}

#[tokio::test]
async fn sdk_and_mock_of_one_build_know_that_they_fit() {
    let mock = MockController::start().await.unwrap();
    let key = mock.key_for(Role::ProjectReadOnly);
    let client = Client::new(mock.url(), key.expose()).unwrap();
    let checks = client.check_documents().await.unwrap();
    assert_eq!(checks.len(), DOCUMENTS.len());
    for check in checks {
        assert_eq!(check.standing, Standing::Same, "{check}");
        let served = check.controller.unwrap();
        assert_eq!(served.release, check.sdk.release);
    }
    // Without a key, and by other methods.
    let address = format!("{}/.well-known/rafay-spec", mock.url());
    let http = http_client();
    let answer = http.get(&address).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    let said: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    for (said, held) in said["documents"].as_array().unwrap().iter().zip(DOCUMENTS) {
        assert_eq!(said["version"], held.version);
        let document: Value = serde_json::from_str(held.json).unwrap();
        let sha256 = digest(&to_canonical_json(&document));
        assert_eq!(said["sha256"], sha256.as_str());
    }
    let refused = http.post(&address).send().await.unwrap();
    assert_eq!(refused.status(), 405);
    assert_eq!(refused.headers()["allow"], "GET, HEAD");
}

#[test]
fn the_roles_file_and_the_mock_have_the_same_roles_and_the_document_knows_them() {
    let roles = spec().roles.roles.iter();
    let file: Vec<&str> = roles.map(|role| role.name.as_str()).collect();
    let mock: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    assert_eq!(mock, file);
    let v3 = spec().document("v3").unwrap();
    let base = v3.resolve("#/components/schemas/CustomRoleSpec").unwrap();
    let names = base["properties"]["baseRole"]["enum"].as_array().unwrap();
    let roles = spec().roles.roles.iter();
    for role in roles.filter(|role| role.scope != Scope::Partner) {
        let role = role.name.as_str();
        assert!(
            names.contains(&role.into()),
            "no custom role starts from {role}"
        );
    }
}

#[test]
fn the_mock_gives_every_role_the_permissions_of_the_roles_file() {
    let permissions: BTreeSet<&str> = spec()
        .roles
        .permissions
        .iter()
        .map(|known| known.name.as_str())
        .collect();
    let known: BTreeSet<&str> = rafay_mock_server::operations()
        .filter_map(|operation| match operation.needs {
            Needs::Nothing | Needs::Key => None,
            Needs::InOrganization(needed)
            | Needs::InProject(needed)
            | Needs::InPartner(needed)
            | Needs::InAnyProject(needed) => Some(needed.as_str()),
        })
        .collect();
    assert_eq!(
        known, permissions,
        "each permission is asked for by an operation"
    );
    for role in &spec().roles.roles {
        let mock = Role::from_name(&role.name).unwrap();
        assert_eq!(
            mock.is_of_organization(),
            role.scope == Scope::Organization,
            "{}",
            role.name
        );
        for operation in rafay_mock_server::operations() {
            let (Needs::InOrganization(needed)
            | Needs::InProject(needed)
            | Needs::InPartner(needed)
            | Needs::InAnyProject(needed)) = operation.needs
            else {
                continue;
            };
            let wanted = role.permissions.iter().any(|held| held == needed.as_str());
            assert_eq!(
                mock.permissions().has(needed),
                wanted,
                "{} {}",
                role.name,
                needed.as_str()
            );
        }
    }
}

/// What a role may do with an operation, in short: `namespace` on what lies in the namespaces it is bound to, `own` in
/// the project it is bound in.
fn verdict(role: &rafay_spec::Role, operation: &Operation) -> &'static str {
    match (
        may(role, operation, Target::Own).is_ok(),
        may(role, operation, Target::Other).is_ok(),
    ) {
        (true, true) => "all",
        (true, false) if role.scope == Scope::Namespace && is_in_namespaces(operation) => {
            "namespace"
        }
        (true, false) => "own",
        (false, true) => "others",
        (false, false) => "-",
    }
}

#[test]
fn every_role_may_do_what_the_matrix_says() {
    let roles = &spec().roles.roles;
    let mut head = vec!["version".to_owned(), "operationId".to_owned()];
    head.extend(roles.iter().map(|role| role.name.clone()));
    let mut rows = vec![head];
    for (document, operation) in operations() {
        let mut row = vec![document.version.clone(), operation.id.clone()];
        row.extend(roles.iter().map(|role| verdict(role, operation).to_owned()));
        rows.push(row);
    }
    insta::assert_snapshot!("roles", table(&rows));
}
