//! Where the columns come from: the documents, the text of what is generated from them, the mock's table and the
//! snapshot of the role matrix.

use std::collections::{BTreeMap, BTreeSet};
use std::{fs, io};

use rafay_mock_server::OperationInfo;

use super::Id;
use crate::{operations, repository, spec};

/// What has which operations.
#[derive(Debug)]
pub struct Sources {
    /// The operations of the documents.
    pub declared: BTreeSet<Id>,
    /// The SDK's methods with their doc comments.
    pub methods: BTreeMap<Id, String>,
    /// The mock's table.
    pub served: BTreeMap<Id, OperationInfo>,
    /// The calls of the conformance tests.
    pub calls: BTreeSet<Id>,
    /// The rows of the role matrix, each as the number of roles that may call the operation.
    pub roles: BTreeMap<Id, String>,
}

impl Sources {
    /// Reads them all.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn read() -> io::Result<Self> {
        let declared = operations()
            .map(|(document, operation)| (document.version.clone(), operation.id.clone()))
            .collect();
        let mut methods = BTreeMap::new();
        for document in &spec().documents {
            let version = &document.version;
            let code = text(&format!("sdk/src/generated/{version}/client.rs"))?;
            let found = self::methods(&code).into_iter();
            methods.extend(found.map(|(method, docs)| ((version.clone(), method), docs)));
        }
        let served = rafay_mock_server::operations()
            .map(|info| ((info.version.to_owned(), info.id.to_owned()), info))
            .collect();
        Ok(Self {
            declared,
            methods,
            served,
            calls: calls(&text("tests/src/generated/calls.rs")?),
            roles: roles(&text("tests/tests/snapshots/alignment__roles.snap")?),
        })
    }
}

fn text(path: &str) -> io::Result<String> {
    let path = repository().join(path);
    fs::read_to_string(&path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

/// The public methods of a generated client, each with the doc comment above it.
fn methods(code: &str) -> BTreeMap<String, String> {
    let mut methods = BTreeMap::new();
    let mut docs = String::new();
    for line in code.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("///") {
            docs.push_str(comment);
        } else if let Some(rest) = line.strip_prefix("pub async fn ") {
            let name = rest.split(['<', '(']).next().unwrap_or(rest);
            methods.insert(name.to_owned(), std::mem::take(&mut docs));
        } else if !line.starts_with("#[") {
            docs.clear();
        }
    }
    methods
}

/// The arms of the function that calls every operation: `("v1", "addons_get") => ..`.
fn calls(code: &str) -> BTreeSet<Id> {
    let arm = |line: &str| {
        let (version, rest) = line.trim().strip_prefix("(\"")?.split_once("\", \"")?;
        let (operation, _) = rest.split_once("\") =>")?;
        Some((version.to_owned(), operation.to_owned()))
    };
    code.lines().filter_map(arm).collect()
}

/// The rows of the snapshot: version, operation, and what each role may.
fn roles(snapshot: &str) -> BTreeMap<Id, String> {
    let row = |line: &str| {
        let mut cells = line.split('|').map(str::trim);
        let id = (cells.next()?.to_owned(), cells.next()?.to_owned());
        let (all, may) = cells.fold((0, 0), |(all, may), cell| {
            (all + 1, may + usize::from(cell != "-"))
        });
        (all > 0 && id.1 != "operationId").then(|| (id, format!("{may} of {all}")))
    };
    snapshot.lines().filter_map(row).collect()
}
