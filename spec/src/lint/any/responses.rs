//! Responses and content.

use super::Findings;
use super::layout::Layout;
use super::shape::Kind;
use crate::diff::document::At;
use crate::lint::rules;

pub(super) fn check<'a>(layout: &Layout<'a>, findings: &mut Findings<'a>) {
    for part in layout.of(Kind::Response) {
        if part.at.get("description").is_none() {
            let message = "the response has no description";
            findings.add(rules::MISSING_RESPONSE_DESCRIPTION, part.at, message);
        }
    }
    for part in layout.of(Kind::Responses) {
        for (status, response) in part.at.entries() {
            if !status.starts_with("x-") {
                check_status(layout, status, response, findings);
            }
        }
        check_default(layout, part.at, findings);
    }
    for part in &layout.parts {
        let owns = matches!(
            part.kind,
            Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response
        );
        if owns {
            for (name, at) in part.at.get("content").into_iter().flat_map(At::entries) {
                if !is_media_type(name) {
                    let message = format!("`{name}` is no media type");
                    findings.add(rules::MEDIA_TYPE_FORM, at, message);
                }
            }
        }
        let shows = matches!(part.kind, Kind::Parameter | Kind::Header | Kind::MediaType);
        if shows
            && part.at.get("example").is_some()
            && let Some(examples) = part.at.get("examples")
        {
            let message = "`example` stands beside it";
            findings.add(rules::EXAMPLE_AND_EXAMPLES, examples, message);
        }
    }
}

fn check_status<'a>(
    layout: &Layout<'a>,
    status: &str,
    response: At<'a>,
    findings: &mut Findings<'a>,
) {
    let is_form = matches!(
        status.as_bytes(),
        b"default" | [b'1'..=b'5', b'X', b'X'] | [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9']
    );
    if !is_form {
        let message = format!("`{status}` is no status, no range such as 4XX, and not default");
        findings.add(rules::STATUS_CODE_FORM, response, message);
    }
    let is_empty = status.starts_with('1') || matches!(status, "204" | "205" | "304");
    let content = layout.resolve(response).and_then(|at| at.get("content"));
    if is_empty
        && let Some(content) = content
        && !content.node.entries().is_empty()
    {
        let message = format!("an answer {status} has no body");
        findings.add(rules::BODY_WITHOUT_CONTENT, response, message);
    }
}

/// A default that looks like the success.
fn check_default<'a>(layout: &Layout<'a>, responses: At<'a>, findings: &mut Findings<'a>) {
    let schema = |response: At<'a>| {
        let content = layout.resolve(response)?.get("content")?;
        let (_, media) = content.entries().next()?;
        Some(media.get("schema")?.node.text_at("$ref")?.to_owned())
    };
    let Some(default) = responses.get("default") else {
        return;
    };
    let successes = responses
        .entries()
        .filter(|(status, _)| status.starts_with('2'));
    let mut schemas = successes.filter_map(|(_, response)| schema(response));
    if let Some(own) = schema(default)
        && schemas.any(|other| other == own)
    {
        let message = "`default` has the schema of the success";
        findings.add(rules::DEFAULT_AS_SUCCESS, default, message);
    }
}

fn is_media_type(name: &str) -> bool {
    let (essence, _) = name.split_once(';').unwrap_or((name, ""));
    let part = |text: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+*%'`|~".contains(c);
        !text.is_empty() && text.chars().all(fits)
    };
    essence
        .trim_end()
        .split_once('/')
        .is_some_and(|(kind, sub)| part(kind) && part(sub))
}
