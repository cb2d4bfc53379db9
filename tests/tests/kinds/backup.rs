//! Backup and restore: locations, agents on clusters, policies that make jobs on schedule, jobs that end and expire,
//! and restores from them.

use serde_json::{Value, json};

use crate::world::{World, example, item, list, text};

const DAY: u64 = 86_400;

/// The daily policy at noon of a day; it runs at a quarter past three.
fn daily() -> World {
    let world = World::empty();
    world.set_time("2026-03-01T12:00:00Z");
    world.make("BackupPolicy");
    world
}

fn jobs(world: &World) -> Vec<Value> {
    let names = world.names("BackupJob");
    let mut jobs: Vec<Value> = names
        .iter()
        .map(|name| world.get("BackupJob", name))
        .collect();
    jobs.sort_by_key(|job| text(&job["metadata"]["createdAt"]));
    jobs
}

#[test]
fn a_location_is_looked_up_and_may_refuse_its_credentials() {
    let world = World::with(&["BackupLocation"]);
    assert_eq!(
        world.condition("BackupLocation", "backup-bucket").0,
        "StatusSubmitted"
    );
    world.pass(20);
    assert_eq!(
        world.condition("BackupLocation", "backup-bucket").0,
        "StatusOK"
    );
    let mut moved = example("BackupLocation");
    moved["spec"]["bucketName"] = "another".into();
    world.apply("BackupLocation", &moved);
    world.fail("BackupLocation", "backup-bucket");
    world.pass(20);
    let (state, reason) = world.condition("BackupLocation", "backup-bucket");
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("StatusFailed", "the bucket refuses the credentials")
    );
}

#[test]
fn an_agent_is_deployed_to_its_clusters() {
    let world = World::with(&["BackupAgent"]);
    let state = |world: &World| text(&world.at("BackupAgent", "backup-agent", "/status/state"));
    assert_eq!(state(&world), "NotDeployed");
    world.pass(10_000);
    assert_eq!(state(&world), "NotDeployed");
    world.act("BackupAgent", "backup-agent", "deploy", &Value::Null);
    assert_eq!(state(&world), "Deploying");
    let path = format!("{}/deploy", item("BackupAgent", "backup-agent"));
    world.desk.refuse(world.admin().ask("POST", &path), 409);
    world.pass(45);
    let status = world.at("BackupAgent", "backup-agent", "/status");
    assert_eq!(status["state"], "Deployed");
    assert_eq!(status["clusters"], json!(["edge-1"]));
    assert_eq!(status["deployedBy"], "admin@example.com");
    world.fail("BackupAgent", "backup-agent");
    world.act("BackupAgent", "backup-agent", "deploy", &Value::Null);
    world.pass(45);
    assert_eq!(state(&world), "Failed");
}

#[test]
fn an_agent_is_deployed_only_to_clusters_that_there_are() {
    let world = World::with(&["BackupAgent"]);
    let body = json!({"clusters": ["edge-1", "nowhere"]});
    let path = format!("{}/deploy", item("BackupAgent", "backup-agent"));
    let refused = world.desk.refuse(world.admin().post(&path, &body), 400);
    assert_eq!(refused.pointers(), ["/clusters/1"]);
}

#[test]
fn a_policy_makes_jobs_on_schedule_and_they_complete() {
    let world = daily();
    world.set_time("2026-03-02T03:15:00Z");
    let made = jobs(&world);
    assert_eq!(made.len(), 1);
    assert_eq!(made[0]["spec"]["policy"], "daily");
    assert_eq!(made[0]["spec"]["cluster"], "edge-1");
    assert_eq!(made[0]["status"]["state"], "Pending");
    world.pass(10);
    assert_eq!(jobs(&world)[0]["status"]["state"], "InProgress");
    world.pass(80);
    assert_eq!(jobs(&world)[0]["status"]["state"], "Completed");
    assert_eq!(
        jobs(&world)[0]["status"]["completedAt"],
        "2026-03-02T03:16:30Z"
    );
    let status = world.at("BackupPolicy", "daily", "/status");
    assert_eq!(status["lastRun"], "2026-03-02T03:15:00Z");
    assert_eq!(status["lastJob"], jobs(&world)[0]["metadata"]["name"]);
    world.pass(2 * DAY);
    let times: Vec<String> = jobs(&world)
        .iter()
        .map(|job| text(&job["metadata"]["createdAt"]))
        .collect();
    assert_eq!(
        times,
        [
            "2026-03-02T03:15:00Z",
            "2026-03-03T03:15:00Z",
            "2026-03-04T03:15:00Z"
        ]
    );
}

