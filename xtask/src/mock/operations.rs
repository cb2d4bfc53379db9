//! The operations: route, access, behaviour, parameters and the form of the answer.

use std::collections::BTreeSet;

use rafay_spec::model::{From, Of};
use rafay_spec::{Behavior, Document, Operation, Parameter, ParameterIn, Permission, Verb, View};
use serde_json::Value;

use super::kinds::context;
use super::schemas;
use super::text::{self, Error, constant, path, unsupported, variant};

pub(super) fn generate(documents: &[&Document]) -> Result<String, Error> {
    let mut code = USES.to_owned();
    let mut versions = Vec::new();
    let mut operations: Vec<(&str, &str, String)> = Vec::new();
    for document in documents {
        let name = constant(&document.version);
        code += &version(document)?;
        versions.push(format!("&{name}"));
        for view in &document.views {
            code += &view_table(view);
        }
        for operation in &document.operations {
            let written = written(documents, document, operation)?;
            operations.push((
                operation.path.trim_end_matches('/'),
                &operation.method,
                written,
            ));
        }
    }
    operations.sort();
    for pair in operations.windows(2) {
        if pair[0].0 == pair[1].0 && pair[0].1 == pair[1].1 {
            let message = format!("{} {} stands in two documents", pair[0].1, pair[0].0);
            return Err(unsupported(documents[0], "/paths", message));
        }
    }
    let written: Vec<&str> = operations
        .iter()
        .map(|(_, _, written)| written.as_str())
        .collect();
    code += &format!(
        "/// The versions, the preferred one first.\npub(crate) static VERSIONS: &[&Version] = &[{}];\n
        /// Every operation, sorted by path and method.\npub(crate) static OPERATIONS: &[Operation] = &[{}];\n",
        versions.join(", "),
        written.join(", ")
    );
    text::file("The operations of all documents and what they do.", &code)
}

const USES: &str = "use crate::handlers;
use crate::schema::Schema;
use crate::table::{Access, Behavior, Context, Envelope, ErrorShape, Member, Operation, Parameter, Reach, Source, Verb, Version, View, ViewField};
use super::kinds;
use super::roles::Permission;
";

fn version(document: &Document) -> Result<String, Error> {
    let prefixes: BTreeSet<&str> = document
        .operations
        .iter()
        .filter_map(|operation| operation.path.split('/').nth(1))
        .collect();
    let prefixes: Vec<String> = prefixes
        .iter()
        .map(|prefix| format!("{prefix:?}"))
        .collect();
    Ok(format!(
        "static {}: Version = Version {{ name: {:?}, errors: ErrorShape::{}, prefixes: &[{}] }};\n",
        constant(&document.version),
        document.version,
        error_shape(document)?,
        prefixes.join(", ")
    ))
}

/// The shape of a document's errors, told by the properties of its one error schema.
fn error_shape(document: &Document) -> Result<&'static str, Error> {
    let schema = document
        .operations
        .iter()
        .flat_map(|operation| &operation.responses)
        .filter(|response| response.is_error())
        .flat_map(|response| &response.content)
        .find_map(|(_, schema)| document.resolve(schema["$ref"].as_str()?));
    let has =
        |property: &str| schema.is_some_and(|schema| schema["properties"].get(property).is_some());
    if has("external") {
        Ok("Code")
    } else if has("details") {
        Ok("Details")
    } else {
        Err(unsupported(
            document,
            "/paths",
            "its error schema has neither `external` nor `details`; the mock writes these two shapes",
        ))
    }
}

fn view_name(view: &View) -> String {
    format!(
        "{}_{}_VIEW",
        constant(&view.document),
        constant(&view.schema)
    )
}

fn view_table(view: &View) -> String {
    let fields: Vec<String> = view
        .fields
        .iter()
        .map(|field| {
            let from = match &field.from {
                From::Pointer(pointer) => format!("Source::Kind({})", path(pointer)),
                From::Organization(fact) => format!("Source::Context({})", context(fact)),
            };
            format!(
                "ViewField {{ at: {}, from: {from}, read_only: {} }}",
                path(&field.pointer),
                field.read_only
            )
        })
        .collect();
    format!(
        "static {}: View = View {{ fields: &[{}] }};\n",
        view_name(view),
        fields.join(", ")
    )
}

