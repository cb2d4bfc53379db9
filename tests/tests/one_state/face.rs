//! The faces of a kind: the operations by which one version of the API shows and changes it, found in the documents.

use std::collections::BTreeMap;

use rafay_spec::model::find_kind;
use rafay_spec::{Document, Kind, Operation, ParameterFrom, Scope, Verb, View};
use rafay_tests::{operations, spec};
use serde_json::Value;

/// One version's face of a kind.
pub(crate) struct Face {
    pub(crate) kind: &'static Kind,
    document: &'static Document,
    operations: BTreeMap<Verb, &'static Operation>,
}

/// In what form an operation shows an object.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// As it is stored.
    Stored,
    /// As a view of it.
    View(&'static View),
}

/// The faces of every kind, by its name and with the oldest version first.
pub(crate) fn by_kind() -> BTreeMap<&'static str, Vec<Face>> {
    let mut faces: BTreeMap<&str, Vec<Face>> = BTreeMap::new();
    for (document, operation) in operations().filter(|(_, found)| found.alias_of.is_none()) {
        let Some((verb, name)) = operation.behavior.verb().zip(operation.behavior.kind()) else {
            continue;
        };
        if verb == Verb::Get && answers_a_list(operation) {
            continue;
        }
        let of_kind = faces.entry(name).or_default();
        if of_kind.last().map(Face::version) != Some(&document.version) {
            let kind = find_kind(&spec().documents, &document.version, name);
            of_kind.push(Face {
                kind: kind.expect("a verb is done to a kind"),
                document,
                operations: BTreeMap::new(),
            });
        }
        let face = of_kind.last_mut().expect("a face of this version");
        let known = face.operations.entry(verb).or_insert(operation);
        // What stands under a parent or deeper in a path shows an aspect of the object.
        if rank(operation) < rank(known) {
            *known = operation;
        }
    }
    faces
}

/// Whether one object is shown as a list of one.
fn answers_a_list(operation: &Operation) -> bool {
    let mut responses = operation.responses.iter();
    let success = responses.find(|response| response.is_success());
    let shown = success.and_then(|response| response.content.first());
    shown.is_some_and(|(_, schema)| schema["type"] == "array")
}

fn rank(operation: &Operation) -> (bool, usize) {
    (operation.has_parent(), operation.path.len())
}

impl Face {
    pub(crate) fn version(&self) -> &str {
        &self.document.version
    }

    pub(crate) fn operation(&self, verb: Verb) -> Option<&'static Operation> {
        self.operations.get(&verb).copied()
    }

    /// The operation that makes an object.
    pub(crate) fn maker(&self) -> Option<&'static Operation> {
        let create = self.operation(Verb::Create);
        create.or_else(|| self.operation(Verb::Apply))
    }

    /// Whether who makes an object here says its name; otherwise nothing that it needs can name it.
    pub(crate) fn names_what_it_makes(&self) -> bool {
        let form = self.maker().and_then(|create| self.form(create));
        form.is_some_and(|form| form.place(&self.kind.identity.name).is_some())
    }

    /// The body that the document gives as an example for an operation.
    pub(crate) fn example(&self, operation: &Operation) -> Value {
        let at = format!("{}/requestBody", operation.pointer);
        let body = self.document.json.pointer(&at).expect("a body");
        let content = &self.followed(body)["content"]["application/json"];
        let named = content["examples"].as_object();
        match named.and_then(|examples| examples.values().next()) {
            Some(example) => self.followed(example)["value"].clone(),
            None => content["example"].clone(),
        }
    }

    /// The path of an operation, its parameters being places of the stored object and of its project; the id of another
    /// object is told by its kind and its name.
    pub(crate) fn path(
        &self,
        operation: &Operation,
        object: &Value,
        project: &Value,
        id_of: &dyn Fn(&str, &str) -> String,
    ) -> String {
        let text = |value: &Value, place: &str| {
            let text = value.pointer(place).and_then(Value::as_str);
            let text = text.unwrap_or_else(|| panic!("{}: no text at {place}", operation.id));
            text.to_owned()
        };
        let segments = operation.path.split('/').map(|segment| {
            let name = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            let Some(name) = name else {
                return segment.to_owned();
            };
            let parameter = operation.path_parameter(name).expect("a declared one");
            let is_project = self.kind.scope == Scope::Project && name == "project";
            match &parameter.from {
                Some(ParameterFrom::ProjectId) => text(project, "/metadata/id"),
                Some(ParameterFrom::Place(place)) => text(object, place),
                Some(ParameterFrom::IdOf { kind, at }) => {
                    let at = at.as_ref().expect("a standard verb is tied to its parent");
                    id_of(kind, &text(object, at))
                }
                Some(ParameterFrom::OrganizationId) => {
                    panic!(
                        "{} works in an organization that its path names",
                        operation.id
                    )
                }
                None if is_project => text(project, "/metadata/name"),
                None | Some(ParameterFrom::NameOrId) => text(object, &self.kind.identity.name),
            }
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// Whether an operation finds the object by its id where nothing has such a name.
    pub(crate) fn takes_ids_for_names(operation: &Operation) -> bool {
        let mut parameters = operation.parameters.iter();
        parameters.any(|parameter| parameter.from == Some(ParameterFrom::NameOrId))
    }

    /// The form in which an operation shows an object, or each object of its list.
    pub(crate) fn form(&self, operation: &'static Operation) -> Option<Form> {
        let mut responses = operation.responses.iter();
        let success = responses.find(|response| response.is_success())?;
        let mut schema = &success.content.first()?.1;
        if operation.behavior.verb() == Some(Verb::List) {
            schema = self.list(schema).1;
        }
        let name = schema["$ref"].as_str()?.rsplit('/').next()?;
        if name == self.kind.name && self.document.version == self.kind.document {
            return Some(Form::Stored);
        }
        let views = &self.document.views;
        let view = views.iter().find(|view| view.schema == name)?;
        Some(Form::View(view))
    }

    /// The objects of a list's answer.
    pub(crate) fn items(&self, operation: &'static Operation, answer: &Value) -> Vec<Value> {
        let mut responses = operation.responses.iter();
        let success = responses.find(|response| response.is_success());
        let schema = &success.expect("a success").content[0].1;
        let list = match self.list(schema).0 {
            Some(name) => &answer[name],
            None => answer,
        };
        list.as_array().cloned().unwrap_or_default()
    }

    /// The property of a list's answer that holds the objects, if it is not the answer itself, and their schema.
    fn list(&self, schema: &'static Value) -> (Option<&'static str>, &'static Value) {
        let schema = self.followed(schema);
        if schema["type"] == "array" {
            return (None, &schema["items"]);
        }
        let mut properties = schema["properties"].as_object().into_iter().flatten();
        let (name, list) = properties
            .find(|(_, property)| property["type"] == "array")
            .expect("a list holds an array");
        (Some(name), &list["items"])
    }

    fn followed(&self, value: &'static Value) -> &'static Value {
        let reference = value["$ref"].as_str();
        reference.map_or(value, |reference| {
            self.document.resolve(reference).expect("a component")
        })
    }
}