#[test]
fn retention_removes_the_old_jobs_and_what_was_restored_from_them() {
    let world = daily();
    world.set_time("2026-03-02T04:00:00Z");
    let mut restore = example("Restore");
    restore["spec"]["job"] = jobs(&world)[0]["metadata"]["name"].clone();
    world.apply("Restore", &restore);
    // 720 hours are thirty days.
    world.set_time("2026-04-01T03:14:59Z");
    assert_eq!(jobs(&world).len(), 30);
    assert_eq!(world.names("Restore"), ["restore-1"]);
    world.set_time("2026-04-01T03:15:00Z");
    let left = jobs(&world);
    assert_eq!(left.len(), 30, "one went and one came");
    assert_eq!(left[0]["metadata"]["createdAt"], "2026-03-03T03:15:00Z");
    assert_eq!(world.names("Restore"), [""; 0]);
    world.set_time("2026-09-01T00:00:00Z");
    assert_eq!(jobs(&world).len(), 30);
}

#[test]
fn a_paused_policy_makes_no_job_on_schedule_but_by_hand() {
    let world = daily();
    let mut policy = example("BackupPolicy");
    policy["spec"]["paused"] = true.into();
    world.apply("BackupPolicy", &policy);
    world.pass(5 * DAY);
    assert_eq!(jobs(&world).len(), 0);
    world.act("BackupPolicy", "daily", "run", &Value::Null);
    let path = world.path("/v2/datamobility/project/{}/policy/daily/run");
    world.admin().ask("POST", &path).send().expect(200);
    assert_eq!(jobs(&world).len(), 2);
    assert_eq!(
        world.at("BackupPolicy", "daily", "/status/lastRunBy"),
        "admin@example.com"
    );
    let listed = world.read("/v2/datamobility/project/{}/job");
    assert_eq!(listed["metadata"]["count"], 2);
}

#[test]
fn a_job_that_fails_says_why_and_still_expires() {
    let world = daily();
    world.act("BackupPolicy", "daily", "run", &Value::Null);
    let name = text(&jobs(&world)[0]["metadata"]["name"]);
    world.fail("BackupJob", &name);
    world.pass(90);
    let status = world.at("BackupJob", &name, "/status");
    assert_eq!(status["state"], "Failed");
    assert_eq!(status["reason"], "the bucket refused a file");
    world.pass(31 * DAY);
    assert!(
        !world.names("BackupJob").contains(&name),
        "it outlived its retention"
    );
}

#[test]
fn a_job_without_retention_is_kept() {
    let world = daily();
    let mut job = example("BackupJob");
    job["spec"]
        .as_object_mut()
        .unwrap()
        .remove("retentionPeriod");
    world.apply("BackupJob", &job);
    world.pass(400 * DAY);
    assert!(world.names("BackupJob").contains(&"daily-1".to_owned()));
}

#[test]
fn a_restore_completes_or_fails() {
    let world = World::with(&["Restore"]);
    let state = |world: &World| text(&world.at("Restore", "restore-1", "/status/state"));
    assert_eq!(state(&world), "Pending");
    world.pass(5);
    assert_eq!(state(&world), "InProgress");
    world.pass(55);
    assert_eq!(state(&world), "Completed");
    let mut second = example("Restore");
    second["metadata"]["name"] = "restore-2".into();
    world.apply("Restore", &second);
    world.fail("Restore", "restore-2");
    world.pass(60);
    let status = world.at("Restore", "restore-2", "/status");
    assert_eq!(status["state"], "Failed");
    assert_eq!(
        status["reason"],
        "the cluster refused an object from the backup"
    );
}

#[test]
fn a_restore_needs_the_job_it_brings_back() {
    let world = World::with(&["Restore"]);
    let mut restore = example("Restore");
    restore["metadata"]["name"] = "other".into();
    restore["spec"]["job"] = "nowhere".into();
    let refused = world
        .desk
        .refuse(world.admin().post(&list("Restore"), &restore), 400);
    assert_eq!(refused.pointers(), ["/spec/job"]);
}

#[test]
fn what_backups_need_stays_and_jobs_go_with_their_policy() {
    let world = World::with(&["Restore"]);
    let location = world.desk.refuse(
        world
            .admin()
            .delete(&item("BackupLocation", "backup-bucket")),
        409,
    );
    assert!(
        location.message().contains("BackupPolicy \"daily\""),
        "{location}"
    );
    let credentials = world
        .desk
        .refuse(world.admin().delete(&item("Credentials", "aws-main")), 409);
    assert!(
        credentials
            .message()
            .contains("BackupLocation \"backup-bucket\""),
        "{credentials}"
    );
    world
        .admin()
        .delete(&item("BackupPolicy", "daily"))
        .send()
        .expect(200);
    assert_eq!(world.names("BackupJob"), [""; 0]);
    assert_eq!(
        world.names("Restore"),
        [""; 0],
        "and restores with their job"
    );
    world
        .admin()
        .delete(&item("BackupLocation", "backup-bucket"))
        .send()
        .expect(200);
}
