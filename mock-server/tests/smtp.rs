//! Mails on their way to a real mail server, one of another project: with STARTTLS, TLS and a login, refused for now,
//! for good, and with a certificate that nobody trusts. `cargo xtask test --only smtp` fetches the server and runs it.
#![cfg(feature = "smtp")]
#![expect(clippy::unwrap_used, reason = "what is unexpected fails the test")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rafay_mock_server::{Controller, Delivery, MailSender, Options, Role, SmtpSettings, SmtpTls};
use serde_json::{Value, json};

const USER: &str = "mailer";
const PASSWORD: &str = "correct horse";
/// Longer than anything here takes.
const SOON: Duration = Duration::from_secs(20);

/// The mail server of others.
struct Server {
    child: Child,
    events: BufReader<ChildStdout>,
    port: u16,
    /// The certificate that it shows.
    certificate: String,
}

impl Server {
    /// Starts it; none of these tests runs without somebody saying where Python is that knows it.
    fn start(mode: &str, user: &str) -> Self {
        let python = std::env::var_os("SMTP_SERVER_PYTHON")
            .expect("SMTP_SERVER_PYTHON says where Python with aiosmtpd is");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xtask/outside/smtp_server.py");
        let folder = tempfile::tempdir().unwrap();
        let names = vec!["localhost".to_owned()];
        let shown = rcgen::generate_simple_self_signed(names).unwrap();
        let (certificate, key) = (folder.path().join("cert"), folder.path().join("key"));
        std::fs::write(&certificate, shown.cert.pem()).unwrap();
        std::fs::write(&key, shown.signing_key.serialize_pem()).unwrap();
        let mut child = Command::new(python)
            .arg(script)
            .arg(mode)
            .args([&certificate, &key])
            .args([user, PASSWORD])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let events = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self {
            child,
            events,
            port: 0,
            certificate: shown.cert.pem(),
        };
        let port = server.event("listening")["port"].as_u64().unwrap();
        server.port = port.try_into().unwrap();
        server
    }

    /// The next event, which must be of a kind.
    #[track_caller]
    fn event(&mut self, kind: &str) -> Value {
        let mut line = String::new();
        self.events.read_line(&mut line).unwrap();
        let event: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(event["event"], kind, "{event}");
        event
    }

