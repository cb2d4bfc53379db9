//! Schemathesis: thousands of requests made up from the documents, valid ones and wrong ones, alone and in the order
//! that links give, sent to the built server; every answer must be one the document declares. Each document is tried
//! with an administrator's key and with one that may only read.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;
use std::{io, thread};

use serde_json::Value;

use super::super::Options;
use super::super::verdict::Verdict;
use super::documents::{self, Document};
use super::served::{self, Caller, Served};
use super::tools::{Registry, Tool};

const SCHEMATHESIS: Tool = Tool {
    package: "schemathesis",
    version: "4.32.5",
    program: "schemathesis",
    from: Registry::Python {
        pinned: Some("schemathesis.txt"),
    },
};

const CONFIGURATION: &str = "xtask/outside/schemathesis.toml";

/// Runs at a time: what makes up requests is one thread each, and CI has two cores.
const AT_A_TIME: usize = 2;

/// How much is tried.
struct Effort {
    /// Cases made up for each operation, and sequences of calls for each document.
    examples: u32,
    /// Of the cases at the borders of the schemas, one in so many is sent.
    one_in: u32,
    /// Those cases are made for every so-manieth operation only: making them costs more than sending them.
    every: usize,
    /// Whether two runs try the same.
    deterministic: bool,
}

/// Minutes: a part of `cargo xtask test`.
const SHORT: Effort = Effort {
    examples: 2,
    one_in: 10,
    every: 10,
    deterministic: true,
};

/// Hours.
const LONG: Effort = Effort {
    examples: 50,
    one_in: 1,
    every: 1,
    deterministic: false,
};

/// One document with one key.
struct Run {
    document: Document,
    caller: Caller,
    /// Where its configuration, output and request log go.
    folder: PathBuf,
}

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Served(#[from] served::Error),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Tries all documents with both keys.
pub(super) fn run(root: &Path, options: &Options) -> Verdict {
    let program = match SCHEMATHESIS.path(root) {
        Ok(program) => program,
        Err(reason) => return Verdict::LeftOut(reason),
    };
    let Some(server) = served::build(root) else {
        return Verdict::Failed;
    };
    let effort = if options.long { &LONG } else { &SHORT };
    let mut todo = Vec::new();
    for document in documents::all(root) {
        for caller in [Caller::Reader, Caller::Admin] {
            let name = format!("{}-{}", document.version, caller.name());
            todo.push(Run {
                document: document.clone(),
                caller,
                folder: root.join("target/schemathesis").join(name),
            });
        }
    }
    // The largest document is the last, and is begun first.
    let todo = Mutex::new(todo);
    let next = || todo.lock().ok().and_then(|mut todo| todo.pop());
    let failed = Mutex::new(false);
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(run) = next() {
                    let passed = run.tell(root, &program, &server, effort);
                    if let Ok(mut failed) = failed.lock() {
                        *failed |= !passed;
                    }
                }
            });
        }
    });
    match failed.into_inner() {
        Ok(false) => Verdict::Passed,
        _ => Verdict::Failed,
    }
}

impl Run {
    /// Makes the run and prints how it went.
    fn tell(&self, root: &Path, program: &Path, server: &Path, effort: &Effort) -> bool {
        let start = Instant::now();
        let made = self.make(root, program, server, effort);
        let seconds = start.elapsed().as_secs();
        let name = format!(
            "{} with the {} key",
            self.document.version,
            self.caller.name()
        );
        let output = fs::read_to_string(self.output()).unwrap_or_default();
        match &made {
            Ok(true) => println!("{name}: passed, {} cases in {seconds} s", cases(&output)),
            Ok(false) => println!("{output}\n{name}: FAILED after {seconds} s"),
            Err(error) => println!("{output}\n{name}: FAILED: {error}"),
        }
        matches!(made, Ok(true))
    }

