//! `ask-drift diff OLD NEW`: exits with 0 when drift finds nothing that breaks clients of OLD, 1 when it does or cannot
//! judge a change, and 2 when it cannot compare at all.

use std::error::Error;
use std::process::ExitCode;

use drift::ChangeClass;
use serde_json::Value;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::from(1),
        Ok(false) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether a change breaks clients of the old document, as far as drift can tell.
fn run() -> Result<bool, Box<dyn Error>> {
    let mut paths = std::env::args().skip(2);
    let mut next = || -> Result<Value, Box<dyn Error>> {
        let path = paths.next().ok_or("name two documents")?;
        Ok(serde_norway::from_str(&std::fs::read_to_string(path)?)?)
    };
    let (old, new) = (next()?, next()?);
    let changes = drift::compare(&old, &new)?;
    let mut classes = changes.iter().flat_map(|change| &change.changes);
    Ok(classes.any(|change| {
        matches!(
            change.class,
            ChangeClass::BackwardIncompatible | ChangeClass::Incompatible | ChangeClass::Unhandled
        )
    }))
}
