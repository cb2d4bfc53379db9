//! A controller with objects in it, made from the canonical examples of the documents, each after what it refers to.

use std::time::Duration;

use rafay_mock_server::Role;
use rafay_spec::{Kind, Scope};
use rafay_tests::fixtures::{self, DEFAULT};
use rafay_tests::{Answer, Caller, Desk, spec};
use serde::Deserialize;
use serde_json::{Value, json};

/// A desk, and the words to work on it.
pub(crate) struct World {
    pub(crate) desk: Desk,
    project_id: String,
}

impl World {
    /// A controller with nothing but its default project.
    pub(crate) fn empty() -> Self {
        let desk = Desk::new();
        let project = desk.admin().get(&fixtures::project_path(DEFAULT)).send();
        let project_id = project.text_at("/metadata/id");
        Self { desk, project_id }
    }

    /// A controller with the examples of these kinds and all they refer to.
    #[track_caller]
    pub(crate) fn with(kinds: &[&str]) -> Self {
        let world = Self::empty();
        for kind in kinds {
            world.make(kind);
        }
        world
    }

    /// Makes the example of a kind after those it refers to, unless it is there.
    #[track_caller]
    pub(crate) fn make(&self, kind: &str) {
        for before in needs(kind) {
            self.make(before);
        }
        let example = example(kind);
        if self
            .admin()
            .get(&item(kind, name(&example)))
            .send()
            .status()
            == 404
        {
            self.apply(kind, &example);
        }
    }

    /// Applies an object.
    #[track_caller]
    pub(crate) fn apply(&self, kind: &str, object: &Value) -> Answer {
        self.admin().post(&list(kind), object).send().expect(200)
    }

    /// An object of the default project or the organization.
    #[track_caller]
    pub(crate) fn get(&self, kind: &str, name: &str) -> Value {
        let answer = self.admin().get(&item(kind, name)).send();
        answer.expect(200).json()
    }

    /// The names of the objects of a kind, in their order.
    #[track_caller]
    pub(crate) fn names(&self, kind: &str) -> Vec<String> {
        let path = format!("{}?limit=1000", list(kind));
        let page = self.admin().get(&path).send().expect(200).json();
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| name(item).to_owned()).collect()
    }

    /// Starts an action of v3 as the administrator, with a body or, for null, without one.
    #[track_caller]
    pub(crate) fn act(&self, kind: &str, name: &str, action: &str, body: &Value) -> Answer {
        self.try_act(kind, name, action, body).expect(200)
    }

    /// The same with whatever comes back.
    #[track_caller]
    pub(crate) fn try_act(&self, kind: &str, name: &str, action: &str, body: &Value) -> Answer {
        let path = format!("{}/{action}", item(kind, name));
        if body.is_null() {
            return self.admin().ask("POST", &path).send();
        }
        self.admin().post(&path, body).send()
    }

    /// Reads a path below the default project of v2, such as `/v2/infra/project/{}/cluster`, or of v1.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> Value {
        let answer = self.admin().get(&self.path(path)).send();
        answer.expect(200).json()
    }

    /// A path of v1 or v2 with the default project's id in it.
    pub(crate) fn path(&self, path: &str) -> String {
        path.replace("{}", &self.project_id)
    }

    pub(crate) fn admin(&self) -> Caller<'_> {
        self.desk.admin()
    }

    pub(crate) fn role(&self, role: Role) -> Caller<'_> {
        self.desk.role(role)
    }

    /// Moves the clock on.
    pub(crate) fn pass(&self, seconds: u64) {
        let clock = self.desk.controller().clock();
        clock.advance(Duration::from_secs(seconds));
    }

    /// Moves the clock to a moment.
    pub(crate) fn set_time(&self, moment: &str) {
        self.desk.controller().clock().set(moment.parse().unwrap());
    }

    pub(crate) fn now(&self) -> String {
        self.desk.controller().clock().now().to_string()
    }

    /// Lets the lifecycle of an object of the default project go wrong.
    #[track_caller]
    pub(crate) fn fail(&self, kind: &str, name: &str) {
        let controller = self.desk.controller();
        assert!(
            controller.fail_lifecycle(kind, DEFAULT, name),
            "{kind} {name}"
        );
    }

    /// What stands at a place of an object now.
    #[track_caller]
    pub(crate) fn at(&self, kind: &str, name: &str, pointer: &str) -> Value {
        let object = self.get(kind, name);
        object.pointer(pointer).cloned().unwrap_or(Value::Null)
    }

    /// The condition and its reason, for kinds that tell how they are by one condition.
    #[track_caller]
    pub(crate) fn condition(&self, kind: &str, name: &str) -> (String, String) {
        let object = self.get(kind, name);
        (
            text(&object["status"]["conditionStatus"]),
            text(&object["status"]["reason"]),
        )
    }

    /// Makes a new account that belongs to these groups, and gives the key by which it calls.
    #[track_caller]
    pub(crate) fn member(&self, login: &str, groups: &[&str], roles: &Value) -> String {
        let user = json!({
            "apiVersion": "system.k8smgmt.io/v3", "kind": "User", "metadata": {"name": login},
            "spec": {"userType": "CONSOLE", "groups": groups, "roles": roles},
        });
        let id = self.apply("User", &user).text_at("/metadata/id");
        let key = json!({"name": "test", "never_expire": true});
        let made = self.admin().post(&fixtures::new_key(&id), &key).send();
        made.expect(200).text_at("/key")
    }
}

