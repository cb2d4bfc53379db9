//! A project with three namespaces and a workload in each, and one that lies in none.

use rafay_tests::fixtures::{self, DEFAULT};
use rafay_tests::{Answer, Caller, Desk};
use serde_json::{Value, json};

/// v3's users and groups, and the namespaces and workloads of the default project.
pub(crate) const USERS: &str = "/apis/system.k8smgmt.io/v3/users";
pub(crate) const GROUPS: &str = "/apis/system.k8smgmt.io/v3/groups";
pub(crate) const CUSTOM_ROLES: &str = "/apis/system.k8smgmt.io/v3/customroles";
pub(crate) const NAMESPACES: &str = "/apis/infra.k8smgmt.io/v3/projects/defaultproject/namespaces";
pub(crate) const WORKLOADS: &str = "/apis/apps.k8smgmt.io/v3/projects/defaultproject/workloads";

/// A desk with the project on it.
pub(crate) struct World {
    pub(crate) desk: Desk,
    project_id: String,
}

impl World {
    #[track_caller]
    pub(crate) fn new() -> Self {
        let desk = Desk::new();
        let project = desk.admin().get(&fixtures::project_path(DEFAULT)).send();
        let project_id = project.text_at("/metadata/id");
        let world = Self { desk, project_id };
        for name in ["a", "b", "c"] {
            world.make(NAMESPACES, &namespace(name));
            world.make(WORKLOADS, &workload(&format!("in-{name}"), Some(name)));
        }
        world.make(WORKLOADS, &workload("in-none", None));
        world
    }

    pub(crate) fn admin(&self) -> Caller<'_> {
        self.desk.admin()
    }

    /// Applies an object as the administrator.
    #[track_caller]
    pub(crate) fn make(&self, path: &str, object: &Value) -> Answer {
        self.admin().post(path, object).send().expect(200)
    }

    /// A path of v1 or v2 with the project's id for `{}`.
    pub(crate) fn path(&self, path: &str) -> String {
        path.replace("{}", &self.project_id)
    }

    /// The id by which v1 knows an object.
    #[track_caller]
    pub(crate) fn id(&self, list: &str, name: &str) -> String {
        let answer = self.admin().get(&format!("{list}/{name}")).send();
        answer.expect(200).text_at("/metadata/id")
    }

    /// A caller with these bindings, and these groups.
    #[track_caller]
    pub(crate) fn caller(&self, login: &str, groups: &[&str], roles: &Value) -> Caller<'_> {
        let id = self
            .make(USERS, &user(login, groups, roles))
            .text_at("/metadata/id");
        let key = json!({"name": "test", "never_expire": true});
        let made = self.admin().post(&fixtures::new_key(&id), &key).send();
        self.desk.caller(made.expect(200).text_at("/key"))
    }

    /// A caller who has one role in these namespaces and nothing else.
    #[track_caller]
    pub(crate) fn bound(&self, role: &str, namespaces: &[&str]) -> Caller<'_> {
        let login = format!("{}@example.com", role.to_lowercase().replace('_', "-"));
        self.caller(
            &format!("bound-{login}"),
            &[],
            &json!([binding(role, namespaces)]),
        )
    }

    /// The names in a list of v3 and v2, or of v1.
    #[track_caller]
    pub(crate) fn names(&self, caller: &Caller<'_>, path: &str) -> Vec<String> {
        let page = caller.get(&self.path(path)).send().expect(200).json();
        let v1 = page["results"].as_array();
        let items = v1.or(page["items"].as_array()).unwrap();
        let name = |item: &Value| {
            let name = item.get("name").or(item.pointer("/metadata/name"));
            name.unwrap().as_str().unwrap().to_owned()
        };
        items.iter().map(name).collect()
    }
}

/// A role in namespaces of the default project.
pub(crate) fn binding(role: &str, namespaces: &[&str]) -> Value {
    json!({"role": {"name": role}, "project": {"name": DEFAULT}, "namespaces": namespaces})
}

pub(crate) fn user(login: &str, groups: &[&str], roles: &Value) -> Value {
    json!({
        "apiVersion": "system.k8smgmt.io/v3", "kind": "User", "metadata": {"name": login},
        "spec": {"userType": "CONSOLE", "groups": groups, "roles": roles},
    })
}

pub(crate) fn group(name: &str, roles: &Value) -> Value {
    json!({
        "apiVersion": "system.k8smgmt.io/v3", "kind": "Group", "metadata": {"name": name},
        "spec": {"type": "LOCAL", "roles": roles},
    })
}

pub(crate) fn custom_role(name: &str, base: &str, permissions: &[&str]) -> Value {
    json!({
        "apiVersion": "system.k8smgmt.io/v3", "kind": "CustomRole", "metadata": {"name": name},
        "spec": {"baseRole": base, "permissions": permissions},
    })
}

pub(crate) fn namespace(name: &str) -> Value {
    json!({
        "apiVersion": "infra.k8smgmt.io/v3", "kind": "Namespace", "metadata": {"name": name},
        "spec": {"drift": {"enabled": false}, "placement": {"selector": "site=lab"}, "psp": {"name": "restricted"}},
    })
}

/// A workload of one uploaded manifest, in a namespace or in none.
pub(crate) fn workload(name: &str, namespace: Option<&str>) -> Value {
    let mut workload = json!({
        "apiVersion": "apps.k8smgmt.io/v3", "kind": "Workload", "metadata": {"name": name},
        "spec": {"placement": {"selector": "site=lab"}, "version": "v1"},
    });
    if let Some(namespace) = namespace {
        workload["spec"]["namespace"] = namespace.into();
    }
    workload
}
