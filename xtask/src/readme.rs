//! The table of kinds in the repository's README: what each version offers for a kind, and what the mock does with
//! it. It is written between two marks, so that the prose around it stays by hand.

mod operations;
mod simulated;

use std::path::{Path, PathBuf};
use std::{fs, io};

use rafay_spec::model::{Document, Kind, Operation};
use rafay_spec::{Behavior, Spec};

/// The file, from the repository's root.
const FILE: &str = "README.md";

const BEGIN: &str = "<!-- kinds:begin -->";
const END: &str = "<!-- kinds:end -->";

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

/// Why the table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The README cannot be read.
    #[error("{FILE}: {0}")]
    Read(#[from] io::Error),
    /// The marks are not there; put them where the table belongs.
    #[error("{FILE} has no line `{BEGIN}` with a line `{END}` below it")]
    NoMarks,
    /// The list of this module names a kind that no document has.
    #[error("the table of kinds names `{0}`, which no document describes")]
    UnknownKind(&'static str),
}

/// The README as it is, with the table as the documents have it.
pub fn generate(spec: &Spec, root: &Path) -> Result<(PathBuf, String), Error> {
    let present = fs::read_to_string(root.join(FILE))?;
    let written = between_marks(&present, &table(spec)?).ok_or(Error::NoMarks)?;
    Ok((PathBuf::from(FILE), written))
}

fn between_marks(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

/// One line of the table.
struct Row<'a> {
    /// What the kind belongs to: an object of the controller's page, or an API group.
    part: String,
    /// The kind, or what the operations are about where nothing is stored.
    name: String,
    /// The operations by document, old spellings left out.
    operations: Vec<Vec<&'a Operation>>,
    /// What the mock does.
    simulated: String,
}

/// Rows that belong together.
struct Group<'a> {
    name: &'static str,
    /// What the columns before the versions are: the part and the name, or the name alone.
    columns: &'static [&'static str],
    rows: Vec<Row<'a>>,
}

fn table(spec: &Spec) -> Result<String, Error> {
    let groups = groups(spec)?;
    let mut text = summary(spec, &groups);
    for group in &groups {
        text += &format!(
            "\n<details>\n<summary><b>{}</b></summary>\n\n",
            group.title()
        );
        text += &rows(spec, group);
        text += "\n</details>\n";
    }
    Ok(text)
}

/// How many kinds and operations there are.
fn summary(spec: &Spec, groups: &[Group<'_>]) -> String {
    let versions: Vec<&str> = spec.documents.iter().map(|d| d.version.as_str()).collect();
    let mut text = format!("| operations | kinds | {} |\n", versions.join(" | "));
    text += &format!("|---|--:|{}\n", "--:|".repeat(versions.len()));
    let mut line = |title: &str, kinds: usize, counts: Vec<usize>| {
        let all = std::iter::once(kinds).chain(counts);
        let cells: Vec<String> = all
            .map(|number| {
                if number == 0 {
                    String::new()
                } else {
                    number.to_string()
                }
            })
            .collect();
        text += &format!("| {title} | {} |\n", cells.join(" | "));
    };
    let indices = 0..versions.len();
    for group in groups {
        let count = |version: usize| {
            group
                .rows
                .iter()
                .map(|row| row.operations[version].len())
                .sum()
        };
        line(
            group.name,
            group.kinds(),
            indices.clone().map(count).collect(),
        );
    }
    let count = |wanted: &dyn Fn(&Operation) -> bool| -> Vec<usize> {
        let documents = spec.documents.iter();
        documents
            .map(|d| {
                d.operations
                    .iter()
                    .filter(|operation| wanted(operation))
                    .count()
            })
            .collect()
    };
    let is_alias = |operation: &Operation| operation.alias_of.is_some();
    let kinds = groups.iter().map(Group::kinds).sum();
    line("**all**", kinds, count(&|operation| !is_alias(operation)));
    let is_ours = |operation: &Operation| !is_alias(operation) && operations::is_ours(operation);
    line("of them additions of this project", 0, count(&is_ours));
    line("old spellings besides", 0, count(&is_alias));
    text
}

/// The table of a group, without columns in which nothing would stand.
fn rows(spec: &Spec, group: &Group<'_>) -> String {
    let versions: Vec<usize> = (0..spec.documents.len())
        .filter(|version| {
            group
                .rows
                .iter()
                .any(|row| !row.operations[*version].is_empty())
        })
        .collect();
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut head: Vec<String> = group
        .columns
        .iter()
        .map(|&column| column.to_owned())
        .collect();
    head.extend(
        versions
            .iter()
            .map(|version| spec.documents[*version].version.clone()),
    );
    head.push("what the mock does".to_owned());
    let mut text = line(&head);
    text += &format!("|{}\n", "---|".repeat(head.len()));
    let mut part = "";
    for row in &group.rows {
        let mut cells = Vec::new();
        if group.columns.len() > 1 {
            // A part that goes on is not said again.
            cells.push(if row.part == part {
                String::new()
            } else {
                row.part.clone()
            });
            part = &row.part;
        }
        cells.push(row.name.clone());
        cells.extend(
            versions
                .iter()
                .map(|version| operations::cell(&row.operations[*version])),
        );
        cells.push(row.simulated.clone());
        text += &line(&cells);
    }
    text
}

impl Group<'_> {
    fn kinds(&self) -> usize {
        self.rows.iter().filter(|row| row.is_kind()).count()
    }

    fn title(&self) -> String {
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

fn groups(spec: &Spec) -> Result<Vec<Group<'_>>, Error> {
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
            first.push(row(object, kind.ok_or(Error::UnknownKind(name))?));
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
    Ok(vec![
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
    ])
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

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let text = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let written = between_marks(&text, "| new |\n").unwrap();
        assert_eq!(
            written,
            format!("before\n{BEGIN}\n\n| new |\n\n{END}\nafter\n")
        );
        assert_eq!(between_marks(&written, "| new |\n").unwrap(), written);
        assert_eq!(between_marks("no marks", ""), None);
    }

    #[test]
    fn every_operation_that_is_no_old_spelling_is_in_one_row() {
        let spec = Spec::load(&crate::generate::repository().join("spec")).unwrap();
        let groups = groups(&spec).unwrap();
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
