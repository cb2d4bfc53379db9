//! The table of kinds in the repository's README: what each version offers for a kind, and what the mock does with
//! it. It is written between two marks, so that the prose around it stays by hand.

mod groups;
mod operations;
mod simulated;

use std::path::{Path, PathBuf};
use std::{fs, io};

use rafay_spec::Spec;
use rafay_spec::model::Operation;

use groups::{Group, groups};

/// The file, from the repository's root.
const FILE: &str = "README.md";

const BEGIN: &str = "<!-- kinds:begin -->";
const END: &str = "<!-- kinds:end -->";

/// Why the table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The README cannot be read.
    #[error("{FILE}: {0}")]
    Read(#[from] io::Error),
    /// The marks are not there; put them where the table belongs.
    #[error("{FILE} has no line `{BEGIN}` with a line `{END}` below it")]
    NoMarks,
}

/// The README as it is, with the table as the documents have it.
pub fn generate(spec: &Spec, root: &Path) -> Result<(PathBuf, String), Error> {
    let present = fs::read_to_string(root.join(FILE))?;
    let written = between_marks(&present, &table(spec)).ok_or(Error::NoMarks)?;
    Ok((PathBuf::from(FILE), written))
}

fn between_marks(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

fn table(spec: &Spec) -> String {
    let groups = groups(spec);
    let mut text = summary(spec, &groups);
    for group in &groups {
        text += &format!(
            "\n<details>\n<summary><b>{}</b></summary>\n\n",
            group.title()
        );
        text += &rows(spec, group);
        text += "\n</details>\n";
    }
    text
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
}
