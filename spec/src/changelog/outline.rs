//! The operations of a document by kind, as a changelog groups them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{At, Document};

const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// What is said of an operation.
struct Operation {
    kind: String,
    summary: String,
}

/// A document's operations and kinds.
pub(super) struct Outline {
    /// By path, then by method in capitals.
    paths: BTreeMap<String, BTreeMap<String, Operation>>,
    kinds: BTreeSet<String>,
}

impl Outline {
    pub(super) fn new(document: &Document) -> Self {
        let mut outline = Self {
            paths: BTreeMap::new(),
            kinds: BTreeSet::new(),
        };
        let paths = document.root().get("paths");
        for (path, item) in paths.into_iter().flat_map(At::entries) {
            let Ok(item) = document.resolve(item) else {
                continue;
            };
            for method in METHODS {
                let Some(operation) = item.at.node.get(method) else {
                    continue;
                };
                let behavior = operation.get("x-behavior");
                let started = behavior.and_then(|behavior| behavior.get("starts"));
                let of = [behavior, started].into_iter().flatten();
                let said = of.filter_map(|word| word.text_at("kind")).next_back();
                if let Some(kind) = said {
                    outline.kinds.insert(kind.to_owned());
                }
                let tag = operation.texts("tags").next();
                // A path that nobody tagged goes by its first fixed part.
                let first = path
                    .split('/')
                    .find(|part| !part.is_empty() && !part.starts_with('{'));
                let kind = said.or(tag).or(first).unwrap_or("/").to_owned();
                let summary = operation.text_at("summary").unwrap_or_default();
                let summary = summary.trim().trim_end_matches('.').to_owned();
                let methods = outline.paths.entry(path.to_owned()).or_default();
                methods.insert(method.to_uppercase(), Operation { kind, summary });
            }
        }
        outline
    }

    pub(super) fn is_kind(&self, name: &str) -> bool {
        self.kinds.contains(name)
    }

    pub(super) fn kind_count(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn operation_count(&self) -> usize {
        self.paths.values().map(BTreeMap::len).sum()
    }

    /// The kinds of an operation as findings name it, or of the operations of a path.
    pub(super) fn kinds<'a>(&'a self, label: &str) -> BTreeSet<&'a str> {
        self.operations(label).map(|(_, kind, _)| kind).collect()
    }

    /// Method and path, kind and summary of an operation as findings name it: `GET /a`, or `GET,PUT /a`.
    pub(super) fn operations<'a>(
        &'a self,
        label: &str,
    ) -> impl Iterator<Item = (String, &'a str, &'a str)> {
        let (methods, path) = label.split_once(' ').unwrap_or(("", label));
        let path = path.to_owned();
        let methods: BTreeSet<String> = methods.split(',').map(str::to_uppercase).collect();
        let found = self.paths.get(&path).into_iter().flatten();
        found
            .filter(move |(method, _)| methods.contains(method.as_str()))
            .map(move |(method, operation)| {
                let label = format!("{method} {path}");
                (label, operation.kind.as_str(), operation.summary.as_str())
            })
    }
}
