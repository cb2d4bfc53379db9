//! A signed request is taken once, whatever became of the process meanwhile.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Request;
use md5::{Digest as _, Md5};
use rafay_mock_server::{Controller, Role};
use sha2::Sha256;
use tempfile::tempdir;

use crate::state::{PROJECTS, open};

/// The headers of a request without a body that is signed with the secret of a key.
fn signed(secret: &str, seconds: i64, nonce: &str) -> [(&'static str, String); 4] {
    let md5 = BASE64_STANDARD.encode(Md5::digest(b""));
    let text = format!("content-md5: {md5}\ndate: {seconds}\nhost: mock\nnonce: {nonce}");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let tag = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    let key_id = secret_owner(secret);
    let signature = format!(
        "Signature keyId=\"{key_id}\",algorithm=\"hmac-sha256\",headers=\"content-md5 date host nonce\",\
         signature=\"{tag}\""
    );
    [
        ("content-md5", md5),
        ("date", seconds.to_string()),
        ("nonce", nonce.to_owned()),
        ("authorization", signature),
    ]
}

/// The tests sign with the whole key, which names itself.
fn secret_owner(whole: &str) -> &str {
    whole
}

fn send(controller: &Controller, key: &str, seconds: i64, nonce: &str) -> (u16, String) {
    let mut request = Request::get(PROJECTS)
        .header("x-api-key", key)
        .header("host", "mock");
    for (name, value) in signed(key, seconds, nonce) {
        request = request.header(name, value);
    }
    let answer = controller.handle(request.body(Bytes::new()).unwrap());
    let told = String::from_utf8_lossy(answer.body()).into_owned();
    (answer.status().as_u16(), told)
}

#[track_caller]
fn assert_repeated((status, told): (u16, String)) {
    assert_eq!(status, 401, "{told}");
    assert!(told.contains("the nonce was used before"), "{told}");
}

#[test]
fn a_signed_request_is_not_taken_again_after_a_restart() {
    let directory = tempdir().unwrap();
    let first = open(directory.path());
    let key = first.key_for(Role::Admin).expose().to_owned();
    let now = first.clock().now().as_second();
    // As far ahead as a date may be, which is how long a repetition would be taken.
    let dates = [now, now + 290];
    for (date, nonce) in dates.into_iter().zip(["a", "b"]) {
        assert_eq!(send(&first, &key, date, nonce).0, 200);
        assert_repeated(send(&first, &key, date, nonce));
    }
    drop(first);

    let again = open(directory.path());
    again.clock().advance(Duration::from_secs(5));
    for (date, nonce) in dates.into_iter().zip(["a", "b"]) {
        assert_repeated(send(&again, &key, date, nonce));
        assert_eq!(send(&again, &key, date, &format!("{nonce} 2")).0, 200);
    }
    // A moment of before knows what was taken by then, and no more.
    let moment = again.snapshot();
    assert_eq!(send(&again, &key, now, "c").0, 200);
    again.restore(&moment);
    assert_eq!(send(&again, &key, now, "c").0, 200);
    assert_repeated(send(&again, &key, now, "a"));
    drop(again);

    // When no request of that date is taken any more, the number is free again, and takes no room.
    let last: Arc<Controller> = open(directory.path());
    last.clock().advance(Duration::from_mins(11));
    let now = last.clock().now().as_second();
    for nonce in ["a", "b", "c"] {
        assert_eq!(send(&last, &key, now, nonce).0, 200);
        assert_repeated(send(&last, &key, now, nonce));
    }
}

#[cfg(all(feature = "serve", unix))]
#[test]
fn a_signed_request_is_not_taken_again_after_the_process_was_killed() {
    use crate::client::{Client, Server};

    let directory = tempdir().unwrap();
    let server = Server::start(directory.path());
    let key = server.key.clone().unwrap();
    let now = jiff::Timestamp::now().as_second();
    let headers = signed(&key, now, "once");
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let ask = |server: &Server| {
        let mut client = Client::new(&server.address, &key).unwrap();
        client.send_with("GET", PROJECTS, &headers, "").unwrap()
    };
    assert_eq!(ask(&server).0, 200);
    // Killed with the answer hardly read.
    server.kill();
    let again = Server::start(directory.path());
    assert_repeated(ask(&again));
}
