//! One step from the documents to everything generated: bundles, SDK, mock, the tests' calls. With `check` it only compares.

use std::path::{Path, PathBuf};

use rafay_spec::release::Index;
use rafay_spec::{Spec, bundle, changelog};

use crate::sdk::SdkInput;
use crate::{calls, files, mock, readme, sdk, tests_types};

/// Folders in which nothing stands but what is generated.
pub const FOLDERS: [&str; 3] = [
    "sdk/src/generated",
    "mock-server/src/generated",
    calls::FOLDER,
];

/// Why generating failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The documents cannot be read; the text names file, line and column.
    #[error(transparent)]
    Spec(#[from] rafay_spec::Error),
    /// The SDK cannot be made from them.
    #[error("the SDK: {0}")]
    Sdk(#[from] sdk::Error),
    /// The mock cannot be made from them.
    #[error("the mock: {0}")]
    Mock(#[from] mock::Error),
    /// The README's table cannot be made from them.
    #[error(transparent)]
    Readme(#[from] readme::Error),
    /// A generated file cannot be read or written.
    #[error(transparent)]
    File(#[from] files::Error),
    /// The history of the documents cannot be told from the releases.
    #[error("the changelog: {0}")]
    Release(#[from] rafay_spec::release::Error),
    /// Generated files are not what the documents give.
    #[error("generated files are stale:\n{0}run `cargo xtask generate` and commit what it writes")]
    Stale(String),
}

/// Generates, or checks what is there.
pub fn run(check: bool) -> Result<(), Error> {
    let root = repository();
    let spec = Spec::load(&root.join("spec"))?;
    if check {
        let generated = all(&spec)?;
        let differences = files::differences(&root, &generated, &FOLDERS)?;
        if !differences.is_empty() {
            return Err(Error::Stale(differences));
        }
        println!("{} generated files are up to date", generated.len());
        return Ok(());
    }
    let changed = write(&root, &spec)?;
    for path in &changed {
        println!("wrote {}", path.display());
    }
    println!("{} generated files changed", changed.len());
    Ok(())
}

/// Generates from the documents into the repository at `root`, this one or a copy. Gives the paths that changed.
pub fn write(root: &Path, spec: &Spec) -> Result<Vec<PathBuf>, Error> {
    Ok(files::write(root, &all(spec)?, &FOLDERS)?)
}

/// The repository's root, the folder above this crate's.
pub fn repository() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// Every generated file with its content.
pub fn all(spec: &Spec) -> Result<Vec<(PathBuf, String)>, Error> {
    let mut generated: Vec<(PathBuf, String)> = bundle::outputs(spec)
        .into_iter()
        .map(|(path, content)| (Path::new("spec").join(path), content))
        .collect();
    let releases = Index::load(&repository().join("spec"))?;
    let inputs: Vec<SdkInput> = spec
        .documents
        .iter()
        .map(|document| SdkInput {
            version: document.version.clone(),
            json: document.json.clone(),
            stamp: releases.stamp(&document.version, &document.json),
            kinds: document.kinds.clone(),
            operations: document.operations.clone(),
        })
        .collect();
    generated.extend(sdk::generate(&inputs)?);
    generated.extend(mock::generate(spec, &releases)?);
    generated.push(calls::generate(spec));
    generated.push(tests_types::generate(&inputs)?);
    generated.push(readme::generate(spec, &repository())?);
    generated.push((PathBuf::from("spec/CHANGELOG.md"), history(spec)?));
    Ok(generated)
}

/// What has changed in the documents since each release.
fn history(spec: &Spec) -> Result<String, Error> {
    let bundles: Vec<(&str, String)> = spec
        .documents
        .iter()
        .map(|document| {
            let text = bundle::to_canonical_json(&document.json);
            (document.version.as_str(), text)
        })
        .collect();
    let trees: Vec<(&str, &str)> = bundles
        .iter()
        .map(|(version, text)| (*version, text.as_str()))
        .collect();
    Ok(changelog::history(&repository().join("spec"), &trees)?)
}
