//! Nothing of one organization is ever seen by another: every operation is tried.

use rafay_mock_server::Role;
use rafay_spec::{Permission, Scope, Verb};
use rafay_tests::fixtures::DEFAULT;
use rafay_tests::{Desk, Target, World, operations, spec};
use serde_json::Value;

use crate::customer::customer;

/// Every operation by the administrator of one organization, with the ids and names of another.
#[test]
fn nothing_of_another_organization_can_be_read_changed_or_named() {
    let desk = Desk::new();
    let world = World::make(&desk);
    let globex = customer(&desk, "outsider");
    let outsider = desk.caller(&globex.key);
    let before = desk.controller().snapshot();
    let mut tried = 0;
    for (document, operation) in operations() {
        let sample = world.sample(document, operation, Target::Other, Role::Admin);
        // The default project is everybody's by name.
        let addressed =
            sample.path != operation.path && !sample.path.split('/').any(|part| part == DEFAULT);
        // All organizations know the partner that they have in common.
        let kind = operation.behavior.kind();
        let common = kind.is_some_and(|kind| container(kind) == Some(Scope::Partner));
        if !addressed || common || operation.permission == Permission::Public {
            continue;
        }
        let ask = outsider.ask(&operation.method, &sample.path);
        let answer = match &sample.body {
            Some(body) => ask.json(body).send(),
            None => ask.send(),
        };
        // A write that is the partner's alone is refused before anything is looked up.
        let partners = matches!(
            &operation.permission,
            Permission::Named {
                scope: Scope::Partner,
                ..
            }
        );
        let wanted = if partners { 403 } else { 404 };
        assert_eq!(
            answer.status(),
            wanted,
            "{} {}: {answer}",
            operation.id,
            sample.path
        );
        tried += 1;
    }
    assert!(tried > 500, "{tried}");
    assert!(!desk.controller().snapshot().differs_from(&before));

    // What is listed is one's own: the account, the project, the organization and the partner it began with.
    for (document, operation) in operations() {
        let common = operation.behavior.kind().and_then(container) == Some(Scope::Partner);
        if operation.behavior.verb() != Some(Verb::List) || operation.path.contains('{') || common {
            continue;
        }
        let list = outsider.get(&operation.path).send().expect(200).json();
        let theirs = world_ids(&desk, &operation.path);
        let text = list.to_string();
        for id in theirs {
            assert!(
                !text.contains(&id),
                "{} {}: {id}",
                document.version,
                operation.id
            );
        }
    }
    assert_eq!(spec().documents.len(), 3);
    assert_eq!(globex.account.len(), 7);
}

/// What objects of a kind are the container of.
fn container(kind: &str) -> Option<Scope> {
    let kind = rafay_spec::model::find_kind(&spec().documents, "", kind)?;
    let known = Scope::ALL.iter();
    let mut found = known.filter(|(name, _)| kind.container.as_deref() == Some(*name));
    found.next().map(|(_, scope)| *scope)
}

/// The ids that a list holds for the organization that the world was made in.
fn world_ids(desk: &Desk, path: &str) -> Vec<String> {
    let list = desk.admin().get(path).send().expect(200).json();
    let mut ids = Vec::new();
    collect_ids(&list, &mut ids);
    ids
}

fn collect_ids(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                match value.as_str() {
                    // All organizations have one partner.
                    Some(id) if name == "id" && !map.contains_key("productName") => {
                        ids.push(id.to_owned());
                    }
                    _ if name != "partner" => collect_ids(value, ids),
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        _ => {}
    }
}
