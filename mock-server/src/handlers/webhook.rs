//! The address that a repository host calls when something was pushed. It takes no key but the secret of the trigger,
//! and whoever has not got it learns nothing, not even whether there is such a trigger.

use serde_json::{Value, json};

use crate::engine;
use crate::generated::kinds::TRIGGER;
use crate::identity::Standing;
use crate::pipeline::{self, Call};
use crate::refusal::{Reason, Refusal};
use crate::reply::Reply;
use crate::secret::Plain;
use crate::store::Key;

/// The headers in which the secret may stand: that of GitLab, and one for callers that are no repository host.
const TOKENS: [&str; 2] = ["x-gitlab-token", "x-webhook-token"];

/// The headers in which hosts say what happened, each with what stands there for a push.
const EVENTS: [(&str, &[&str]); 2] = [
    ("x-gitlab-event", &["Push Hook", "Tag Push Hook"]),
    ("x-github-event", &["push"]),
];

/// Where a trigger has its secret.
const SECRET: &str = "/spec/triggerConfig/webhook/secret";

/// Starts the pipeline of a trigger, if what has happened is what the trigger waits for.
pub(crate) fn trigger_webhook(call: &Call<'_>) -> Result<Reply, Refusal> {
    let project = call.parameters.get("project");
    // As the path has it: the call is in that organization if there is one.
    let organization = call.parameters.get("organization");
    let name = call.parameters.get("name");
    let key = Key::object(organization, TRIGGER.name, project, name);
    let token = token(call);
    let (guesses, from) = (call.controller.key_guesses(), pipeline::address(call.parts));
    let subject = format!("webhook {key:?}");
    if from.is_some() {
        let admitted = guesses.admit(from, &subject, call.now);
        admitted.map_err(Refusal::too_many_tries)?;
    }
    // The secret is compared whether there is a trigger or not, and only then anything is looked at.
    let secret = Plain::new(token.unwrap_or_default());
    let proved = engine::is_secret(call.state, &key, SECRET, &secret);
    let found = call
        .state
        .object(&key)
        .filter(|_| proved && token.is_some() && is_at_work(call, organization));
    let Some(trigger) = found else {
        if from.is_some() && token.is_some() {
            let counted = guesses.wrong(from, &subject, call.now);
            counted.map_err(Refusal::too_many_tries)?;
        }
        return Err(refused());
    };
    let body = trigger.value()?;
    let spec = &body["spec"];
    if spec["triggerType"] != "Webhook" {
        return Err(refused());
    }
    if let Some(reason) = in_vain(call, spec) {
        return Ok(Reply::json(&json!({"started": false, "reason": reason})));
    }
    let at = (&key, &**trigger);
    let run = engine::start(call, &TRIGGER, project, at, "webhook")?;
    let mut told = json!({"started": true, "reason": "the push is one that the trigger waits for"});
    if let Some(run) = run {
        told["run"] = (*run).into();
    }
    Ok(Reply::json(&told).recorded())
}

/// Whether the call works in the organization that its path names, and that one counts.
fn is_at_work(call: &Call<'_>, named: &str) -> bool {
    let organization = call.caller.organization();
    *organization.id == *named && Standing::of(call.state, organization) == Some(Standing::Good)
}

/// The text that is to prove the caller; none where there is none, or two that differ.
fn token<'c>(call: &'c Call<'_>) -> Option<&'c str> {
    let headers = &call.parts.headers;
    let mut sent = TOKENS.iter().flat_map(|name| headers.get_all(*name));
    let first = sent.next()?;
    if sent.any(|other| other != first) {
        return None;
    }
    first.to_str().ok().filter(|token| !token.is_empty())
}

fn refused() -> Refusal {
    Refusal::new(
        Reason::WebhookRefused,
        "there is no webhook here, or its secret is missing or wrong; send the secret of the trigger in the header X-Gitlab-Token or X-Webhook-Token",
    )
}

