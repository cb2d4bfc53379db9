//! The objects of a world: the example of every kind in two projects, those of the organization once, and a spare
//! copy of each that nothing refers to, to be deleted.

use std::collections::{BTreeMap, BTreeSet};

use rafay_spec::model::{Authority, find_kind};
use rafay_spec::{Kind, Operation, Scope, Verb};
use serde_json::{Value, json};

use super::examples::{self, name_of};
use super::namespaces::{self, ELSEWHERE};
use crate::fixtures::DEFAULT;
use crate::{Desk, Target, spec};

/// Another project than the one that project roles are bound in.
const OTHER: &str = "other";

/// An object that was made.
pub(super) struct Object {
    /// Its name.
    pub(super) name: String,
    /// Its id.
    pub(super) id: String,
    /// The example it was made from.
    pub(super) example: Value,
    /// Its path in v3.
    pub(super) path: String,
}

/// Everything that was made.
pub(super) struct Objects {
    /// By kind, project and whether it is the spare one; objects of the organization have no project.
    all: BTreeMap<(&'static str, &'static str, bool), Object>,
    /// By kind, those that lie in a namespace which is nobody's.
    elsewhere: BTreeMap<&'static str, Object>,
    /// The ids of both projects.
    projects: [Object; 2],
    /// The one object of each kind of the partner that an organization's own callers know of.
    own: BTreeMap<&'static str, Object>,
}

/// The project of a target.
pub(super) fn project(target: Target) -> &'static str {
    match target {
        Target::Own | Target::Elsewhere => DEFAULT,
        Target::Other => OTHER,
    }
}

impl Objects {
    /// Makes them, as the administrator.
    #[track_caller]
    pub(super) fn make(desk: &Desk) -> Self {
        let ordered = examples::in_order();
        let (container, example) = ordered
            .iter()
            .find(|(kind, _)| kind.container.as_deref() == Some("project"))
            .expect("a kind is the projects");
        let projects = [DEFAULT, OTHER].map(|name| put(desk, container, example, "", name));
        let mut all = BTreeMap::new();
        for (kind, example) in &ordered {
            let places: &[&str] = if kind.scope == Scope::Project {
                &[DEFAULT, OTHER]
            } else {
                &[""]
            };
            for project in places {
                for spare in [false, true] {
                    let name = name_of(kind, example);
                    let name = if spare {
                        format!("spare-{name}")
                    } else {
                        name.to_owned()
                    };
                    let object = put(desk, kind, example, project, &name);
                    all.insert((kind.name.as_str(), *project, spare), object);
                }
            }
        }
        let own = ordered
            .iter()
            .filter(|(kind, _)| kind.scope == Scope::Partner)
            .map(|(kind, example)| (kind.name.as_str(), known(desk, kind, example)))
            .collect();
        Self {
            all,
            elsewhere: elsewhere(desk, &ordered),
            projects,
            own,
        }
    }

    /// The namespaces in which the objects lie that operations work on, but for those elsewhere.
    pub(super) fn namespaces(&self) -> BTreeSet<String> {
        let own = self
            .all
            .iter()
            .filter(|((_, project, spare), _)| *project == DEFAULT && !spare);
        let named = own.filter_map(|((name, ..), object)| {
            let at = kind(name).namespace_at()?;
            object.example.pointer(at)?.as_str().map(str::to_owned)
        });
        named.collect()
    }

    /// The object of a kind of the partner that an organization's own callers know of.
    pub(super) fn own(&self, kind: &str) -> Option<&Object> {
        self.own.get(kind)
    }

    /// The organization that the ready-made callers work in.
    pub(super) fn organization(&self) -> &Object {
        self.container(Scope::Organization)
    }

    /// The partner of that organization.
    pub(super) fn partner(&self) -> &Object {
        self.container(Scope::Partner)
    }

    fn container(&self, scope: Scope) -> &Object {
        let mut own = self.own.iter();
        let found = own.find(|(name, _)| kind(name).container.as_deref() == Some(scope.as_str()));
        found.map_or_else(
            || panic!("no kind is the container {scope}"),
            |(_, object)| object,
        )
    }

    /// The object of a kind that a request to an operation works on.
    pub(super) fn of(&self, kind: &str, operation: &Operation, target: Target) -> &Object {
        if target == Target::Elsewhere
            && let Some(object) = self.elsewhere.get(kind)
        {
            return object;
        }
        self.one(
            kind,
            target,
            operation.behavior.verb() == Some(Verb::Delete),
        )
    }

