//! Webhooks: the address of a trigger that a repository host calls, with the secret of the trigger and without a key.

use rafay_tests::Ask;
use serde_json::{Value, json};

use crate::world::{World, example, item, list, text};

const SECRET: &str = "correct horse battery staple";

/// A controller with a trigger that waits for pushes.
fn waiting() -> World {
    let world = World::with(&["Pipeline"]);
    world.apply("Trigger", &hooked());
    world
}

/// The example as a trigger that the repository calls.
fn hooked() -> Value {
    let mut trigger = example("Trigger");
    trigger["spec"]["triggerType"] = "Webhook".into();
    trigger["spec"]["triggerConfig"] =
        json!({"webhook": {"configType": "Gitlab", "payloadType": "json", "secret": SECRET}});
    trigger
}

/// A push to a branch that changes a file.
fn push(branch: &str, file: &str) -> Value {
    json!({
        "object_kind": "push", "ref": format!("refs/heads/{branch}"), "before": null,
        "commits": [{"id": "1", "added": [], "modified": [file], "removed": []}],
    })
}

fn call<'w>(world: &'w World, name: &str, body: &Value) -> Ask<'w> {
    let organization = world.desk.controller().organization_id();
    let path = address(&organization, "defaultproject", name);
    world.desk.nobody().post(&path, body)
}

/// The path that a trigger is called by.
fn address(organization: &str, project: &str, name: &str) -> String {
    format!("/apis/gitops.k8smgmt.io/v3/webhooks/{organization}/{project}/{name}")
}

/// What the answer to a call with the right secret says.
#[track_caller]
fn told(world: &World, body: &Value) -> Value {
    let ask = call(world, "nightly", body).header("X-Gitlab-Token", SECRET);
    ask.send().expect(200).json()
}

#[test]
fn a_push_starts_the_pipeline() {
    let world = waiting();
    let body = push("main", "checkout/values.yaml");
    let told = told(&world, &body);
    assert_eq!(told["started"], true, "{told}");
    let runs = world.names("PipelineRun");
    assert_eq!(runs, [told["run"].as_str().unwrap()]);
    let run = world.get("PipelineRun", &runs[0]);
    assert_eq!(run["spec"]["trigger"], "nightly");
    assert_eq!(run["spec"]["pipeline"], "release");
    assert_eq!(run["spec"]["startedBy"], "webhook");
    assert_eq!(
        run["spec"]["variables"],
        example("Trigger")["spec"]["variables"]
    );
    assert_eq!(run["status"]["state"], "Running");
    assert_eq!(
        world.at("Trigger", "nightly", "/status/lastFired"),
        world.now()
    );
    // Callers that are not GitLab have a header of their own.
    let other = call(&world, "nightly", &body).header("X-Webhook-Token", SECRET);
    assert_eq!(other.send().expect(200).json()["started"], true);
    assert_eq!(world.names("PipelineRun").len(), 2);
}

#[test]
fn who_has_not_the_secret_cannot_tell_what_is_there() {
    let world = waiting();
    let mut periodic = example("Trigger");
    periodic["metadata"]["name"] = "periodic".into();
    periodic["spec"]["triggerConfig"]["webhook"] = json!({"secret": SECRET});
    world.apply("Trigger", &periodic);
    let mut open = hooked();
    open["metadata"]["name"] = "open".into();
    open["spec"]["triggerConfig"]["webhook"]
        .as_object_mut()
        .unwrap()
        .remove("secret");
    world.apply("Trigger", &open);
    let body = push("main", "checkout/values.yaml");
    let ask = |name: &str| call(&world, name, &body);
    let own = world.desk.controller().organization_id();
    let elsewhere = address(&own, "nowhere", "nightly");
    let [of_nobody, forged] = ["nobody0", &format!("{own}%00x")]
        .map(|organization| address(organization, "defaultproject", "nightly"));
    let with_secret = |path: &str| {
        let ask = world.desk.nobody().post(path, &body);
        ask.header("X-Gitlab-Token", SECRET)
    };
    let refused: Vec<String> = [
        ask("nightly"),
        ask("nightly").header("X-Gitlab-Token", "wrong"),
        ask("nightly").header("X-Gitlab-Token", ""),
        ask("nightly").header("X-Gitlab-Token", "********"),
        ask("nightly").header("X-Gitlab-Token", [0xff_u8, 0xfe]),
        ask("nightly")
            .header("X-Gitlab-Token", SECRET)
            .header("X-Webhook-Token", "wrong"),
        ask("missing").header("X-Gitlab-Token", SECRET),
        ask("periodic").header("X-Gitlab-Token", SECRET),
        ask("open").header("X-Gitlab-Token", SECRET),
        ask("open").header("X-Gitlab-Token", ""),
        ask("open"),
        with_secret(&elsewhere),
        with_secret(&of_nobody),
        with_secret(&forged),
    ]
    .into_iter()
    .map(|ask| world.desk.refuse(ask, 401).text().to_owned())
    .collect();
    assert!(
        refused.iter().all(|text| *text == refused[0]),
        "{refused:?}"
    );
    assert!(refused[0].contains("WEBHOOK_REFUSED"), "{}", refused[0]);
    // An administrator's key is no secret of the trigger.
    let path = address(&own, "defaultproject", "nightly");
    let known = world.admin().post(&path, &body).send().expect(401);
    assert_eq!(known.text(), refused[0]);
    assert_eq!(world.names("PipelineRun"), [""; 0]);
}

