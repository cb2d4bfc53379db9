//! `rafay-spec bundle`: many files in, one document out.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rafay_spec::bundle::{bundle, outputs};
use rafay_spec::{Error, Spec, to_canonical_json};
use serde_json::Value;

use super::say;

/// Join the files of a document into one that needs no other file.
///
/// Without DOCUMENT it writes the openapi.json of each version of ours. With one, anybody's, it writes to
/// standard output or to --output.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A document, or a folder with an openapi.yaml.
    #[arg(value_name = "DOCUMENT", conflicts_with_all = ["spec", "check"])]
    document: Option<PathBuf>,
    /// The folder that holds the versions and roles.yaml.
    #[arg(long, value_name = "DIR", default_value = "spec")]
    spec: PathBuf,
    /// Write nothing; fail when a bundle is not what it would be.
    #[arg(long)]
    check: bool,
    /// Write the document to this file; one that ends in .yaml or .yml is YAML.
    #[arg(long, value_name = "FILE", requires = "document")]
    output: Option<PathBuf>,
    /// The form: json or yaml. By the name of --output if left out, otherwise json.
    #[arg(long, value_name = "FORM", requires = "document", value_parser = ["json", "yaml"])]
    format: Option<String>,
}

/// Bundles, and tells whether all is well.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Error> {
    match &arguments.document {
        Some(document) => one(arguments, document),
        None => ours(&arguments.spec, arguments.check),
    }
}

fn one(arguments: &Arguments, document: &Path) -> Result<bool, Error> {
    let entry = if document.is_dir() {
        document.join("openapi.yaml")
    } else {
        document.to_owned()
    };
    let value = bundle(&entry)?.json;
    let ends_in_yaml = |path: &PathBuf| {
        let extension = path.extension();
        extension.is_some_and(|end| end == "yaml" || end == "yml")
    };
    let is_yaml = match arguments.format.as_deref() {
        Some(format) => format == "yaml",
        None => arguments.output.as_ref().is_some_and(ends_in_yaml),
    };
    let text = if is_yaml {
        to_yaml(&value)
    } else {
        to_canonical_json(&value)
    };
    match &arguments.output {
        Some(path) => fs::write(path, text).map_err(|source| Error::Write {
            path: path.clone(),
            source,
        })?,
        // A reader that has seen enough closes the pipe, which is no failure of the bundle.
        None => drop(std::io::stdout().write_all(text.as_bytes())),
    }
    Ok(true)
}

fn ours(spec_dir: &Path, check: bool) -> Result<bool, Error> {
    let mut current = true;
    for (path, text) in outputs(&Spec::load(spec_dir)?) {
        let path = spec_dir.join(path);
        // A bundle that is missing or unreadable is as stale as one that differs.
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if check {
            eprintln!(
                "{} is stale: run `cargo run -p rafay-spec -- bundle`",
                path.display()
            );
            current = false;
        } else {
            fs::write(&path, text).map_err(|source| Error::Write {
                path: path.clone(),
                source,
            })?;
            say!("wrote {}\n", path.display());
        }
    }
    Ok(current)
}

/// The value as YAML in blocks, keys sorted. Texts that could be read as anything else are in quotes.
fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    block(value, 0, &mut out);
    out
}

fn block(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            for (key, value) in entries {
                let _ = write!(out, "{indent}{}:", scalar(key));
                below(value, depth + 1, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(out, "{indent}-");
                below(item, depth + 1, out);
            }
        }
        value => {
            let _ = writeln!(out, "{value}");
        }
    }
}

/// What follows `key:` or `-`.
fn below(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            out.push('\n');
            block(value, depth, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            block(value, depth, out);
        }
        Value::String(text) => {
            let _ = writeln!(out, " {}", scalar(text));
        }
        value => {
            let _ = writeln!(out, " {value}");
        }
    }
}

fn scalar(text: &str) -> String {
    let words = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf",
    ];
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | '$');
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '$')
        && text.chars().all(letter)
        && !words.contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}
