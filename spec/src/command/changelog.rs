//! `rafay-spec changelog`.

use std::io::Write as _;
use std::path::PathBuf;

use rafay_spec::Spec;
use rafay_spec::changelog::{Style, changes, history};
use rafay_spec::diff::{Error, Options, diff, open};
use rafay_spec::to_canonical_json;

/// Tell people what has changed between two documents, by kind; or the history of all releases.
///
/// A document is named as for `diff`: `released:v3@3.0.0`, a folder of the working tree, `git:REVISION:PATH`,
/// any file. Without documents the whole history of --spec is written, as spec/CHANGELOG.md has it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The old document.
    #[arg(requires = "new")]
    old: Option<String>,
    /// The new document.
    new: Option<String>,
    /// The form: text or markdown.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = style, requires = "old")]
    format: Style,
    /// The folder that holds the versions, roles.yaml and the releases.
    #[arg(long, value_name = "DIR", default_value = "spec")]
    spec: PathBuf,
}

fn style(name: &str) -> Result<Style, String> {
    match name {
        "text" => Ok(Style::Text),
        "markdown" => Ok(Style::Markdown),
        _ => Err("there are text, markdown".to_owned()),
    }
}

/// Writes the changelog.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Error> {
    let text = match (&arguments.old, &arguments.new) {
        (Some(old), Some(new)) => {
            let released = arguments.spec.join(rafay_spec::release::FOLDER);
            let (old, new) = (open(old, &released)?, open(new, &released)?);
            let comparison = diff(&old, &new, &Options::default())?;
            let changes = changes(&old, &new, &comparison);
            if changes.is_empty() {
                "Nothing that anybody could notice.\n".to_owned()
            } else {
                changes.render(arguments.format)
            }
        }
        _ => whole(arguments)?,
    };
    // A reader that has seen enough closes the pipe.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(true)
}

fn whole(arguments: &Arguments) -> Result<String, Error> {
    let wrong = |message: String| Error::Source {
        what: arguments.spec.display().to_string(),
        message,
    };
    let spec = Spec::load(&arguments.spec).map_err(|error| wrong(error.to_string()))?;
    let bundles: Vec<(String, String)> = spec
        .documents
        .iter()
        .map(|document| (document.version.clone(), to_canonical_json(&document.json)))
        .collect();
    let trees: Vec<(&str, &str)> = bundles
        .iter()
        .map(|(version, text)| (version.as_str(), text.as_str()))
        .collect();
    history(&arguments.spec, &trees).map_err(|error| wrong(error.to_string()))
}
