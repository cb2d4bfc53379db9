//! Every secret that a test makes, looked for in everything the controller says or keeps where somebody could read it:
//! answers, the request log, the audit trail, and what `Debug` shows. Each is found once, in the answer that gives it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use rafay_mock_server::{AuditRecord, MockController, PasswordCost, Role};
use rafay_tests::fixtures::{PROFILE, PROJECTS};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::forged;
use crate::sessions::PASSWORD;

const EARLIER: &str = "an earlier password of dev";
const CLOUD: &str = "the secret key of the cloud";
const USERS: &str = "/auth/v1/users/";
const CREDENTIALS: &str = "/apis/infra.k8smgmt.io/v3/projects/defaultproject/credentials";

/// A log that can be read while it is written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A client of a mock, which remembers all that it heard.
struct Ear {
    mock: MockController,
    client: reqwest::Client,
    heard: String,
}

impl Ear {
    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.mock.url()))
    }

    fn admin(&self, method: Method, path: &str) -> RequestBuilder {
        let key = self.mock.key_for(Role::Admin);
        self.ask(method, path).header("X-API-KEY", key.expose())
    }

    /// What is answered, and whose cookies it sets; the headers are remembered, the body is for the caller to judge.
    async fn send(&mut self, request: RequestBuilder) -> (u16, Vec<String>, String) {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let mut cookies = Vec::new();
        for (name, value) in answer.headers() {
            let value = value.to_str().unwrap().to_owned();
            if name == "set-cookie" {
                cookies.push(value);
            } else {
                self.heard += &format!("{name}: {value}\n");
            }
        }
        (status, cookies, answer.text().await.unwrap())
    }

    /// The same for an answer that must hold no secret.
    async fn hear(&mut self, request: RequestBuilder) -> u16 {
        let (status, cookies, body) = self.send(request).await;
        assert!(cookies.is_empty(), "{cookies:?}");
        self.heard += &body;
        status
    }
}

fn all_of(record: &AuditRecord) -> String {
    let (actor, reason) = (record.actor(), record.reason());
    format!(
        "{record:?} {actor:?} {reason:?} {} {}",
        record.target(),
        record.operation()
    )
}

/// Makes an account with a password that is changed once, and cloud credentials; gives the account's id.
async fn account(ear: &mut Ear) -> String {
    let mut user = json!({"account": {"username": "dev@example.com", "password": EARLIER}});
    let request = ear.admin(Method::POST, USERS).json(&user);
    let (status, _, made) = ear.send(request).await;
    assert_eq!(status, 201, "{made}");
    let id = serde_json::from_str::<Value>(&made).unwrap()["account"]["id"].clone();
    let id = id.as_str().unwrap().to_owned();
    ear.heard += &made;
    user["account"]["password"] = PASSWORD.into();
    let request = ear.admin(Method::PUT, &format!("{USERS}{id}/")).json(&user);
    assert_eq!(ear.hear(request).await, 200);
    let cloud = json!({
        "apiVersion": "infra.k8smgmt.io/v3", "kind": "Credentials", "metadata": {"name": "cloud"},
        "spec": {"type": "CostManagement", "provider": "aws", "sharing": {"enabled": false},
            "credentials": {"type": "AccessKey", "accessId": "AKIAEXAMPLE", "secretKey": CLOUD}},
    });
    let request = ear.admin(Method::POST, CREDENTIALS).json(&cloud);
    ear.hear(request).await;
    id
}

/// What a client knows, and sends where it does not belong.
struct Sent<'s> {
    id: &'s str,
    key: &'s str,
    wrong: &'s str,
    rsid: &'s str,
    csrf: &'s str,
}

