//! Disks and directories that do not play along, met by the binary.

use std::process::{Command, Output};

use tempfile::tempdir;

use crate::client::{BINARY, Client, Server};
use crate::state::{PROJECTS, project};

fn refused(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = Command::new(BINARY).args(arguments).output().unwrap();
    assert_eq!(status.code(), Some(1));
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn a_second_process_is_refused_and_harms_nothing() {
    let directory = tempdir().unwrap();
    let first = Server::start(directory.path());
    let path = directory.path().to_str().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data-dir", path];
    for arguments in [&serve[..], &["audit", "verify", "--data-dir", path]] {
        let said = refused(arguments);
        assert!(
            said.contains("it is in use") && said.contains("another directory"),
            "{said}"
        );
    }
    let mut client = Client::new(&first.address, first.key.as_ref().unwrap()).unwrap();
    let (status, body) = client.send("POST", PROJECTS, "a", &project("a")).unwrap();
    assert_eq!(status, 200, "{body}");
    first.stop();
    let verified = Command::new(BINARY)
        .args(["audit", "verify", "--data-dir", path])
        .output()
        .unwrap();
    let told = String::from_utf8(verified.stdout).unwrap();
    assert!(
        verified.status.success() && told.contains("records are intact"),
        "{told}"
    );

    // What the check printed proves later that nothing was written anew.
    let kept = told.lines().last().unwrap().rsplit_once(' ').unwrap().1;
    let wrong = format!("{}{}", &kept[..kept.len() - 4], "0000");
    let verify = ["audit", "verify", "--data-dir", path, "--expect"];
    let verify = |expected: &str| {
        let arguments = [&verify[..], &[expected]].concat();
        Command::new(BINARY).args(arguments).output().unwrap()
    };
    assert!(verify(kept).status.success());
    assert!(!verify(&wrong).status.success());
}

#[test]
fn another_key_of_the_administrators_is_made_when_asked_for() {
    let directory = tempdir().unwrap();
    let first = Server::start(directory.path());
    let old = first.key.clone().unwrap();
    first.stop();
    let silent = Server::start(directory.path());
    assert_eq!(silent.key, None);
    silent.stop();
    let mut command = Command::new(BINARY);
    command.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log",
        "/dev/null",
        "--new-admin-key",
    ]);
    command.arg("--data-dir").arg(directory.path());
    let again = Server::of(command);
    let new = again.key.clone().unwrap();
    assert_ne!(new, old);
    for key in [old, new] {
        let mut client = Client::new(&again.address, &key).unwrap();
        assert_eq!(client.get(PROJECTS).0, 200);
    }
}

/// A limit on the size of files is a disk that is full, to whoever writes.
#[test]
fn on_a_full_disk_writes_are_refused_and_nothing_is_damaged() {
    let directory = tempdir().unwrap();
    let first = Server::start(directory.path());
    let key = first.key.clone().unwrap();
    first.stop();
    let length = |path: &std::path::Path| std::fs::metadata(path).unwrap().len();
    let file = std::fs::read_dir(directory.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    // In units of 512 bytes, with little room to grow. The signal that comes with the limit is ignored.
    let room = length(&file) / 512 + 4096;
    let script = format!(
        "trap '' XFSZ; ulimit -f {room}; exec \"$0\" serve --listen 127.0.0.1:0 --log /dev/null --data-dir \"$1\""
    );
    let mut command = Command::new("sh");
    command.args(["-c", &script, BINARY]).arg(directory.path());
    let server = Server::of(command);
    let mut client = Client::new(&server.address, &key).unwrap();
    let mut made = Vec::new();
    let refused = (0..2_000).find_map(|number| {
        let name = format!("p{number}");
        let body = project(&name).replace("about", &"long ".repeat(190));
        let (status, body) = client.send("POST", PROJECTS, &name, &body).unwrap();
        if status == 200 {
            made.push(name);
            return None;
        }
        assert!(
            status == 502 && body.contains("NOT_DURABLE"),
            "{status} {body}"
        );
        Some(name)
    });
    let refused = refused.expect("the disk is full some time");
    // Reads go on, and do not show what was refused.
    assert_eq!(client.get(&format!("{PROJECTS}/{refused}")).0, 404);
    assert_eq!(client.get(&format!("{PROJECTS}/{}", made[0])).0, 200);
    server.kill();

    let server = Server::start(directory.path());
    let mut client = Client::new(&server.address, &key).unwrap();
    for name in &made {
        assert_eq!(client.get(&format!("{PROJECTS}/{name}")).0, 200, "{name}");
    }
    assert_eq!(client.get(&format!("{PROJECTS}/{refused}")).0, 404);
    let (status, _) = client
        .send("POST", PROJECTS, "more", &project("more"))
        .unwrap();
    assert_eq!(status, 200);
    server.stop();
    let report = rafay_mock_server::Controller::verify_audit(directory.path(), None).unwrap();
    assert!(report.is_intact(), "{report:?}");
}

/// What stands in the way is told in one line, and is there as before.
#[test]
fn a_directory_that_cannot_be_made_or_written_is_refused() {
    let directory = tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "not a directory").unwrap();
    let mut paths = vec![file.clone(), file.join("below")];
    // Nobody makes anything there, whoever it is.
    if cfg!(target_os = "linux") {
        paths.push("/proc/rafay-mock-server".into());
    }
    for path in paths {
        let path = path.to_str().unwrap();
        let said = refused(&["serve", "--listen", "127.0.0.1:0", "--data-dir", path]);
        assert!(said.contains(path), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not a directory");
}