    fn make(
        &self,
        root: &Path,
        program: &Path,
        server: &Path,
        effort: &Effort,
    ) -> Result<bool, Error> {
        fs::create_dir_all(&self.folder)?;
        let mock = Served::start(server, &self.folder.join("requests.log"))?;
        mock.seed(&served::document(&root.join("spec/v3/openapi.json"))?)?;
        let key = mock.key(self.caller)?;
        let configuration = self.folder.join("schemathesis.toml");
        let base = fs::read_to_string(root.join(CONFIGURATION))?;
        let document = served::document(&self.document.path)?;
        let passed_over = passed_over(&document, effort.every, self.caller);
        fs::write(&configuration, base + &without_borders(&passed_over))?;

        let output = File::create(self.output())?;
        let mut command = Command::new(program);
        command
            .arg("--config-file")
            .arg(&configuration)
            .arg("run")
            .arg(&self.document.path)
            .args(["--url", &mock.url(), "--no-color"])
            .args(["--max-examples", &effort.examples.to_string()])
            .env("RAFAY_FUZZ_KEY", &key)
            .env("RAFAY_FUZZ_OWN", mock.own(&key)?.join(","))
            .env("RAFAY_FUZZ_PROJECT_ID", mock.default_project()?)
            .env("RAFAY_FUZZ_ONE_IN", effort.one_in.to_string())
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        if effort.deterministic {
            command.arg("--generation-deterministic");
        }
        let passed = command.status()?.success();
        // With a key that a request has revoked, everything after it was only ever refused.
        if !mock.takes(&key)? {
            println!("the key of this run was revoked by one of its requests");
            return Ok(false);
        }
        Ok(passed)
    }

    fn output(&self) -> PathBuf {
        self.folder.join("output.txt")
    }
}

/// The operations for which no cases at the borders are made. The callers get different ones.
fn passed_over(document: &Value, every: usize, caller: Caller) -> Vec<String> {
    let first = if caller == Caller::Admin {
        0
    } else {
        every / 2
    };
    let items = document["paths"].as_object().into_iter().flatten();
    items
        .flat_map(|(_, item)| item.as_object().into_iter().flatten())
        .filter_map(|(_, operation)| operation["operationId"].as_str())
        .enumerate()
        .filter(|(index, _)| index % every != first)
        .map(|(_, id)| id.to_owned())
        .collect()
}

fn without_borders(operations: &[String]) -> String {
    let mut text = String::new();
    if !operations.is_empty() {
        // Infallible: a String takes every write.
        let _ = write!(
            text,
            "\n[[operations]]\ninclude-operation-id = {operations:?}\n\n[operations.phases.coverage]\nenabled = false\n"
        );
    }
    text
}

/// How many cases the output says were tried.
fn cases(output: &str) -> &str {
    output
        .lines()
        .filter_map(|line| line.split_once(" generated,"))
        .map(|(count, _)| count.trim())
        .find(|count| count.parse::<u64>().is_ok())
        .unwrap_or("an unknown number of")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_keys_together_try_the_borders_of_more_operations_than_one() {
        let paths: serde_json::Map<String, Value> = (0..10)
            .map(|index| {
                let operation = json!({"operationId": format!("o{index}")});
                (format!("/p{index}"), json!({"get": operation}))
            })
            .collect();
        let document = json!({"paths": paths});
        let admin = passed_over(&document, 5, Caller::Admin);
        let reader = passed_over(&document, 5, Caller::Reader);
        assert_eq!((admin.len(), reader.len()), (8, 8));
        assert!(!admin.contains(&"o0".to_owned()) && reader.contains(&"o0".to_owned()));
        assert!(passed_over(&document, 1, Caller::Admin).is_empty());
        assert_eq!(without_borders(&[]), "");
    }

    #[test]
    fn the_number_of_cases_is_found_in_the_output() {
        let output = "3 operations mostly rejected generated data\n  1160 generated, 1160 passed, 88 skipped\n";
        assert_eq!(cases(output), "1160");
        assert!(cases("").contains("unknown"));
    }
}
