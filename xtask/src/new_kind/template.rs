//! Fills `kind.yaml`, the file of a kind with gaps: `<Kind>` and its like are replaced, and a line that ends with the
//! name of a condition stands only where that holds.

use super::Scope;
use super::name::{self, Name};

const TEMPLATE: &str = include_str!("kind.yaml");

/// Lines longer than this are broken, as in the other files.
const WIDTH: usize = 112;

/// A kind that objects of the new one name.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) kind: String,
    /// Name of an object of that kind, for the example.
    example: String,
}

impl Reference {
    /// A reference to `kind`, whose own example is called `example`.
    pub(super) fn new(kind: &str, example: Option<&str>) -> Self {
        // A name that YAML could take for something else is not worth its quotes.
        let plain = |name: &&str| {
            let inner = |c: char| c.is_ascii_alphanumeric() || "-._@".contains(c);
            name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(inner)
                && !name::is_reserved(name)
        };
        let other = || format!("{}-1", name::file(kind));
        Self {
            kind: kind.to_owned(),
            example: example.filter(plain).map_or_else(other, str::to_owned),
        }
    }

    fn fill(&self, line: &str) -> String {
        line.replace("<property>", &name::property(&self.kind))
            .replace("<Other>", &self.kind)
            .replace("<other>", &name::words(&self.kind))
            .replace("<named>", &self.example)
    }
}

/// The file of the kind.
pub(super) fn fill(name: &Name, group: &str, scope: Scope, references: &[Reference]) -> String {
    let mut filled = String::new();
    let lines: Vec<(&str, Option<&str>)> = TEMPLATE.lines().map(condition).collect();
    // Lines side by side with the same condition stand or fall, and are repeated, together.
    for block in lines.chunk_by(|a, b| a.1 == b.1) {
        let text = || block.iter().map(|(line, _)| *line);
        match block.first().and_then(|(_, condition)| *condition) {
            Some("reference") => {
                for reference in references {
                    text().for_each(|line| {
                        push(&mut filled, &reference.fill(line), name, group, scope);
                    });
                }
            }
            Some("references") if references.is_empty() => {}
            Some("project") if scope != Scope::Project => {}
            _ => text().for_each(|line| push(&mut filled, line, name, group, scope)),
        }
    }
    filled
}

/// A line of the template and the condition it stands under.
fn condition(line: &str) -> (&str, Option<&str>) {
    match line.rsplit_once(" # ") {
        Some((text, condition @ ("project" | "reference" | "references"))) => {
            (text, Some(condition))
        }
        _ => (line, None),
    }
}

fn push(filled: &mut String, line: &str, name: &Name, group: &str, scope: Scope) {
    let within = match scope {
        Scope::Project => "of a project",
        Scope::Organization => "of the organization",
    };
    let line = line
        .replace("<Kind>", &name.kind)
        .replace("<Title>", &name.title)
        .replace("<file>", &name.file)
        .replace("<permission>", &name.permission)
        .replace("<plural>", &name.plural)
        .replace("<one>", &name.one)
        .replace("<many>", &name.many)
        .replace("<a>", &name.a())
        .replace("<group>", group)
        .replace("<scope>", scope.as_str())
        .replace("<within>", within);
    filled.push_str(&broken(&line));
    filled.push('\n');
}

/// The line, or the lines it is broken into when it is long; the text of a value goes on two columns further in.
fn broken(line: &str) -> String {
    if line.starts_with('#') {
        return line.to_owned();
    }
    let indent = line.len() - line.trim_start().len();
    let mut lines: Vec<String> = vec![String::new()];
    for word in line.trim_start().split(' ') {
        let column = if lines.len() == 1 { indent } else { indent + 2 };
        match lines.last_mut() {
            Some(last) if last.is_empty() => last.push_str(word),
            Some(last) if column + last.len() + 1 + word.len() <= WIDTH => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let separator = format!("\n{}", " ".repeat(indent + 2));
    " ".repeat(indent) + &lines.join(&separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_broken_between_words() {
        let text = format!("    description: {}end", "word ".repeat(30));
        let broken = broken(&text);
        assert!(broken.lines().count() == 2 && broken.lines().all(|line| line.len() <= WIDTH));
        assert!(broken.lines().nth(1).unwrap().starts_with("      word"));
        let joined: Vec<&str> = broken.split_whitespace().collect();
        assert_eq!(joined, text.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn no_gap_and_no_condition_is_left() {
        let name = Name::new("Observatory", None).unwrap();
        let references = [
            Reference::new("Cluster", Some("edge-1")),
            Reference::new("Blueprint", None),
        ];
        for (scope, references) in [
            (Scope::Project, &references[..]),
            (Scope::Project, &references[..1]),
            (Scope::Organization, &[][..]),
        ] {
            let text = fill(&name, "infra.k8smgmt.io", scope, references);
            assert!(!text.contains(['<', '>']), "{text}");
            assert!(!text.contains(" # "), "{text}");
            assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        }
    }

    #[test]
    fn each_reference_is_a_property_that_is_required() {
        let name = Name::new("Observatory", None).unwrap();
        let references = [
            Reference::new("Cluster", Some("edge-1")),
            Reference::new("MeshProfile", Some("no: plain name")),
        ];
        let text = fill(&name, "infra.k8smgmt.io", Scope::Project, &references);
        assert!(
            text.contains("    required:\n    - cluster\n    - meshProfile\n    properties:\n"),
            "{text}"
        );
        assert!(
            text.contains("        x-references:\n          kind: MeshProfile\n"),
            "{text}"
        );
        assert_eq!(text.matches("  cluster: edge-1\n").count(), 4, "{text}");
        assert_eq!(
            text.matches("  meshProfile: mesh-profile-1\n").count(),
            4,
            "{text}"
        );
    }
}
