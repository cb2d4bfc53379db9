//! `cargo xtask new-kind`: begins a kind of v3 by writing its documents, ready to be linted and generated from, and
//! tells what is left for the author to say. Lines are inserted into files that are there; nothing is written anew.

mod error;
mod insert;
mod name;
mod template;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use rafay_spec::{Document, Spec};

pub use error::Error;

use crate::generate::repository;
use error::at;
use name::Name;
use template::Reference;

/// The document that new kinds belong to.
const VERSION: &str = "v3";
const DOCUMENT: &str = "spec/v3/openapi.yaml";
const ROLES: &str = "spec/roles.yaml";

/// What the author says about the new kind.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Name of the kind in `PascalCase`, such as `Observatory`.
    pub name: String,
    /// API group; a word alone, such as infra, stands for infra.k8smgmt.io. When left out, infra, or system in the organization.
    #[arg(long)]
    pub group: Option<String>,
    /// Plural as it stands in paths, when it is not the usual one.
    #[arg(long)]
    pub plural: Option<String>,
    /// Whether its objects live in a project or in the organization.
    #[arg(long, value_enum, default_value_t = Scope::Project)]
    pub scope: Scope,
    /// A kind that its objects name one object of; may be given several times.
    #[arg(long, value_name = "KIND")]
    pub reference: Vec<String>,
}

/// Where objects of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    /// In a project.
    Project,
    /// In the organization.
    Organization,
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Scope::Project => "project",
            Scope::Organization => "organization",
        }
    }
}