    fn settings(&self, tls: SmtpTls) -> SmtpSettings {
        let from = "Controller <noreply@example.com>";
        let settings = SmtpSettings::new("localhost", self.port, tls, from).unwrap();
        settings.root_certificate(self.certificate.clone())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A controller in whose outbox a mail to an account waits.
fn controller_with_mail(to: &str) -> Arc<Controller> {
    let controller = Controller::new(Options::default());
    let admin = controller.key_for(Role::Admin);
    let post = |path: &str, body: Value| -> Value {
        let request = http::Request::post(path)
            .header("X-API-KEY", admin.expose())
            .header("Content-Type", "application/json")
            .body(Bytes::from(body.to_string()));
        let response = controller.handle(request.unwrap());
        assert!(response.status().is_success(), "{response:?}");
        serde_json::from_slice(response.body()).unwrap()
    };
    let user = post("/auth/v1/users/", json!({"account": {"username": to}}));
    let id = user["account"]["id"].as_str().unwrap();
    let key = json!({"name": "näht ☀", "validity_hour": 48});
    post(&format!("/auth/v1/users/{id}/apikey/"), key);
    controller.clock().advance(Duration::from_hours(24));
    assert!(controller.outbox()[0].delivery.is_waiting());
    controller
}

/// What became of the mail, once something has.
#[track_caller]
fn settled(controller: &Controller) -> Delivery {
    let start = Instant::now();
    loop {
        let mail = controller.outbox().remove(0);
        if !mail.delivery.is_waiting() {
            return mail.delivery;
        }
        assert!(start.elapsed() < SOON, "it still waits: {mail:?}");
        std::thread::yield_now();
    }
}

fn start(settings: SmtpSettings, controller: &Arc<Controller>) -> MailSender {
    settings.start(controller).unwrap()
}

#[test]
#[ignore = "needs a mail server of others"]
fn a_mail_arrives_with_starttls_and_with_tls_after_a_login() {
    for (mode, tls) in [("starttls", SmtpTls::StartTls), ("tls", SmtpTls::Tls)] {
        let mut server = Server::start(mode, USER);
        let controller = controller_with_mail("dana@example.com");
        let settings = server.settings(tls).login(USER, PASSWORD).unwrap();
        let sender = start(settings, &controller);
        assert_eq!(server.event("login")["right"], true);
        let mail = server.event("mail");
        assert_eq!(mail["sender"], "noreply@example.com");
        assert_eq!(mail["to"], json!(["dana@example.com"]));
        assert_eq!((&mail["tls"], &mail["login"]), (&json!(true), &json!(true)));
        let data = mail["data"].as_str().unwrap();
        assert!(data.contains("To: dana@example.com\r\n"), "{data}");
        assert!(data.contains("Subject: "), "{data}");
        let sent = Delivery::Sent(controller.clock().now());
        assert_eq!(settled(&controller), sent);
        sender.finish();
        // Somebody new finds nothing left to do: the next thing this server hears of is another mail.
        let other = controller_with_mail("eve@example.com");
        let settings = || server_settings(&server, tls);
        let _first = start(settings(), &controller);
        let _second = start(settings(), &other);
        server.event("login");
        assert_eq!(server.event("mail")["to"], json!(["eve@example.com"]));
    }
}

fn server_settings(server: &Server, tls: SmtpTls) -> SmtpSettings {
    server.settings(tls).login(USER, PASSWORD).unwrap()
}

#[test]
#[ignore = "needs a mail server of others"]
fn a_mail_that_is_refused_for_now_waits_for_whoever_comes_next() {
    let mut server = Server::start("none", "");
    let controller = controller_with_mail("later@example.com");
    for _ in 0..2 {
        let sender = start(server.settings(SmtpTls::None), &controller);
        assert_eq!(server.event("refused")["code"], 451);
        sender.finish();
        assert!(controller.outbox()[0].delivery.is_waiting());
    }
}

#[test]
#[ignore = "needs a mail server of others"]
fn a_mail_that_is_refused_for_good_is_given_up_with_the_reason() {
    let mut server = Server::start("none", "");
    let controller = controller_with_mail("nobody@example.com");
    let _sender = start(server.settings(SmtpTls::None), &controller);
    assert_eq!(server.event("refused")["code"], 550);
    let settled = settled(&controller);
    assert!(
        matches!(&settled, Delivery::Failed(reason) if reason.contains("550")),
        "{settled:?}"
    );
}

#[test]
#[ignore = "needs a mail server of others"]
fn no_mail_is_lost_over_a_wrong_password() {
    let mut server = Server::start("starttls", USER);
    let controller = controller_with_mail("dana@example.com");
    let wrong = server
        .settings(SmtpTls::StartTls)
        .login(USER, "battery staple");
    let sender = start(wrong.unwrap(), &controller);
    assert_eq!(server.event("login")["right"], false);
    sender.finish();
    assert!(controller.outbox()[0].delivery.is_waiting());
}

#[test]
#[ignore = "needs a mail server of others"]
fn a_server_whose_certificate_nobody_trusts_or_that_has_no_tls_gets_nothing() {
    let from = "noreply@example.com";
    for (mode, tls) in [
        ("starttls", SmtpTls::StartTls),
        ("tls", SmtpTls::Tls),
        ("none", SmtpTls::StartTls),
    ] {
        let mut server = Server::start(mode, "");
        let controller = controller_with_mail("dana@example.com");
        let untrusted = SmtpSettings::new("localhost", server.port, tls, from).unwrap();
        // It ends its first pass over the outbox before that.
        start(untrusted, &controller).finish();
        assert!(controller.outbox()[0].delivery.is_waiting(), "{mode}");
        server.child.kill().unwrap();
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut server.events, &mut rest).unwrap();
        assert_eq!(rest, "", "{mode}");
    }
}
