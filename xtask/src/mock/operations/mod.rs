//! The operations: route, access, behaviour, parameters and the form of the answer.

mod answers;
mod behavior;
mod parameters;
mod shared;
mod versions;
mod views;

use rafay_spec::model::{Of, Scope};
use rafay_spec::{Document, Kind, Operation, Permission, Verb};
use serde_json::Value;

use super::text::{self, Error, constant, unsupported, variant};
use answers::{envelope, success};
use behavior::behavior;
use parameters::{means, written_parameter};
use shared::{Shared, USES};
use versions::version;
use views::{merges, view, view_table};

pub(super) fn generate(documents: &[&Document]) -> Result<String, Error> {
    let mut code = USES.to_owned();
    let mut versions = Vec::new();
    let mut shared = Shared::default();
    let mut operations: Vec<(&str, &str, String)> = Vec::new();
    for document in documents {
        let name = constant(&document.version);
        code += &version(document)?;
        versions.push(format!("&{name}"));
        for view in &document.views {
            code += &view_table(view);
        }
        for operation in &document.operations {
            let written = written(documents, document, operation, &mut shared)?;
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
    code += &shared.written();
    let rows: String = operations
        .iter()
        .map(|(_, _, written)| format!("    {written},\n"))
        .collect();
    code += &format!(
        "/// The versions, the preferred one first.\npub(crate) static VERSIONS: &[&Version] = &[{}];\n
/// Every operation, sorted by path and method.\npub(crate) static OPERATIONS: &[Operation] = &[\n{rows}];\n",
        versions.join(", "),
    );
    text::table("The operations of all documents and what they do.", &code)
}

fn written(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
    shared: &mut Shared,
) -> Result<String, Error> {
    let success = success(document, operation)?;
    let mut row = format!(
        "Operation {{ id: {:?}, version: &{}, method: {:?}, path: {:?}, access: {}, behavior: {}, ",
        operation.id,
        constant(&document.version),
        operation.method,
        operation.path.trim_end_matches('/'),
        access(documents, document, operation)?,
        behavior(documents, document, operation)?,
    );
    let parameters: Vec<String> = operation
        .parameters
        .iter()
        .map(|parameter| written_parameter(documents, document, operation, parameter))
        .collect::<Result<_, _>>()?;
    if !parameters.is_empty() {
        row += &format!("parameters: {}, ", shared.parameters(parameters.join(", ")));
    }
    if let Some(body) = &operation.request {
        let name = component(&body.schema).ok_or_else(|| {
            let message = "has a body without a named schema; give it one";
            unsupported(document, &operation.pointer, message)
        })?;
        let (version, name) = (&document.version, constant(name));
        row += &format!("request: Some(&super::schemas_{version}::{name}), ");
        if !body.required {
            row += "optional_body: true, ";
        }
    }
    if success.status != "200" {
        row += &format!("success: {}, ", success.status);
    }
    if success.schema.is_none() {
        row += "answers: false, ";
    }
    if let Some(view) = view(document, operation, success.schema)? {
        row += &format!("view: Some(&{view}), ");
    }
    if let Some(view) = merges(document, operation) {
        row += &format!("merges: Some(&{view}), ");
    }
    if let Some(members) = envelope(documents, document, operation, success.schema)? {
        row += &format!("envelope: Some(&{}), ", shared.envelope(members));
    }
    let is_array = |schema: &Value| schema["type"] == "array";
    if operation.behavior.verb() != Some(Verb::List) && success.schema.is_some_and(is_array) {
        row += "wrapped: true, ";
    }
    let conflicts = operation
        .responses
        .iter()
        .filter(|answer| answer.status == "409");
    let mut conflicts = conflicts.flat_map(|answer| &answer.content);
    if conflicts.any(|(_, schema)| schema["type"] == "string") {
        row += "text_conflict: true, ";
    }
    Ok(row + "..Operation::USUAL }")
}

fn access(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
) -> Result<String, Error> {
    let kind = kind_of(documents, document, operation)?;
    Ok(match &operation.permission {
        Permission::Public => "Access::Public".to_owned(),
        Permission::SelfOnly => "Access::Caller".to_owned(),
        Permission::Named {
            name,
            scope,
            of,
            self_parameter,
        } => {
            let permission = format!("Permission::{}", variant(name));
            let access = match of {
                Of::Whole if *scope == Scope::Partner => format!("Access::partner({permission})"),
                Of::Whole => format!("Access::organization({permission})"),
                Of::Any => format!("Access::any_project({permission})"),
                Of::Parameter(parameter) => {
                    let found = operation.path_parameter(parameter);
                    let by_id = found.is_some_and(|found| means(kind, found).is_id());
                    let reach = if by_id { "project_id" } else { "project" };
                    format!("Access::{reach}({permission}, {parameter:?})")
                }
            };
            match self_parameter {
                Some(own) => format!("{access}.or_own({own:?})"),
                None => access,
            }
        }
    })
}

/// The kind that an operation is about; none for code of its own.
fn kind_of<'d>(
    documents: &[&'d Document],
    document: &Document,
    operation: &Operation,
) -> Result<Option<&'d Kind>, Error> {
    let Some(name) = operation.behavior.kind() else {
        return Ok(None);
    };
    let own = documents.iter().filter(|d| d.version == document.version);
    let others = documents.iter().filter(|d| d.version != document.version);
    let found = own
        .chain(others)
        .flat_map(|document| &document.kinds)
        .find(|kind| kind.name == name);
    match found {
        Some(kind) => Ok(Some(kind)),
        None => Err(unsupported(
            document,
            &operation.pointer,
            format!("is about `{name}`, which is no kind"),
        )),
    }
}

fn component(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}
