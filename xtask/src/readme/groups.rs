//! Which kinds and operations stand in the table, in which group and order.

use rafay_spec::model::{Document, Kind, Operation};
use rafay_spec::{Behavior, Spec};

use super::simulated;

/// The objects that the controller's own page on its APIs lists for the Administration API, in its order, with the
/// kinds that make up each.
const ADMINISTRATION: [(&str, &[&str]); 20] = [
    ("Projects", &["Project"]),
    ("Clusters", &["Cluster"]),
    ("Blueprints", &["Blueprint", "BlueprintSnapshot"]),
    ("Addons", &["Addon", "AddonVersion"]),
    ("Namespaces", &["Namespace"]),
    ("Workloads", &["Workload"]),
    ("Catalogs", &["Catalog"]),
    ("Repositories", &["Repository"]),
    ("Agents", &["Agent"]),
    ("Users", &["User"]),
    ("Groups", &["Group"]),
    ("Triggers", &["Trigger"]),
    ("Pipelines", &["Pipeline", "PipelineRun"]),
    ("Cluster Override", &["Override"]),
    ("Infra Provisioner", &["InfraProvisioner"]),
    ("Cluster Templates", &["ClusterTemplate"]),
    ("Gateway", &["Gateway"]),
    ("Convert to Managed", &["ClusterConversion"]),
    ("Roles", &["Role", "CustomRole"]),
    (
        "Backup and Restore",
        &[
            "BackupLocation",
            "BackupAgent",
            "BackupPolicy",
            "BackupJob",
            "Restore",
        ],
    ),
];

/// One line of the table.
pub(super) struct Row<'a> {
    /// What the kind belongs to: an object of the controller's page, or an API group.
    pub(super) part: String,
    /// The kind, or what the operations are about where nothing is stored.
    pub(super) name: String,
    /// The operations by document, old spellings left out.
    pub(super) operations: Vec<Vec<&'a Operation>>,
    /// What the mock does.
    pub(super) simulated: String,
}

/// Rows that belong together.
pub(super) struct Group<'a> {
    pub(super) name: &'static str,
    /// What the columns before the versions are: the part and the name, or the name alone.
    pub(super) columns: &'static [&'static str],
    pub(super) rows: Vec<Row<'a>>,
}

impl Group<'_> {
    /// How many kinds are stored.
    pub(super) fn kinds(&self) -> usize {
        self.rows.iter().filter(|row| row.is_kind()).count()
    }

    /// What stands over its table.
    pub(super) fn title(&self) -> String {
        match self.kinds() {
            0 => self.name.to_owned(),
            kinds => format!("{}: {kinds} kinds", self.name),
        }
    }
}

impl Row<'_> {
    fn is_kind(&self) -> bool {
        self.operations
            .iter()
            .flatten()
            .any(|operation| operation.behavior.kind().is_some())
    }
}

/// Every kind in its group, and the calls that are about none.
pub(super) fn groups(spec: &Spec) -> Vec<Group<'_>> {
    let kinds: Vec<&Kind> = spec
        .documents
        .iter()
        .flat_map(|document| &document.kinds)
        .collect();
    let row = |part: &str, kind: &Kind| Row {
        part: part.to_owned(),
        name: kind.name.clone(),
        operations: of(spec, |operation| belongs(operation, kind)),
        simulated: simulated::cell(kind),
    };
    let mut first = Vec::new();
    for (object, names) in ADMINISTRATION {
        for name in names {
            let kind = kinds.iter().find(|kind| kind.name == *name);
            first.extend(kind.map(|kind| row(object, kind)));
        }
    }
    let mut others: Vec<&&Kind> = kinds
        .iter()
        .filter(|kind| !first.iter().any(|row| row.name == kind.name))
        .collect();
    others.sort_by(|a, b| (&a.group, &a.name).cmp(&(&b.group, &b.name)));
    let others = others.iter().map(|kind| {
        let part = kind.group.split('.').next().unwrap_or_default();
        row(part, kind)
    });
    vec![
        Group {
            name: "Administration API, its twenty objects",
            columns: &["object", "kind"],
            rows: first,
        },
        Group {
            name: "Further kinds of v3",
            columns: &["group", "kind"],
            rows: others.collect(),
        },
        Group {
            name: "Calls about no stored kind",
            columns: &["calls"],
            rows: without_kind(spec, &kinds),
        },
    ]
}

/// The operations that are code of their own and about no kind, by their tags.
fn without_kind<'a>(spec: &'a Spec, kinds: &[&Kind]) -> Vec<Row<'a>> {
    let about_none = |operation: &Operation| !kinds.iter().any(|kind| belongs(operation, kind));
    let mut rows: Vec<Row<'a>> = Vec::new();
    for document in &spec.documents {
        for operation in document
            .operations
            .iter()
            .filter(|operation| about_none(operation))
        {
            if rows.iter().all(|row| row.name != operation.tag) {
                rows.push(Row {
                    part: String::new(),
                    name: operation.tag.clone(),
                    operations: of(spec, |other| {
                        about_none(other) && other.tag == operation.tag
                    }),
                    simulated: description(document, &operation.tag),
                });
            }
        }
    }
    rows
}

/// Whether an operation is about a kind; code of its own is about the kind whose plural its id begins with.
fn belongs(operation: &Operation, kind: &Kind) -> bool {
    match &operation.behavior {
        Behavior::Handler(_) => operation.id.starts_with(&format!("{}_", kind.plural)),
        behavior => behavior.kind() == Some(&kind.name),
    }
}

/// The operations of each document that are no old spellings and that `wanted` takes.
fn of(spec: &Spec, wanted: impl Fn(&Operation) -> bool) -> Vec<Vec<&Operation>> {
    spec.documents
        .iter()
        .map(|document| {
            let all = document.operations.iter();
            all.filter(|operation| operation.alias_of.is_none() && wanted(operation))
                .collect()
        })
        .collect()
}

/// What a document says about one of its tags.
fn description(document: &Document, tag: &str) -> String {
    let tags = document.json["tags"].as_array();
    let found = tags
        .into_iter()
        .flatten()
        .find(|entry| entry["name"] == tag);
    let text = found
        .and_then(|entry| entry["description"].as_str())
        .unwrap_or_default();
    text.trim().replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Spec {
        Spec::load(&crate::generate::repository().join("spec")).unwrap()
    }

    #[test]
    fn every_kind_of_the_administration_api_is_described() {
        let spec = spec();
        let groups = groups(&spec);
        let rows: Vec<&str> = groups[0].rows.iter().map(|row| row.name.as_str()).collect();
        let names = ADMINISTRATION.iter().flat_map(|(_, names)| *names).copied();
        assert_eq!(rows, names.collect::<Vec<_>>());
    }

    #[test]
    fn every_operation_that_is_no_old_spelling_is_in_one_row() {
        let spec = spec();
        let groups = groups(&spec);
        for (index, document) in spec.documents.iter().enumerate() {
            let mut shown: Vec<&str> = groups
                .iter()
                .flat_map(|group| &group.rows)
                .flat_map(|row| &row.operations[index])
                .map(|operation| operation.id.as_str())
                .collect();
            shown.sort_unstable();
            let all: Vec<&str> = document
                .operations
                .iter()
                .filter(|operation| operation.alias_of.is_none())
                .map(|operation| operation.id.as_str())
                .collect();
            assert_eq!(shown, all, "{}", document.version);
        }
    }
}
