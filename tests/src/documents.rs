//! The documents and roles as `rafay-spec` reads them, once for a test binary, and which operation a request means.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rafay_spec::{Document, Operation, Spec};

/// The repository's root.
pub fn repository() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// The documents and roles.
pub fn spec() -> &'static Spec {
    static SPEC: OnceLock<Spec> = OnceLock::new();
    SPEC.get_or_init(|| Spec::load(&repository().join("spec")).expect("the documents can be read"))
}

/// Every operation of every document.
pub fn operations() -> impl Iterator<Item = (&'static Document, &'static Operation)> {
    let documents = spec().documents.iter();
    documents.flat_map(|document| {
        document
            .operations
            .iter()
            .map(move |operation| (document, operation))
    })
}

/// One operation by its document's version and its id.
pub fn operation(version: &str, id: &str) -> &'static Operation {
    operations()
        .find(|(document, operation)| document.version == version && operation.id == id)
        .unwrap_or_else(|| panic!("there is no operation {id} in {version}"))
        .1
}

/// What a request means by the documents alone.
pub(crate) enum Meaning {
    /// This operation.
    Operation(&'static Document, &'static Operation),
    /// A path of this document, but none of these methods of it.
    OtherMethod(&'static Document, Vec<String>),
    /// No path; the document whose paths begin alike.
    Unknown(&'static Document),
}

/// An operation with its path in segments.
struct Template {
    document: &'static Document,
    operation: &'static Operation,
    segments: Vec<&'static str>,
}

/// The operations by the number of segments of their paths.
fn templates(segments_of_path: usize) -> &'static [Template] {
    static TEMPLATES: OnceLock<Vec<Vec<Template>>> = OnceLock::new();
    let all = TEMPLATES.get_or_init(|| {
        let mut all: Vec<Vec<Template>> = Vec::new();
        for (document, operation) in operations() {
            let segments = segments(&operation.path);
            let number = segments.len();
            if all.len() <= number {
                all.resize_with(number + 1, Vec::new);
            }
            all[number].push(Template {
                document,
                operation,
                segments,
            });
        }
        all
    });
    all.get(segments_of_path).map_or(&[], Vec::as_slice)
}

impl Template {
    fn literals(&self) -> usize {
        let literal = |segment: &&&str| !is_parameter(segment);
        self.segments.iter().filter(literal).count()
    }

    /// Whether it fits a path of as many segments.
    fn fits(&self, path: &[&str]) -> bool {
        let pairs = self.segments.iter().zip(path);
        pairs
            .into_iter()
            .all(|(wanted, sent)| wanted == sent || is_parameter(wanted) && !sent.is_empty())
    }
}

/// Finds the operation of a request; a trailing slash makes no difference, and HEAD is a GET.
pub(crate) fn meaning(method: &str, path: &str) -> Meaning {
    let method = if method == "HEAD" { "GET" } else { method };
    let sent = segments(path);
    let candidates: Vec<_> = templates(sent.len())
        .iter()
        .filter(|template| template.fits(&sent))
        .collect();
    // A literal segment goes before a parameter.
    let most = candidates.iter().map(|template| template.literals()).max();
    let best: Vec<_> = candidates
        .into_iter()
        .filter(|template| Some(template.literals()) == most)
        .collect();
    let meant = best
        .iter()
        .find(|template| template.operation.method == method);
    match (meant, best.first()) {
        (Some(template), _) => Meaning::Operation(template.document, template.operation),
        (None, Some(first)) => Meaning::OtherMethod(
            first.document,
            best.iter()
                .map(|template| template.operation.method.clone())
                .collect(),
        ),
        (None, None) => Meaning::Unknown(alike(path)),
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.strip_suffix('/').unwrap_or(path).split('/').collect()
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

/// The document that has a path with the same first segment, or the one of the highest version.
fn alike(path: &str) -> &'static Document {
    let first = |path: &str| path.split('/').nth(1).unwrap_or("").to_owned();
    operations()
        .find(|(_, operation)| first(&operation.path) == first(path))
        .map(|(document, _)| document)
        .or_else(|| {
            spec()
                .documents
                .iter()
                .max_by_key(|document| &document.version)
        })
        .expect("there are documents")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(method: &str, path: &str) -> String {
        match meaning(method, path) {
            Meaning::Operation(document, operation) => {
                format!("{} {}", document.version, operation.id)
            }
            Meaning::OtherMethod(document, methods) => {
                format!("{} has {}", document.version, methods.join(" "))
            }
            Meaning::Unknown(document) => format!("{} knows nothing", document.version),
        }
    }

    #[test]
    fn requests_find_their_operation() {
        assert_eq!(told("GET", "/auth/v1/users/-/profile"), "v1 users_profile");
        assert_eq!(told("HEAD", "/auth/v1/users/abc/"), "v1 users_get");
        assert_eq!(told("PATCH", "/auth/v1/users"), "v1 has POST GET");
        assert_eq!(told("GET", "/auth/v1/nothing"), "v1 knows nothing");
        assert_eq!(told("GET", "/"), "v3 knows nothing");
    }
}
