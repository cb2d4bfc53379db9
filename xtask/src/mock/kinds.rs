//! The kinds that the engine stores.

use std::collections::BTreeMap;

use rafay_spec::model::{From, Scope};
use rafay_spec::{Document, Kind};
use serde_json::Value;

use super::text::{self, Error, constant, json, path, unsupported};

pub(super) fn generate(documents: &[&Document]) -> Result<String, Error> {
    let mut code =
        "use crate::table::{Context, Failure, Kind, Lifecycle, Reference, Step};\n".to_owned();
    let mut names = Vec::new();
    let mut container = None;
    for document in documents {
        for kind in &document.kinds {
            let name = constant(&kind.name);
            code += &written(document, kind)?;
            if kind.container.as_deref() == Some("project") {
                container = Some(name.clone());
            }
            names.push(name);
        }
    }
    let container = container.ok_or_else(|| {
        unsupported(
            documents[0],
            "/components/schemas",
            "no kind is the container of projects; say `container: project` in its x-kind",
        )
    })?;
    let all: Vec<String> = names.iter().map(|name| format!("&{name}")).collect();
    code += &format!(
        "/// Every kind.\npub(crate) static KINDS: &[&Kind] = &[{}];\n
        /// The kind whose objects are the projects that others belong to.\npub(crate) static CONTAINER: &Kind = &{container};\n",
        all.join(", ")
    );
    text::file("The kinds of objects that the controller stores.", &code)
}

fn written(document: &Document, kind: &Kind) -> Result<String, Error> {
    let name = constant(&kind.name);
    let schema_pointer = format!("/components/schemas/{}", kind.name);
    let schema = document
        .resolve(&format!("#{schema_pointer}"))
        .ok_or_else(|| unsupported(document, &schema_pointer, "is not there"))?;
    let has = |property: &str| schema["properties"].get(property).is_some();
    let project_at = if place_exists(document, schema, &["metadata", "project"]) {
        "Some(&[\"metadata\", \"project\"])"
    } else {
        "None"
    };
    let context: Vec<String> = kind
        .context
        .iter()
        .filter_map(|field| match &field.from {
            From::Organization(fact) => {
                Some(format!("({}, {})", path(&field.pointer), context(fact)))
            }
            From::Pointer(_) => None,
        })
        .collect();
    let references: Vec<String> = kind
        .references
        .iter()
        .map(|reference| {
            let builtin: Vec<String> = reference
                .builtin
                .iter()
                .map(|name| format!("{name:?}"))
                .collect();
            format!(
                "Reference {{ at: {}, kind: &{}, builtin: &[{}] }}",
                path(&reference.pointer),
                constant(&reference.kind),
                builtin.join(", ")
            )
        })
        .collect();
    Ok(format!(
        "pub(crate) static {name}: Kind = Kind {{
            name: {:?}, api_version: {:?}, in_project: {},
            schema: &super::schemas_{}::{name},
            name_at: {}, id_at: {}, created_at: {}, modified_at: {}, project_at: {project_at}, self_describing: {},
            controlled: &[{}], immutable: &[{}], context: &[{}], references: &[{}], lifecycle: {},
        }};\n",
        kind.name,
        format!("{}/{}", kind.group, kind.version),
        kind.scope == Scope::Project,
        document.version,
        path(&kind.identity.name),
        path(&kind.identity.id),
        path(&kind.identity.created),
        path(&kind.identity.modified),
        has("apiVersion") && has("kind"),
        paths(&marked(document, schema, "readOnly")),
        paths(&marked(document, schema, "x-immutable")),
        context.join(", "),
        references.join(", "),
        lifecycle(document, kind)?,
    ))
}

/// Places in an object whose property, or the schema it refers to, has a mark. Lists are not entered: their items have
/// no identity by which an old one could be told to be a new one.
fn marked(document: &Document, schema: &Value, mark: &str) -> Vec<String> {
    fn descend<'d>(
        document: &'d Document,
        schema: &'d Value,
        at: &str,
        mark: &str,
        way: &mut Vec<&'d Value>,
        found: &mut Vec<String>,
    ) {
        if way.iter().any(|above| std::ptr::eq(*above, schema)) {
            return;
        }
        way.push(schema);
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            let followed = follow(document, property);
            if property[mark] == Value::Bool(true) || followed[mark] == Value::Bool(true) {
                found.push(at);
            } else {
                descend(document, followed, &at, mark, way, found);
            }
        }
        way.pop();
    }
    let mut found = Vec::new();
    descend(document, schema, "", mark, &mut Vec::new(), &mut found);
    found
}

fn follow<'d>(document: &'d Document, schema: &'d Value) -> &'d Value {
    schema["$ref"]
        .as_str()
        .and_then(|reference| document.resolve(reference))
        .unwrap_or(schema)
}

fn paths(pointers: &[String]) -> String {
    pointers
        .iter()
        .map(|pointer| path(pointer))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The expression for a fact of the organization.
pub(super) fn context(fact: &str) -> &'static str {
    if fact == "name" {
        "Context::OrganizationName"
    } else {
        "Context::OrganizationId"
    }
}

fn place_exists(document: &Document, schema: &Value, place: &[&str]) -> bool {
    let followed = schema["$ref"]
        .as_str()
        .and_then(|reference| document.resolve(reference))
        .unwrap_or(schema);
    match place.split_first() {
        None => true,
        Some((token, rest)) => followed["properties"]
            .get(*token)
            .is_some_and(|next| place_exists(document, next, rest)),
    }
}

fn lifecycle(document: &Document, kind: &Kind) -> Result<String, Error> {
    let Some(lifecycle) = &kind.lifecycle else {
        return Ok("None".to_owned());
    };
    let steps: Vec<String> = lifecycle
        .steps
        .iter()
        .map(|step| {
            format!(
                "Step {{ after: {}, set: {} }}",
                step.after_seconds,
                set(&step.set)
            )
        })
        .collect();
    let failure = match &lifecycle.failure {
        None => "None".to_owned(),
        Some(failure) => {
            let pointer = format!("/components/schemas/{}/x-lifecycle/failure/at", kind.name);
            let at = lifecycle
                .steps
                .iter()
                .position(|step| step.name == failure.at);
            let at = at.ok_or_else(|| unsupported(document, &pointer, "names no step"))?;
            format!("Some(Failure {{ at: {at}, set: {} }})", set(&failure.set))
        }
    };
    Ok(format!(
        "Some(&Lifecycle {{ steps: &[{}], failure: {failure} }})",
        steps.join(", ")
    ))
}

fn set(places: &BTreeMap<String, Value>) -> String {
    let places: Vec<String> = places
        .iter()
        .map(|(pointer, value)| format!("({}, {})", path(pointer), json(value)))
        .collect();
    format!("&[{}]", places.join(", "))
}
