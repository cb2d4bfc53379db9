//! Step one: which operation a request means. A trailing slash makes no difference, on any version.

use std::borrow::Cow;
use std::sync::OnceLock;

use http::Method;
use http::request::Parts;
use matchit::Router;
use percent_encoding::percent_decode_str;

use crate::generated::operations::{OPERATIONS, VERSIONS};
use crate::mask::Masked;
use crate::refusal::{Reason, Refusal};
use crate::table::{Operation, Version};

/// The values of the path parameters, decoded.
pub(crate) struct Parameters<'r>(Vec<(&'static str, Cow<'r, str>)>);

impl Parameters<'_> {
    /// The value of a parameter; empty for one the path has not.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| value)
    }
}

/// A request whose operation is known.
pub(crate) struct Routed<'r> {
    pub(crate) operation: &'static Operation,
    pub(crate) parameters: Parameters<'r>,
}

/// A request that means no operation.
pub(crate) struct Missed {
    pub(crate) version: &'static Version,
    pub(crate) refusal: Refusal,
    pub(crate) allow: Option<String>,
}

/// Operations by path: every path once, with its methods.
fn router() -> &'static Router<Vec<&'static Operation>> {
    static ROUTER: OnceLock<Router<Vec<&'static Operation>>> = OnceLock::new();
    ROUTER.get_or_init(|| {
        let mut router = Router::new();
        // The table is sorted by path, so operations of one path stand together.
        for same_path in OPERATIONS.chunk_by(|a, b| a.path == b.path) {
            let operations = same_path.iter().collect();
            // Two templates that cannot be told apart are refused when the table is generated.
            let _ = router.insert(same_path[0].path, operations);
        }
        router
    })
}

pub(crate) fn route(parts: &Parts) -> Result<Routed<'_>, Missed> {
    let raw = parts.uri.path();
    let path = raw.strip_suffix('/').unwrap_or(raw);
    let Ok(found) = router().at(path) else {
        let refusal = Refusal::new(
            Reason::NotFound,
            format!(
                "the path {} is not found in any document; the paths there are stand under /docs",
                Masked(raw)
            ),
        );
        return Err(Missed {
            version: version_of(path),
            refusal,
            allow: None,
        });
    };
    // A HEAD request is a GET whose body is not sent.
    let method = if parts.method == Method::HEAD {
        &Method::GET
    } else {
        &parts.method
    };
    let Some(operation) = found
        .value
        .iter()
        .find(|operation| operation.method == method.as_str())
    else {
        let allow: Vec<_> = found
            .value
            .iter()
            .map(|operation| operation.method)
            .collect();
        let allow = allow.join(", ");
        let refusal = Refusal::new(
            Reason::MethodNotAllowed,
            format!(
                "{} is not a method of this path; it has {allow}",
                parts.method
            ),
        );
        return Err(Missed {
            version: found.value[0].version,
            refusal,
            allow: Some(allow),
        });
    };
    let mut parameters = Vec::with_capacity(found.params.len());
    for (parameter, value) in operation.parameters.iter().filter_map(|parameter| {
        found
            .params
            .get(parameter.name)
            .map(|value| (parameter, value))
    }) {
        let Ok(decoded) = percent_decode_str(value).decode_utf8() else {
            let refusal = Refusal::at(
                Reason::BadRequest,
                parameter.name,
                "is not UTF-8 once its percent signs are decoded",
            );
            return Err(Missed {
                version: operation.version,
                refusal,
                allow: None,
            });
        };
        parameters.push((parameter.name, decoded));
    }
    Ok(Routed {
        operation,
        parameters: Parameters(parameters),
    })
}

/// The version whose paths begin like this one, or the first choice.
fn version_of(path: &str) -> &'static Version {
    let first = path.split('/').nth(1).unwrap_or("");
    VERSIONS
        .iter()
        .find(|version| version.prefixes.contains(&first))
        .unwrap_or(&VERSIONS[0])
}