#[test]
fn what_the_trigger_does_not_watch_starts_nothing() {
    let world = waiting();
    let watched = push("main", "checkout/values.yaml");
    for (body, reason) in [
        (push("feature", "checkout/values.yaml"), "main"),
        (push("main", "README.md"), "paths"),
        (push("main", "checkouts/values.yaml"), "paths"),
        (
            json!({"ref": "refs/heads/main", "deleted": true}),
            "deleted",
        ),
        (
            json!({"ref": "refs/heads/main", "after": "0".repeat(40)}),
            "deleted",
        ),
        (json!({"zen": "Keep it simple"}), "main"),
    ] {
        let told = told(&world, &body);
        assert_eq!(told["started"], false, "{told}");
        assert!(told["reason"].as_str().unwrap().contains(reason), "{told}");
        assert_eq!(told.get("run"), None);
    }
    for (header, event) in [("X-GitHub-Event", "ping"), ("X-Gitlab-Event", "Issue Hook")] {
        let ask = call(&world, "nightly", &watched)
            .header("X-Webhook-Token", SECRET)
            .header(header, event);
        assert_eq!(ask.send().expect(200).json()["started"], false);
    }
    assert_eq!(world.names("PipelineRun"), [""; 0]);
    // A push that does not tell its files may concern any.
    let silent = json!({"ref": "refs/heads/main", "commits": []});
    assert_eq!(told(&world, &silent)["started"], true);

    let mut trigger = hooked();
    trigger["spec"]["paused"] = true.into();
    world.apply("Trigger", &trigger);
    assert_eq!(told(&world, &watched)["started"], false);
    trigger["spec"]["paused"] = false.into();
    trigger["spec"]["repositoryConfig"] = json!({});
    world.apply("Trigger", &trigger);
    assert_eq!(told(&world, &push("any", "where"))["started"], true);
}

#[test]
fn the_secret_stays_with_the_mask_and_goes_with_the_trigger() {
    let world = waiting();
    let body = push("main", "checkout/values.yaml");
    let with = |secret: &str| {
        let ask = call(&world, "nightly", &body).header("X-Gitlab-Token", secret);
        ask.send().status()
    };
    // What was read goes back with the mask.
    let mut read = world.get("Trigger", "nightly");
    read["metadata"]["description"] = "changed".into();
    assert!(read.to_string().contains("********"));
    assert!(!read.to_string().contains(SECRET));
    world.apply("Trigger", &read);
    assert_eq!(with(SECRET), 200);

    // The same secret again is no change; another takes its place at once.
    let mut trigger = hooked();
    trigger["metadata"]["description"] = "changed".into();
    let before = world.apply("Trigger", &trigger).etag();
    assert_eq!(world.apply("Trigger", &trigger).etag(), before);
    trigger["spec"]["triggerConfig"]["webhook"]["secret"] = "another".into();
    let after = world.apply("Trigger", &trigger).etag();
    assert_ne!(after, before);
    assert_eq!((with(SECRET), with("another")), (401, 200));

    trigger["spec"]["triggerConfig"]["webhook"] = json!({});
    world.apply("Trigger", &trigger);
    assert_eq!((with(SECRET), with("another")), (401, 401));
    world.apply("Trigger", &hooked());
    assert_eq!(with(SECRET), 200);
    let path = item("Trigger", "nightly");
    world.admin().delete(&path).send().expect(200);
    assert_eq!(with(SECRET), 401);
    let mut masked = hooked();
    masked["spec"]["triggerConfig"]["webhook"]["secret"] = "********".into();
    world.apply("Trigger", &masked);
    assert_eq!((with(SECRET), with("********")), (401, 401));
}

