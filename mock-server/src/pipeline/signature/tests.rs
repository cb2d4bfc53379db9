//! Signed requests, and secrets in a header of their own, against a whole controller.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::*;
use crate::{Clock, Controller, Options, Role};

const NOW: &str = "2026-01-01T00:00:00Z";
const PROFILE: &str = "/auth/v1/users/-/profile";
const PROJECTS: &str = "/auth/v1/projects/";

/// A request to be signed. Each field can be bent.
struct Signing {
    method: &'static str,
    path: &'static str,
    key: String,
    key_id: String,
    secret: String,
    date: String,
    nonce: String,
    body: &'static [u8],
    /// The body that the checksum is of.
    summed: &'static [u8],
    algorithm: &'static str,
    covered: &'static str,
}

impl Signing {
    fn of(controller: &Controller) -> Self {
        let key = controller.key_for(Role::Admin);
        Self {
            method: "GET",
            path: PROFILE,
            key: key.expose().to_owned(),
            key_id: key.expose().to_owned(),
            secret: key.secret().to_owned(),
            date: controller.clock().now().as_second().to_string(),
            nonce: "5577006791947779410".to_owned(),
            body: b"",
            summed: b"",
            algorithm: "hmac-sha256",
            covered: "content-md5 date host nonce",
        }
    }

