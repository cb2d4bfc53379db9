//! Repositories: asked whether they can be reached, they answer.

use serde_json::{Value, json};

use crate::world::{World, example};

#[track_caller]
fn assert_told(world: &World, state: &str, reason: &str) {
    let told = world.condition("Repository", "charts");
    assert_eq!(told, (state.to_owned(), reason.to_owned()));
    let v2 = world.read("/v2/config/project/{}/repository/charts");
    assert_eq!(v2["status"]["conditionStatus"], state);
}

const ASKED: &str = "the endpoint is being contacted";
const READABLE: &str = "the repository can be read";
const REFUSED: &str = "the endpoint refuses the credentials";

#[test]
fn a_check_answers_that_the_repository_can_be_read() {
    let world = World::with(&["Repository"]);
    world.pass(10);
    world.act("Repository", "charts", "check", &Value::Null);
    assert_told(&world, "StatusSubmitted", ASKED);
    world.pass(9);
    assert_told(&world, "StatusSubmitted", ASKED);
    world.pass(1);
    assert_told(&world, "StatusOK", READABLE);
}

#[test]
fn a_check_answers_that_it_cannot_and_later_that_it_can() {
    let world = World::with(&["Repository"]);
    world.pass(10);
    world.fail("Repository", "charts");
    let path = world.path("/v2/config/project/{}/repository/charts/check");
    world.admin().ask("POST", &path).send().expect(200);
    world.pass(10);
    assert_told(&world, "StatusFailed", REFUSED);
    world.pass(1_000);
    assert_told(&world, "StatusFailed", REFUSED);
    world.act("Repository", "charts", "check", &Value::Null);
    world.pass(10);
    assert_told(&world, "StatusOK", READABLE);
}

#[test]
fn another_endpoint_is_checked_by_itself_and_the_password_stays_hidden() {
    let world = World::with(&["Repository"]);
    world.pass(10);
    let mut moved = example("Repository");
    moved["spec"]["endpoint"] = "https://git.example.com/elsewhere.git".into();
    let answer = world.apply("Repository", &moved);
    assert!(!answer.text().contains("not-a-real-secret"), "{answer}");
    assert_eq!(
        answer.json()["spec"]["credentials"]["username"],
        json!("controller")
    );
    assert_told(&world, "StatusSubmitted", ASKED);
    world.pass(10);
    assert_told(&world, "StatusOK", READABLE);
}