fn written(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
) -> Result<String, Error> {
    let success = success(document, operation)?;
    let request = match &operation.request {
        None => "None".to_owned(),
        Some(body) => match component(&body.schema) {
            Some(name) => format!(
                "Some(&super::schemas_{}::{})",
                document.version,
                constant(name)
            ),
            None => {
                return Err(unsupported(
                    document,
                    &operation.pointer,
                    "has a body without a named schema; give it one",
                ));
            }
        },
    };
    let parameters: Vec<String> = operation
        .parameters
        .iter()
        .map(|parameter| written_parameter(documents, document, operation, parameter))
        .collect::<Result<_, _>>()?;
    Ok(format!(
        "Operation {{ id: {:?}, version: &{}, method: {:?}, path: {:?}, access: {}, behavior: {}, parameters: &[{}], request: {request}, success: {}, view: {}, envelope: {} }}",
        operation.id,
        constant(&document.version),
        operation.method,
        operation.path.trim_end_matches('/'),
        access(documents, document, operation)?,
        behavior(operation),
        parameters.join(", "),
        success.status,
        view(document, operation, success.schema)?,
        envelope(document, operation, success.schema)?,
    ))
}

struct Success<'d> {
    status: &'d str,
    schema: Option<&'d Value>,
}

fn success<'d>(document: &Document, operation: &'d Operation) -> Result<Success<'d>, Error> {
    let response = operation
        .responses
        .iter()
        .find(|response| response.is_success());
    let response =
        response.ok_or_else(|| unsupported(document, &operation.pointer, "declares no success"))?;
    Ok(Success {
        status: &response.status,
        schema: response.content.first().map(|(_, schema)| schema),
    })
}

fn component(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

fn access(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
) -> Result<String, Error> {
    Ok(match &operation.permission {
        Permission::Public => {
            return Err(unsupported(
                document,
                &operation.pointer,
                "is public; the mock serves no operation without a caller yet",
            ));
        }
        Permission::SelfOnly => "Access::Caller".to_owned(),
        Permission::Named {
            name,
            of,
            self_parameter,
            ..
        } => {
            let reach = match of {
                Of::Whole => "Reach::Organization".to_owned(),
                Of::Any => "Reach::AnyProject".to_owned(),
                Of::Parameter(parameter) => {
                    let by_id = operation
                        .path_parameter(parameter)
                        .is_some_and(|found| is_id(documents, operation, found));
                    format!("Reach::Project {{ parameter: {parameter:?}, by_id: {by_id} }}")
                }
            };
            let own = self_parameter
                .as_ref()
                .map_or("None".to_owned(), |parameter| {
                    format!("Some({parameter:?})")
                });
            format!(
                "Access::Needs {{ permission: Permission::{}, reach: {reach}, own: {own} }}",
                variant(name)
            )
        }
    })
}

/// Whether a path parameter holds the id of the operation's kind.
fn is_id(documents: &[&Document], operation: &Operation, parameter: &Parameter) -> bool {
    let Behavior::Verb { kind, .. } = &operation.behavior else {
        return false;
    };
    let kind = documents
        .iter()
        .flat_map(|document| &document.kinds)
        .find(|known| known.name == *kind);
    kind.is_some_and(|kind| parameter.from.as_deref() == Some(kind.identity.id.as_str()))
}

fn behavior(operation: &Operation) -> String {
    match &operation.behavior {
        Behavior::Handler(name) => format!("Behavior::Handler(handlers::{name})"),
        Behavior::Verb { verb, kind } => {
            format!(
                "Behavior::Verb(Verb::{}, &kinds::{})",
                variant(verb.as_str()),
                constant(kind)
            )
        }
    }
}

fn written_parameter(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
    parameter: &Parameter,
) -> Result<String, Error> {
    let name = format!("{:?}", parameter.name);
    let required = parameter.required;
    Ok(match parameter.location {
        ParameterIn::Path if is_id(documents, operation, parameter) => {
            format!("Parameter::id({name})")
        }
        ParameterIn::Path => format!("Parameter::path({name})"),
        ParameterIn::Header => format!("Parameter::header({name}, {required})"),
        ParameterIn::Query => {
            let schema = schemas::parameter(document, &parameter.schema, &operation.pointer)?;
            format!("Parameter::query({name}, {required}, &{schema})")
        }
    })
}

/// The view an operation speaks of: that of its body or answer, or of the items of its list.
fn view(
    document: &Document,
    operation: &Operation,
    answer: Option<&Value>,
) -> Result<String, Error> {
    let Behavior::Verb { verb, kind } = &operation.behavior else {
        return Ok("None".to_owned());
    };
    let body = operation.request.as_ref().map(|request| &request.schema);
    let shown = match verb {
        Verb::List => answer
            .and_then(|schema| items(document, schema))
            .map(|(_, item)| item),
        _ => body.or(answer),
    };
    let Some(name) = shown.and_then(component) else {
        return Ok("None".to_owned());
    };
    if name == kind && document.kinds.iter().any(|known| known.name == *kind) {
        return Ok("None".to_owned());
    }
    match document
        .views
        .iter()
        .find(|view| view.schema == name && view.kind == *kind)
    {
        Some(view) => Ok(format!("Some(&{})", view_name(view))),
        None => Err(unsupported(
            document,
            &operation.pointer,
            format!("shows {name}, which is neither the kind {kind} nor a view of it"),
        )),
    }
}

/// Name of the list property and schema of the items of a list answer; no name for a bare array.
fn items<'d>(document: &'d Document, answer: &'d Value) -> Option<(Option<&'d str>, &'d Value)> {
    let schema = answer["$ref"]
        .as_str()
        .and_then(|reference| document.resolve(reference))
        .unwrap_or(answer);
    if schema["type"] == "array" {
        return Some((None, &schema["items"]));
    }
    let properties = schema["properties"].as_object()?;
    let (name, list) = properties
        .iter()
        .find(|(_, property)| property["type"] == "array")?;
    Some((Some(name), &list["items"]))
}

