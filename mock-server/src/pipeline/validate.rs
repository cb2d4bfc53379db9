//! Step four: does the request fit the document. Every parameter and the whole body are checked before anything
//! is said, so that the caller hears of all problems at once.

use http::header::CONTENT_TYPE;
use http::request::Parts;
use percent_encoding::percent_decode;
use serde_json::Value;

use crate::body::{self, Form};
use crate::check::Problem;
use crate::engine;
use crate::pipeline::route::Routed;
use crate::refusal::{Reason, Refusal};
use crate::schema::Schema;
use crate::secret::Plain;
use crate::table::{Behavior, Means, Page, Parameter, Place, Verb};

/// The declared query parameters of a request.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(&'static Parameter, String)>);

impl Query {
    /// The text of the parameter with a role, if it was sent.
    pub(crate) fn text(&self, role: Page) -> Option<&str> {
        self.0
            .iter()
            .find(|(parameter, value)| parameter.page == Some(role) && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The text of the parameter with a name, if it was sent; for code that knows its own parameters.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(parameter, value)| parameter.name == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The value of a whole number that was checked before.
    pub(crate) fn number(&self, role: Page) -> Option<usize> {
        self.text(role)?.parse().ok()
    }
}

/// What a valid request says.
pub(crate) struct Validated {
    pub(crate) query: Query,
    pub(crate) body: Value,
    pub(crate) unknown: Vec<String>,
    pub(crate) secrets: Vec<(String, Plain)>,
}

pub(crate) fn validate(
    routed: &Routed<'_>,
    project: &str,
    parts: &Parts,
    bytes: &[u8],
    strict: bool,
) -> Result<Validated, Refusal> {
    let mut problems = Vec::new();
    let query = query(routed, parts, &mut problems);
    if !problems.is_empty() {
        return Err(Refusal {
            reason: Reason::BadRequest,
            ..Refusal::of_problems("request", problems)
        });
    }
    let Some(schema) = routed.operation.request else {
        return Ok(Validated {
            query,
            body: Value::Null,
            unknown: Vec::new(),
            secrets: Vec::new(),
        });
    };
    if bytes.is_empty() && routed.operation.optional_body {
        return Ok(Validated {
            query,
            body: Value::Null,
            unknown: Vec::new(),
            secrets: Vec::new(),
        });
    }
    let mut body = parse(parts, bytes)?;
    let report = schema.check(&mut body);
    let mut problems = report.problems;
    if strict {
        problems.extend(report.unknown.iter().map(|pointer| Problem {
            pointer: pointer.clone(),
            detail: "is not a field of the document".to_owned(),
        }));
    }
    if !problems.is_empty() {
        let known: Vec<String> = problems
            .iter()
            .map(|problem| problem.pointer.clone())
            .collect();
        let contradictions = contradictions(routed, project, &body);
        problems.extend(
            contradictions
                .into_iter()
                .filter(|problem| !known.contains(&problem.pointer)),
        );
        return Err(Refusal::of_problems("body", problems));
    }
    Ok(Validated {
        query,
        body,
        unknown: report.unknown,
        secrets: report.secrets,
    })
}

/// Where a body that is refused anyway also contradicts its path, so that the caller hears of that at once too.
fn contradictions(routed: &Routed<'_>, project: &str, body: &Value) -> Vec<Problem> {
    let operation = routed.operation;
    let Behavior::Verb(verb, kind) = operation.behavior else {
        return Vec::new();
    };
    if operation.view.is_some() {
        return Vec::new();
    }
    let last = operation
        .parameters
        .iter()
        .rfind(|parameter| parameter.place == Place::Path);
    let name = last
        .filter(|parameter| verb == Verb::Replace && parameter.means == Means::Name)
        .map(|parameter| routed.parameters.get(parameter.name));
    let project = if kind.in_project { project } else { "" };
    engine::identity_problems(kind, project, name, body)
}

/// Reads the declared parameters of the query. Others are let pass, since clients mark their calls with some.
fn query(routed: &Routed<'_>, parts: &Parts, problems: &mut Vec<Problem>) -> Query {
    let mut found = Vec::new();
    let raw = parts.uri.query().unwrap_or("");
    for parameter in routed
        .operation
        .parameters
        .iter()
        .filter(|p| p.place == Place::Query)
    {
        let value = raw
            .split('&')
            .filter_map(|pair| {
                pair.split_once('=')
                    .or((!pair.is_empty()).then_some((pair, "")))
            })
            .find(|(name, _)| decode(name).as_deref() == Some(parameter.name))
            .map(|(_, value)| value);
        match value {
            Some(value) => match decode(value) {
                Some(text) => match problem(parameter, &text) {
                    None => found.push((parameter, text)),
                    Some(detail) => problems.push(at(parameter, detail)),
                },
                None => problems.push(at(
                    parameter,
                    "is not UTF-8 once its percent signs are decoded".to_owned(),
                )),
            },
            None if parameter.required => problems.push(at(parameter, "is missing".to_owned())),
            None => {}
        }
    }
    Query(found)
}

fn at(parameter: &Parameter, detail: String) -> Problem {
    Problem {
        pointer: parameter.name.to_owned(),
        detail,
    }
}

fn decode(value: &str) -> Option<String> {
    let spaced = value.replace('+', " ");
    percent_decode(spaced.as_bytes())
        .decode_utf8()
        .ok()
        .map(Into::into)
}

fn problem(parameter: &Parameter, text: &str) -> Option<String> {
    match parameter.schema {
        Schema::Text(rules) => rules.problem(text),
        Schema::Integer { minimum, maximum } => match text.parse::<i64>() {
            Ok(number) if (*minimum..=*maximum).contains(&number) => None,
            _ if *maximum == i64::MAX => Some(format!(
                "is {text:?}; it must be a whole number of {minimum} or more"
            )),
            _ => Some(format!(
                "is {text:?}; it must be a whole number from {minimum} to {maximum}"
            )),
        },
        Schema::Boolean if text != "true" && text != "false" => {
            Some(format!("is {text:?}; it must be true or false"))
        }
        _ => None,
    }
}

fn parse(parts: &Parts, bytes: &[u8]) -> Result<Value, Refusal> {
    let declared = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let Some(form) = declared.and_then(Form::of_media_type) else {
        let sent = declared.map_or_else(
            || "has no content type".to_owned(),
            |sent| format!("is {sent:?}"),
        );
        return Err(Refusal::new(
            Reason::MediaType,
            format!("the body {sent}; send application/json or application/yaml"),
        ));
    };
    body::parse(form, bytes).map_err(|error| {
        Refusal::new(
            Reason::BadBody,
            format!("the body is not valid {}: {error}", form.name()),
        )
    })
}
