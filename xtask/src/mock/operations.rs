//! The operations: route, access, behaviour, parameters and the form of the answer.

use std::collections::{BTreeMap, BTreeSet};

use rafay_spec::model::{From, Of, Page, Scope, Template, Translation};
use rafay_spec::{
    Behavior, Document, Kind, Operation, Parameter, ParameterFrom, ParameterIn, Permission, Verb,
    View,
};
use serde_json::Value;

use super::kinds::{action_index, context};
use super::schemas;
use super::text::{self, Error, constant, json, path, unsupported, variant};

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

/// Parts that many operations have in common, each written once.
#[derive(Default)]
struct Shared {
    parameters: BTreeMap<String, String>,
    envelopes: BTreeMap<String, String>,
}

impl Shared {
    /// The name of a list of parameters.
    fn parameters(&mut self, written: String) -> String {
        let next = format!("P{}", self.parameters.len());
        self.parameters.entry(written).or_insert(next).clone()
    }

    /// The name of an envelope.
    fn envelope(&mut self, written: String) -> String {
        let next = format!("E{}", self.envelopes.len());
        self.envelopes.entry(written).or_insert(next).clone()
    }

    fn written(&self) -> String {
        let number = |name: &String| name[1..].parse::<usize>().unwrap_or(0);
        let mut parameters: Vec<_> = self.parameters.iter().collect();
        parameters.sort_by_key(|(_, name)| number(name));
        let mut envelopes: Vec<_> = self.envelopes.iter().collect();
        envelopes.sort_by_key(|(_, name)| number(name));
        let mut code = String::new();
        for (written, name) in parameters {
            code += &format!("static {name}: &[Parameter] = &[{written}];\n");
        }
        for (written, name) in envelopes {
            code += &format!("static {name}: Envelope = Envelope {{ members: &[{written}] }};\n");
        }
        code
    }
}

const USES: &str = "#[allow(unused_imports, reason = \"not every document uses every word\")]
use crate::handlers;
use crate::schema::Schema;
#[allow(unused_imports, reason = \"not every document uses every word\")]
use crate::table::{Access, Behavior, Context, Envelope, ErrorShape, Means, Member, Operation, Page, Parameter, Source, Template, Translation, Verb, Version, View, ViewField, Words};
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
    } else if has("message") {
        Ok("Status")
    } else if has("details") {
        Ok("Details")
    } else {
        Err(unsupported(
            document,
            "/paths",
            "its error schema has none of `external`, `message` and `details`; the mock writes these three shapes",
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
            format!(
                "    ViewField {{ at: {}, from: {}, read_only: {} }},\n",
                path(&field.pointer),
                source(view, &field.pointer, &field.from),
                field.read_only
            )
        })
        .collect();
    format!(
        "static {}: View = View {{ fields: &[\n{}] }};\n",
        view_name(view),
        fields.concat()
    )
}

fn source(view: &View, pointer: &str, from: &From) -> String {
    match from {
        From::Pointer(place) => format!("Source::Kind({})", path(place)),
        From::Context(fact) => format!("Source::Context({})", context(*fact)),
        From::Annotation => {
            let field = pointer.trim_start_matches('/').replace('/', ".");
            format!(
                "Source::Annotation(\"rafay.dev/view.{}.{field}\")",
                view.document
            )
        }
        From::Constant(value) => format!("Source::Constant({})", json(value)),
        From::Map { at, words } => format!(
            "Source::Map(&Translation {{ at: {}, words: {} }})",
            path(at),
            translation(words)
        ),
        From::Each { at, members } => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, words)| format!("({name:?}, {})", translation(words)))
                .collect();
            format!("Source::Each({}, &[{}])", path(at), members.join(", "))
        }
    }
}

