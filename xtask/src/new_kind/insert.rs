//! Puts lines into documents where their order wants them, and leaves every other line as it is.

use super::error::Error;
use super::name::Name;
use super::{DOCUMENT, ROLES};

/// The tags of a kind's operations with what each is for.
const TAGS: [(&str, &str, &str); 5] = [
    ("List", "Pages through", ""),
    ("Apply", "Creates or updates", ""),
    ("Detail", "Reads single", ""),
    ("Replace", "Replaces", " that exist"),
    ("Delete", "Removes", ""),
];

/// Whether the document has a path.
pub(super) fn has_path(text: &str, path: &str) -> bool {
    let wanted = format!("  {path}:");
    text.lines().any(|line| line == wanted)
}

/// The document with the kind's tags, which are sorted by the name of the kind.
pub(super) fn tags(text: &str, name: &Name) -> Result<String, Error> {
    let new: String = TAGS
        .iter()
        .map(|(tag, does, which)| {
            let (title, many) = (&name.title, &name.many);
            format!("- name: {title} {tag}\n  description: {does} {many}{which}.\n")
        })
        .collect();
    let section = Section {
        file: DOCUMENT,
        name: "section `tags:`",
        start: "tags:",
    };
    section.insert(text, &new, |line| {
        let tag = line.strip_prefix("- name: ")?;
        let (title, _) = tag.rsplit_once(' ')?;
        Some(title > name.title.as_str())
    })
}

/// The document with the kind's paths, which are sorted.
pub(super) fn paths(text: &str, name: &Name, paths: &[(String, &str)]) -> Result<String, Error> {
    let section = Section {
        file: DOCUMENT,
        name: "section `paths:`",
        start: "paths:",
    };
    let file = &name.file;
    let mut text = text.to_owned();
    for (path, part) in paths {
        let new = format!("  {path}:\n    $ref: kinds/{file}.yaml#/paths/{part}\n");
        text = section.insert(&text, &new, |line| {
            let known = line.strip_prefix("  ")?.strip_suffix(':')?;
            Some(known > path.as_str())
        })?;
    }
    Ok(text)
}

/// The roles with the kind's permissions, which are sorted.
pub(super) fn permissions(text: &str, name: &Name) -> Result<String, Error> {
    let (permission, many) = (&name.permission, &name.many);
    let new = format!(
        "- name: {permission}.read\n  description: See {many}.\n\
         - name: {permission}.write\n  description: Make, change and delete {many}.\n"
    );
    let section = Section {
        file: ROLES,
        name: "section `permissions:`",
        start: "permissions:",
    };
    section.insert(text, &new, |line| {
        let known = line.strip_prefix("- name: ")?;
        Some(known > permission.as_str())
    })
}

/// A part of a file: from a line to the next one that begins at the left with a name.
struct Section {
    file: &'static str,
    name: &'static str,
    start: &'static str,
}

impl Section {
    /// Inserts before the first line of the section that is `after` the new ones, or at the section's end.
    fn insert(
        &self,
        text: &str,
        new: &str,
        after: impl Fn(&str) -> Option<bool>,
    ) -> Result<String, Error> {
        let mut at = 0;
        let mut inside = false;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end();
            if inside && (is_section(content) || after(content) == Some(true)) {
                break;
            }
            inside |= content == self.start;
            at += line.len();
        }
        if !inside {
            return Err(Error::Form {
                file: self.file,
                what: self.name,
            });
        }
        let (before, rest) = text.split_at(at);
        let end = if before.ends_with('\n') { "" } else { "\n" };
        Ok(format!("{before}{end}{new}{rest}"))
    }
}

fn is_section(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> Name {
        Name::new("Observatory", None).unwrap()
    }

    #[test]
    fn lines_go_where_their_order_wants_them_and_others_stay() {
        let text = "# Roles.\npermissions:\n- name: node.read\n  description: See nodes.\n\
                    # Kept.\n- name: pod.read\n  description: See pods.\nroles:\n- name: ADMIN\n";
        let changed = permissions(text, &name()).unwrap();
        let (before, after) = text.split_at(text.find("- name: pod").unwrap());
        let new = changed
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .unwrap();
        assert_eq!(
            new,
            "- name: observatory.read\n  description: See observatories.\n\
             - name: observatory.write\n  description: Make, change and delete observatories.\n"
        );
    }

    #[test]
    fn what_comes_last_ends_its_section() {
        let text = "permissions:\n- name: node.read\n  description: See nodes.\nroles: []\n";
        let changed = permissions(text, &name()).unwrap();
        assert!(
            changed.ends_with("delete observatories.\nroles: []\n"),
            "{changed}"
        );
        let changed = permissions("permissions:", &name()).unwrap();
        assert!(
            changed.starts_with("permissions:\n- name: obs"),
            "{changed}"
        );
    }

    #[test]
    fn a_file_without_the_section_is_told() {
        let told = tags("paths: {}\n", &name()).unwrap_err().to_string();
        assert!(
            told.contains(DOCUMENT) && told.contains("`tags:`"),
            "{told}"
        );
    }
}
