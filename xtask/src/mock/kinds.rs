//! The kinds that the engine stores.

use std::collections::BTreeMap;

use rafay_spec::model::{
    After, Authority, Context, Flow, From, Initial, InitialOf, Login, Scope, Spawn,
};
use rafay_spec::{Document, Kind};
use serde_json::Value;

use super::text::{self, Error, constant, json, path, unsupported};

pub(super) fn generate(documents: &[&Document]) -> Result<String, Error> {
    let mut code = USES.to_owned();
    let mut names = Vec::new();
    let mut container = None;
    let mut tenant = None;
    let mut operator = None;
    let mut account = None;
    let mut login = None;
    for document in documents {
        for kind in &document.kinds {
            let name = constant(&kind.name);
            code += &written(document, kind)?;
            match kind.container.as_deref() {
                Some("project") => container = Some(name.clone()),
                Some("organization") => tenant = Some(name.clone()),
                Some("partner") => operator = Some(name.clone()),
                _ => {}
            }
            if kind.authority == Some(Authority::Account) {
                account = Some(name.clone());
                login = kind.login.as_ref();
            }
            names.push(name);
        }
    }
    let missing = |what: &str, word: &str| {
        unsupported(
            documents[0],
            "/components/schemas",
            format!("no kind is {what}; say `{word}` in its x-kind"),
        )
    };
    let account = account.ok_or_else(|| missing("that of accounts", "authority: account"))?;
    let container = container.ok_or_else(|| missing("that of projects", "container: project"))?;
    let tenant =
        tenant.ok_or_else(|| missing("that of organizations", "container: organization"))?;
    let operator = operator.ok_or_else(|| missing("that of partners", "container: partner"))?;
    let all: Vec<String> = names.iter().map(|name| format!("&{name}")).collect();
    code += &format!(
        "/// Every kind.\npub(crate) static KINDS: &[&Kind] = &[{}];\n
        /// The kind whose objects are the projects that others belong to.\npub(crate) static CONTAINER: &Kind = &{container};\n
        /// The kind whose objects are the organizations that everything else belongs to.\npub(crate) static TENANT: &Kind = &{tenant};\n
        /// The kind whose objects are the partners that organizations belong to.\npub(crate) static OPERATOR: &Kind = &{operator};\n
        /// The kind whose objects are the accounts that callers act for.\npub(crate) static ACCOUNT: &Kind = &{account};\n
        /// Where an account has what a login to the console is about; none where nobody logs in.\npub(crate) static LOGIN: Option<Login> = {};\n",
        all.join(", "),
        login.map_or_else(|| "None".to_owned(), written_login),
    );
    text::table("The kinds of objects that the controller stores.", &code)
}

const USES: &str = "#[allow(unused_imports, reason = \"not every document uses every word\")]
use crate::effects;
use crate::session::Login;
#[allow(unused_imports, reason = \"not every document uses every word\")]
use crate::table::{After, Authority, Context, Failure, Flow, Initial, InitialOf, Kind, Lifecycle, Reference, Schedule, Spawn, Step};
";

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
        .filter_map(|field| match field.from {
            From::Context(fact) => Some(format!("({}, {})", path(&field.pointer), context(fact))),
            _ => None,
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
            let or: Vec<String> = reference
                .or
                .iter()
                .map(|name| format!("&{}", constant(name)))
                .collect();
            format!(
                "\n        Reference {{ at: {}, kind: &{}, or: &[{}], builtin: &[{}], owner: {}, project_at: {} }}",
                path(&reference.pointer),
                constant(&reference.kind),
                or.join(", "),
                builtin.join(", "),
                reference.owner,
                place(reference.project_at.as_deref())
            )
        })
        .collect();
    Ok(format!(
        "pub(crate) static {name}: Kind = Kind {{
    name: {:?}, api_version: {:?}, also_versions: &{:?}, in_project: {}, of_partner: {},
    schema: &super::schemas_{}::{name},
    name_at: {}, id_at: {}, created_at: {}, modified_at: {}, project_at: {project_at}, namespace_at: {}, self_describing: {},
    controlled: &[{}],
    immutable: &[{}],
    hashed: &[{}],
    context: &[{}],
    references: &[{}],
    lifecycle: {},
    authority: {},
    initial: {},
}};\n",
        kind.name,
        format!("{}/{}", kind.group, kind.version),
        kind.also_versions,
        kind.scope == Scope::Project,
        kind.scope == Scope::Partner,
        document.version,
        path(&kind.identity.name),
        path(&kind.identity.id),
        path(&kind.identity.created),
        path(&kind.identity.modified),
        place(kind.namespace_at()),
        has("apiVersion") && has("kind"),
        paths(&marked(document, schema, "readOnly")),
        paths(&marked(document, schema, "x-immutable")),
        paths(&kind.hashed),
        context.join(", "),
        references.join(", "),
        lifecycle(document, kind)?,
        match kind.authority {
            None => "None",
            Some(Authority::Account) => "Some(Authority::Account)",
            Some(Authority::Group) => "Some(Authority::Group)",
            Some(Authority::Role) => "Some(Authority::Role)",
        },
        kind.initial.as_ref().map_or("None".to_owned(), initial),
    ))
}

/// What a login is about, as an expression.
fn written_login(login: &Login) -> String {
    format!(
        "Some(Login {{ password: {:?}, console_at: {:?}, console_is: {:?}, last: {} }})",
        login.password,
        login.console_at,
        login.console_is,
        path(&login.last)
    )
}

