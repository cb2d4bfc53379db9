//! A hundred and twenty days in the life of an organization: its keys are made, warned about, expire and go, under
//! settings that change.

use rafay_mock_server::Clock;
use rafay_mock_server::Options;
use rafay_tests::Desk;
use rafay_tests::fixtures::{self, PROFILE};
use serde_json::{Value, json};

use crate::{DAY, hours, make, set_organization, set_user};

#[test]
#[expect(clippy::too_many_lines, reason = "one life, told in order")]
fn a_hundred_and_twenty_days_of_keys() {
    let desk = Desk::with(Options {
        clock: Clock::frozen_at("2026-01-01T00:00:00Z".parse().unwrap()),
        ..Desk::options()
    });
    let admin = desk.admin();
    let controller = desk.controller();
    let works = |key: &Value| {
        let key = key["key"].as_str().unwrap();
        desk.caller(key).get(PROFILE).send().status() == 200
    };
    // Passes days as they pass: something looks every day.
    let pass = |days: u32| {
        for _ in 0..days {
            controller.clock().advance(DAY);
            controller.outbox();
        }
    };
    let news = |from: usize| -> Vec<(String, String)> {
        let mails = controller.outbox().into_iter().skip(from);
        mails.map(|mail| (mail.to, mail.subject)).collect()
    };
    let mail = |to: &str, subject: &str| (format!("{to}@example.com"), subject.to_owned());

    // Day 0: the organization allows thirty days, the robot ninety.
    set_organization(&desk, Some(30 * 24));
    let (dana, dana_key) = fixtures::account(&desk, "dana@example.com", &[]);
    let (robot, robot_key) = fixtures::account(&desk, "robot@example.com", &[]);
    set_user(&desk, &robot, Some(90 * 24));
    let (dana_calls, robot_calls) = (desk.caller(dana_key), desk.caller(robot_key));
    let laptop = make(&dana_calls, &json!({"name": "laptop"})).expect(200);
    assert_eq!(hours(&desk, &laptop), Some(30 * 24));
    let laptop = laptop.json();
    let too_long = json!({"name": "long", "validity_hour": 31 * 24});
    desk.refuse(dana_calls.post(&fixtures::new_key(&dana), &too_long), 403);
    let pipeline = make(&robot_calls, &json!({"name": "pipeline"})).expect(200);
    assert_eq!(hours(&desk, &pipeline), Some(90 * 24));
    let pipeline = pipeline.json();
    let trial = make(
        &dana_calls,
        &json!({"name": "trial", "validity_hour": 3 * 24}),
    );
    let trial = trial.expect(200).json();

    // Day 3: the three days are over; of the end there was one mail, the day before.
    pass(3);
    assert!(!works(&trial) && works(&laptop));
    assert_eq!(
        news(0),
        [mail("dana", "The API key trial expires in 24 hours")]
    );

    // Day 10: an exception, and a stricter setting that changes nothing for what is there.
    pass(7);
    let body = json!({"name": "exception", "validity_hour": 60 * 24});
    let exception = admin.post(&fixtures::new_key(&dana), &body).send();
    let exception = exception.expect(200).json();
    set_organization(&desk, Some(24));
    assert_eq!(
        hours(
            &desk,
            &make(&dana_calls, &json!({"name": "day"})).expect(200)
        ),
        Some(24)
    );

    // Day 30: the laptop's key ends after both of its mails. Its owner is told why it is refused, with the time.
    pass(20);
    let both = [
        mail("dana", "The API key laptop expires in 7 days"),
        mail("dana", "The API key laptop expires in 24 hours"),
    ];
    assert_eq!(news(1), both);
    let refused = desk
        .caller(laptop["key"].as_str().unwrap())
        .get(PROFILE)
        .send();
    let refused = refused.expect(401);
    assert_eq!(refused.code(), "KEY_EXPIRED");
    assert!(
        refused.message().contains("2026-01-31T00:00:00Z"),
        "{refused}"
    );

    // Day 62: the pipeline's key is lost and revoked, so nobody is warned of its end; a new one takes its place.
    pass(32);
    admin
        .delete(&fixtures::key_path(pipeline["id"].as_str().unwrap()))
        .send()
        .expect(200);
    assert!(!works(&pipeline));
    let never = json!({"name": "pipeline 2", "never_expire": true});
    desk.refuse(robot_calls.post(&fixtures::new_key(&robot), &never), 403);
    let pipeline = admin
        .post(&fixtures::new_key(&robot), &never)
        .send()
        .expect(200)
        .json();

    // Day 70: the exception ends.
    assert!(works(&exception));
    pass(8);
    assert!(!works(&exception));
    let both = [
        mail("dana", "The API key exception expires in 7 days"),
        mail("dana", "The API key exception expires in 24 hours"),
    ];
    assert_eq!(news(3), both);

    // Day 120: what ended by day 29 is gone, what ended later is still listed; what never ends works.
    pass(50);
    let listed = dana_calls
        .get(&fixtures::keys(&dana))
        .send()
        .expect(200)
        .json();
    let names: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["test", "laptop", "exception"]);
    assert!(works(&pipeline));
    assert_eq!(controller.outbox().len(), 5);
    let records = controller.audit();
    let removed = records.iter().filter(|record| {
        record
            .actor()
            .is_some_and(|actor| &*actor.username == "(system)")
    });
    assert_eq!(removed.count(), 2, "the trial's and the day's key");
    assert!(
        records
            .iter()
            .all(rafay_mock_server::AuditRecord::is_intact)
    );
    assert!(
        records
            .windows(2)
            .all(|pair| pair[1].before() == pair[0].hash())
    );
}
