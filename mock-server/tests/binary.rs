//! The binary as a person or a script meets it: what it prints, what it refuses, and how it ends.
#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rafay_mock_server::DOCUMENTS;

/// Longer than anything here takes, shorter than the patience of whoever waits for a broken test.
const SOON: Duration = Duration::from_secs(20);

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafay-mock-server"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// A running server, ended with the test.
struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// What it printed: name and value of each line, and the command line at the end.
    lines: Vec<(String, String)>,
    curl: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut child = command(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        let curl = loop {
            let mut line = String::new();
            assert_ne!(
                stdout.read_line(&mut line).unwrap(),
                0,
                "ended after {lines:?}"
            );
            let line = line.trim_end();
            if line.starts_with("curl ") {
                break line.to_owned();
            }
            let (name, value) = line.split_once(':').unwrap();
            lines.push((name.to_owned(), value.trim().to_owned()));
        };
        Self {
            child,
            stdout,
            lines,
            curl,
        }
    }

    fn line(&self, name: &str) -> &str {
        let found = self.lines.iter().find(|(printed, _)| printed == name);
        &found
            .unwrap_or_else(|| panic!("no {name:?} in {:?}", self.lines))
            .1
    }

    fn connect(&self) -> TcpStream {
        let stream =
            TcpStream::connect(self.line("Address").strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        stream
    }

    /// The status of one request on a connection of its own.
    fn status(&self, target: &str, headers: &str) -> u16 {
        let mut stream = self.connect();
        write!(
            stream,
            "GET {target} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{headers}\r\n"
        )
        .unwrap();
        status(&mut stream)
    }

    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for the end, and gives the exit code and what was printed since the start on both streams.
    fn end(mut self) -> (Option<i32>, String, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < SOON, "still running");
            sleep(Duration::from_millis(5));
        };
        let (mut out, mut err) = (String::new(), String::new());
        self.stdout.read_to_string(&mut out).unwrap();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        (status.code(), out, err)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn status(stream: &mut TcpStream) -> u16 {
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Runs a command that is expected to fail, and gives its exit code and the one line it says.
fn refusal(arguments: &[&str]) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(arguments).output().unwrap();
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    let said = String::from_utf8(stderr).unwrap();
    assert!(
        said.starts_with("error: ") && !said.contains("panicked"),
        "{said}"
    );
    (status.code(), said)
}

fn one_line(arguments: &[&str], parts: &[&str]) {
    let (code, said) = refusal(arguments);
    assert_eq!(
        (code, said.trim_end().lines().count()),
        (Some(1), 1),
        "{said}"
    );
    for part in parts {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
}

#[test]
fn it_says_where_it_is_and_how_to_use_it() {
    let server = Server::start(&[]);
    let url = server.line("Address");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    for document in DOCUMENTS {
        let docs = server.line(&format!("Swagger UI {}", document.version));
        let target = docs.strip_prefix(url).unwrap();
        assert!(target.ends_with(document.version), "{target}");
        assert_eq!(server.status(target, ""), 200);
    }
    assert_ne!(server.line("Partner's key"), server.line("Admin's key"));
    let key = server.line("Admin's key");
    assert!(
        key.starts_with("ra2.") && key.split('.').count() == 3,
        "{key}"
    );
    assert!(
        server.curl.contains(key) && server.curl.contains(url),
        "{}",
        server.curl
    );
    assert_eq!(server.line("Request log"), "standard error");
}

#[test]
fn the_printed_command_works_as_it_is() {
    let server = Server::start(&[]);
    let [_, header, _, url, _] = server.curl.split('\'').collect::<Vec<_>>()[..] else {
        panic!("not two quoted words: {}", server.curl);
    };
    let target = url.strip_prefix(server.line("Address")).unwrap();
    assert_eq!(server.status(target, &format!("{header}\r\n")), 200);
    assert_eq!(server.status(target, ""), 401);

    let has_curl = Command::new("curl")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if has_curl {
        // No proxy stands between a test and this machine.
        let line = format!(
            "{} --silent --show-error --noproxy '*' --write-out ' %{{http_code}}'",
            server.curl
        );
        let output = Command::new("sh").args(["-c", &line]).output().unwrap();
        assert!(
            String::from_utf8_lossy(&output.stdout).ends_with(" 200"),
            "{output:?}"
        );
    }
}

#[test]
fn a_port_in_use_is_refused() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    one_line(&["serve", "--listen", &address], &[&address, "in use"]);
}

#[test]
fn an_address_that_others_reach_is_refused() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        one_line(
            &["serve", "--listen", address],
            &[address, "--tls", "loopback", "--insecure-listen"],
        );
    }
}

#[test]
fn a_log_that_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none").join("log");
    for path in [folder.path(), &missing] {
        let path = path.to_str().unwrap();
        one_line(
            &["serve", "--listen", "127.0.0.1:0", "--log", path],
            &["request log", path],
        );
    }
}