/// What a controller starts with, as an expression.
fn initial(initial: &Initial) -> String {
    let of = match initial.of {
        None => "None",
        Some(InitialOf::Organization) => "Some(InitialOf::Organization)",
        Some(InitialOf::Founder) => "Some(InitialOf::Founder)",
        Some(InitialOf::Roles) => "Some(InitialOf::Roles)",
    };
    format!(
        "Some(Initial {{ of: {of}, body: {} }})",
        json(&initial.body)
    )
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

/// The expression for a place that there may be.
fn place(pointer: Option<&str>) -> String {
    pointer.map_or("None".to_owned(), |pointer| {
        format!("Some({})", path(pointer))
    })
}

/// The expression for a fact.
pub(super) fn context(fact: Context) -> &'static str {
    match fact {
        Context::OrganizationId => "Context::OrganizationId",
        Context::OrganizationName => "Context::OrganizationName",
        Context::ProjectId => "Context::ProjectId",
        Context::ProjectName => "Context::ProjectName",
        Context::PartnerId => "Context::PartnerId",
        Context::PartnerName => "Context::PartnerName",
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

/// Index of an action's flow in the table of the kind's lifecycle.
pub(super) fn action_index(kind: &Kind, action: &str) -> Option<usize> {
    let lifecycle = kind.lifecycle.as_ref()?;
    let index = lifecycle.actions.keys().position(|name| name == action)?;
    // The flows of creation and of changed places come first.
    Some(index + 2)
}

fn lifecycle(document: &Document, kind: &Kind) -> Result<String, Error> {
    let Some(lifecycle) = &kind.lifecycle else {
        return Ok("None".to_owned());
    };
    let nothing = Flow::default();
    let changed = lifecycle.changed.as_ref();
    let mut flows = vec![
        flow(document, kind, "create", "", &lifecycle.create)?,
        flow(
            document,
            kind,
            "changed",
            "",
            changed.map_or(&nothing, |changed| &changed.flow),
        )?,
    ];
    for (name, action) in &lifecycle.actions {
        let when: Vec<String> = action
            .when
            .iter()
            .map(|(pointer, values)| {
                let values: Vec<String> = values.iter().map(json).collect();
                format!("({}, &[{}])", path(pointer), values.join(", "))
            })
            .collect();
        flows.push(flow(document, kind, name, &when.join(", "), &action.flow)?);
    }
    let places = changed.map_or(&[][..], |changed| &changed.places);
    let schedule = match &lifecycle.schedule {
        None => "None".to_owned(),
        Some(schedule) => format!(
            "Some(Schedule {{ cron: {}, unless: {}, spawn: {} }})",
            path(&schedule.cron),
            place(schedule.unless.as_deref()),
            spawn(&schedule.spawn)
        ),
    };
    Ok(format!(
        "Some(&Lifecycle {{ flows: &[{}], changed: &[{}], schedule: {schedule} }})",
        flows.join(","),
        paths(places)
    ))
}

fn flow(
    document: &Document,
    kind: &Kind,
    name: &str,
    when: &str,
    flow: &Flow,
) -> Result<String, Error> {
    let steps: Vec<String> = flow
        .steps
        .iter()
        .map(|step| {
            let after = match &step.after {
                After::Seconds(seconds) => format!("After::Seconds({seconds})"),
                After::Place(place) => format!("After::Place({})", path(place)),
            };
            let mut more = String::new();
            if let Some(made) = &step.spawn {
                more += &format!("spawn: Some({}), ", spawn(made));
            }
            if let Some(also) = &step.also {
                more += &format!(
                    "also: Some((&{}, {:?}, {})), ",
                    constant(&also.kind),
                    also.name,
                    set(&also.set)
                );
            }
            if step.remove {
                more += "remove: true, ";
            }
            if let Some(effect) = &step.effect {
                more += &format!("effect: Some(effects::{effect}), ");
            }
            let plain = format!("Step::new({:?}, {after}, {})", step.name, set(&step.set));
            if more.is_empty() {
                format!("\n            {plain}")
            } else {
                format!("\n            Step {{ {more}..{plain} }}")
            }
        })
        .collect();
    let failure = match &flow.failure {
        None => "None".to_owned(),
        Some(failure) => {
            let pointer = format!("/components/schemas/{}/x-lifecycle", kind.name);
            let at = flow.steps.iter().position(|step| step.name == failure.at);
            let at = at.ok_or_else(|| {
                unsupported(
                    document,
                    &pointer,
                    format!("`{}` names no step", failure.at),
                )
            })?;
            let effect = match &failure.effect {
                None => "None".to_owned(),
                Some(effect) => format!("Some(effects::{effect})"),
            };
            format!(
                "Some(Failure {{ at: {at}, set: {}, effect: {effect} }})",
                set(&failure.set)
            )
        }
    };
    Ok(format!(
        "\n        Flow {{ name: {name:?}, when: &[{when}], steps: &[{}], failure: {failure} }}",
        steps.join(",")
    ))
}

fn spawn(spawn: &Spawn) -> String {
    format!(
        "Spawn {{ kind: &{}, body: {} }}",
        constant(&spawn.kind),
        json(&spawn.body)
    )
}

fn set(places: &BTreeMap<String, Value>) -> String {
    let places: Vec<String> = places
        .iter()
        .map(|(pointer, value)| format!("({}, {})", path(pointer), json(value)))
        .collect();
    format!("&[{}]", places.join(", "))
}
