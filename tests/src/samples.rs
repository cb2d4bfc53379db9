//! A valid request for every operation of every document, on a world of objects made for it.

use rafay_spec::Operation;
use serde_json::{Value, json};

use crate::fixtures::{self, DEFAULT};
use crate::{Caller, Desk, Target};

/// Another project than the one that project roles are bound in.
const OTHER: &str = "other";

/// A valid request.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The path with its parameters filled in.
    pub path: String,
    /// The body, where the operation takes one.
    pub body: Option<Value>,
}

/// Objects for every operation to work on, in the caller's own reach and outside of it.
pub struct World {
    own: Identity,
    other: Identity,
    project_ids: Value,
}

struct Identity {
    id: String,
    username: String,
    key_id: String,
    roles: Value,
}

impl World {
    /// Makes the objects, as the administrator, for one caller.
    #[track_caller]
    pub fn make(desk: &Desk, caller: &Caller<'_>) -> Self {
        let admin = desk.admin();
        for project in [OTHER, "empty"] {
            admin
                .post(fixtures::PROJECTS, &fixtures::project(project))
                .send()
                .expect(200);
        }
        for project in [DEFAULT, OTHER] {
            for name in ["used", "spare"] {
                admin
                    .post(&fixtures::blueprints(project), &fixtures::blueprint(name))
                    .send()
                    .expect(200);
            }
            admin
                .post(
                    &fixtures::clusters(project),
                    &fixtures::cluster_on("kept", "used"),
                )
                .send()
                .expect(200);
        }
        let stranger = fixtures::user("stranger@example.com", &[("INFRA_ADMIN", Some(OTHER))]);
        let stranger = admin
            .post(fixtures::USERS, &stranger)
            .send()
            .expect(201)
            .json();
        let profile = caller.get(fixtures::PROFILE).send().expect(200).json();
        let projects = admin.get(fixtures::V1_PROJECTS).send().expect(200).json();
        let ids = projects["results"].as_array().into_iter().flatten();
        let project_ids = ids
            .map(|project| (text(&project["name"]), project["id"].clone()))
            .collect();
        Self {
            own: Identity::of(desk, &profile),
            other: Identity::of(desk, &stranger),
            project_ids,
        }
    }

    /// A valid request for an operation.
    #[track_caller]
    pub fn sample(&self, version: &str, operation: &Operation, target: Target) -> Sample {
        let segments = operation.path.split('/').map(|segment| {
            let parameter = segment
                .strip_prefix('{')
                .and_then(|segment| segment.strip_suffix('}'));
            parameter.map_or_else(
                || segment.to_owned(),
                |name| self.value(version, operation, name, target),
            )
        });
        Sample {
            path: segments.collect::<Vec<_>>().join("/"),
            body: operation
                .request
                .is_some()
                .then(|| self.body(version, operation, target)),
        }
    }

    fn identity(&self, target: Target) -> &Identity {
        if target == Target::Own {
            &self.own
        } else {
            &self.other
        }
    }

    fn value(
        &self,
        version: &str,
        operation: &Operation,
        parameter: &str,
        target: Target,
    ) -> String {
        let delete = operation.method == "DELETE";
        match (version, plural(operation), parameter) {
            ("v3", _, "project") => project(target).to_owned(),
            ("v3", "projects", "name") => if delete { "empty" } else { project(target) }.to_owned(),
            ("v3", "clusters", "name") => "kept".to_owned(),
            ("v3", "blueprints", "name") => if delete { "spare" } else { "used" }.to_owned(),
            ("v1", "projects", "id") => {
                text(&self.project_ids[if delete { "empty" } else { project(target) }])
            }
            ("v1", "users", "id") | ("v1", "apikeys", "accountId") => {
                self.identity(target).id.clone()
            }
            ("v1", "apikeys", "keyId") => self.identity(target).key_id.clone(),
            (_, plural, _) => {
                panic!("no value is known for {parameter} of {version} {plural}; add it here")
            }
        }
    }

    fn body(&self, version: &str, operation: &Operation, target: Target) -> Value {
        let replace = operation.method == "PUT";
        match (version, plural(operation)) {
            ("v3", "projects") => fixtures::project(if replace { project(target) } else { "made" }),
            ("v3", "clusters") => fixtures::cluster(if replace { "kept" } else { "made" }),
            ("v3", "blueprints") => fixtures::blueprint(if replace { "used" } else { "made" }),
            ("v1", "projects") => {
                json!({"name": if replace { project(target) } else { "made" }, "description": "new"})
            }
            ("v1", "users") if replace => {
                let identity = self.identity(target);
                json!({
                    "account": {"username": identity.username, "first_name": "New"},
                    "roles": identity.roles,
                })
            }
            ("v1", "users") => {
                fixtures::user("made@example.com", &[("PROJECT_ADMIN", Some(DEFAULT))])
            }
            ("v1", "apikeys") => json!({"name": "dynamic", "validity_hour": 24}),
            (_, plural) => panic!("no body is known for {version} {plural}; add it here"),
        }
    }
}

impl Identity {
    /// An account, with a key made for it.
    fn of(desk: &Desk, user: &Value) -> Self {
        let id = text(&user["account"]["id"]);
        let key = desk
            .admin()
            .post(&fixtures::new_key(&id), &json!({"name": "spare"}))
            .send()
            .expect(200);
        let username = text(&user["account"]["username"]);
        Self {
            id,
            username,
            key_id: key.text_at("/id"),
            roles: user["roles"].clone(),
        }
    }
}

fn project(target: Target) -> &'static str {
    if target == Target::Own {
        DEFAULT
    } else {
        OTHER
    }
}

fn plural(operation: &Operation) -> &str {
    operation
        .id
        .rsplit_once('_')
        .map_or(operation.id.as_str(), |(plural, _)| plural)
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
