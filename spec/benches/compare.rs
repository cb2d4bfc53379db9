//! The corpus of `diff` given to `redocly diff` and to the library `drift` too: how many breaks each finds, misses, and
//! sees where there is none, with time and memory. `cargo xtask compare-diff` fetches the tools and runs this.
//!
//! What is a break is what the corpus says, so the row of `rafay-spec` is what its tests hold already;
//! the other rows are what the table is for. Left out are pairs about words that only we have, those that
//! need a policy, and those that break nobody on the wire for sure and somebody perhaps or elsewhere.

#![expect(
    clippy::unwrap_used,
    reason = "the corpus is read as its tests read it"
)]

#[path = "../tests/diff/pairs.rs"]
mod pairs;
#[path = "../tests/common/patch.rs"]
mod patch;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rafay_spec::diff::rules::{Area, find};
use rafay_spec::diff::{Direction, Grade};

/// Two documents, and whether the second breaks clients of the first.
struct Question {
    name: String,
    old: String,
    new: String,
    breaks: bool,
}

/// How a tool did.
#[derive(Default)]
struct Score {
    found: usize,
    missed: Vec<String>,
    false_alarms: Vec<String>,
    failed: Vec<String>,
    times: Vec<Duration>,
    peak_kb: u64,
}

struct Tool {
    name: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
}

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    let every: usize = arguments.next().map_or(Ok(1), |every| every.parse())?;
    let others = [
        ("redocly diff", &["--fail-on", "major"][..]),
        ("drift", &[]),
    ];
    let questions: Vec<Question> = questions().into_iter().step_by(every.max(1)).collect();
    let mut tools = vec![Tool {
        name: "rafay-spec diff",
        program: env!("CARGO_BIN_EXE_rafay-spec").into(),
        arguments: &["--fail-on", "wire", "--today", "2026-01-01"],
    }];
    for (name, with) in others {
        match arguments.next() {
            Some(program) => tools.push(Tool {
                name,
                program: fs::canonicalize(program)?,
                arguments: with,
            }),
            None => println!("{name} is left out: its path is not named"),
        }
    }
    let breaks = questions.iter().filter(|question| question.breaks).count();
    println!(
        "{} breaks, {} harmless changes\n\n| | found | missed | false alarms | failed | time, median | memory, most |\n|---|--:|--:|--:|--:|--:|--:|",
        breaks,
        questions.len() - breaks
    );
    let mut scores = Vec::new();
    for tool in &tools {
        let mut score = Score::default();
        for question in &questions {
            ask(tool, question, &mut score)?;
        }
        score.times.sort();
        let median = score.times.get(score.times.len() / 2).copied();
        println!(
            "| {} | {} | {} | {} | {} | {:.2} s | {} MB |",
            tool.name,
            score.found,
            score.missed.len(),
            score.false_alarms.len(),
            score.failed.len(),
            median.unwrap_or_default().as_secs_f64(),
            score.peak_kb / 1024,
        );
        scores.push((tool.name, score));
    }
    for (name, score) in &scores {
        let lists = [
            ("missed", &score.missed),
            ("false alarm", &score.false_alarms),
            ("failed", &score.failed),
        ];
        for (what, list) in lists {
            for question in list {
                println!("{name}, {what}: {question}");
            }
        }
    }
    Ok(())
}

fn questions() -> Vec<Question> {
    let mut questions = Vec::new();
    for pair in pairs::pairs() {
        let needs_policy = ["today", "grace", "subset"];
        if needs_policy.iter().any(|key| !pair.case[*key].is_null()) {
            continue;
        }
        let ways = [
            (&pair.old, &pair.new, &pair.gives, "forth"),
            (&pair.new, &pair.old, &pair.back, "back"),
        ];
        for (old, new, gives, way) in ways {
            if let Some(breaks) = breaks(gives, &pair.name) {
                questions.push(Question {
                    name: format!("{way}: {gives:?} {}", pair.name),
                    old: old.clone(),
                    new: new.clone(),
                    breaks,
                });
            }
        }
    }
    questions
}

/// Whether findings, each a rule and its directions, break the wire; nothing where that is not to be
/// asked of others.
fn breaks(gives: &[String], case: &str) -> Option<bool> {
    let (mut wire, mut worst) = (Grade::Fine, Grade::Fine);
    for finding in gives {
        let (id, directions) = finding.split_once(' ')?;
        let rule = find(id)?;
        let is_ours = ["permission", "extensible"];
        if matches!(rule.area, Area::Words | Area::Lifecycle)
            || is_ours
                .iter()
                .any(|word| id.contains(word) || case.contains(&format!("x-{word}")))
        {
            return None;
        }
        for direction in [Direction::Request, Direction::Response, Direction::Neither] {
            if directions.split('+').any(|word| word == direction.as_str()) {
                let verdict = rule.verdicts.of(direction);
                wire = wire.max(verdict.wire);
                worst = worst.max(verdict.worst());
            }
        }
    }
    match (wire, worst) {
        (Grade::Break, _) => Some(true),
        (_, Grade::Fine) => Some(false),
        _ => None,
    }
}

fn ask(tool: &Tool, question: &Question, score: &mut Score) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text);
    write("old.yaml", &question.old)?;
    write("new.yaml", &question.new)?;
    let timer = Path::new("/usr/bin/time");
    let mut command = if timer.is_file() {
        let mut command = Command::new(timer);
        command
            .args(["-o", "memory", "-f", "%M"])
            .arg(&tool.program);
        command
    } else {
        Command::new(&tool.program)
    };
    let start = Instant::now();
    let status = command
        .args(["diff", "old.yaml", "new.yaml"])
        .args(tool.arguments)
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    score.times.push(start.elapsed());
    let memory = fs::read_to_string(folder.path().join("memory")).unwrap_or_default();
    // Above the figure stands a line when the program has failed.
    let kilobytes = memory
        .lines()
        .last()
        .and_then(|line| line.trim().parse().ok());
    score.peak_kb = score.peak_kb.max(kilobytes.unwrap_or(0));
    match (status.code(), question.breaks) {
        (Some(1), true) => score.found += 1,
        (Some(0), false) => {}
        (Some(0), true) => score.missed.push(question.name.clone()),
        (Some(1), false) => score.false_alarms.push(question.name.clone()),
        _ => score.failed.push(question.name.clone()),
    }
    Ok(())
}