    fn request(&self) -> Request<Bytes> {
        let md5 = checksum(self.summed);
        let host = "console.example.com";
        let lines = self.covered.split(' ').map(|name| {
            let value = match name {
                "content-md5" => &md5,
                "date" => &self.date,
                "nonce" => &self.nonce,
                _ => host,
            };
            format!("{name}: {value}")
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let tag = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        let signature = format!(
            "Signature keyId=\"{}\",algorithm=\"{}\",headers=\"{}\",signature=\"{tag}\"",
            self.key_id, self.algorithm, self.covered
        );
        Request::builder()
            .method(self.method)
            .uri(self.path)
            .header("X-RAFAY-API-KEYID", &self.key)
            .header("content-type", "application/json")
            .header("host", host)
            .header("date", &self.date)
            .header("content-md5", md5)
            .header("nonce", &self.nonce)
            .header("authorization", signature)
            .body(Bytes::from_static(self.body))
            .unwrap()
    }
}

fn controller() -> std::sync::Arc<Controller> {
    Controller::new(Options {
        clock: Clock::frozen_at(NOW.parse().unwrap()),
        ..Options::default()
    })
}

/// Status, and what was told where it is refused.
fn answer(controller: &Controller, request: Request<Bytes>) -> (u16, String) {
    let response = controller.handle(request);
    let status = response.status().as_u16();
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let told = &body["details"][0];
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    (status, format!("{} {}", text("error_code"), text("detail")))
}

#[track_caller]
fn assert_refused(controller: &Controller, signing: &Signing, words: &str) {
    let (status, told) = answer(controller, signing.request());
    assert_eq!(status, 401, "{told}");
    assert!(
        told.starts_with("SIGNATURE_REFUSED") && told.contains(words),
        "{told}"
    );
}

/// Made with another implementation of HMAC and MD5.
#[test]
fn a_signature_of_others_is_taken() {
    let id = "0123456789abcdef0123456789abcdef01234567";
    let secret = "00112233445566778899aabbccddeeff".repeat(2);
    for tag in [
        "DFC7yv2SXyGD7ntXru/3XJRPTNWnMks6sZ7O5EeJ4mc=",
        "m4pdBc84SmRoGRjosYiMTCVu5/WYraw9AqWDV5vN1IA=",
    ] {
        let signature = format!(
            "Signature keyId=\"ra2.{id}.{secret}\",algorithm=\"hmac-sha256\",\
             headers=\"content-md5 date host nonce\",signature=\"{tag}\""
        );
        let request = Request::post("/x")
            .header("host", "console.example.com")
            .header("date", "1767225600")
            .header("content-md5", "FwSrOaTlh7ChedHGv6euuw==")
            .header("nonce", "5577006791947779410")
            .header("authorization", signature);
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let key = Presented {
            id,
            secret: Some(&secret),
        };
        let now = NOW.parse().unwrap();
        let nonce = verify(&parts, Some(b"{\"name\":\"ci\"}"), &key, now).unwrap();
        assert_eq!(nonce.as_deref(), Some("5577006791947779410"));
    }
}

#[test]
fn a_request_signed_with_the_secret_or_with_the_whole_key_is_let_in() {
    let controller = controller();
    let with_secret = Signing::of(&controller);
    assert_eq!(answer(&controller, with_secret.request()).0, 200);
    let with_key = Signing {
        secret: with_secret.key.clone(),
        nonce: "2".to_owned(),
        ..with_secret
    };
    assert_eq!(answer(&controller, with_key.request()).0, 200);
    let with_a_body = Signing {
        method: "POST",
        path: PROJECTS,
        nonce: "3".to_owned(),
        body: b"{\"name\": \"signed\"}",
        summed: b"{\"name\": \"signed\"}",
        ..with_key
    };
    assert_eq!(answer(&controller, with_a_body.request()).0, 201);
}

#[test]
fn a_signature_that_does_not_fit_is_refused_though_the_key_is_right() {
    let controller = controller();
    let forged = Signing {
        secret: "0".repeat(64),
        ..Signing::of(&controller)
    };
    assert_refused(&controller, &forged, "does not fit");
    let other = Signing {
        key_id: controller.key_for(Role::ProjectAdmin).expose().to_owned(),
        ..Signing::of(&controller)
    };
    assert_refused(&controller, &other, "another key");
    let weak = Signing {
        algorithm: "hmac-md5",
        ..Signing::of(&controller)
    };
    assert_refused(&controller, &weak, "hmac-sha256");
    for (covered, missing) in [
        ("date host nonce", "content-md5"),
        ("content-md5 host nonce", "date"),
        ("content-md5 date nonce", "host"),
        ("content-md5 date host", "nonce"),
    ] {
        let partial = Signing {
            covered,
            ..Signing::of(&controller)
        };
        assert_refused(&controller, &partial, &format!("does not cover {missing}"));
    }
    // None of them used the number up.
    assert_eq!(
        answer(&controller, Signing::of(&controller).request()).0,
        200
    );
}

#[test]
fn a_changed_body_is_refused() {
    let controller = controller();
    let changed = Signing {
        method: "POST",
        path: PROJECTS,
        body: b"{\"name\": \"other\"}",
        summed: b"{\"name\": \"signed\"}",
        ..Signing::of(&controller)
    };
    assert_refused(&controller, &changed, "content-md5");
}

#[test]
fn a_repeated_request_is_refused_and_so_is_an_old_one() {
    let controller = controller();
    let signing = Signing::of(&controller);
    assert_eq!(answer(&controller, signing.request()).0, 200);
    assert_refused(&controller, &signing, "nonce");
    controller.clock().advance(Duration::from_secs(299));
    assert_refused(&controller, &signing, "nonce");
    controller.clock().advance(Duration::from_secs(2));
    assert_refused(&controller, &signing, "5 minutes");
    let ahead = controller.clock().now().as_second() + 301;
    let ahead = Signing {
        date: ahead.to_string(),
        ..signing
    };
    assert_refused(&controller, &ahead, "5 minutes");
    let no_date = Signing {
        date: "soon".to_owned(),
        ..ahead
    };
    assert_refused(&controller, &no_date, "date");
    let as_http_has_it = Signing {
        date: "Thu, 01 Jan 2026 00:05:01 GMT".to_owned(),
        nonce: "another".to_owned(),
        ..no_date
    };
    assert_eq!(answer(&controller, as_http_has_it.request()).0, 200);
}

#[test]
fn a_signature_beside_the_access_key_id_alone_is_refused_with_the_reason() {
    let controller = controller();
    let whole = Signing::of(&controller);
    let half = whole.key.rsplit_once('.').unwrap().0.to_owned();
    let alone = Signing {
        key: half.clone(),
        key_id: half,
        ..whole
    };
    assert_refused(&controller, &alone, "hash of the secret");
}

#[test]
fn a_signature_that_cannot_be_read_is_refused_and_another_scheme_is_none() {
    let controller = controller();
    let key = controller.key_for(Role::Admin);
    for (text, status) in [
        ("Signature", 200),
        ("Bearer abc", 200),
        ("Signature nonsense", 401),
        ("Signature keyId=\"x\"", 401),
        ("signature keyId=x,algorithm=y,headers=z,signature=w", 401),
    ] {
        let request = Request::get(PROFILE)
            .header("X-API-KEY", key.expose())
            .header("Authorization", text);
        let request = request.body(Bytes::new()).unwrap();
        assert_eq!(answer(&controller, request).0, status, "{text}");
    }
}

#[test]
fn the_secret_in_a_header_of_its_own_is_checked_as_it_is_and_by_its_checksum() {
    let controller = controller();
    let key = controller.key_for(Role::Admin);
    let half = format!("ra2.{}", key.id());
    let sum = checksum(key.secret().as_bytes());
    let wrong = "0".repeat(64);
    let ask = |key: &str, token: &str| {
        let request = Request::get(PROFILE)
            .header("X-API-KEYID", key)
            .header("X-API-TOKEN", token);
        answer(&controller, request.body(Bytes::new()).unwrap())
    };
    for whole in [&*half, key.expose()] {
        assert_eq!(ask(whole, key.secret()).0, 200);
        assert_eq!(ask(whole, &sum).0, 200);
    }
    let (status, told) = ask(&half, &wrong);
    assert_eq!(status, 401);
    assert!(told.starts_with("KEY_REFUSED"), "{told}");
    let unknown = ask(&format!("ra2.{}", "0".repeat(40)), &wrong);
    assert_eq!(
        (status, told),
        unknown,
        "nobody learns whether there is such a key"
    );
    let (status, told) = ask(key.expose(), &wrong);
    assert_eq!(status, 401);
    assert!(told.starts_with("SIGNATURE_REFUSED"), "{told}");
}

#[test]
fn a_refused_signature_is_on_record_with_whose_key_it_was() {
    let controller = controller();
    let forged = Signing {
        secret: "0".repeat(64),
        ..Signing::of(&controller)
    };
    assert_refused(&controller, &forged, "does not fit");
    let records = controller.audit();
    let record = records.last().unwrap();
    let actor = record.actor().unwrap();
    assert_eq!(&*actor.username, "admin@example.com");
    assert_eq!(record.status(), 401);
    let secret = controller.key_for(Role::Admin);
    assert!(!format!("{records:?}").contains(secret.secret()));
    assert!(!json!(record.reason()).to_string().contains(secret.secret()));
}