/// Everything that could repeat secrets: reads, refusals of every kind, secrets in all sorts of places.
async fn provoke(ear: &mut Ear, sent: &Sent<'_>) {
    let Sent {
        id,
        key,
        wrong,
        rsid,
        csrf,
    } = *sent;
    for path in [
        PROFILE,
        PROJECTS,
        USERS,
        CREDENTIALS,
        &format!("{USERS}{id}/apikeys/"),
        "/apis/system.k8smgmt.io/v3/users",
    ] {
        let request = ear.admin(Method::GET, path);
        assert_eq!(ear.hear(request).await, 200, "{path}");
        for value in [
            key,
            wrong,
            &format!("{key},{key}"),
            &format!("Bearer {key}"),
            rsid,
        ] {
            let request = ear.ask(Method::GET, path).header("X-API-KEY", value);
            ear.hear(request).await;
            let request = ear
                .admin(Method::GET, path)
                .header("X-RAFAY-API-KEYID", value);
            assert_eq!(ear.hear(request).await, 401);
        }
        for cookie in [
            format!("rsid={rsid}"),
            format!("rsid={csrf}"),
            format!("rsid={rsid}; rsid={csrf}"),
        ] {
            let request = ear.ask(Method::GET, path).header("Cookie", &cookie);
            ear.hear(request).await;
            let request = ear
                .ask(Method::POST, path)
                .header("Cookie", cookie)
                .header("X-CSRFToken", rsid);
            ear.hear(request).await;
        }
    }
    for path in [
        format!("/auth/v1/apikeys/{key}/"),
        format!("/{key}"),
        format!("/auth/v1/users/{wrong}/"),
    ] {
        let request = ear.admin(Method::DELETE, &path);
        ear.hear(request).await;
    }
    for body in [
        json!({"username": "dev@example.com", "password": "wrong"}),
        json!({"username": "dev@example.com", "password": [PASSWORD]}),
        json!({"username": "dev@example.com", "password": PASSWORD, "organization": "none"}),
        json!({"password": PASSWORD}),
    ] {
        let request = ear.ask(Method::POST, "/auth/v1/login/").json(&body);
        ear.hear(request).await;
    }
    let request = ear
        .ask(Method::POST, "/auth/v1/login/")
        .header("Content-Type", "application/json");
    let request = request.body(format!(
        "{{\"username\": \"dev@example.com\", \"password\": \"{PASSWORD}\""
    ));
    assert_eq!(ear.hear(request).await, 400);
}

#[tokio::test]
async fn no_secret_is_anywhere_but_in_the_answer_that_gives_it() {
    // The client has TLS built in and asks for the code to do it with, needed or not.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let log = Lines::default();
    let mock = MockController::builder()
        .password_cost(PasswordCost {
            memory: 8,
            passes: 1,
        })
        .request_log(log.clone())
        .start()
        .await
        .unwrap();
    let mut secrets: Vec<String> = Role::ALL
        .iter()
        .map(|role| {
            mock.key_for(*role)
                .expose()
                .rsplit('.')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    let mut ear = Ear {
        mock,
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        heard: String::new(),
    };

    let id = account(&mut ear).await;
    secrets.extend([EARLIER, PASSWORD, CLOUD].map(ToOwned::to_owned));

    // A session, and a key made with it. Each secret is in its own answer, which is not kept.
    let body = json!({"username": "dev@example.com", "password": PASSWORD});
    let request = ear.ask(Method::POST, "/auth/v1/login/").json(&body);
    let (status, cookies, body) = ear.send(request).await;
    assert_eq!(status, 200, "{body}");
    ear.heard += &body;
    let values: Vec<&str> = cookies
        .iter()
        .filter_map(|cookie| cookie.split(';').next()?.split_once('='))
        .map(|(_, value)| value)
        .collect();
    secrets.extend(values.iter().map(|value| (*value).to_owned()));
    let (rsid, csrf) = (values[0], values[1]);
    let apikey = format!("{USERS}{id}/apikey/");
    let request = ear.ask(Method::POST, &apikey).json(&json!({"name": "own"}));
    let request = request
        .header("Cookie", format!("rsid={rsid}"))
        .header("X-CSRFToken", csrf);
    let (status, _, made) = ear.send(request).await;
    assert_eq!(status, 200, "{made}");
    let made: Value = serde_json::from_str(&made).unwrap();
    let key = made["key"].as_str().unwrap().to_owned();
    secrets.push(made["secret"].as_str().unwrap().to_owned());
    let wrong = forged(&key);
    secrets.push(wrong.rsplit('.').next().unwrap().to_owned());

    let sent = Sent {
        id: &id,
        key: &key,
        wrong: &wrong,
        rsid,
        csrf,
    };
    provoke(&mut ear, &sent).await;

    let audit: String = ear.mock.audit().iter().map(all_of).collect();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let controller = ear.mock.controller();
    let debug = format!(
        "{:?} {controller:?} {:?} {:?}",
        ear.mock,
        ear.mock.snapshot(),
        ear.mock.key_for(Role::Admin)
    );
    for (place, text) in [
        ("answers", &ear.heard),
        ("audit", &audit),
        ("log", &log),
        ("Debug", &debug),
    ] {
        assert!(text.len() > 50, "{place} is empty");
        for secret in &secrets {
            let around = text.find(&**secret).map(|at| {
                let (start, end) = (at.saturating_sub(200), text.len().min(at + 200));
                &text[text.floor_char_boundary(start)..text.floor_char_boundary(end)]
            });
            assert_eq!(around, None, "{secret} in the {place}");
        }
    }
}
