//! Bodies over the limit.

use rafay_mock_server::{MockController, Options, Role};
use rafay_spec::Permission;
use rafay_tests::fixtures::{self, PROJECTS};
use rafay_tests::{Checker, Desk, Exchange, Target, World, http_client, operations};

#[test]
fn a_body_over_the_limit_is_413_for_every_operation_that_takes_one() {
    let desk = Desk::with(Options {
        body_limit: 4_096,
        ..Desk::options()
    });
    assert_eq!(desk.controller().body_limit(), 4_096);
    let world = World::make(&desk);
    let before = fixtures::state(&desk);
    for (document, operation) in operations().filter(|(_, operation)| operation.request.is_some()) {
        let sample = world.sample(document, operation, Target::Own, Role::PartnerAdmin);
        let recorded = desk.controller().audit().len();
        let answer = desk
            .operator()
            .ask(&operation.method, &sample.path)
            .send_oversized()
            .expect(413);
        assert_eq!(answer.code(), "TOO_LARGE", "{}", operation.id);
        assert!(answer.message().contains("4096"), "{answer}");
        let records = desk.controller().audit();
        assert_eq!(records.len(), recorded + 1);
        let record = records.last().unwrap();
        assert_eq!(
            (record.status(), record.operation()),
            (413, operation.id.as_str())
        );
        let is_public = operation.permission == Permission::Public;
        let actor = record.actor().map(|actor| &*actor.username);
        assert_eq!(actor, (!is_public).then_some("partner-admin@example.com"));
        // Who has no key where one is asked for is told that and nothing else.
        desk.nobody()
            .ask(&operation.method, &sample.path)
            .send_oversized()
            .expect(if is_public { 413 } else { 401 });
    }
    assert_eq!(fixtures::state(&desk), before);
}

#[test]
fn a_body_over_the_limit_has_a_declared_answer_where_no_body_is_asked_for() {
    let desk = Desk::new();
    let world = World::make(&desk);
    for (document, operation) in operations().filter(|(_, operation)| operation.request.is_none()) {
        let sample = world.sample(document, operation, Target::Own, Role::PartnerAdmin);
        desk.operator()
            .ask(&operation.method, &sample.path)
            .send_oversized();
    }
}

#[test]
fn an_oversized_request_that_means_no_operation_is_404_or_405() {
    let desk = Desk::new();
    desk.admin()
        .ask("POST", "/nowhere")
        .send_oversized()
        .expect(404);
    desk.admin()
        .ask("PATCH", PROJECTS)
        .send_oversized()
        .expect(405);
}

#[tokio::test]
async fn the_limit_holds_over_http_to_the_byte() {
    let mock = MockController::builder()
        .body_limit(2_000)
        .start()
        .await
        .unwrap();
    let key = mock.key_for(Role::Admin);
    let client = http_client();
    let body_of = |size: usize| {
        let body = fixtures::project("sized").to_string();
        let padding = " ".repeat(size - body.len());
        body + &padding
    };
    for (size, status) in [(2_000, 200), (2_001, 413), (1_000_000, 413)] {
        let answer = client
            .post(format!("{}{PROJECTS}", mock.url()))
            .header("X-API-KEY", key.expose())
            .header("Content-Type", "application/json")
            .body(body_of(size))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status, "{size}");
        let headers = answer.headers().clone();
        let body = answer.bytes().await.unwrap();
        let exchange = Exchange {
            method: "POST",
            path: PROJECTS,
            status,
            headers: &headers,
            body: &body,
        };
        Checker::shared().check(&exchange).unwrap();
    }
    let refused = mock
        .audit()
        .iter()
        .filter(|record| record.status() == 413)
        .count();
    assert_eq!(refused, 2);
}