/// A kind that was begun. Its `Display` says what was written and what is left to do.
#[derive(Debug)]
pub struct Begun {
    /// The kind's own file, relative to the repository.
    pub file: PathBuf,
    /// Everything that was written, with what was put there.
    written: Vec<(PathBuf, String)>,
    /// Line of a file, and what the author is to say there.
    left: Vec<(PathBuf, usize, &'static str)>,
}

/// Begins a kind in this repository and prints what was done.
pub fn run(options: &Options) -> Result<(), Error> {
    println!("{}", begin(&repository(), options)?);
    Ok(())
}

/// Begins a kind in the repository at `root`. Everything is looked at before the first file is written.
pub fn begin(root: &Path, options: &Options) -> Result<Begun, Error> {
    begin_beside(&Spec::load(&root.join("spec"))?, root, options)
}

/// The same beside documents that are read already.
fn begin_beside(spec: &Spec, root: &Path, options: &Options) -> Result<Begun, Error> {
    let name = Name::new(&options.name, options.plural.as_deref())?;
    let group = name::group(options.group.as_deref(), options.scope)?;
    let document = spec.document(VERSION).ok_or(Error::Form {
        file: "spec",
        what: "a folder v3",
    })?;
    refuse_what_exists(spec, document, &name)?;
    let references = references(document, options)?;

    let file = Path::new("spec/v3/kinds").join(format!("{}.yaml", name.file));
    if root.join(&file).exists() {
        return Err(Error::Exists(file.display().to_string()));
    }
    let kind = template::fill(&name, &group, options.scope, &references);
    let text = read(root, DOCUMENT)?;
    let paths = name.paths(&group, options.scope);
    if let Some((path, _)) = paths.iter().find(|(path, _)| insert::has_path(&text, path)) {
        return Err(Error::Exists(format!("the path {path}")));
    }
    let text = insert::paths(&insert::tags(&text, &name)?, &name, &paths)?;
    let roles = insert::permissions(&read(root, ROLES)?, &name)?;

    let left = left(&file, &name, &kind, &roles);
    fs::write(root.join(&file), kind).map_err(at(&file))?;
    for (path, text) in [(DOCUMENT, text), (ROLES, roles)] {
        fs::write(root.join(path), text).map_err(at(Path::new(path)))?;
    }
    let written = vec![
        (
            file.clone(),
            "six operations, the schemas, their examples".to_owned(),
        ),
        (DOCUMENT.into(), "its tags and paths".to_owned()),
        (
            ROLES.into(),
            format!("the permissions {0}.read and {0}.write", name.permission),
        ),
    ];
    Ok(Begun {
        file,
        written,
        left,
    })
}

fn read(root: &Path, file: &str) -> Result<String, Error> {
    fs::read_to_string(root.join(file)).map_err(at(Path::new(file)))
}

/// A name, an operation or a permission of the kind that stands for something else already.
fn refuse_what_exists(spec: &Spec, document: &Document, name: &Name) -> Result<(), Error> {
    let kinds = || spec.documents.iter().flat_map(|document| &document.kinds);
    if kinds().any(|kind| kind.name == name.kind) {
        return Err(Error::Exists(format!("the kind {}", name.kind)));
    }
    let schemas = &document.json["components"]["schemas"];
    for suffix in ["", "Spec", "List"] {
        let schema = format!("{}{suffix}", name.kind);
        if schemas.get(&schema).is_some() {
            return Err(Error::Exists(format!("the schema {schema}")));
        }
    }
    let mut plurals = kinds().filter(|kind| kind.document == VERSION);
    if let Some(kind) = plurals.find(|kind| kind.plural == name.plural) {
        let known = format!("the plural {} (of {})", name.plural, kind.name);
        return Err(Error::Exists(known));
    }
    let begin = format!("{}_", name.plural);
    let mut operations = document.operations.iter();
    if let Some(known) = operations.find(|operation| operation.id.starts_with(&begin)) {
        return Err(Error::Exists(format!("the operation {}", known.id)));
    }
    let begin = format!("{}.", name.permission);
    let mut permissions = spec.roles.permissions.iter();
    if let Some(known) = permissions.find(|permission| permission.name.starts_with(&begin)) {
        return Err(Error::Permission(known.name.clone()));
    }
    Ok(())
}

/// The kinds that objects of the new one name.
fn references(document: &Document, options: &Options) -> Result<Vec<Reference>, Error> {
    let mut references: Vec<Reference> = Vec::new();
    for wanted in &options.reference {
        let Some(kind) = document.kinds.iter().find(|kind| kind.name == *wanted) else {
            let known: Vec<&str> = document
                .kinds
                .iter()
                .map(|kind| kind.name.as_str())
                .collect();
            return Err(Error::Reference {
                kind: wanted.clone(),
                known: known.join(", "),
            });
        };
        if options.scope == Scope::Organization && kind.scope == rafay_spec::Scope::Project {
            return Err(Error::ReferenceScope(wanted.clone()));
        }
        let schema = &document.json["components"]["schemas"][wanted];
        let example = schema.pointer(&format!("/example{}", kind.identity.name));
        let reference = Reference::new(wanted, example.and_then(|name| name.as_str()));
        if references.iter().all(|known| known.kind != reference.kind) {
            references.push(reference);
        }
    }
    Ok(references)
}

/// What the author is to look at, where it stands.
fn left(file: &Path, name: &Name, kind: &str, roles: &str) -> Vec<(PathBuf, usize, &'static str)> {
    let line = |text: &str, start: &str| {
        let at = text.lines().position(|line| line.starts_with(start));
        at.map_or(1, |index| index + 1)
    };
    let specification = format!("  {}Spec:", name.kind);
    let places = [
        ("# ", "say in a line what the kind is"),
        (
            "  collection:",
            "say of each operation what is particular about it",
        ),
        (
            "    x-lifecycle:",
            "the steps it passes through, after how many seconds, and how it fails",
        ),
        (
            "      status:",
            "the common status, or a schema of its own where that is not enough",
        ),
        (
            &specification,
            "its properties, and which of them are required",
        ),
        ("examples:", "the example, here and on the three schemas"),
    ];
    let mut left: Vec<(PathBuf, usize, &'static str)> = places
        .into_iter()
        .map(|(start, what)| (file.to_owned(), line(kind, start), what))
        .collect();
    let who = "which roles may; so far only those that have `*` or `*.read`";
    left.push((ROLES.into(), line(roles, "roles:"), who));
    left
}

impl fmt::Display for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (file, what) in &self.written {
            writeln!(f, "wrote {}: {what}", file.display())?;
        }
        writeln!(
            f,
            "\nIt can be generated from as it is. What is yours to say:"
        )?;
        for (file, line, what) in &self.left {
            writeln!(f, "  {}:{line}: {what}", file.display())?;
        }
        write!(
            f,
            "\nThen: cargo run -p rafay-spec -- lint && cargo xtask generate"
        )
    }
}