#[test]
fn settings_for_mail_that_give_a_secret_away_or_lack_one_are_refused() {
    let missing = "/no/such/password";
    for (arguments, part) in [
        (&["--smtp-tls", "none"][..], "in the clear"),
        (&["--smtp-from", "nobody"], "no mail address"),
        (&["--smtp-user", "me"], "RAFAY_MOCK_SMTP_PASSWORD"),
        (
            &["--smtp-user", "me", "--smtp-password-file", missing],
            missing,
        ),
    ] {
        let serve = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--smtp-host",
            "mail.example.com",
        ];
        one_line(&[&serve, arguments].concat(), &[part]);
    }
}

#[test]
fn a_wrong_command_line_is_refused() {
    for (arguments, part) in [
        (&["serve", "--colour"][..], "--colour"),
        (&["serve", "--listen", "8080"], "127.0.0.1:8080"),
        (&["serve", "--listen"], "--listen"),
        (&["serve", "--body-limit", "-1"], "-1"),
        (&["serve", "--body-limit", "1MiB"], "1MiB"),
        (&["serve", "--smtp-user", "me"], "--smtp-host"),
        (&["serve", "--smtp-password", "hush"], "--smtp-password"),
        (&["sevre"], "sevre"),
    ] {
        let (code, said) = refusal(arguments);
        assert_eq!(code, Some(2));
        assert!(said.contains(part), "no {part:?} in {said}");
        assert!(said.lines().count() <= 7, "{said}");
    }
}

#[test]
fn help_and_version_are_told() {
    let help = command(&["serve", "--help"]).output().unwrap();
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(help.status.success());
    for flag in ["--listen", "--log", "--body-limit", "--strict-fields"] {
        assert!(text.contains(flag), "{text}");
    }
    let version = command(&["--version"]).output().unwrap();
    assert!(
        String::from_utf8(version.stdout)
            .unwrap()
            .contains(env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn the_body_limit_is_kept() {
    let server = Server::start(&["--body-limit", "10"]);
    let key = server.line("Admin's key");
    let mut stream = server.connect();
    write!(
        stream,
        "POST /apis/system.k8smgmt.io/v3/projects HTTP/1.1\r\nhost: mock\r\nx-api-key: {key}\r\n"
    )
    .unwrap();
    write!(stream, "content-length: 11\r\n\r\n12345678901").unwrap();
    assert_eq!(status(&mut stream), 413);
}

#[cfg(unix)]
#[test]
fn the_log_holds_each_request_and_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, "before\n").unwrap();
    let server = Server::start(&["--log", path.to_str().unwrap()]);
    assert_eq!(Path::new(server.line("Request log")), path);
    let key = server.line("Admin's key").to_owned();
    let header = format!("X-API-KEY: {key}\r\n");
    server.status(&format!("/no/such/path?key={key}"), &header);
    server.status(&format!("/{key}/x"), &header);
    server.signal("TERM");
    let (code, out, err) = server.end();
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", ""));

    let log = fs::read_to_string(path).unwrap();
    let lines: Vec<_> = log.lines().collect();
    assert_eq!(lines.len(), 3, "{log}");
    assert_eq!(lines[0], "before");
    assert!(lines[1].starts_with("GET /no/such/path "), "{log}");
    assert!(!log.contains(key.rsplit('.').next().unwrap()), "{log}");
}

#[cfg(unix)]
#[test]
fn without_a_file_the_log_goes_to_standard_error() {
    let server = Server::start(&[]);
    let status = server.status("/no/such/path", "");
    server.signal("INT");
    let (code, out, err) = server.end();
    assert_eq!((code, out.as_str()), (Some(0), ""));
    assert!(
        err.starts_with(&format!("GET /no/such/path {status} ")) && err.lines().count() == 1,
        "{err}"
    );
}

#[cfg(unix)]
#[test]
fn a_signal_lets_the_request_under_way_finish() {
    for signal in ["TERM", "INT"] {
        let server = Server::start(&[]);
        let mut stream = server.connect();
        write!(
            stream,
            "POST /no/such/path HTTP/1.1\r\nhost: mock\r\ncontent-length: 4\r\n\r\n{{"
        )
        .unwrap();
        // A full exchange on another connection: by now the first one has been accepted.
        server.status("/", "");
        server.signal(signal);
        let begun = Instant::now();
        let address = stream.peer_addr().unwrap();
        while TcpStream::connect(address).is_ok() {
            assert!(begun.elapsed() < SOON, "still listening");
            sleep(Duration::from_millis(5));
        }
        stream.write_all(b"  }").unwrap();
        assert!((400..500).contains(&status(&mut stream)));
        assert_eq!(server.end().0, Some(0));
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_does_not_wait() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    write!(
        stream,
        "POST /no/such/path HTTP/1.1\r\nhost: mock\r\ncontent-length: 4\r\n\r\n{{"
    )
    .unwrap();
    server.status("/", "");
    let begun = Instant::now();
    server.signal("TERM");
    while TcpStream::connect(stream.peer_addr().unwrap()).is_ok() {
        assert!(begun.elapsed() < SOON, "still listening");
        sleep(Duration::from_millis(5));
    }
    server.signal("TERM");
    assert_eq!(server.end().0, Some(0));
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "waited for the drain"
    );
}
