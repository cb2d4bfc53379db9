//! Hashing a password takes long, and nobody but who logs in waits for it.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rafay_mock_server::{MockController, PasswordCost, Role};

#[tokio::test]
async fn a_login_that_takes_long_holds_up_nobody() {
    // One thread serves, so that one that hashes could not do anything else.
    let mock = MockController::builder()
        .threads(1)
        .password_cost(PasswordCost {
            memory: 64 * 1024,
            passes: 12,
        })
        .start()
        .await
        .unwrap();
    let body = r#"{"username": "nobody", "password": "wrong"}"#;
    let length = body.len();
    let mut login = TcpStream::connect(mock.address()).unwrap();
    let request = format!(
        "POST /auth/v1/login/ HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    login.write_all(request.as_bytes()).unwrap();
    let key = mock.key_for(Role::Admin);
    let key = key.expose();
    for _ in 0..10 {
        let mut read = TcpStream::connect(mock.address()).unwrap();
        read.set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let request = format!(
            "GET /apis/system.k8smgmt.io/v3/projects HTTP/1.1\r\nhost: mock\r\nconnection: close\r\nx-api-key: {key}\r\n\r\n"
        );
        read.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        read.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    login.set_nonblocking(true).unwrap();
    let early = login.read(&mut [0; 16]);
    assert!(
        early.is_err_and(|error| error.kind() == ErrorKind::WouldBlock),
        "the reads were answered after the login"
    );
    login.set_nonblocking(false).unwrap();
    login
        .set_read_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    let mut answer = String::new();
    login.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}
