//! The alignment table: one row an operation, and whether the document, the SDK, the mock, the role matrix, an
//! example, a test and the docs have it. What is anywhere has a row, so that an operation which the SDK has and no
//! document is seen as well as the other way round.

mod examples;
mod permission;
mod sources;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rafay_mock_server::OperationInfo;
use rafay_spec::{Document, Operation};

use crate::operations;
use permission::permission;
pub use sources::Sources;
pub use text::table;

/// Version and id of an operation.
pub type Id = (String, String);

/// What stands where something is missing.
const MISSING: &str = "MISSING";

/// The heads of the columns.
const HEADS: [&str; 10] = [
    "version",
    "operationId",
    "document",
    "permission",
    "SDK",
    "mock",
    "roles",
    "example",
    "test",
    "docs",
];

/// The table.
#[derive(Debug)]
pub struct Alignment {
    rows: Vec<[String; HEADS.len()]>,
}

impl Alignment {
    /// Reads the repository and makes the table.
    ///
    /// # Errors
    ///
    /// A generated file or a snapshot cannot be read.
    pub fn read() -> io::Result<Self> {
        Ok(Self::of(&Sources::read()?))
    }

    /// The table of these sources.
    pub fn of(sources: &Sources) -> Self {
        let declared: BTreeMap<Id, (&Document, &Operation)> = operations()
            .filter(|(document, operation)| {
                sources
                    .declared
                    .contains(&id(&document.version, &operation.id))
            })
            .map(|(document, operation)| {
                (id(&document.version, &operation.id), (document, operation))
            })
            .collect();
        let mut ids: BTreeSet<&Id> = declared.keys().collect();
        ids.extend(sources.methods.keys());
        ids.extend(sources.served.keys());
        ids.extend(&sources.calls);
        ids.extend(sources.roles.keys());
        let rows = ids
            .into_iter()
            .map(|id| row(id, declared.get(id).copied(), sources))
            .collect();
        Self { rows }
    }

    /// The holes: version, operation and column.
    pub fn holes(&self) -> Vec<String> {
        let mut holes = Vec::new();
        for row in &self.rows {
            for (head, cell) in HEADS.iter().zip(row) {
                if cell.starts_with(MISSING) {
                    holes.push(format!("{} {}: {head}", row[0], row[1]));
                }
            }
        }
        holes
    }

    /// The number of operations.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no operation at all.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, columns as wide as they need to be.
    pub fn text(&self) -> String {
        let heads = HEADS.map(str::to_owned).to_vec();
        let rows = self.rows.iter().map(|row| row.to_vec());
        table(&std::iter::once(heads).chain(rows).collect::<Vec<_>>())
    }
}

fn id(version: &str, operation: &str) -> Id {
    (version.to_owned(), operation.to_owned())
}

fn row(
    id: &Id,
    declared: Option<(&Document, &Operation)>,
    sources: &Sources,
) -> [String; HEADS.len()] {
    let missing = || MISSING.to_owned();
    let alias = declared.and_then(|(_, operation)| operation.alias_of.as_ref());
    let document = declared.map_or_else(missing, |(_, operation)| {
        format!("{} {}", operation.method, operation.path)
    });
    let permission = declared.map_or_else(missing, |(_, operation)| permission(operation));
    let method = sources.methods.get(id);
    let sdk = match (method, alias) {
        (Some(_), None) => "method".to_owned(),
        (None, Some(of)) => format!("as {of}"),
        (Some(_), Some(of)) => format!("{MISSING}: an old spelling of {of} has a method"),
        (None, None) => missing(),
    };
    let served = sources.served.get(id);
    let mock = match (served, declared) {
        (Some(info), Some((_, operation))) if !is_same(info, operation) => {
            format!("{MISSING}: serves {} {}", info.method, info.path)
        }
        (Some(info), _) => info.behavior.clone(),
        (None, _) => missing(),
    };
    let roles = sources.roles.get(id).cloned().unwrap_or_else(missing);
    let example = declared.map_or_else(missing, |(document, operation)| {
        examples::found(document, operation).unwrap_or_else(|place| format!("{MISSING}: {place}"))
    });
    // The SDK has no call for an old spelling; the test of roles calls it by hand.
    let test = match (sources.calls.contains(id), alias) {
        (true, _) => "conformance, roles".to_owned(),
        (false, Some(_)) => "roles".to_owned(),
        (false, None) => missing(),
    };
    let docs = match declared {
        Some((_, operation)) if operation.summary.is_empty() => format!("{MISSING}: summary"),
        Some((_, operation)) if operation.description.is_empty() => {
            format!("{MISSING}: description")
        }
        Some((_, operation))
            if method
                .is_some_and(|docs| !docs.contains(operation.summary.trim_end_matches('.'))) =>
        {
            format!("{MISSING}: the SDK method does not say it")
        }
        Some(_) => "yes".to_owned(),
        None => missing(),
    };
    let (version, operation) = id.clone();
    [
        version, operation, document, permission, sdk, mock, roles, example, test, docs,
    ]
}

/// Whether the mock serves an operation where its document has it.
fn is_same(info: &OperationInfo, operation: &Operation) -> bool {
    let path = operation.path.strip_suffix('/').unwrap_or(&operation.path);
    info.method == operation.method && info.path == path
}
