//! `serve --tls` as a person meets it: the authority that is made once, the command that works when it is pasted, and
//! a certificate of one's own.
#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use rafay_mock_server::Tls;
use rcgen::{CertificateParams, KeyPair, SanType};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-mock-server"));
    command.arg("serve").args(["--listen", "127.0.0.1:0"]);
    command.args(arguments).stdin(Stdio::null());
    command
}

/// A running server, ended with the test.
struct Server {
    child: Child,
    printed: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut command = command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.lines().any(|line| line.starts_with("curl ")) {
            assert_ne!(stdout.read_line(&mut printed).unwrap(), 0, "{printed}");
        }
        Self { child, printed }
    }

    fn line(&self, start: &str) -> &str {
        let mut lines = self.printed.lines();
        let line = lines.find_map(|line| line.strip_prefix(start));
        line.unwrap_or_else(|| panic!("no {start:?} in {}", self.printed))
            .trim()
    }

    fn curl(&self) -> String {
        format!("curl {}", self.line("curl "))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn has_curl() -> bool {
    let version = Command::new("curl").arg("--version").output();
    version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("https"))
}

/// Runs a printed line of curl, and gives its exit code and the status that was answered.
fn run(line: &str) -> (Option<i32>, String) {
    // No proxy stands between a test and this machine.
    let line =
        format!("{line} --silent --noproxy '*' --output /dev/null --write-out '%{{http_code}}'");
    let Output { status, stdout, .. } = Command::new("sh").args(["-c", &line]).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_printed_command_works_and_trusting_nobody_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("it's here");
    let server = Server::start(&["--tls", "--tls-dir", text(&directory)]);
    assert!(server.line("Address:").starts_with("https://127.0.0.1:"));
    assert!(
        server
            .line("Swagger UI v3:")
            .starts_with("https://127.0.0.1:")
    );
    assert_eq!(
        server.line("CA certificate:"),
        text(&directory.join(Tls::CA_FILE))
    );
    if has_curl() {
        assert_eq!(run(&server.curl()), (Some(0), "200".to_owned()));
        // The authority vouches for both versions alone, and the command without it has no reason to believe.
        let (before, rest) = server
            .curl()
            .split_once("--cacert ")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let untrusting = format!("{before}{}", &rest[rest.find("-H ").unwrap()..]);
        assert_eq!(run(&untrusting), (Some(60), "000".to_owned()));
    }
}

#[test]
fn the_authority_outlives_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--tls", "--tls-dir", text(folder.path())];
    let ca = folder.path().join(Tls::CA_FILE);
    drop(Server::start(&arguments));
    let first = fs::read_to_string(&ca).unwrap();
    let again = Server::start(&arguments);
    assert_eq!(fs::read_to_string(&ca).unwrap(), first);
    if has_curl() {
        assert_eq!(run(&again.curl()).1, "200");
    }
}

#[test]
fn a_certificate_of_ones_own_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("own.pem"), folder.path().join("key.pem"));
    let pair = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([]).unwrap();
    params.subject_alt_names = vec![SanType::IpAddress([127, 0, 0, 1].into())];
    fs::write(&certificate, params.self_signed(&pair).unwrap().pem()).unwrap();
    fs::write(&key, pair.serialize_pem()).unwrap();
    let files = ["--tls-cert", text(&certificate), "--tls-key", text(&key)];
    let server = Server::start(&[&["--tls"], &files[..]].concat());
    assert!(
        !server.printed.contains("CA certificate"),
        "{}",
        server.printed
    );
    if has_curl() {
        let line = format!("{} --cacert '{}'", server.curl(), text(&certificate));
        assert_eq!(run(&line), (Some(0), "200".to_owned()));
    }
}

#[test]
fn what_cannot_be_used_is_one_line_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.pem");
    let file = folder.path().join("file");
    fs::write(&file, "no pem").unwrap();
    let (missing, file) = (text(&missing), text(&file));
    let inside = format!("{file}/tls");
    for (arguments, code, said) in [
        (
            vec!["--tls", "--tls-cert", missing, "--tls-key", file],
            1,
            missing,
        ),
        (
            vec!["--tls", "--tls-cert", file, "--tls-key", file],
            1,
            "give PEM",
        ),
        (vec!["--tls", "--tls-dir", &inside], 1, file),
        (vec!["--tls-dir", file], 2, "--tls"),
        (vec!["--tls", "--tls-cert", file], 2, "--tls-key"),
        (vec!["--tls", "--insecure-listen"], 2, "--insecure-listen"),
    ] {
        let Output {
            status,
            stdout,
            stderr,
        } = command(&arguments).output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(
            stdout.is_empty() && stderr.contains(said),
            "{arguments:?}: {stderr}"
        );
        assert!(
            code == 2 || stderr.trim_end().lines().count() == 1,
            "{stderr}"
        );
    }
}
