//! The records of reads: with the flag for it, no answered call is missing on the trail of a killed server.

use tempfile::tempdir;

use crate::client::{Client, Server};
use crate::state::PROJECTS;

const ROUNDS: usize = 6;

/// Paths of calls that change nothing, and what they are answered with: a read, two refusals, and one that means nothing.
const CALLS: [(&str, &str, u16); 4] = [
    ("GET", PROJECTS, 200),
    ("GET", "/apis/system.k8smgmt.io/v3/projects/nowhere", 404),
    ("POST", PROJECTS, 415),
    ("GET", "/nowhere", 404),
];

#[test]
fn with_the_flag_every_answered_call_is_on_record_when_the_server_is_killed() {
    let directory = tempdir().unwrap();
    let mut key = None;
    let mut answered: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let server = Server::start_with(directory.path(), &["--durable-reads"]);
        let key: &String = key.get_or_insert_with(|| server.key.clone().unwrap());
        let mut client = Client::new(&server.address, key).unwrap();
        for (number, (method, path, status)) in
            CALLS.iter().enumerate().take(1 + round % CALLS.len())
        {
            let id = format!("round-{round}-{number}");
            let headers = [("x-request-id", &*id), ("content-type", "text/plain")];
            let headers = if *status == 415 {
                &headers[..]
            } else {
                &headers[..1]
            };
            let told = client.send_with(method, path, headers, "").unwrap();
            assert_eq!(told.0, *status, "{}", told.1);
            answered.push(id);
        }
        server.kill();
    }
    let server = Server::start(directory.path());
    let mut client = Client::new(&server.address, key.as_ref().unwrap()).unwrap();
    for id in answered {
        let path = format!("/apis/system.k8smgmt.io/v3/auditlogs?text={id}");
        let (status, found) = client.get(&path);
        assert_eq!(status, 200, "{found}");
        assert!(
            found.contains(&format!("\"requestID\":\"{id}\"")),
            "{id} is missing: {found}"
        );
    }
}
