//! The request log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use rafay_mock_server::{MockController, Role};

use crate::client::{Client, post};

/// A log that can be read while it is written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_a_line_for_each_request_and_no_key() {
    let lines = Lines::default();
    let mock = MockController::builder()
        .body_limit(10)
        .request_log(lines.clone())
        .start()
        .await
        .unwrap();
    let key = mock.key_for(Role::Admin);
    let secret = key.expose().rsplit('.').next().unwrap().to_owned();
    let mut client = Client::to(&mock);
    let key = key.expose();
    let status = client
        .send(format!(
            "GET /no?key={key} HTTP/1.1\r\nx-api-key: {key}\r\n\r\n"
        ))
        .reply()
        .status;
    client
        .send(format!("GET /keys/{key} HTTP/1.1\r\nhost: mock\r\n\r\n"))
        .reply();
    client.send(post(&mock, 11)).send("SecretInIt!").reply();

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let [plain, masked, large] = log.lines().collect::<Vec<_>>()[..] else {
        panic!("not three lines: {log}");
    };
    assert!(
        plain.starts_with(&format!("GET /no {status} ")) && plain.ends_with("us"),
        "{plain}"
    );
    assert!(
        masked.contains(mock.key_for(Role::Admin).id()) && masked.contains("***"),
        "{masked}"
    );
    assert!(
        large.starts_with("POST /apis/system.k8smgmt.io/v3/projects 413 "),
        "{large}"
    );
    assert!(
        !log.contains(&secret) && !log.contains("SecretInIt"),
        "{log}"
    );
}
