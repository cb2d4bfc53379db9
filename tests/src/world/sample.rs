//! A valid request for any operation: its path with the parameters filled in, and its example body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rafay_mock_server::Role;
use rafay_spec::{
    Behavior, Document, Of, Operation, Parameter, ParameterFrom, ParameterIn, Permission, Verb,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::namespaces::{ELSEWHERE, put_body_into};
use super::objects::{Object, in_project, kind, project};
use super::{World, examples};
use crate::Target;

/// A valid request.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The path with its parameters filled in.
    pub path: String,
    /// The body, where the operation takes one.
    pub body: Option<Value>,
    /// The parameters of the path with their values.
    parameters: Vec<(String, String)>,
}

impl Sample {
    /// The value of a path parameter.
    #[track_caller]
    pub fn parameter(&self, name: &str) -> &str {
        let mut all = self.parameters.iter();
        let found = all.find(|(known, _)| known == name);
        found.map_or_else(|| panic!("{} has no {name}", self.path), |(_, value)| value)
    }

    /// The body as a type of the SDK.
    #[track_caller]
    pub fn body<T: DeserializeOwned>(&self) -> T {
        let body = self.body.clone().unwrap_or_default();
        serde_json::from_value(body)
            .unwrap_or_else(|error| panic!("{}: the SDK cannot read the body: {error}", self.path))
    }
}

/// What only a handler knows: parameters of keys, which are no kind.
const KEY: &str = "keyId";
/// Another one: the organization whose audit trail is read, which may be gone.
const AUDITED: &str = "organization";
/// And the token by which a partner is told when somebody signs up.
const TOKEN: &str = "originToken";

impl World {
    /// A valid request for an operation, on a target as a caller of a role sees it.
    #[track_caller]
    pub fn sample(
        &self,
        document: &Document,
        operation: &Operation,
        target: Target,
        role: Role,
    ) -> Sample {
        let mut parameters = Vec::new();
        let in_path = operation.path.split('/').filter_map(parameter_name);
        let names: Vec<&str> = in_path.collect();
        for (index, name) in names.iter().enumerate() {
            let parameter = operation
                .parameters
                .iter()
                .find(|known| known.location == ParameterIn::Path && known.name == *name)
                .expect("a parameter of the path is declared");
            let last = index + 1 == names.len();
            let value = self.value(operation, parameter, last, target, role);
            parameters.push(((*name).to_owned(), value));
        }
        let mut path = operation.path.clone();
        for (name, value) in &parameters {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        let mut body = examples::body(document, operation);
        if let Some(body) = &mut body {
            in_project(body, project(target));
            if let Some(kind) = subject(operation).map(kind)
                && target == Target::Elsewhere
            {
                put_body_into(document, operation, kind, body, ELSEWHERE);
            }
        }
        Sample {
            path,
            body,
            parameters,
        }
    }

    fn value(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        last: bool,
        target: Target,
        role: Role,
    ) -> String {
        let (of, own) = match &operation.permission {
            Permission::Named {
                of, self_parameter, ..
            } => (Some(of), self_parameter.as_deref()),
            _ => (None, None),
        };
        let is_project = matches!(of, Some(Of::Parameter(name)) if *name == parameter.name);
        let object = || {
            let kind = subject(operation)?;
            let own = self.objects.own(kind).filter(|_| !role.is_of_partner());
            Some(own.unwrap_or_else(|| self.objects.of(kind, operation, target)))
        };
        if own == Some(&parameter.name) {
            return self.identity(role, target).id.clone();
        }
        match &parameter.from {
            Some(ParameterFrom::ProjectId) => self.objects.project(target).id.clone(),
            Some(ParameterFrom::OrganizationId) => self.objects.organization().id.clone(),
            Some(ParameterFrom::IdOf { kind, .. }) => self.objects.lasting(kind, target).id.clone(),
            // A project as the object itself, or the project that the object is in.
            from if is_project => named(self.objects.project(target), from.as_ref(), target),
            Some(ParameterFrom::Place(place)) if !is_identity(operation, place) => {
                let parent = object().and_then(|object| object.example.pointer(place));
                let text = parent.and_then(Value::as_str).map(str::to_owned);
                text.unwrap_or_else(|| panic!("the example has no {place}: {}", operation.id))
            }
            from if last && works_on_object(operation) => {
                let object = object().expect("the operation has a kind");
                named(object, from.as_ref(), target)
            }
            _ if parameter.name == AUDITED => self.objects.organization().id.clone(),
            _ if parameter.name == TOKEN => STANDARD.encode(&self.objects.partner().id),
            // Where anybody may call, nothing says which parameter is the project.
            _ if operation.permission == Permission::Public && subject(operation).is_some() => {
                self.objects.project(target).name.clone()
            }
            _ if parameter.name == KEY => self.identity(role, target).key_id.clone(),
            _ => panic!(
                "nothing is known for {} of {}",
                parameter.name, operation.id
            ),
        }
    }
}

/// An object as a parameter names it: where both will do, in one project by name and in the other by id.
fn named(object: &Object, from: Option<&ParameterFrom>, target: Target) -> String {
    let by_id = match from {
        Some(ParameterFrom::Place(place)) => place.ends_with("/id"),
        Some(ParameterFrom::NameOrId) => target == Target::Other,
        Some(
            ParameterFrom::ProjectId | ParameterFrom::OrganizationId | ParameterFrom::IdOf { .. },
        )
        | None => false,
    };
    if by_id { &object.id } else { &object.name }.clone()
}

/// Whether a place is the name or the id of the kind that an operation is about.
fn is_identity(operation: &Operation, place: &str) -> bool {
    let kind = operation.behavior.kind().map(kind);
    kind.is_some_and(|kind| [&kind.identity.name, &kind.identity.id].contains(&&place.to_owned()))
}

/// Whether the last parameter of the path is an object.
fn works_on_object(operation: &Operation) -> bool {
    match &operation.behavior {
        Behavior::Verb { verb, .. } => !matches!(verb, Verb::List | Verb::Apply | Verb::Create),
        Behavior::Action { .. } | Behavior::Render { .. } => true,
        Behavior::Handler(code) => code.starts.is_some(),
    }
}

/// The kind that an operation is about, be it by code of its own.
fn subject(operation: &Operation) -> Option<&str> {
    match &operation.behavior {
        Behavior::Handler(code) => code.starts.as_ref().map(|(kind, _)| kind.as_str()),
        behavior => behavior.kind(),
    }
}

fn parameter_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
