//! From the command line to a certificate.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rafay_mock_server::{Tls, TlsError};

use crate::cli::Serve;

/// Why there is no certificate to serve with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The path does not lead to a file that can be read.
    #[error("read {}", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// The certificate says itself what is wrong with it.
    #[error(transparent)]
    Certificate(TlsError),
    /// The environment does not say where the user's files are.
    #[error("find a directory for the local authority: name one with --tls-dir")]
    NoDirectory,
}

/// The certificate that the command line asks for, and the file of the authority that clients are to trust, where it
/// is a local one.
pub(crate) fn tls(serve: &Serve) -> Result<Option<(Tls, Option<PathBuf>)>, Failure> {
    if !serve.tls {
        return Ok(None);
    }
    if let (Some(certificate), Some(key)) = (&serve.tls_cert, &serve.tls_key) {
        let tls = Tls::from_pem(&read(certificate)?, &read(key)?).map_err(Failure::Certificate)?;
        return Ok(Some((tls, None)));
    }
    let directory = match &serve.tls_dir {
        Some(directory) => directory.clone(),
        None => usual_directory(|name| env::var_os(name)).ok_or(Failure::NoDirectory)?,
    };
    let tls = Tls::local(&directory).map_err(Failure::Certificate)?;
    // What is printed must work from everywhere.
    let directory = std::path::absolute(&directory).unwrap_or(directory);
    Ok(Some((tls, Some(directory.join(Tls::CA_FILE)))))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })
}

/// Where the system keeps a user's files of a program.
fn usual_directory(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let data = set("XDG_DATA_HOME")
        .or_else(|| set("LOCALAPPDATA"))
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(set("HOME")?).join(".local/share")))?;
    Some(data.join("rafay-mock-server").join("tls"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_directory_is_where_the_system_says() {
        let among = |set: &'static [(&str, &str)]| {
            usual_directory(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).into())
            })
        };
        for (set, directory) in [
            (
                &[("HOME", "/home/a")][..],
                Some("/home/a/.local/share/rafay-mock-server/tls"),
            ),
            (
                &[("HOME", "/home/a"), ("XDG_DATA_HOME", "/data")],
                Some("/data/rafay-mock-server/tls"),
            ),
            (&[("HOME", ""), ("XDG_DATA_HOME", "")], None),
            (&[], None),
        ] {
            assert_eq!(among(set), directory.map(PathBuf::from));
        }
    }
}