/// Why a call starts nothing, if so.
fn in_vain(call: &Call<'_>, spec: &Value) -> Option<String> {
    let event = EVENTS.iter().find_map(|(name, pushes)| {
        let event = call.parts.headers.get(*name)?.to_str().ok()?;
        (!pushes.contains(&event)).then(|| event.to_owned())
    });
    if let Some(event) = event {
        return Some(format!("the event {event:?} is no push"));
    }
    if spec["paused"] == true {
        return Some("the trigger is paused".to_owned());
    }
    let push = &call.body;
    if push["deleted"] == true || is_nothing(&push["after"]) {
        return Some("the branch or tag was deleted".to_owned());
    }
    let watched = &spec["repositoryConfig"]["git"];
    if let Some(revision) = watched["revision"].as_str().filter(|name| !name.is_empty())
        && !is_of(push["ref"].as_str().unwrap_or_default(), revision)
    {
        return Some(format!("the push is not to {revision:?}"));
    }
    let paths: Vec<&str> = texts(&watched["paths"]).collect();
    if !paths.is_empty() && changed(push).is_some_and(|files| !touches(&paths, &files)) {
        return Some("the push changes nothing under the paths of the trigger".to_owned());
    }
    None
}

/// Whether the place of a commit is held by zeros, as hosts write it when a branch goes.
fn is_nothing(commit: &Value) -> bool {
    let text = commit.as_str().unwrap_or_default();
    !text.is_empty() && text.bytes().all(|digit| digit == b'0')
}

/// Whether a Git reference is a branch or a tag by name.
fn is_of(reference: &str, name: &str) -> bool {
    let short = ["refs/heads/", "refs/tags/"]
        .iter()
        .find_map(|start| reference.strip_prefix(start));
    short.unwrap_or(reference) == name
}

/// The files that a push changes; none where it does not tell, which must not keep a build from starting.
fn changed(push: &Value) -> Option<Vec<&str>> {
    let commits = push["commits"].as_array().filter(|all| !all.is_empty())?;
    let lists =
        |commit: &'_ Value| ["added", "modified", "removed"].map(|list| commit[list].is_array());
    if !commits.iter().flat_map(lists).any(|told| told) {
        return None;
    }
    let files = commits.iter().flat_map(|commit| {
        let lists = ["added", "modified", "removed"].into_iter();
        lists.flat_map(|list| texts(&commit[list]))
    });
    Some(files.collect())
}

/// Whether one of the files is one of the paths or lies under it.
fn touches(paths: &[&str], files: &[&str]) -> bool {
    let under = |file: &str, path: &str| {
        let rest = file.strip_prefix(path.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut files = files.iter();
    files.any(|file| paths.iter().any(|path| under(file, path)))
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_branch_or_a_tag_by_its_name() {
        for (reference, name, fits) in [
            ("refs/heads/main", "main", true),
            ("refs/tags/v1", "v1", true),
            ("main", "main", true),
            ("refs/heads/feature/main", "main", false),
            ("refs/heads/feature/main", "feature/main", true),
            ("", "main", false),
        ] {
            assert_eq!(is_of(reference, name), fits, "{reference} {name}");
        }
    }

    #[test]
    fn files_lie_under_whole_folders() {
        let push = json!({"commits": [
            {"added": ["checkout/values.yaml"]},
            {"modified": ["README.md"], "removed": ["old/x"]},
        ]});
        let files = changed(&push).unwrap();
        for (path, touched) in [
            ("checkout", true),
            ("checkout/", true),
            ("check", false),
            ("README.md", true),
            ("old", true),
            ("terraform", false),
        ] {
            assert_eq!(touches(&[path], &files), touched, "{path}");
        }
        assert!(changed(&json!({"commits": []})).is_none());
        assert!(changed(&json!({"commits": [{"id": "1"}]})).is_none());
    }

    #[test]
    fn a_commit_of_zeros_is_none() {
        assert!(is_nothing(&json!("0000000000")));
        assert!(!is_nothing(&json!("00000a0000")));
        assert!(!is_nothing(&json!("")) && !is_nothing(&Value::Null));
    }
}