fn translation(words: &Translation) -> String {
    let pairs = |pairs: &[(Value, Value)]| {
        let written = pairs
            .iter()
            .map(|(stored, shown)| format!("({stored}, {})", json(shown)));
        written.collect::<Vec<_>>().join(", ")
    };
    let otherwise = words
        .otherwise
        .as_ref()
        .map_or("None".to_owned(), |value| format!("Some({})", json(value)));
    let first = words.first.as_ref().map_or("None".to_owned(), |first| {
        format!("Some(({:?}, &[{}]))", first.of, pairs(&first.pairs))
    });
    format!(
        "Words {{ pairs: &[{}], otherwise: {otherwise}, first: {first} }}",
        pairs(&words.pairs)
    )
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

/// What the value of a path parameter is.
enum Meaning {
    Name,
    Id,
    NameOrId,
    ProjectId,
    OrganizationId,
    Place(String),
    IdOf(String, Option<String>),
}

impl Meaning {
    fn is_id(&self) -> bool {
        matches!(self, Meaning::Id | Meaning::ProjectId)
    }

    fn written(&self) -> String {
        match self {
            Meaning::Name => "Means::Name".to_owned(),
            Meaning::Id => "Means::Id".to_owned(),
            Meaning::NameOrId => "Means::NameOrId".to_owned(),
            Meaning::ProjectId => "Means::ProjectId".to_owned(),
            Meaning::OrganizationId => "Means::OrganizationId".to_owned(),
            Meaning::Place(place) => format!("Means::Place({})", path(place)),
            Meaning::IdOf(kind, at) => {
                let at = at
                    .as_ref()
                    .map_or("None".to_owned(), |at| format!("Some({})", path(at)));
                format!("Means::IdOf({kind:?}, {at})")
            }
        }
    }
}

fn means(kind: Option<&Kind>, parameter: &Parameter) -> Meaning {
    match (&parameter.from, kind) {
        (Some(ParameterFrom::NameOrId), _) => Meaning::NameOrId,
        (Some(ParameterFrom::ProjectId), _) => Meaning::ProjectId,
        (Some(ParameterFrom::OrganizationId), _) => Meaning::OrganizationId,
        (Some(ParameterFrom::IdOf { kind, at }), _) => Meaning::IdOf(kind.clone(), at.clone()),
        (Some(ParameterFrom::Place(place)), Some(kind)) if *place == kind.identity.id => {
            Meaning::Id
        }
        (Some(ParameterFrom::Place(place)), Some(kind)) if *place != kind.identity.name => {
            Meaning::Place(place.clone())
        }
        _ => Meaning::Name,
    }
}

fn behavior(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
) -> Result<String, Error> {
    let kind = kind_of(documents, document, operation)?;
    Ok(match (&operation.behavior, kind) {
        (Behavior::Handler(code), _) => format!("Behavior::Handler(handlers::{})", code.name),
        (Behavior::Verb { verb, kind }, _) => format!(
            "Behavior::Verb(Verb::{}, &kinds::{})",
            variant(verb.as_str()),
            constant(kind)
        ),
        (Behavior::Action { kind: name, action }, kind) => {
            let index = kind.and_then(|kind| action_index(kind, action));
            let index = index.ok_or_else(|| {
                let message = format!("starts `{action}`, which is no action of `{name}`");
                unsupported(document, &operation.pointer, message)
            })?;
            format!("Behavior::Act(&kinds::{}, {index})", constant(name))
        }
        (Behavior::Render { kind, template }, _) => {
            let template = match template {
                Template::Json(value) => format!("Template::Json({})", json(value)),
                Template::Text(text) => {
                    let media_type = success_type(document, operation)?;
                    format!("Template::Text({media_type:?}, {text:?})")
                }
            };
            format!("Behavior::Render(&kinds::{}, {template})", constant(kind))
        }
    })
}

/// The media type of a successful answer that is text.
fn success_type<'d>(document: &Document, operation: &'d Operation) -> Result<&'d str, Error> {
    let mut responses = operation.responses.iter();
    let success = responses.find(|response| response.is_success());
    let found = success.and_then(|response| response.content.first());
    found
        .map(|(media_type, _)| media_type.as_str())
        .ok_or_else(|| {
            let message = "renders a text and declares no content for it";
            unsupported(document, &operation.pointer, message)
        })
}

fn written_parameter(
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
    parameter: &Parameter,
) -> Result<String, Error> {
    let name = format!("{:?}", parameter.name);
    let required = parameter.required;
    let kind = kind_of(documents, document, operation)?;
    Ok(match parameter.location {
        ParameterIn::Path => format!(
            "Parameter::path({name}, {})",
            means(kind, parameter).written()
        ),
        ParameterIn::Header => format!("Parameter::header({name}, {required})"),
        ParameterIn::Query => {
            let schema = schemas::parameter(document, &parameter.schema, &operation.pointer)?;
            match &parameter.page {
                Some(page) => format!("Parameter::page({name}, Page::{}, &{schema})", role(page)),
                None => format!("Parameter::query({name}, {required}, &{schema})"),
            }
        }
    })
}

fn role(page: &Page) -> String {
    match page {
        Page::Place(place) => format!("Place({})", path(place)),
        other => format!("{other:?}"),
    }
}

/// The view an operation speaks of: that of its body or answer, or of the items of its list.
fn view(
    document: &Document,
    operation: &Operation,
    answer: Option<&Value>,
) -> Result<Option<String>, Error> {
    let found = |name: &str| document.views.iter().find(|view| view.schema == name);
    let answered = answer.map(|schema| match schema["type"].as_str() {
        Some("array") => &schema["items"],
        _ => schema,
    });
    let Some(kind) = operation.behavior.kind() else {
        // Code of its own shows an account, say, in the form that its answer has.
        let view = answered.and_then(component).and_then(found);
        return Ok(view.map(view_name));
    };
    let body = operation.request.as_ref().map(|request| &request.schema);
    let shown = match &operation.behavior {
        Behavior::Render { .. } => return Ok(None),
        Behavior::Action { .. } => answered,
        Behavior::Verb {
            verb: Verb::List, ..
        } => answer
            .and_then(|schema| items(document, schema))
            .map(|(_, item)| item),
        _ => body.or(answered),
    };
    let Some(name) = shown.and_then(component) else {
        return Ok(None);
    };
    if name == kind && document.kinds.iter().any(|known| known.name == *kind) {
        return Ok(None);
    }
    match found(name).filter(|view| view.kind == *kind) {
        Some(view) => Ok(Some(view_name(view))),
        None => Err(unsupported(
            document,
            &operation.pointer,
            format!("shows {name}, which is neither the kind {kind} nor a view of it"),
        )),
    }
}

/// The view that an action's body has, if it is one: it may be anything else.
fn merges(document: &Document, operation: &Operation) -> Option<String> {
    let body = operation.request.as_ref().map(|request| &request.schema);
    let view = match &operation.behavior {
        Behavior::Action { kind, .. } => body.and_then(component).and_then(|name| {
            let mut views = document.views.iter();
            views.find(|view| view.schema == name && view.kind == *kind)
        }),
        _ => None,
    };
    view.map(view_name)
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
    documents: &[&Document],
    document: &Document,
    operation: &Operation,
    answer: Option<&Value>,
) -> Result<Option<String>, Error> {
    if operation.behavior.verb() != Some(Verb::List) {
        return Ok(None);
    }
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
        return Ok(None);
    };
    let known = kind_of(documents, document, operation)?;
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
            ("next", _) => "Member::Next".to_owned(),
            ("previous", _) => "Member::Previous".to_owned(),
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
    Ok(Some(members.join(", ")))
}
