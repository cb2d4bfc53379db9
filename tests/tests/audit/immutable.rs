//! No operation changes or removes a record, whoever calls it.

use rafay_mock_server::{AuditRecord, Role};
use rafay_tests::{Desk, Target, World, operations, spec};

#[test]
fn whatever_is_called_by_whomever_the_trail_only_grows() {
    let desk = Desk::new();
    let world = World::make(&desk);
    let mut before = hashes(&desk.controller().audit());
    for role in &spec().roles.roles {
        let role = Role::from_name(&role.name).unwrap();
        let caller = desk.role(role);
        for (document, operation) in operations() {
            let sample = world.sample(document, operation, Target::Own, role);
            let ask = caller.ask(&operation.method, &sample.path);
            match &sample.body {
                Some(body) => ask.json(body).send(),
                None => ask.send(),
            };
        }
        let after = hashes(&desk.controller().audit());
        let number = operations().count();
        assert!(after.len() >= before.len() + number, "{role:?}");
        assert_eq!(after[..before.len()], before[..], "{role:?}");
        before = after;
    }
}

fn hashes(records: &[AuditRecord]) -> Vec<[u8; 32]> {
    assert!(records.iter().all(AuditRecord::is_intact));
    records.iter().map(|record| *record.hash()).collect()
}

#[test]
fn no_permission_is_there_for_writing_the_trail() {
    for (_, operation) in operations() {
        let about_audit = operation.path.contains("audit");
        assert!(
            !about_audit || operation.method == "GET",
            "{}",
            operation.id
        );
    }
    let permissions = &spec().roles.permissions;
    let about_audit = permissions
        .iter()
        .filter(|permission| permission.name.starts_with("audit"));
    let names: Vec<_> = about_audit
        .map(|permission| permission.name.as_str())
        .collect();
    assert_eq!(names, ["audit.read"]);
}
