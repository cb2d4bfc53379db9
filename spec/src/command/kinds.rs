//! `rafay-spec kinds`: what can be stored, and what each version does with it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;

use rafay_spec::{Behavior, Document, Error, Operation, Spec, Verb};
use serde_json::{Value, json};

/// List the kinds with their operations in each version.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only these kinds.
    #[arg(value_name = "KIND")]
    kinds: Vec<String>,
    /// The folder that holds the versions and roles.yaml.
    #[arg(long, value_name = "DIR", default_value = "spec")]
    spec: PathBuf,
    /// The form: text or json.
    #[arg(long, value_name = "FORM", default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

/// Lists, and tells whether every kind that was named is there.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Error> {
    let spec = Spec::load(&arguments.spec)?;
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut text = String::new();
    let mut list = Vec::new();
    let kinds = spec.documents.iter().flat_map(|document| &document.kinds);
    let mut kinds: Vec<_> = kinds.collect();
    kinds.sort_by_key(|kind| (&kind.name, &kind.document));
    for kind in kinds {
        if !arguments.kinds.is_empty() && !arguments.kinds.contains(&kind.name) {
            continue;
        }
        found.insert(&kind.name);
        let versions: BTreeMap<&str, Vec<&Operation>> = spec
            .documents
            .iter()
            .map(|document| (document.version.as_str(), about(document, &kind.name)))
            .filter(|(_, operations)| !operations.is_empty())
            .collect();
        let head = format!(
            "{} ({}/{}, {}; scope {})\n",
            kind.name,
            kind.group,
            kind.version,
            kind.plural,
            kind.scope.as_str()
        );
        text.push_str(&head);
        for (version, operations) in &versions {
            for operation in operations {
                let line = format!(
                    "  {version}  {:<7} {:<40} {}\n",
                    operation.method, operation.id, operation.path
                );
                text.push_str(&line);
            }
        }
        list.push(json!({
            "kind": kind.name,
            "group": kind.group,
            "version": kind.version,
            "plural": kind.plural,
            "scope": kind.scope.as_str(),
            "operations": versions.iter().map(|(version, operations)| {
                let entries = operations.iter().map(|operation| entry(operation));
                ((*version).to_owned(), entries.collect())
            }).collect::<serde_json::Map<String, Value>>(),
        }));
    }
    let report = match arguments.format.as_str() {
        "json" => format!("{:#}\n", Value::from(list)),
        _ => text,
    };
    drop(std::io::stdout().write_all(report.as_bytes()));
    let missing = arguments.kinds.iter();
    let missing: Vec<_> = missing
        .filter(|kind| !found.contains(kind.as_str()))
        .collect();
    for kind in &missing {
        eprintln!("there is no kind `{kind}`");
    }
    Ok(missing.is_empty())
}

/// The operations of a version that are about a kind, old spellings left out.
fn about<'d>(document: &'d Document, kind: &str) -> Vec<&'d Operation> {
    let is_about = |operation: &&Operation| {
        let starts = match &operation.behavior {
            Behavior::Handler(code) => code.starts.as_ref().map(|(kind, _)| kind.as_str()),
            other => other.kind(),
        };
        starts == Some(kind) && operation.alias_of.is_none()
    };
    document.operations.iter().filter(is_about).collect()
}

fn entry(operation: &Operation) -> Value {
    json!({
        "operationId": operation.id,
        "method": operation.method,
        "path": operation.path,
        "verb": operation.behavior.verb().map(Verb::as_str),
    })
}