    /// The object of a kind that others refer to.
    pub(super) fn lasting(&self, kind: &str, target: Target) -> &Object {
        self.one(kind, target, false)
    }

    fn one(&self, kind: &str, target: Target, spare: bool) -> &Object {
        let key = |project| self.all.get(&(kind_name(kind), project, spare));
        key(project(target))
            .or_else(|| key(""))
            .expect("an object of every kind is there")
    }

    /// The project of a target.
    pub(super) fn project(&self, target: Target) -> &Object {
        &self.projects[usize::from(target == Target::Other)]
    }

    /// The account among the examples.
    pub(super) fn account(&self) -> &Object {
        let kinds = spec().documents.iter().flat_map(|document| &document.kinds);
        let account = kinds.filter(|kind| kind.authority == Some(Authority::Account));
        let mut objects = account.filter_map(|kind| self.all.get(&(kind.name.as_str(), "", false)));
        objects.next().expect("a kind is the accounts")
    }
}

/// Makes an object of every kind that lies in a namespace, in one that is nobody's: the namespace first.
#[track_caller]
fn elsewhere(desk: &Desk, ordered: &[(&'static Kind, Value)]) -> BTreeMap<&'static str, Object> {
    let inside = ordered
        .iter()
        .filter(|(kind, _)| kind.namespace_at().is_some());
    let (spaces, others): (Vec<_>, Vec<_>) = inside.partition(|(kind, _)| is_namespaces(kind));
    let all = spaces.into_iter().chain(others);
    let made = all.map(|(kind, example)| {
        let mut example = example.clone();
        namespaces::put_into(kind, &mut example, ELSEWHERE);
        let name = if is_namespaces(kind) {
            ELSEWHERE.to_owned()
        } else {
            format!("{ELSEWHERE}-{}", name_of(kind, &example))
        };
        (
            kind.name.as_str(),
            put(desk, kind, &example, DEFAULT, &name),
        )
    });
    made.collect()
}

/// Whether objects of a kind are the namespaces that others lie in.
fn is_namespaces(kind: &Kind) -> bool {
    kind.container.as_deref() == Some(Scope::Namespace.as_str())
}

/// The kind of a name, wherever it is defined.
pub(super) fn kind(name: &str) -> &'static Kind {
    find_kind(&spec().documents, "", name).unwrap_or_else(|| panic!("there is no kind {name}"))
}

fn kind_name(name: &str) -> &'static str {
    &kind(name).name
}

/// The one object of a kind that the organization's administrator sees.
#[track_caller]
fn known(desk: &Desk, kind: &'static Kind, example: &Value) -> Object {
    let path = &apply(kind).path;
    let list = desk.admin().get(path).send().expect(200).json();
    let object = &list["items"][0];
    let text = |place: &str| object.pointer(place).and_then(Value::as_str);
    let name = text(&kind.identity.name).expect("an object has a name");
    Object {
        name: name.to_owned(),
        id: text(&kind.identity.id).unwrap_or_default().to_owned(),
        path: format!("{path}/{name}"),
        example: example.clone(),
    }
}

/// Makes an object from the example of its kind.
#[track_caller]
fn put(desk: &Desk, kind: &'static Kind, example: &Value, project: &str, name: &str) -> Object {
    let mut body = example.clone();
    *body
        .pointer_mut(&kind.identity.name)
        .expect("an example has a name") = json!(name);
    in_project(&mut body, project);
    let path = apply(kind).path.replace("{project}", project);
    let made = desk.operator().post(&path, &body).send().expect(200);
    Object {
        name: name.to_owned(),
        id: made.text_at(&kind.identity.id),
        path: format!("{path}/{name}"),
        example: example.clone(),
    }
}

/// Says in a body which project it belongs to, where it says so at all.
pub(super) fn in_project(body: &mut Value, project: &str) {
    if let Some(place @ Value::String(_)) = body.pointer_mut("/metadata/project") {
        *place = json!(project);
    }
}

/// The operation that makes an object of a kind by its name.
fn apply(kind: &Kind) -> &'static Operation {
    let documents = spec().documents.iter();
    let operations = documents.flat_map(|document| &document.operations);
    let mut applies = operations.filter(|operation| {
        operation.alias_of.is_none()
            && operation.behavior.verb() == Some(Verb::Apply)
            && operation.behavior.kind() == Some(&kind.name)
    });
    applies
        .next()
        .unwrap_or_else(|| panic!("{} cannot be applied", kind.name))
}
