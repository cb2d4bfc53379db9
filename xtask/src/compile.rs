//! `cargo xtask compile-time`: what the SDK costs its users to compile, beside a plain positional generation of the same
//! document by progenitor, measured in one run. The crate alone is checked, its dependencies being built before; each of
//! the two in turn, so that a busy machine slows both.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde_json::{Value, json};

use crate::generate::repository;

/// Flags of `cargo xtask compile-time`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Times that each crate is checked.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
}

/// Why there is no figure, or not the wanted one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The document could not be turned into a plain client.
    #[error("the plain generation: {0}")]
    Plain(String),
    /// A crate could not be checked; cargo has said why.
    #[error("`cargo check` failed in {0}")]
    Check(PathBuf),
    /// The SDK costs more than it may.
    #[error(
        "the SDK takes {0:.2} times as long as the plain generation; {MOST} is the most it may take"
    )]
    TooSlow(f64),
}

/// The SDK may take so much longer than a plain generation.
const MOST: f64 = 1.3;

/// Measures both and prints the figures.
pub fn run(options: &Options) -> Result<(), Error> {
    let root = repository();
    let folder = root.join("target/compile-time");
    let document = root.join("spec/v3/openapi.json");
    let plain = folder.join("plain");
    write(&plain.join("src/lib.rs"), &plain_client(&read(&document)?)?)?;
    write(&plain.join("Cargo.toml"), MANIFEST)?;
    // The versions that the SDK has, so that both stand on the same dependencies.
    write(&plain.join("Cargo.lock"), &read(&root.join("Cargo.lock"))?)?;
    let crates = [
        ("sdk, v3", root.clone(), root.join("sdk/src/lib.rs")),
        ("plain positional", plain.clone(), plain.join("src/lib.rs")),
    ];
    let mut best = [Duration::MAX; 2];
    for round in 0..=options.rounds {
        for (index, (name, at, source)) in crates.iter().enumerate() {
            touch(source)?;
            let time = check(at, &folder.join("target"), index == 0)?;
            // The first round builds the dependencies.
            if round > 0 {
                println!("{name:<18} {:>6.2} s", time.as_secs_f64());
                best[index] = best[index].min(time);
            }
        }
    }
    let ratio = best[0].as_secs_f64() / best[1].as_secs_f64();
    println!("best against best: {ratio:.2} (at most {MOST})");
    if ratio > MOST {
        return Err(Error::TooSlow(ratio));
    }
    Ok(())
}

fn check(at: &Path, target: &Path, is_sdk: bool) -> Result<Duration, Error> {
    let mut command = Command::new("cargo");
    command.args(["check", "--quiet"]).current_dir(at);
    if is_sdk {
        command.args([
            "--package",
            "rafay-sdk",
            "--no-default-features",
            "--features",
            "v3",
        ]);
    }
    command
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0");
    let start = Instant::now();
    let status = command.status().map_err(file(at))?;
    if status.success() {
        Ok(start.elapsed())
    } else {
        Err(Error::Check(at.to_owned()))
    }
}

/// The client that progenitor makes of the document when nothing is done to it but what it cannot do without: JSON alone,
/// one error, no aliases.
fn plain_client(text: &str) -> Result<String, Error> {
    let plain = |error: &dyn std::fmt::Display| Error::Plain(error.to_string());
    let mut document: Value = serde_json::from_str(text).map_err(|error| plain(&error))?;
    let failure = json!({
        "description": "",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}},
    });
    if let Some(components) = document["components"].as_object_mut() {
        components.remove("examples");
    }
    let paths = document["paths"].as_object_mut();
    for item in paths.into_iter().flat_map(|paths| paths.values_mut()) {
        let Some(operations) = item.as_object_mut() else {
            continue;
        };
        operations.retain(|_, operation| operation.get("x-alias-of").is_none());
        for operation in operations.values_mut() {
            let header = |parameter: &Value| {
                let name = parameter["$ref"].as_str().unwrap_or_default();
                name.contains("/If")
            };
            if let Some(parameters) = operation["parameters"].as_array_mut() {
                parameters.retain(|parameter| !header(parameter));
            }
            keep_json(&mut operation["requestBody"]);
            let Some(responses) = operation["responses"].as_object_mut() else {
                continue;
            };
            responses.retain(|status, _| status.starts_with('2'));
            responses.values_mut().for_each(keep_json);
            responses.insert("4XX".to_owned(), failure.clone());
            responses.insert("5XX".to_owned(), failure.clone());
        }
    }
    if let Some(paths) = document["paths"].as_object_mut() {
        paths.retain(|_, item| item.as_object().is_some_and(|item| !item.is_empty()));
        for operation in paths.values_mut().filter_map(Value::as_object_mut) {
            operation.values_mut().for_each(drop_nulls);
        }
    }
    let document = serde_json::from_value(document).map_err(|error| plain(&error))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged);
    let tokens = Generator::new(&settings)
        .generate_tokens(&document)
        .map_err(|error| plain(&error))?;
    let file: syn::File = syn::parse2(tokens).map_err(|error| plain(&error))?;
    Ok(format!(
        "#![allow(warnings)]\n{}",
        prettyplease::unparse(&file)
    ))
}

/// Of several media types, JSON alone.
fn keep_json(holder: &mut Value) {
    if let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut)
        && content.contains_key("application/json")
    {
        content.retain(|media_type, _| media_type == "application/json");
    }
}

/// Members that looking for them has made.
fn drop_nulls(operation: &mut Value) {
    if let Some(operation) = operation.as_object_mut() {
        operation.retain(|_, member| !member.is_null());
    }
}

const MANIFEST: &str = "# What progenitor says that its clients need.
[package]
name = \"plain\"
version = \"0.0.0\"
edition = \"2021\"
publish = false

[dependencies]
base64 = \"0.22\"
bytes = \"1\"
chrono = { version = \"0.4\", default-features = false, features = [\"clock\", \"serde\"] }
futures = \"0.3\"
progenitor-client = \"0.15.1\"
regress = \"0.11\"
reqwest = { version = \"0.13\", default-features = false, features = [\"json\", \"query\", \"stream\"] }
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"

[workspace]
";

fn file(path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File {
        path: path.clone(),
        source,
    }
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(file(path))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(file(folder))?;
    }
    fs::write(path, text).map_err(file(path))
}

/// Makes cargo take a crate for changed.
fn touch(path: &Path) -> Result<(), Error> {
    let times = fs::FileTimes::new().set_modified(std::time::SystemTime::now());
    let opened = fs::File::options().append(true).open(path);
    opened
        .and_then(|opened| opened.set_times(times))
        .map_err(file(path))
}
