//! Builds the benchmark and the server's binary with optimisations, and runs the one against the other. The
//! benchmark has the defaults; what is not said here is left to it.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use serde_json::Value;

use crate::generate::repository;

/// Flags of `cargo xtask bench`.
#[derive(Debug, Default, clap::Args)]
pub struct Options {
    /// Turns that each server gets for each kind of request.
    #[arg(long)]
    pub rounds: Option<usize>,

    /// Seconds of load in each turn.
    #[arg(long)]
    pub seconds: Option<f64>,

    /// Connections with a request on its way each.
    #[arg(long)]
    pub connections: Option<u16>,

    /// Numbers of stored objects, divided by commas.
    #[arg(long, value_delimiter = ',', value_name = "NUMBER")]
    pub objects: Vec<usize>,

    /// Threads of each server, and of the load generator.
    #[arg(long)]
    pub threads: Option<usize>,

    /// Whether to look at the memory after 1,000,000 requests: the rule, but not with --quick.
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub million: Option<bool>,

    /// A few seconds in all, to see that everything works.
    #[arg(long)]
    pub quick: bool,

    /// Measure the apply that is on disk before it is answered, and nothing else.
    #[arg(long)]
    pub durable_only: bool,

    /// Fail when a budget is missed.
    #[arg(long)]
    pub strict: bool,

    /// File for the figures as JSON.
    #[arg(long, value_name = "PATH", default_value = "target/bench.json")]
    pub json: PathBuf,
}

/// Why the benchmark gave no result, or not the wanted one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Cargo or the benchmark could not be started.
    #[error("start {program}: {source}")]
    Start {
        /// What was to be started.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The build failed; the compiler has said why.
    #[error("build the benchmark ({0})")]
    Build(ExitStatus),
    /// Cargo built the benchmark but did not say where it is.
    #[error("find the benchmark in what cargo said about its build")]
    Lost,
    /// The benchmark failed, or a budget was missed under `--strict`; it has said which.
    #[error("run the benchmark ({0})")]
    Run(ExitStatus),
}

/// Builds and runs the benchmark.
pub fn run(options: &Options) -> Result<(), Error> {
    let program = build()?;
    let status = Command::new(&program)
        .args(options.flags())
        .current_dir(repository())
        .status()
        .map_err(|source| Error::Start {
            program: program.display().to_string(),
            source,
        })?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Run(status))
}

/// Builds both programs; cargo's messages tell where the benchmark is, whatever the target directory.
fn build() -> Result<PathBuf, Error> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(&cargo)
        .args([
            "build",
            "--release",
            "--message-format=json-render-diagnostics",
        ])
        .args(["-p", "rafay-tests", "-p", "rafay-mock-server"])
        .args(["--bin", "bench", "--bin", "rafay-mock-server"])
        .current_dir(repository())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Error::Start {
            program: cargo.display().to_string(),
            source,
        })?;
    if !built.status.success() {
        return Err(Error::Build(built.status));
    }
    executable(&built.stdout).ok_or(Error::Lost)
}

/// The benchmark's path in cargo's messages, one JSON object a line.
fn executable(messages: &[u8]) -> Option<PathBuf> {
    messages
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Value>(line).ok())
        .find(|message| message["target"]["name"] == "bench" && message["executable"].is_string())
        .and_then(|message| Some(message["executable"].as_str()?.into()))
}

impl Options {
    /// The flags as the benchmark takes them.
    fn flags(&self) -> Vec<OsString> {
        let objects: Vec<_> = self.objects.iter().map(usize::to_string).collect();
        let valued = [
            ("--rounds", self.rounds.map(|value| value.to_string())),
            ("--seconds", self.seconds.map(|value| value.to_string())),
            (
                "--connections",
                self.connections.map(|value| value.to_string()),
            ),
            (
                "--objects",
                (!objects.is_empty()).then(|| objects.join(",")),
            ),
            ("--threads", self.threads.map(|value| value.to_string())),
            ("--million", self.million.map(|value| value.to_string())),
        ];
        let mut flags: Vec<OsString> = valued
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?).into()))
            .collect();
        for (name, set) in [
            ("--quick", self.quick),
            ("--durable-only", self.durable_only),
            ("--strict", self.strict),
        ] {
            if set {
                flags.push(name.into());
            }
        }
        flags.push("--json".into());
        flags.push(self.json.clone().into());
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_passed_on_and_defaults_left_to_the_benchmark() {
        let mut options = Options {
            json: "out.json".into(),
            ..Options::default()
        };
        assert_eq!(options.flags(), ["--json", "out.json"]);
        options.objects = vec![10, 1000];
        options.seconds = Some(0.5);
        options.quick = true;
        assert_eq!(
            options.flags(),
            [
                "--seconds=0.5",
                "--objects=10,1000",
                "--quick",
                "--json",
                "out.json"
            ]
        );
    }

    #[test]
    fn the_executable_is_found_among_the_messages() {
        let messages =
            br#"{"reason":"compiler-artifact","target":{"name":"serde"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"bench"},"executable":"target/release/bench"}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(executable(messages), Some("target/release/bench".into()));
        assert_eq!(executable(b"{}\n"), None);
    }
}