/// The kinds whose examples the example of a kind refers to.
fn needs(kind: &str) -> &'static [&'static str] {
    match kind {
        "Blueprint" | "AddonVersion" => &["Addon"],
        "Cluster" | "BlueprintSnapshot" => &["Blueprint"],
        "Workload" => &["Repository", "Namespace"],
        "Catalog" => &["Repository"],
        "Agent" | "PodIdentity" | "CommandExecution" => &["Cluster"],
        "InfraProvisioner" => &["Repository", "SecretGroup"],
        "Pipeline" => &["InfraProvisioner", "Agent", "Workload"],
        "Trigger" | "PipelineRun" => &["Pipeline"],
        "ClusterTemplate" => &["Credentials", "Blueprint"],
        "ClusterConversion" | "BackupAgent" => &["Cluster", "Credentials"],
        "BackupLocation" => &["Credentials"],
        "BackupPolicy" => &["Cluster", "BackupLocation"],
        "BackupJob" => &["BackupPolicy"],
        "Restore" => &["BackupJob"],
        "User" => &["Group", "CustomRole", "Namespace"],
        "Group" => &["CustomRole"],
        _ => &[],
    }
}

/// The canonical example of a kind.
#[track_caller]
pub(crate) fn example(kind: &str) -> Value {
    let documents = &spec().documents;
    let v3 = documents.iter().find(|document| document.version == "v3");
    let examples = &v3.unwrap().json["components"]["examples"];
    let value = &examples[kind]["value"];
    assert!(value.is_object(), "there is no example of {kind}");
    value.clone()
}

/// The example of a kind under another name.
#[track_caller]
pub(crate) fn named(kind: &str, name: &str) -> Value {
    let mut object = example(kind);
    object["metadata"]["name"] = name.into();
    object
}

fn kind_of(name: &str) -> &'static Kind {
    let mut kinds = spec().documents.iter().flat_map(|document| &document.kinds);
    kinds.find(|kind| kind.name == name).unwrap()
}

/// The path of the objects of a kind in the default project or the organization.
pub(crate) fn list(kind: &str) -> String {
    let kind = kind_of(kind);
    let project = match kind.scope {
        Scope::Project => "projects/defaultproject/",
        _ => "",
    };
    format!(
        "/apis/{}/{}/{project}{}",
        kind.group, kind.version, kind.plural
    )
}

/// The path of one of them.
pub(crate) fn item(kind: &str, name: &str) -> String {
    format!("{}/{name}", list(kind))
}

/// The name an object has.
pub(crate) fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}

/// A text, empty where there is none.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Binds a role in the default project.
pub(crate) fn bound(role: &str) -> Value {
    json!([{"role": {"name": role}, "project": {"name": DEFAULT}}])
}

/// Every document of a YAML text.
#[track_caller]
pub(crate) fn documents(yaml: &str) -> Vec<Value> {
    serde_norway::Deserializer::from_str(yaml)
        .map(|document| {
            Value::deserialize(document).unwrap_or_else(|error| panic!("{error}: {yaml}"))
        })
        .collect()
}

/// What a text in base64 holds.
#[track_caller]
pub(crate) fn decoded(text: &Value) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.as_str().unwrap().trim_end_matches('=').bytes() {
        let value = LETTERS.iter().position(|known| *known == letter).unwrap();
        held = (held << 6) | u32::try_from(value).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).unwrap());
        }
    }
    String::from_utf8(bytes).unwrap()
}
