//! Objects that tests make, the paths to them, and a picture of the whole state to compare before and after.

use rafay_spec::Verb;
use serde_json::{Map, Value, json};

use crate::{Desk, operations, spec};

/// The project that every organization begins with.
pub const DEFAULT: &str = "defaultproject";
/// v3's projects.
pub const PROJECTS: &str = "/apis/system.k8smgmt.io/v3/projects";
/// v1's projects.
pub const V1_PROJECTS: &str = "/auth/v1/projects/";
/// Accounts.
pub const USERS: &str = "/auth/v1/users/";
/// The caller's own account.
pub const PROFILE: &str = "/auth/v1/users/-/profile";
/// The partners of the controller, of which there is one.
pub const PARTNERS: &str = "/apis/system.k8smgmt.io/v3/partners";
/// The organizations of the partner.
pub const ORGANIZATIONS: &str = "/auth/v1/organizations/";

/// The path of a project's clusters.
pub fn clusters(project: &str) -> String {
    format!("/apis/infra.k8smgmt.io/v3/projects/{project}/clusters")
}

/// The path of a project's blueprints.
pub fn blueprints(project: &str) -> String {
    format!("/apis/infra.k8smgmt.io/v3/projects/{project}/blueprints")
}

/// The path of an object in v3.
pub fn project_path(name: &str) -> String {
    format!("{PROJECTS}/{name}")
}

/// The path of a cluster of the default project.
pub fn cluster_path(name: &str) -> String {
    format!("{}/{name}", clusters(DEFAULT))
}

/// The path of a blueprint of the default project.
pub fn blueprint_path(name: &str) -> String {
    format!("{}/{name}", blueprints(DEFAULT))
}

/// The path of a user's keys.
pub fn keys(account: &str) -> String {
    format!("{USERS}{account}/apikeys/")
}

/// The path that makes a key for a user.
pub fn new_key(account: &str) -> String {
    format!("{USERS}{account}/apikey/")
}

/// The path of a key.
pub fn key_path(id: &str) -> String {
    format!("/auth/v1/apikeys/{id}/")
}

/// The path of an account.
pub fn user_path(id: &str) -> String {
    format!("{USERS}{id}/")
}

/// A project.
pub fn project(name: &str) -> Value {
    json!({
        "apiVersion": "system.k8smgmt.io/v3",
        "kind": "Project",
        "metadata": {"name": name, "description": "made by a test"},
        "spec": {"clusterResourceQuota": {"pods": "50", "cpuLimits": "4"}},
    })
}

/// A blueprint with no other as its base.
pub fn blueprint(name: &str) -> Value {
    json!({
        "apiVersion": "infra.k8smgmt.io/v3",
        "kind": "Blueprint",
        "metadata": {"name": name},
        "spec": {"base": {"name": "default", "version": "1.18.0"}, "type": "custom", "version": "v1"},
    })
}

/// An imported cluster on a built-in blueprint.
pub fn cluster(name: &str) -> Value {
    cluster_on(name, "default")
}

/// An imported cluster on a blueprint.
pub fn cluster_on(name: &str, blueprint: &str) -> Value {
    json!({
        "apiVersion": "infra.k8smgmt.io/v3",
        "kind": "Cluster",
        "metadata": {"name": name, "labels": {"tier": "test"}},
        "spec": {
            "type": "imported",
            "blueprintConfig": {"name": blueprint, "version": "v1"},
            "config": {"kubernetesProvider": "EKS", "provisionEnvironment": "CLOUD"},
        },
    })
}

/// An account with role bindings, each a role and, for a role of projects, the project.
pub fn user(username: &str, bindings: &[(&str, Option<&str>)]) -> Value {
    let roles: Vec<Value> = bindings
        .iter()
        .map(|(role, project)| match project {
            Some(project) => json!({"role": {"name": role}, "project": {"name": project}}),
            None => json!({"role": {"name": role}}),
        })
        .collect();
    json!({"account": {"username": username, "user_type": "CONSOLE"}, "roles": roles})
}

/// A new account's id and a key for it.
#[track_caller]
pub fn account(desk: &Desk, username: &str, bindings: &[(&str, Option<&str>)]) -> (String, String) {
    let made = desk
        .admin()
        .post(USERS, &user(username, bindings))
        .send()
        .expect(201);
    let id = made.text_at("/account/id");
    let key = desk
        .admin()
        .post(
            &new_key(&id),
            &json!({"name": "test", "never_expire": true}),
        )
        .send()
        .expect(200);
    (id, key.text_at("/key"))
}

/// Every object of every kind and every key there is, as the administrator sees them. It reads, so it adds to the
/// audit trail.
#[track_caller]
pub fn state(desk: &Desk) -> Value {
    let admin = desk.admin();
    let read = |path: &str| {
        admin
            .get(&format!("{path}?limit=1000"))
            .send()
            .expect(200)
            .json()
    };
    let projects = read(PROJECTS);
    let names = projects["items"].as_array().into_iter().flatten();
    let names: Vec<&str> = names
        .filter_map(|project| project["metadata"]["name"].as_str())
        .collect();
    let mut lists = Map::new();
    for path in lists_of_kinds() {
        if path.contains("{project}") {
            for name in &names {
                let path = path.replace("{project}", name);
                let list = read(&path);
                lists.insert(path, list);
            }
        } else {
            lists.insert(path.to_owned(), read(path));
        }
    }
    let users = read(USERS);
    let ids = users["users"].as_array().into_iter().flatten();
    let ids = ids.filter_map(|user| user["account"]["id"].as_str());
    let user_keys: Vec<Value> = ids.map(|id| read_keys(&read(&keys(id)))).collect();
    json!({"objects": lists, "keys": user_keys})
}

/// Keys without the time of their last use, which reading changes.
fn read_keys(listed: &Value) -> Value {
    let mut listed = listed.clone();
    for key in listed.as_array_mut().into_iter().flatten() {
        if let Value::Object(key) = key {
            key.remove("last_used_at");
        }
    }
    listed
}

/// The path of the list of every kind: all of a project's, or all of the organization's.
fn lists_of_kinds() -> impl Iterator<Item = &'static str> {
    let kinds = spec().documents.iter().flat_map(|document| &document.kinds);
    kinds.map(|kind| {
        let lists = operations().filter(|(document, operation)| {
            document.version == kind.document
                && operation.behavior.verb() == Some(Verb::List)
                && operation.behavior.kind() == Some(&kind.name)
        });
        let paths = lists.map(|(_, operation)| operation.path.as_str());
        // The one of a parent's objects alone is longer.
        let shortest = paths.min_by_key(|path| path.len());
        shortest.unwrap_or_else(|| panic!("{} cannot be listed", kind.name))
    })
}