fn envelope(
    document: &Document,
    operation: &Operation,
    answer: Option<&Value>,
) -> Result<String, Error> {
    let Behavior::Verb {
        verb: Verb::List,
        kind,
    } = &operation.behavior
    else {
        return Ok("None".to_owned());
    };
    let answer = answer
        .ok_or_else(|| unsupported(document, &operation.pointer, "is a list without an answer"))?;
    let schema = answer["$ref"]
        .as_str()
        .and_then(|reference| document.resolve(reference))
        .unwrap_or(answer);
    let found = items(document, answer).ok_or_else(|| {
        unsupported(
            document,
            &operation.pointer,
            "is a list whose answer holds no array",
        )
    })?;
    let (Some(list), Some(properties)) = (found.0, schema["properties"].as_object()) else {
        return Ok("None".to_owned());
    };
    let known = document.kinds.iter().find(|known| known.name == *kind);
    let mut members: Vec<(&str, String)> = Vec::new();
    for (name, property) in properties {
        let is_text = property["type"] == "string";
        let member = match (name.as_str(), known) {
            (name, _) if name == list => "Member::Items".to_owned(),
            ("apiVersion", Some(kind)) if is_text => format!(
                "Member::Text({:?})",
                format!("{}/{}", kind.group, kind.version)
            ),
            ("kind", _) if is_text => {
                format!("Member::Text({:?})", component(answer).unwrap_or_default())
            }
            ("count", _) => "Member::Count".to_owned(),
            ("metadata", _) => "Member::Metadata".to_owned(),
            _ => {
                return Err(unsupported(
                    document,
                    &operation.pointer,
                    format!("its list has a member {name} that the mock cannot fill"),
                ));
            }
        };
        members.push((name, member));
    }
    members.sort();
    let members: Vec<String> = members
        .iter()
        .map(|(name, member)| format!("({name:?}, {member})"))
        .collect();
    Ok(format!(
        "Some(&Envelope {{ members: &[{}] }})",
        members.join(", ")
    ))
}
