//! Prints the alignment table and fails when it has a hole.

use std::io::{self, Write};
use std::process::ExitCode;

use rafay_tests::alignment::Alignment;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever reads the first lines alone, as `head` does, has what was wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the table and its holes; whether there are none.
fn run() -> io::Result<bool> {
    let alignment = Alignment::read()?;
    let holes = alignment.holes();
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n", alignment.text())?;
    for hole in &holes {
        writeln!(out, "missing: {hole}")?;
    }
    let (all, missing) = (alignment.len(), holes.len());
    writeln!(out, "{all} operations, {missing} holes")?;
    Ok(holes.is_empty())
}
