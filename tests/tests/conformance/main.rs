//! Every operation of every document, through the SDK against the mock over HTTP. Each raw answer is judged by the
//! document, and an operation that the SDK has no call for fails the test.

mod call;
#[rustfmt::skip]
#[path = "../../src/generated/calls.rs"]
#[allow(clippy::too_many_lines, reason = "written by a generator, for a compiler")]
mod calls;

use rafay_mock_server::{MockController, Role};
use rafay_sdk::Client;
use rafay_spec::{Document, Operation};
use rafay_tests::{Checker, Desk, Recorder, Target, World, answered, may, operations, spec};

use call::call;

/// A call of an operation and the status that the SDK told.
type Call = (&'static Document, &'static Operation, u16);

/// Calls every operation that is not an old spelling, each on the world as it was made for it. Every answer is judged.
async fn drive(mock: &MockController, key: &str, role: Role) -> Vec<Call> {
    let desk = Desk::of(mock.controller());
    let world = World::make(&desk);
    let recorder = Recorder::start(mock.url()).await;
    let client = Client::new(recorder.url(), key).expect("a client");
    let mut calls = Vec::new();
    for (document, operation) in operations() {
        if operation.alias_of.is_none() {
            world.prepare(&desk, operation, Target::Own);
            let sample = world.sample(document, operation, Target::Own, role);
            let status = call(&client, document, operation, &sample).await;
            calls.push((document, operation, status));
        }
    }
    let exchanges = recorder.exchanges();
    assert_eq!(exchanges.len(), calls.len(), "one call, one exchange");
    for (recorded, (document, operation, status)) in exchanges.iter().zip(&calls) {
        let exchange = recorded.exchange();
        let checked = Checker::shared()
            .check(&exchange)
            .unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(
            (checked.version, checked.operation),
            (document.version.as_str(), Some(operation.id.as_str())),
            "the request went where it should"
        );
        let told = "the SDK tells the status that came";
        assert_eq!(
            exchange.status, *status,
            "{} {}: {told}",
            document.version, operation.id
        );
    }
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_succeeds_through_the_sdk_with_the_answer_its_document_declares() {
    let mock = MockController::start().await.unwrap();
    let calls = drive(&mock, mock.key_for(Role::Admin).expose(), Role::Admin).await;
    for (document, operation, status) in calls {
        assert_eq!(
            status,
            answered(operation),
            "{} {}",
            document.version,
            operation.id
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_refuses_an_unknown_key_through_the_sdk() {
    let mock = MockController::start().await.unwrap();
    let unknown = format!("ra2.{}.{}", "0".repeat(40), "0".repeat(64));
    for (document, operation, status) in drive(&mock, &unknown, Role::Admin).await {
        assert_eq!(status, 401, "{} {}", document.version, operation.id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_lets_a_read_only_role_through_the_sdk_where_the_rule_does() {
    let mock = MockController::start().await.unwrap();
    for known in [Role::ProjectReadOnly, Role::AdministratorReadOnly] {
        let mut roles = spec().roles.roles.iter();
        let role = roles.find(|role| role.name == known.as_str()).unwrap();
        let calls = drive(&mock, mock.key_for(known).expose(), known).await;
        for (document, operation, status) in calls {
            let wanted = match may(role, operation, Target::Own) {
                Ok(()) => answered(operation),
                Err(_) => 403,
            };
            let told = format!("{} {} as {}", document.version, operation.id, role.name);
            assert_eq!(status, wanted, "{told}");
        }
        mock.reset();
    }
}
