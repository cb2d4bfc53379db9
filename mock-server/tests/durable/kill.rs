//! A server that is killed in the middle of its work, again and again: what it acknowledged is there, what it did not
//! is there whole or not at all, and the audit trail is one chain.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use rafay_mock_server::Controller;
use serde_json::Value;
use tempfile::tempdir;

use crate::client::{Client, Server};
use crate::state::{PROJECTS, assert_chain, open, project};

const ROUNDS: usize = 50;
const WRITERS: usize = 6;

/// What a writer was told: a project was made, or the writer's own project has a new number.
enum Acknowledged {
    Made(String),
    Counted(usize, u64),
}

#[test]
fn killed_fifty_times_it_loses_nothing_and_invents_nothing() {
    let directory = tempdir().unwrap();
    let mut key = None;
    let mut made: BTreeSet<String> = BTreeSet::new();
    let mut counted: BTreeMap<usize, u64> = BTreeMap::new();
    for round in 0..ROUNDS {
        let server = Server::start(directory.path());
        assert_eq!(server.key.is_some(), round == 0, "printed once");
        let key: &String = key.get_or_insert_with(|| server.key.clone().unwrap());
        check(&server, key, &made, &counted);
        let (tell, told) = channel();
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (tell, from) = (tell.clone(), counted.get(&writer).copied().unwrap_or(0));
                let address = server.address.clone();
                scope.spawn(move || write(&address, key, round, writer, from, &tell));
            }
            drop(tell);
            // Killed after so many acknowledgements, which is another place in the work each time.
            let mut left = 3 + round * 7 % 40;
            while left > 0 {
                take(told.recv().unwrap(), &mut made, &mut counted);
                left -= 1;
            }
            server.kill();
            for late in told {
                take(late, &mut made, &mut counted);
            }
        });
    }
    let server = Server::start(directory.path());
    check(&server, key.as_ref().unwrap(), &made, &counted);
    server.stop();
    check_trail(directory.path(), &made);
}

fn take(
    acknowledged: Acknowledged,
    made: &mut BTreeSet<String>,
    counted: &mut BTreeMap<usize, u64>,
) {
    match acknowledged {
        Acknowledged::Made(name) => {
            made.insert(name);
        }
        Acknowledged::Counted(writer, number) => {
            counted.insert(writer, number);
        }
    }
}

/// Makes projects and changes one of its own, in turns, until it is cut off.
fn write(
    address: &str,
    key: &str,
    round: usize,
    writer: usize,
    from: u64,
    tell: &Sender<Acknowledged>,
) {
    let Ok(mut client) = Client::new(address, key) else {
        return;
    };
    for number in from + 1.. {
        let name = format!("r{round}-w{writer}-{number}");
        let Ok((status, body)) = client.send("POST", PROJECTS, &name, &project(&name)) else {
            return;
        };
        assert_eq!(status, 200, "{body}");
        tell.send(Acknowledged::Made(name)).unwrap();
        let own = project(&format!("own-{writer}"));
        let own = own.replace("about", &format!("number {number} of"));
        let Ok((status, body)) = client.send("POST", PROJECTS, "counting", &own) else {
            return;
        };
        assert_eq!(status, 200, "{body}");
        tell.send(Acknowledged::Counted(writer, number)).unwrap();
    }
}

/// Everything acknowledged is there, and everything there is whole.
fn check(server: &Server, key: &str, made: &BTreeSet<String>, counted: &BTreeMap<usize, u64>) {
    let mut client = Client::new(&server.address, key).unwrap();
    let mut found = BTreeSet::new();
    loop {
        let path = format!("{PROJECTS}?limit=1000&offset={}", found.len());
        let (status, body) = client.get(&path);
        assert_eq!(status, 200, "{body}");
        let page: Value = serde_json::from_str(&body).unwrap();
        let items = page["items"].as_array().unwrap();
        for item in items {
            let name = item["metadata"]["name"].as_str().unwrap();
            assert!(found.insert(name.to_owned()), "{name} twice");
            let description = item["metadata"]["description"].as_str().unwrap();
            assert!(
                name == "defaultproject" || description.ends_with(name),
                "{item}"
            );
            if let Some(writer) = name.strip_prefix("own-") {
                let number = description
                    .split(' ')
                    .nth(1)
                    .unwrap()
                    .parse::<u64>()
                    .unwrap();
                let known = counted.get(&writer.parse().unwrap()).copied().unwrap_or(0);
                // The last one may have been written and not acknowledged.
                assert!(
                    number == known || number == known + 1,
                    "{number} after {known}"
                );
            }
        }
        // The count is stored by itself, and by the same commits.
        let total = page["metadata"]["count"].as_u64().unwrap();
        if items.is_empty() || found.len() as u64 == total {
            assert_eq!(found.len() as u64, total);
            break;
        }
    }
    let lost: Vec<_> = made.difference(&found).collect();
    assert!(lost.is_empty(), "{lost:?}");
    // The way by id is stored by itself, too.
    if let Some(name) = made.last() {
        let (_, body) = client.get(&format!("{PROJECTS}/{name}"));
        let object: Value = serde_json::from_str(&body).unwrap();
        let id = object["metadata"]["id"].as_str().unwrap();
        let (status, body) = client.get(&format!("/auth/v1/projects/{id}/"));
        assert!(status == 200 && body.contains(name), "{body}");
    }
}

/// The trail is intact, and each acknowledged write has one record.
fn check_trail(directory: &Path, made: &BTreeSet<String>) {
    let report = Controller::verify_audit(directory, None).unwrap();
    assert!(report.is_intact(), "{report:?}");
    let controller = open(directory);
    let records = controller.audit();
    assert_chain(&records);
    let mut recorded: BTreeMap<String, usize> = BTreeMap::new();
    let writes = records.iter().filter(|record| record.method() == "POST");
    for record in writes.filter(|record| record.request_id() != "counting") {
        *recorded.entry(record.request_id()).or_default() += 1;
    }
    for name in made {
        assert_eq!(recorded.get(name), Some(&1), "{name}");
    }
}