#[test]
fn a_secret_set_through_v2_counts_alike() {
    let world = World::with(&["Pipeline"]);
    let hooked = hooked();
    let trigger = json!({
        "apiVersion": "config.rafay.dev/v2", "kind": "Trigger",
        "metadata": {"name": "nightly"}, "spec": hooked["spec"],
    });
    let path = world.path("/v2/config/project/{}/trigger");
    world.admin().post(&path, &trigger).send().expect(200);
    let told = told(&world, &push("main", "terraform/network/main.tf"));
    assert_eq!(told["started"], true, "{told}");
    let snapshot = world.desk.controller().snapshot();
    world
        .admin()
        .delete(&item("Trigger", "nightly"))
        .send()
        .expect(200);
    world.desk.controller().restore(&snapshot);
    let ask = call(&world, "nightly", &push("main", "checkout"));
    ask.header("X-Gitlab-Token", SECRET).send().expect(200);
}

#[test]
fn a_call_that_cannot_be_read_is_refused_before_anything_is_looked_at() {
    let world = waiting();
    for name in ["nightly", "missing"] {
        let own = world.desk.controller().organization_id();
        let path = address(&own, "defaultproject", name);
        let nobody = world.desk.nobody();
        let form = nobody.ask("POST", &path).header("X-Gitlab-Token", SECRET);
        world
            .desk
            .refuse(form.body("application/x-www-form-urlencoded", "a=b"), 415);
        let list = nobody
            .post(&path, &json!([]))
            .header("X-Gitlab-Token", SECRET);
        world.desk.refuse(list, 400);
        nobody.ask("POST", &path).send_oversized().expect(413);
    }
}

#[test]
fn triggers_of_the_same_name_are_called_each_in_its_organization() {
    let world = waiting();
    let partner = world.desk.operator();
    let made = json!({
        "username": "first@second.example", "organization_name": "second", "first_name": "First",
        "last_name": "Example", "password": "not-a-real-secret",
    });
    let signup = "/auth/v1/signup/organization/";
    let second = partner.post(signup, &made).send().expect(201);
    let second = second.text_at("/organization_id");
    let there = world.desk.operator().inside(&second);
    let pipeline = json!({
        "apiVersion": "gitops.k8smgmt.io/v3", "kind": "Pipeline", "metadata": {"name": "release"},
        "spec": {"stages": []},
    });
    there.post(&list("Pipeline"), &pipeline).send().expect(200);
    let mut trigger = hooked();
    trigger["spec"]["triggerConfig"]["webhook"]["secret"] = "of the second".into();
    trigger["spec"]["repositoryConfig"] = json!({});
    for field in ["repositoryRef", "variables"] {
        trigger["spec"].as_object_mut().unwrap().remove(field);
    }
    let applied = there.post(&list("Trigger"), &trigger).send().expect(200);

    // What is shown of a trigger is the address by which it is called.
    let address_of = |trigger: &Value| text(&trigger["status"]["webhook"]);
    let (ours, theirs) = (
        address_of(&world.get("Trigger", "nightly")),
        address_of(&applied.json()),
    );
    assert_eq!(theirs, address(&second, "defaultproject", "nightly"));
    assert_ne!(ours, theirs);
    let v2 = world.path("/v2/config/project/{}/trigger/nightly");
    let v2 = world.admin().get(&v2).send().expect(200).json();
    assert_eq!(address_of(&v2), ours);

    let push = push("main", "checkout/values.yaml");
    let call = |path: &str, secret: &str| {
        let ask = world.desk.nobody().post(path, &push);
        ask.header("X-Gitlab-Token", secret)
    };
    // The secret of one is none of the other.
    world.desk.refuse(call(&ours, "of the second"), 401);
    world.desk.refuse(call(&theirs, SECRET), 401);
    let told = call(&theirs, "of the second").send().expect(200).json();
    assert_eq!(told["started"], true, "{told}");
    let runs = there.get(&list("PipelineRun")).send().expect(200).json();
    assert_eq!(runs["metadata"]["count"], 1);
    assert_eq!(runs["items"][0]["metadata"]["name"], told["run"]);
    assert_eq!(world.names("PipelineRun"), [""; 0]);
    let trail = world.desk.controller().audit();
    let record = trail
        .iter()
        .find(|record| record.target() == theirs && record.status() == 200);
    assert_eq!(record.unwrap().organization(), second);
    call(&ours, SECRET).send().expect(200);
    assert_eq!(world.names("PipelineRun").len(), 1);

    // An organization that is shut out starts nothing, and an address of one that is gone is none.
    let own = format!("/auth/v1/organizations/{second}/");
    partner
        .ask("POST", &format!("{own}deactivate/"))
        .send()
        .expect(200);
    let shut_out = world.desk.refuse(call(&theirs, "of the second"), 401);
    partner
        .ask("POST", &format!("{own}activate/"))
        .send()
        .expect(200);
    call(&theirs, "of the second").send().expect(200);
    partner.delete(&own).send().expect(204);
    let gone = world.desk.refuse(call(&theirs, "of the second"), 401);
    assert_eq!(shut_out.text(), gone.text());
}
